"""Two rotas of the demonstration: a café by day and a telephone in the evening, for the next six weeks.

Full, open, waited for, offered, exchanged, called off, and one that is over: each screen has something to
show, and June, who can sign in, has a bit of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.hours.clock import london_date
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.exchanges import accept_exchange, ask_exchange
from volunteers.actions.feeds import make_feed
from volunteers.actions.opportunities import save_opportunity
from volunteers.actions.rotas import cancel_shift, make_shifts
from volunteers.actions.shifts import mark_place, offer_swap, take_shift_place
from volunteers.booking import Span
from volunteers.models import Interest, Opportunity, Shift, ShiftPlace, Volunteer
from volunteers.rotas.week import shift_on
from volunteers.states import OpportunityState

COORDINATOR = "volunteer.centre@support.example"
WEEKS = 6
JUNE = "june"
# Who has a place in which role.
CAFE = (JUNE, "chloe", "elsie", "gurpreet", "hannah")
TELEPHONE = (JUNE, "chloe", "hannah")
_ROLES: dict[str, dict[str, Any]] = {
    "cafe-rota": {
        "name": "Café helper",
        "summary": "Two hours in the café: tea, scones, and time for a talk.",
        "what": "You are never alone: there are always two of you, and the cook.",
        "where": Opportunity.Where.PLACE,
        "at": "bradbury-house",
        "minutes_a_week": 120,
        "times": [(2, time(10), time(12)), (4, time(10), time(12))],
        "likes": ["cooking", "talking"],
        "people": CAFE,
    },
    "telephone-rota": {
        "name": "Telephone befriender in the evening",
        "summary": "Ring people who find evenings long, from your own home.",
        "what": "You get a list of three who look forward to your call.",
        "where": Opportunity.Where.HOME,
        "minutes_a_week": 60,
        "times": [(1, time(18), time(19)), (3, time(18), time(19))],
        "likes": ["talking"],
        "people": TELEPHONE,
    },
}


@transaction.atomic
def load_rotas() -> int:
    """Make both, once; returns how many shifts were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented rotas do not belong among real ones.")
    if Opportunity.objects.filter(pk=identity("opportunity", "cafe-rota")).exists():
        return 0
    by = User.objects.get(email=COORDINATOR)
    cafe = _role("cafe-rota", by)
    telephone = _role("telephone-rota", by)
    today = timezone.localdate()
    made = [
        *_shifts(
            cafe, (2, 4), time(10), time(12), 2, "Please come in by the side door.", today, by
        ),
        *_shifts(telephone, (1, 3), time(18), time(19), 1, "", today, by),
    ]
    _over(cafe, today, by)
    _fill(_by_week(made[: 2 * WEEKS]), _by_week(made[2 * WEEKS :]), by)
    june = _volunteer(JUNE)
    make_feed(volunteer=june, by=_user(june))
    return Shift.objects.filter(opportunity__in=(cafe, telephone)).count()


def _role(slug: str, by: User) -> Opportunity:
    facts = dict(_ROLES[slug])
    at, people = facts.pop("at", ""), facts.pop("people")
    times, likes = facts.pop("times"), facts.pop("likes")
    role = save_opportunity(
        opportunity=Opportunity(
            pk=identity("opportunity", slug),
            organisation_id=identity("organisation", "age-uk"),
            location_id=identity("location", at) if at else None,
            state=OpportunityState.OPEN,
            support="Somebody is beside you the first three times.",
            expenses="Bus fares, and a cup of tea. It does not count as income.",
            wait_days=14,
            **facts,
        ),
        interests=list(Interest.objects.filter(slug__in=likes)),
        times=times,
        by=by,
    )
    for one in people:
        application = apply(person=_person(one), opportunity=role, by=by)
        place_volunteer(application=application, by=by)
    return role


def _volunteer(slug: str) -> Volunteer:
    return Volunteer.objects.select_related("person__user").get(pk=identity("volunteer", slug))


def _person(slug: str) -> Any:
    return _volunteer(slug).person


def _user(volunteer: Volunteer) -> Any:
    return volunteer.person.user if volunteer.person else None


def _next(weekday: int, after: date) -> date:
    return after + timedelta(days=(weekday - after.isoweekday()) % 7 or 7)


def _shifts(
    role: Opportunity,
    weekdays: tuple[int, int],
    starts: time,
    ends: time,
    places: int,
    note: str,
    today: date,
    by: User,
) -> list[Shift]:
    # From the Monday after this week, so that both days of a week stand on one page.
    monday = _next(1, today)
    spans = [
        span
        for week in range(WEEKS)
        for day in weekdays
        if (span := shift_on(monday + timedelta(weeks=week, days=day - 1), starts, ends))
    ]
    return make_shifts(opportunity=role, spans=spans, places=places, note=note, by=by)


def _by_week(shifts: list[Shift]) -> Iterator[tuple[Shift, Shift]]:
    rows = sorted(shifts, key=lambda shift: shift.starts_at)
    return iter([(rows[n], rows[n + 1]) for n in range(0, len(rows), 2)])


def _fill(
    cafe: Iterator[tuple[Shift, Shift]], telephone: Iterator[tuple[Shift, Shift]], by: User
) -> None:
    tuesday, thursday = next(cafe)
    for slug in ("elsie", "hannah", JUNE, "gurpreet"):
        _put(slug, tuesday, by)  # two places: the last two wait
    junes = _put(JUNE, thursday, by)
    monday, wednesday = next(telephone)
    _put("chloe", monday, by)
    _put(JUNE, monday, by)
    _put(JUNE, wednesday, by)
    tuesday, thursday = next(cafe)
    offer_swap(place=_put("chloe", tuesday, by), by=by)
    elsies = _put("elsie", tuesday, by)
    gurpreets = _put("gurpreet", thursday, by)
    # One exchange is agreed; Gurpreet asks June for another, and hers is the answer.
    agreed = ask_exchange(place=elsies, wanted=_put("hannah", thursday, by), by=by)
    accept_exchange(exchange=agreed, by=by)
    ask_exchange(place=gurpreets, wanted=junes, by=by)
    tuesday, _thursday = next(cafe)
    _put(JUNE, tuesday, by)
    cancel_shift(shift=tuesday, words="The café is being painted that day.", by=by)


def _put(slug: str, shift: Shift, by: User) -> ShiftPlace:
    """June takes hers herself; who waits came a little after who did not."""
    volunteer = _volunteer(slug)
    return take_shift_place(
        shift=shift, volunteer=volunteer, by=_user(volunteer) or by, or_wait=True
    )


def _over(role: Opportunity, today: date, by: User) -> None:
    """Last week's: done today for a day to come, moved back, and who was there is written down."""
    first = _next(7, today)
    begins, now = shift_on(first, time(10), time(12)), timezone.now()
    if begins is None:
        return
    shift = make_shifts(opportunity=role, spans=[begins], places=2, by=by)[0]
    places = [_put(slug, shift, by) for slug in ("elsie", "hannah")]
    last = _last_thursday(now)
    Shift.objects.filter(pk=shift.pk).update(starts_at=last.starts_at, ends_at=last.ends_at)
    for place, came in zip(places, (True, False), strict=True):
        mark_place(place=place, came=came, by=by)


def _last_thursday(now: datetime) -> Span:
    day = _next(4, london_date(now) - timedelta(days=8))
    span = shift_on(day, time(10), time(12))
    if span is None:
        raise ValueError("No clock skips ten in the morning.")
    return span
