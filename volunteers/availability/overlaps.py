"""Whether somebody can be in two places: never by accident.

Public trackers of five volunteer systems tell the same story: two shifts at once were accepted, or,
once mended, a whole day was blocked by one shift. What they came to agree on is kept here: an
overlap is refused; up to an hour at an edge is a handover and is let through; and a manager may
decide otherwise, with a reason that is kept.

Two things that those projects left open are decided here. A commitment that lies wholly inside
another is not a handover, however short it is: somebody who sits with a carer's husband from two to
four cannot drive somebody from half past two to three. And a handover is judged with each other
commitment by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.hours.clock import london_time
from directory.hours.words import say_date, say_times
from volunteers.availability.spans import NOTHING, ONE_MINUTE, Span

# Of volunteer_planner's tracker, issue 299: overlaps of at most an hour regard transition periods.
HANDOVER = timedelta(hours=1)


@dataclass(frozen=True)
class Commitment:
    """Something that a volunteer has said yes to. ``what`` is said to staff, so no person's name."""

    span: Span
    what: str = ""
    id: Hashable = None


@dataclass(frozen=True)
class Clash:
    """One commitment that goes on at the same time. ``minutes`` of it; a handover is let through."""

    commitment: Commitment
    minutes: int
    is_handover: bool

    def in_words(self) -> str:
        """What the page says: which commitment, when, and by how much."""
        span = self.commitment.span
        said = {
            "what": self.commitment.what or _("something else they do"),
            "when": say_span(span),
            "minutes": self.minutes,
        }
        if self.is_handover:
            return (
                ngettext(
                    "Overlaps by %(minutes)s minute with %(what)s (%(when)s): agree a handover.",
                    "Overlaps by %(minutes)s minutes with %(what)s (%(when)s): agree a handover.",
                    self.minutes,
                )
                % said
            )
        return (
            ngettext(
                "At the same time, for %(minutes)s minute, as %(what)s (%(when)s).",
                "At the same time, for %(minutes)s minutes, as %(what)s (%(when)s).",
                self.minutes,
            )
            % said
        )


@dataclass(frozen=True)
class Override:
    """A manager says that both can be done. Who may is for the caller to ask.

    :raises ValueError: without a reason or without who decided.
    """

    by: Hashable
    reason: str

    def __post_init__(self) -> None:
        if self.by is None or not self.reason.strip():
            raise ValueError("an overlap is allowed by somebody, for a reason")


class DoubleBooked(Exception):
    """They are somewhere else then. ``clashes`` are those that stand in the way, the first first."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        self.clashes = clashes
        super().__init__(" ".join(clash.in_words() for clash in clashes))


def clashes_with(visit: Span, commitments: Iterable[Commitment]) -> tuple[Clash, ...]:
    """Every commitment that goes on during ``visit``, handovers too, in the order of time."""
    found = []
    for commitment in commitments:
        both = visit.overlap(commitment.span)
        if both > NOTHING:
            inside = visit.holds(commitment.span) or commitment.span.holds(visit)
            handover = both <= HANDOVER and not inside
            found.append(Clash(commitment, both // ONE_MINUTE, handover))
    return tuple(sorted(found, key=lambda clash: (clash.commitment.span, str(clash.commitment.id))))


def stands_in_the_way(visit: Span, commitments: Iterable[Commitment]) -> tuple[Clash, ...]:
    """The clashes that are more than a handover."""
    return tuple(c for c in clashes_with(visit, commitments) if not c.is_handover)


def check_booking(
    visit: Span, commitments: Iterable[Commitment], *, override: Override | None = None
) -> tuple[Clash, ...]:
    """Every clash of a booking that may be made: handovers, and what a manager overrode.

    The caller keeps the override with the booking and in the record of events, and shows the rest
    as warnings.

    :raises DoubleBooked: when one stands in the way and no manager has decided otherwise.
    """
    found = clashes_with(visit, commitments)
    blocking = tuple(clash for clash in found if not clash.is_handover)
    if blocking and override is None:
        raise DoubleBooked(blocking)
    return found


def say_span(span: Span) -> str:
    """``Tuesday 24 November 2026, 2pm to 4pm``, by London's clocks and London's date."""
    return _("%(date)s, %(times)s") % {
        "date": say_date(span.first_day),
        "times": say_times(london_time(span.starts_at), london_time(span.ends_at)),
    }
