"""From the tables to what matching takes: the only module of this package that knows the database.

However many volunteers and requests there are, it asks the same few questions (a test doubles both).
Names, numbers and addresses are not read; a postcode becomes a position and goes no further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.forms.postcode import normalise_postcode
from directory.hours.clock import ONE_DAY, london_date
from directory.models import PostcodePlace
from directory.nearby import parts_of
from members.models import AgeBand
from members.models.person import age_on
from volunteers.age import adult_by_their_word
from volunteers.availability import Change, Commitment, Span, Window, span_on
from volunteers.booking import AHEAD, laid_out, occurrences
from volunteers.booking import Span as Booked
from volunteers.matching.candidate import Candidate, Mode, monday_of
from volunteers.matching.need import Need, Place, Preference, PreferenceKind
from volunteers.models import (
    Availability,
    Away,
    Check,
    CheckKind,
    DbsLevel,
    HelpRequest,
    Interest,
    NotWith,
    Offer,
    Repeats,
    ShiftPlace,
    Visit,
    Volunteer,
    VolunteerPlace,
)
from volunteers.models.check import levels_from
from volunteers.models.volunteer import PARENT_NEEDED_UNDER, Transport
from volunteers.states import OfferState, Party

# Of several, the one that takes them furthest.
MODES = (
    (Transport.DRIVE, Mode.CAR),
    (Transport.BUS, Mode.BUS),
    (Transport.CYCLE, Mode.CYCLE),
    (Transport.WALK, Mode.FOOT),
)
# When a request names no time, these are proposed, on so many days from tomorrow.
TIMES_PROPOSED = (time(10), time(11, 30), time(14), time(16), time(18))
DAYS_PROPOSED = 7
URGENT_WITHIN = timedelta(days=2)

Grouped = Mapping[Any, list[Any]]


@dataclass(frozen=True)
class Gathered:
    """What a run is given. ``past`` are requests whose only time is over: somebody has to ask the
    person again, no volunteer can be found for yesterday."""

    candidates: tuple[Candidate, ...]
    needs: tuple[Need, ...]
    past: tuple[UUID, ...]


def gather(requests: QuerySet[HelpRequest], *, now: datetime | None = None) -> Gathered:
    """The requests, and every volunteer who helps at one of their organisations."""
    at = now or timezone.now()
    rows = list(requests.filter(anonymised_at=None).select_related("person").order_by("id"))
    people = _volunteers({row.organisation_id for row in rows})
    places = _places(
        [row.person.postcode for row in rows if row.person and not row.from_home]
        + [person["person__postcode"] for person in people]
    )
    needs, past = _needs(rows, places, at)
    last = max(
        (one.last_day for need in needs for one in (*need.visits, *need.later)), default=None
    )
    candidates = _candidates(people, places, at, last or london_date(at))
    return Gathered(tuple(candidates), tuple(needs), tuple(past))


# --- Requests ---------------------------------------------------------------------------------------


def _needs(
    rows: list[HelpRequest], places: Mapping[str, Place], now: datetime
) -> tuple[list[Need], list[UUID]]:
    interests = _grouped(
        HelpRequest.interests.through.objects.filter(helprequest__in=rows).values_list(
            "helprequest_id", "interest_id", "interest__kind", "interest__name"
        )
    )
    over = Q(state__in=[OfferState.DECLINED, OfferState.LAPSED, OfferState.NO_SHOW]) | Q(
        state=OfferState.CANCELLED, ended_by=Party.VOLUNTEER
    )
    said_no = _grouped(
        Offer.objects.filter(over, help_request__in=rows).values_list(
            "help_request_id", "volunteer_id"
        )
    )
    helped = _grouped(
        Offer.objects.filter(
            state=OfferState.DONE, help_request__person__in={row.person_id for row in rows}
        ).values_list("help_request__person_id", "volunteer_id")
    )
    needs, past = [], []
    for row in rows:
        visits, later = _visits(row, now)
        if not visits:
            past.append(row.pk)
            continue
        here = places.get(_postcode(row.person.postcode)) if row.person else None
        wanted = interests.get(row.pk, [])
        needs.append(
            Need(
                id=row.pk,
                organisation=row.organisation_id,
                person=row.person_id,
                visits=visits,
                later=later,
                proposes_time=row.starts_at is None,
                asked_on=london_date(row.asked_at),
                kind=row.kind,
                place=None if row.from_home else here,
                needs_car=row.needs_driver,
                minimum_age=row.minimum_age,
                checks=_checks_needed(row),
                skills={
                    **{key: name for key, kind, name in wanted if kind == Interest.Kind.SKILL},
                    **{
                        ("language", word.casefold()): _("speaking %(language)s")
                        % {"language": word}
                        for word in row.languages
                    },
                },
                interests={
                    key: name for key, kind, name in wanted if kind == Interest.Kind.INTEREST
                },
                preferences=_preferences(row),
                said_no=frozenset(one for (one,) in said_no.get(row.pk, [])),
                helped_before_by=frozenset(one for (one,) in helped.get(row.person_id, [])),
                urgent=row.needed_by is not None
                and row.needed_by <= london_date(now) + URGENT_WITHIN,
            )
        )
    return needs, past


def _visits(row: HelpRequest, now: datetime) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The times that would do, and for help that goes on the visits after the next one."""
    if row.starts_at is None or row.ends_at is None:
        return tuple(_proposed(row, now)), ()
    first = Booked(row.starts_at, row.ends_at)
    until = max(now, row.starts_at) + AHEAD
    to_come = [
        Span(one.starts_at, one.ends_at)
        for one in occurrences(first, row.repeats, until)
        if one.starts_at > now
    ]
    return tuple(to_come[:1]), tuple(to_come[1:])


def _proposed(row: HelpRequest, now: datetime) -> Iterator[Span]:
    length = timedelta(minutes=row.minutes)
    tomorrow = london_date(now) + ONE_DAY
    for number in range(DAYS_PROPOSED):
        day = tomorrow + timedelta(days=number)
        if number and row.needed_by is not None and day > row.needed_by:
            return
        for begins in TIMES_PROPOSED:
            hour = span_on(day, begins, time(23, 59))
            if hour is not None:
                yield Span(hour.starts_at, hour.starts_at + length)


def _checks_needed(row: HelpRequest) -> dict[Any, str]:
    """Codes as :func:`_checks` gives them to volunteers."""
    names = dict(CheckKind.choices)
    needed: dict[Any, str] = {}
    for kind in row.checks_needed:
        name = str(names[CheckKind(kind)])
        if kind == CheckKind.DBS:
            level = DbsLevel(row.dbs_level)
            needed[kind, level.value] = f"{name} ({level.label})"
        else:
            needed[kind] = name
    return needed


def _preferences(row: HelpRequest) -> tuple[Preference, ...]:
    if not row.gender_preference:
        return ()
    name = str(Volunteer.Gender(row.gender_preference).label)
    kind = PreferenceKind.GENDER
    return (Preference(kind, row.gender_preference, name, row.preference_reason),)


# --- Volunteers -------------------------------------------------------------------------------------


def _volunteers(organisations: Collection[UUID]) -> list[Mapping[str, Any]]:
    here = VolunteerPlace.objects.current().filter(
        volunteer=OuterRef("pk"), organisation__in=organisations
    )
    return list(
        Volunteer.objects.helping()
        .filter(Exists(here))
        .order_by("id")
        .values(
            "id",
            "person_id",
            "person__date_of_birth",
            "person__age_band",
            "person__postcode",
            "parent__confirmed_at",
            "transport",
            "travel_miles",
            "minutes_a_week",
            "gender",
            "languages",
            "help_kinds",
        )
    )


def _candidates(
    people: Sequence[Mapping[str, Any]], places: Mapping[str, Place], now: datetime, last: date
) -> Iterator[Candidate]:
    today = london_date(now)
    ids = [person["id"] for person in people if not _needs_a_parent(person, today)]
    about = {"volunteer__in": ids}
    standings = _grouped(
        VolunteerPlace.objects.current()
        .filter(**about)
        .values_list("volunteer_id", "organisation_id")
    )
    free = _grouped(
        Availability.objects.filter(**about).values_list(
            "volunteer_id", "weekday", "starts", "ends"
        )
    )
    away = _grouped(
        Away.objects.filter(**about, until_on__gte=today, from_on__lte=last + ONE_DAY).values_list(
            "volunteer_id", "from_on", "until_on"
        )
    )
    checks = _checks(about, today)
    interests = _grouped(
        Volunteer.interests.through.objects.filter(**about).values_list(
            "volunteer_id", "interest_id"
        )
    )
    not_with = _grouped(NotWith.objects.filter(**about).values_list("volunteer_id", "person_id"))
    promised = _promised(about, today, last)
    lately = {
        volunteer: (asked, helped)
        for volunteer, asked, helped in Offer.objects.filter(**about)
        .order_by()
        .values("volunteer_id")
        .annotate(asked=Max("offered_at"), helped=Max("ended_at", filter=Q(state=OfferState.DONE)))
        .values_list("volunteer_id", "asked", "helped")
    }
    known = set(ids)
    for person in people:
        key = person["id"]
        if key not in known:
            continue
        asked, helped = lately.get(key, (None, None))
        liked = frozenset(one for (one,) in interests.get(key, []))
        languages = frozenset(word.casefold() for word in person["languages"])
        yield Candidate(
            id=key,
            organisations=frozenset(one for (one,) in standings.get(key, [])),
            person=person["person_id"],
            born_on=person["person__date_of_birth"],
            is_adult=adult_by_their_word(person["person__age_band"]),
            place=places.get(_postcode(person["person__postcode"])),
            mode=next((mode for way, mode in MODES if way in person["transport"]), Mode.NOT_KNOWN),
            miles=person["travel_miles"],
            windows=tuple(Window(*row) for row in sorted(free.get(key, []))),
            changes=tuple(Change(*row) for row in sorted(away.get(key, []))),
            commitments=tuple(promised.get(key, [])),
            weekly_minutes=person["minutes_a_week"],
            checks=checks.get(key, {}),
            kinds=frozenset(person["help_kinds"]),
            skills=liked | {("language", word) for word in languages},
            interests=liked,
            gender=person["gender"],
            languages=languages,
            not_with=frozenset(one for (one,) in not_with.get(key, [])),
            last_asked_on=london_date(asked) if asked else None,
            last_helped_on=london_date(helped) if helped else None,
        )


def _needs_a_parent(person: Mapping[str, Any], today: date) -> bool:
    """Under 16 and no parent has said yes: nobody asks them anything (``Volunteer.needs_parent``)."""
    if person["parent__confirmed_at"] is not None:
        return False
    born = person["person__date_of_birth"]
    if born is not None:
        return age_on(born, today) < PARENT_NEEDED_UNDER
    return bool(person["person__age_band"] == AgeBand.UNDER_18)


def _checks(about: Mapping[str, Any], today: date) -> dict[Any, dict[Any, date | None]]:
    """The last day of each check that stands. A DBS check counts for its level and those below."""
    found: dict[Any, dict[Any, date | None]] = defaultdict(dict)
    rows = Check.objects.filter(**about).standing(today)
    for volunteer, kind, level, until in rows.values_list(
        "volunteer_id", "kind", "level", "next_due_on"
    ):
        codes: list[Any] = [kind]
        if kind == CheckKind.DBS:
            codes = [(kind, one) for one in DbsLevel.values if level in levels_from(one)]
        mine = found[volunteer]
        for code in codes:
            if code not in mine:
                mine[code] = until
            else:
                before = mine[code]
                mine[code] = None if until is None or before is None else max(before, until)
    return found


def _promised(about: Mapping[str, Any], today: date, last: date) -> dict[Any, list[Commitment]]:
    """Visits and shifts that they said yes to, from the Monday of this week on. What they are is not
    said: it may be another organisation's."""
    begins, ends = monday_of(today), last + 2 * ONE_DAY
    found: dict[Any, list[Commitment]] = defaultdict(list)
    first_moment = span_on(begins, time(0), time(0))
    last_moment = span_on(ends, time(0), time(0))
    if first_moment is None or last_moment is None:
        raise ValueError("a whole day is never skipped")
    since, until = first_moment.starts_at, last_moment.ends_at
    visits = _grouped(
        Visit.objects.standing()
        .filter(offer__state=OfferState.ACCEPTED, offer__volunteer__in=about["volunteer__in"])
        .values_list("offer_id", "starts_at", "ends_at")
    )
    offers = Offer.objects.filter(
        Q(ends_at__gt=since) | ~Q(repeats=Repeats.ONCE) | Q(pk__in=visits),
        **about,
        state=OfferState.ACCEPTED,
    )
    for volunteer, key, starts_at, ends_at, repeats in offers.order_by("id").values_list(
        "volunteer_id", "id", "starts_at", "ends_at", "repeats"
    ):
        first = Booked(starts_at, ends_at) if starts_at and ends_at else None
        agreed = [Booked(*times) for times in visits.get(key, [])]
        for one in laid_out(first, repeats, agreed, until):
            if one.ends_at > since and one.starts_at < until:
                found[volunteer].append(Commitment(Span(one.starts_at, one.ends_at), id=key))
    shifts = ShiftPlace.objects.filter(
        **about,
        state=ShiftPlace.State.CONFIRMED,
        shift__cancelled_at=None,
        shift__starts_at__lt=until,
        shift__ends_at__gt=since,
    )
    for volunteer, key, starts_at, ends_at in shifts.order_by("id").values_list(
        "volunteer_id", "id", "shift__starts_at", "shift__ends_at"
    ):
        found[volunteer].append(Commitment(Span(starts_at, ends_at), id=key))
    return found


# --- Pieces -----------------------------------------------------------------------------------------


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Grouped:
    """By the first column; the rest of each row in the order it came."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


def _postcode(text: str) -> str:
    return normalise_postcode(text) or ""


def _places(postcodes: Iterable[str]) -> dict[str, Place]:
    """The position of each postcode: its own, else its sector's, else its outcode's."""
    asked = {code for text in postcodes if (code := _postcode(text))}
    rows = PostcodePlace.objects.filter(
        code__in={part for code in asked for part in parts_of(code)}
    )
    known = {
        code: Place(latitude, longitude)
        for code, latitude, longitude in rows.values_list("code", "latitude", "longitude")
    }
    found = {}
    for code in asked:
        best = next((known[part] for part in parts_of(code) if part in known), None)
        if best is not None:
            found[code] = best
    return found
