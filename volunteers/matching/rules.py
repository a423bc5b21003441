"""What no suggestion may break. Each rule says in plain English why it forbids a pair.

A rule is asked in two ways. ``forbids`` looks at one volunteer and one visit, and returns the
sentence for staff, or nothing. ``screen`` looks at all candidates at once and returns who may. The
tests hold the two against each other, and the run asks ``forbids`` once more of every pair before
it suggests it: the screen is for speed, the sentence decides.

No sentence says which side asked not to be put together with the other, and none of it is shown to
volunteers or to the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from numpy.typing import NDArray

from directory.hours.clock import ONE_DAY
from directory.hours.words import say_full_date
from directory.results_page import distance_in_words
from volunteers.age import old_enough_from
from volunteers.availability import (
    Span,
    away_spans,
    free_spans,
    room_around,
    say_span,
    stands_in_the_way,
)
from volunteers.matching.candidate import (
    MODE_IN_WORDS,
    Candidate,
    Mode,
    minutes_given,
)
from volunteers.matching.distance import miles_between, miles_to
from volunteers.matching.need import Need, PreferenceKind
from volunteers.matching.pool import Flags, Pool


@dataclass(frozen=True)
class Rule:
    """``name`` is for code; ``group`` heads the number of those whom it keeps from a request;
    ``timed`` says whether it matters which of the times it is."""

    name: str
    group: str | Promise
    forbids: Callable[[Candidate, Need, Span], str]
    screen: Callable[[Pool, Need, Span], Flags]
    timed: bool = False


# --- Who may see whom -------------------------------------------------------------------------------


def not_shared(candidate: Candidate, need: Need, visit: Span) -> str:
    """A volunteer is suggested only where they volunteer, or agreed to be shared."""
    if need.organisation in candidate.organisations:
        return ""
    return _("Has not agreed to be shared with this organisation.")


def screen_shared(pool: Pool, need: Need, visit: Span) -> Flags:
    return pool.having("organisation", need.organisation)


def oneself(candidate: Candidate, need: Need, visit: Span) -> str:
    """Volunteers ask for help too."""
    if candidate.person is not None and candidate.person == need.person:
        return _("Nobody is their own volunteer.")
    return ""


def screen_oneself(pool: Pool, need: Need, visit: Span) -> Flags:
    return ~pool.having("person", need.person)


def not_with(candidate: Candidate, need: Need, visit: Span) -> str:
    """Either side can say so, and nobody is told which did."""
    if candidate.id in need.not_with or need.person in candidate.not_with:
        return _("One of the two asked not to be put together with the other.")
    return ""


def screen_not_with(pool: Pool, need: Need, visit: Span) -> Flags:
    return ~(pool.having("not with", need.person) | pool.among(need.not_with))


def said_no(candidate: Candidate, need: Need, visit: Span) -> str:
    """Nobody is asked twice about the same request."""
    return _("Was asked about this already.") if candidate.id in need.said_no else ""


def screen_said_no(pool: Pool, need: Need, visit: Span) -> Flags:
    return ~pool.among(need.said_no)


# --- What the request needs -------------------------------------------------------------------------


def preference_not_met(candidate: Candidate, need: Need, visit: Span) -> str:
    """Lawful and necessary preferences, each with the reason that was written down."""
    for preference in need.preferences:
        if preference.kind is PreferenceKind.GENDER:
            met = candidate.gender == preference.value
        else:
            met = preference.value in candidate.languages
        if not met:
            return _("Asked for: %(who)s (%(reason)s).") % {
                "who": preference.name,
                "reason": preference.reason.strip().rstrip("."),
            }
    return ""


def screen_preferences(pool: Pool, need: Need, visit: Span) -> Flags:
    may = np.ones(len(pool), dtype=np.bool_)
    for preference in need.preferences:
        may &= pool.having(preference.kind.value, preference.value)
    return may


def no_car(candidate: Candidate, need: Need, visit: Span) -> str:
    """A lift needs somebody who drives."""
    if need.needs_car and candidate.mode is not Mode.CAR:
        return _("Needs somebody who drives; this volunteer %(how)s.") % {
            "how": MODE_IN_WORDS[candidate.mode]
        }
    return ""


def screen_car(pool: Pool, need: Need, visit: Span) -> Flags:
    return pool.drives if need.needs_car else np.ones(len(pool), dtype=np.bool_)


def out_of_reach(candidate: Candidate, need: Need, visit: Span) -> str:
    """How far they said they go, else what their way of travelling allows. Where somebody sets out
    from may be not known: then they can still be asked."""
    miles = miles_between(need.place, candidate.place)
    if miles is None or miles <= candidate.reach:
        return ""
    return _("%(distance)s away; this volunteer %(how)s, up to %(reach)s.") % {
        "distance": distance_in_words(miles).capitalize(),
        "how": MODE_IN_WORDS[candidate.mode],
        "reach": distance_in_words(candidate.reach),
    }


def screen_reach(pool: Pool, need: Need, visit: Span) -> Flags:
    if need.place is None:
        return np.ones(len(pool), dtype=np.bool_)
    # Not a number compares as false, so the question is who is too far.
    return ~(miles_to(need.place, pool.latitudes, pool.longitudes) > pool.reach)


def too_young(candidate: Candidate, need: Need, visit: Span) -> str:
    """On the day of the visit (``volunteers.age``)."""
    from_day = old_enough_from(candidate.born_on, candidate.is_adult, need.minimum_age)
    if from_day is None:
        return _("Has to be %(age)s or over; their date of birth is not known.") % {
            "age": need.minimum_age
        }
    if from_day <= visit.first_day:
        return ""
    return _("Has to be %(age)s or over; they are from %(date)s.") % {
        "age": need.minimum_age,
        "date": say_full_date(from_day),
    }


def screen_age(pool: Pool, need: Need, visit: Span) -> Flags:
    if not need.minimum_age:
        return np.ones(len(pool), dtype=np.bool_)
    return pool.of_age(need.minimum_age, visit.first_day)


def check_not_in_date(candidate: Candidate, need: Need, visit: Span) -> str:
    """Each check that the request needs is in date until the visit is over."""
    for code, name in need.checks.items():
        if code not in candidate.checks:
            return _("Needs: %(check)s. None is recorded.") % {"check": name}
        last = candidate.checks[code]
        if last is not None and last < visit.last_day:
            return _("Needs: %(check)s. Theirs is in date until %(date)s.") % {
                "check": name,
                "date": say_full_date(last),
            }
    return ""


def screen_checks(pool: Pool, need: Need, visit: Span) -> Flags:
    may = np.ones(len(pool), dtype=np.bool_)
    for code in need.checks:
        may &= pool.in_date(code, visit.last_day)
    return may


# --- When -------------------------------------------------------------------------------------------


def not_free(candidate: Candidate, need: Need, visit: Span) -> str:
    """Who has said when they are free is not asked for another time. Who has not, can be asked;
    away is away for both."""
    last = visit.last_day + ONE_DAY
    if candidate.said_when_free:
        free = free_spans(candidate.windows, candidate.changes, visit.first_day, last)
        if room_around(visit, free) is None:
            return _("Not free on %(when)s.") % {"when": say_span(visit)}
    elif any(away.overlap(visit) for away in away_spans(candidate.changes, visit.first_day, last)):
        return _("Away on %(when)s.") % {"when": say_span(visit)}
    return ""


def screen_free(pool: Pool, need: Need, visit: Span) -> Flags:
    return pool.free(visit)


def elsewhere(candidate: Candidate, need: Need, visit: Span) -> str:
    """Not in two places at once, at this visit or a later one; up to an hour at an edge is a
    handover."""
    for one in need.all_of(visit):
        if clashes := stands_in_the_way(one, candidate.commitments):
            return clashes[0].in_words()
    return ""


def screen_elsewhere(pool: Pool, need: Need, visit: Span) -> Flags:
    may = pool.overlaps(visit)[0]
    for one in need.later:
        may = may & pool.overlaps(one)[0]
    return may


def no_hours_left(candidate: Candidate, need: Need, visit: Span) -> str:
    """Nobody is asked for more in a week than they said they give, this week or a later one."""
    if candidate.weekly_minutes is None:
        return ""
    left = min(
        candidate.weekly_minutes - minutes_given(candidate, one) for one in need.all_of(visit)
    )
    if left >= visit.minutes:
        return ""
    return ngettext(
        "Has %(left)s minute left that week; it takes %(takes)s.",
        "Has %(left)s minutes left that week; it takes %(takes)s.",
        max(left, 0),
    ) % {"left": max(left, 0), "takes": visit.minutes}


def screen_hours_left(pool: Pool, need: Need, visit: Span) -> Flags:
    may = pool.minutes_left(visit) >= visit.minutes
    for one in need.later:
        may = may & (pool.minutes_left(one) >= one.minutes)
    return may


# In the order in which they are said: the first that forbids is the reason. Those that do not depend
# on the time come first.
RULES: tuple[Rule, ...] = (
    Rule("shared", gettext_lazy("not of this organisation"), not_shared, screen_shared),
    Rule("self", gettext_lazy("asks for it themself"), oneself, screen_oneself),
    Rule("not-with", gettext_lazy("not to be put together"), not_with, screen_not_with),
    Rule("said-no", gettext_lazy("asked already"), said_no, screen_said_no),
    Rule(
        "preference",
        gettext_lazy("not who was asked for"),
        preference_not_met,
        screen_preferences,
    ),
    Rule("car", gettext_lazy("no car"), no_car, screen_car),
    Rule("reach", gettext_lazy("too far away for them"), out_of_reach, screen_reach),
    Rule("age", gettext_lazy("too young, or age not known"), too_young, screen_age, timed=True),
    Rule("check", gettext_lazy("no check in date"), check_not_in_date, screen_checks, timed=True),
    Rule("free", gettext_lazy("not free then"), not_free, screen_free, timed=True),
    Rule("elsewhere", gettext_lazy("somewhere else then"), elsewhere, screen_elsewhere, timed=True),
    Rule(
        "hours",
        gettext_lazy("no hours left that week"),
        no_hours_left,
        screen_hours_left,
        timed=True,
    ),
)
# Who breaks none: one past the last rule.
ALLOWED = len(RULES)
FIRST_TIMED = next(at for at, rule in enumerate(RULES) if rule.timed)


@dataclass(frozen=True)
class Refusal:
    """The first rule that forbids a pair, and its sentence."""

    rule: Rule
    reason: str


def first_refusal(candidate: Candidate, need: Need, visit: Span) -> Refusal | None:
    """Why this volunteer cannot be suggested for this visit, or ``None``."""
    for rule in RULES:
        reason = rule.forbids(candidate, need, visit)
        if reason:
            return Refusal(rule, reason)
    return None


def refusal(candidate: Candidate, need: Need) -> Refusal | None:
    """Why they cannot be suggested for any of the times that would do: of the time that came nearest."""
    nearest: Refusal | None = None
    for visit in need.visits:
        found = first_refusal(candidate, need, visit)
        if found is None:
            return None
        if nearest is None or RULES.index(found.rule) > RULES.index(nearest.rule):
            nearest = found
    return nearest


def screen(pool: Pool, need: Need, visit: Span) -> NDArray[np.int8]:
    """For each candidate the place in :data:`RULES` of the first that forbids, else ``ALLOWED``."""
    return screen_timed(pool, need, visit, screen_lasting(pool, need))


def screen_lasting(pool: Pool, need: Need) -> NDArray[np.int8]:
    """How far each comes through the rules to which the time does not matter: the place of the first
    that forbids, else ``FIRST_TIMED``."""
    start = np.zeros(len(pool), dtype=np.int8)
    return _further(RULES[:FIRST_TIMED], pool, need, need.visits[0], start, 0)


def screen_timed(
    pool: Pool, need: Need, visit: Span, lasting: NDArray[np.int8]
) -> NDArray[np.int8]:
    """The same for all rules, when it is known how far each comes through the lasting ones."""
    return _further(RULES[FIRST_TIMED:], pool, need, visit, lasting.copy(), FIRST_TIMED)


def _further(
    rules: tuple[Rule, ...],
    pool: Pool,
    need: Need,
    visit: Span,
    reached: NDArray[np.int8],
    start: int,
) -> NDArray[np.int8]:
    """``reached`` goes up by one for each rule passed, of those who had come as far as ``start``."""
    still = reached == start
    for rule in rules:
        still &= rule.screen(pool, need, visit)
        reached += still
    return reached
