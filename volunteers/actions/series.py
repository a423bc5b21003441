"""Help that comes again, changed as one: another day of the week, time, length or task from now on.

What is over, and what is today, stays as it is. Each visit moves within its own week, so that every two
weeks stays every two weeks. Where the new time breaks a hard rule for the volunteer, nothing happens until
a coordinator has read why and says so: then the place goes back to the matching.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.audit import Actor, record
from volunteers.access import check_holds
from volunteers.actions.help import FOLLOW_UP_AFTER
from volunteers.actions.help import locked as locked_request
from volunteers.actions.offers import withdraw_offer
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.booking import LONDON, Span, clash, occurrences, week_of
from volunteers.events import HELP_CHANGED, VISIT_MOVED
from volunteers.models import HelpRequest, Offer, Repeats, Visit
from volunteers.refusals import ChangedMeanwhile, NotPossible, Refused
from volunteers.rules import Task, reasons_against
from volunteers.states import HELP_FINAL, OfferState

_AHEAD = timedelta(weeks=8)


class VolunteerCannot(Refused):
    """The new time breaks a hard rule for the volunteer; ``reasons`` says each, in words."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class NewTimes:
    """From now on: ``weekday`` as ISO counts, by the clock on the wall in London."""

    weekday: int
    at: time
    minutes: int
    what: str

    def span(self, day: date) -> Span:
        # Counted in UTC, so that it lasts as long as it says on the night the clocks change too.
        starts = datetime.combine(day, self.at, LONDON).astimezone(UTC)
        return Span(starts, starts + timedelta(minutes=self.minutes))

    def in_week_of(self, moment: datetime) -> Span:
        monday = week_of(moment)[0].date()
        return self.span(monday + timedelta(days=self.weekday - 1))


@dataclass
class SeriesChange:
    """What was done. ``let_go``: whose place went back, or who had been asked for the old time."""

    help_request: HelpRequest
    offer: Offer | None = None
    moved: list[Visit] = field(default_factory=list)
    stayed: list[Visit] = field(default_factory=list)
    let_go: Offer | None = None
    changed: bool = True


def still_to_come(help_request: HelpRequest) -> list[Visit]:
    """Visits that a change moves: planned, and not today."""
    tomorrow = _midnight(timezone.localdate() + timedelta(days=1))
    rows = Visit.objects.planned().filter(
        offer__help_request=help_request,
        offer__state=OfferState.ACCEPTED,
        starts_at__gte=tomorrow,
    )
    return list(rows)


def stamp_of(help_request: HelpRequest) -> str:
    """What somebody had on their screen: with a visit agreed, moved or cancelled it is another."""
    rows = [f"{one.pk}@{one.starts_at.timestamp()}" for one in still_to_come(help_request)]
    said = "|".join([str(help_request.pk), str(help_request.version), *rows])
    return hashlib.sha256(said.encode()).hexdigest()[:20]


@transaction.atomic
def change_series(
    *, help_request: HelpRequest, new: NewTimes, by: Actor, seen: str = "", let_go: bool = False
) -> SeriesChange:
    """All visits still to come, and what was promised, at another time from now on; all of it or nothing.

    :param seen: the :func:`stamp_of` of the page where this was decided.
    :param let_go: go on where the volunteer cannot: they are let go, and somebody else is looked for.
    :raises ChangedMeanwhile: when somebody else has changed the request or one of its visits.
    :raises VolunteerCannot: for each hard rule that the new time breaks.
    """
    current = locked_request(help_request)
    check_holds(by, Permission.HELP_COORDINATE, current.organisation_id)
    _check(current, new)
    offer = current.offers.filter(state=OfferState.ACCEPTED).first()
    if offer is not None:
        volunteer = locked_volunteer(offer.volunteer)
        offer = Offer.objects.select_for_update().get(pk=offer.pk)
        offer.volunteer, offer.help_request = volunteer, current
    visits = still_to_come(current)
    moving, stayed = _sort(visits, new)
    first = _first(current, new)
    if _is_so_already(current, offer, new, moving):
        return SeriesChange(current, offer, stayed=stayed, changed=False)
    if seen and seen != stamp_of(current):
        raise ChangedMeanwhile(
            _("Somebody else has changed this request or its visits. See below how it is now.")
        )
    _check_apart(moving, stayed)
    _write(current, new, first, by)
    why = _why_not(offer, current, [first, *moving.values()]) if offer is not None else []
    if why and not let_go:
        raise VolunteerCannot(why)
    done = SeriesChange(current, offer, stayed=stayed)
    if offer is not None and not why:
        Offer.objects.filter(pk=offer.pk).update(starts_at=first.starts_at, ends_at=first.ends_at)
        done.moved = [
            _move(visit, moving[visit], current, by) for visit in visits if visit in moving
        ]
    else:
        done.let_go = _let_go(current, by)
        done.offer = None
    done.help_request = HelpRequest.objects.get(pk=current.pk)
    return done


def _check(current: HelpRequest, new: NewTimes) -> None:
    if current.repeats == Repeats.ONCE:
        raise NotPossible(_("This is for one time: move its visit."))
    if current.state in HELP_FINAL:
        raise NotPossible(
            _("This request has ended: it is “%(state)s”.") % {"state": current.get_state_display()}
        )
    if not 1 <= new.weekday <= 7 or not 5 <= new.minutes <= 1440 or not new.what.strip():
        raise NotPossible(_("Say the day, the time, how long, and what is to be done."))


def _sort(visits: Sequence[Visit], new: NewTimes) -> tuple[dict[Visit, Span], list[Visit]]:
    """To when each moves; and those that stay, because the new day of their week is over or today, or another
    visit of that week has it."""
    today = timezone.localdate()
    moving: dict[Visit, Span] = {}
    stayed: list[Visit] = []
    for visit in visits:
        span = new.in_week_of(visit.starts_at)
        taken = any(span.starts_at == other.starts_at for other in moving.values())
        if taken or timezone.localdate(span.starts_at) <= today:
            stayed.append(visit)
        else:
            moving[visit] = span
    return moving, stayed


def _first(current: HelpRequest, new: NewTimes) -> Span:
    """The first time after today, in a week in which it would have been."""
    today = timezone.localdate()
    if current.starts_at is not None:
        old = Span(current.starts_at, current.ends_at or current.starts_at)
        for one in occurrences(old, current.repeats, timezone.now() + _AHEAD):
            span = new.in_week_of(one.starts_at)
            if timezone.localdate(span.starts_at) > today:
                return span
    return new.span(today + timedelta(days=(new.weekday - today.isoweekday()) % 7 or 7))


def _is_so_already(
    current: HelpRequest, offer: Offer | None, new: NewTimes, moving: dict[Visit, Span]
) -> bool:
    """A double click, or nothing was changed on the form."""
    if current.starts_at is None or (current.minutes, current.what) != (
        new.minutes, new.what.strip(),
    ):  # fmt: skip
        return False
    starts = timezone.localtime(current.starts_at)
    if (starts.isoweekday(), starts.time()) != (new.weekday, new.at):
        return False
    if offer is not None and offer.starts_at != current.starts_at:
        return False
    return all(
        (visit.starts_at, visit.ends_at) == (span.starts_at, span.ends_at)
        for visit, span in moving.items()
    )


def _check_apart(moving: dict[Visit, Span], stayed: Sequence[Visit]) -> None:
    there = [Span(one.starts_at, one.ends_at) for one in stayed]
    if any(clash(span, one) for span in moving.values() for one in there):
        raise NotPossible(
            _(
                "There is another visit at the new time that stays as it is. Move or cancel it first."
            )
        )


def _why_not(offer: Offer, request: HelpRequest, spans: Sequence[Span]) -> list[str]:
    """Each hard rule once: for what is promised week by week, and on the day of each visit."""
    found: dict[str, None] = {}
    for number, span in enumerate(spans):
        task = Task.of_request(request, span)
        if number:
            task = replace(task, repeats=Repeats.ONCE)
        for refusal in reasons_against(offer.volunteer, task, besides=offer):
            found[str(refusal)] = None
    return list(found)


def _write(current: HelpRequest, new: NewTimes, first: Span, by: Actor) -> None:
    current.starts_at, current.ends_at = first.starts_at, first.ends_at
    current.minutes, current.what = new.minutes, new.what.strip()
    current.version += 1
    current.save()
    record(
        HELP_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"help_request": current.pk},
        fields=["ends_at", "minutes", "starts_at", "what"],
    )


def _move(visit: Visit, span: Span, request: HelpRequest, by: Actor) -> Visit:
    current = Visit.objects.select_for_update().get(pk=visit.pk)
    current.starts_at, current.ends_at = span.starts_at, span.ends_at
    # Its sheet says the wrong time now.
    current.moved_at, current.printed_at = timezone.now(), None
    current.save(update_fields=["starts_at", "ends_at", "moved_at", "printed_at"])
    record(
        VISIT_MOVED,
        by=by,
        subject=request.person_id,
        organisation=request.organisation_id,
        details={
            "visit": current.pk,
            "offer": current.offer_id,
            "help_request": request.pk,
            "volunteer": visit.offer.volunteer_id,
            "overridden": False,
        },
    )
    return current


def _let_go(current: HelpRequest, by: Actor) -> Offer | None:
    """Whoever said yes, was asked or was suggested for the old time: it is looked for anew.

    :returns: whoever had said yes or been asked, to be told.
    """
    live = list(current.offers.live().select_related("volunteer__person").order_by("volunteer_id"))
    accepted = next((one for one in live if one.state == OfferState.ACCEPTED), None)
    if accepted is not None and _has_one_today(accepted):
        raise NotPossible(
            _("There is a visit today. Let it take place, and change the time tomorrow.")
        )
    if any(one.state != OfferState.SUGGESTED for one in live):
        HelpRequest.objects.filter(pk=current.pk).update(
            follow_up_on=timezone.localdate() + timedelta(days=FOLLOW_UP_AFTER)
        )
    told = None
    for one in live:
        if one.state in (OfferState.ACCEPTED, OfferState.OFFERED):
            told = one
        withdraw_offer(offer=one, by=by)
    return told


def _has_one_today(offer: Offer) -> bool:
    now, tomorrow = timezone.now(), _midnight(timezone.localdate() + timedelta(days=1))
    return offer.visits.planned().filter(ends_at__gt=now, starts_at__lt=tomorrow).exists()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)
