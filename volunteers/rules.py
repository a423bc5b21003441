"""The hard rules: what must hold before a volunteer is offered a task or a place.

``reasons_against`` names every rule that is broken, so that a coordinator sees all of them at once;
``check_may_help`` raises the first. Only a clash of times can be overridden. The matching asks the same
rules for thousands at once, in its own way, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.forms.clock import write_time
from volunteers.age import adult_by_their_word, is_old_enough
from volunteers.booking import Span, clashes, minutes_left
from volunteers.models import (
    Check,
    CheckKind,
    HelpRequest,
    NotWith,
    ParentConfirmation,
    Repeats,
    Volunteer,
)
from volunteers.models.check import levels_from
from volunteers.refusals import (
    AlreadyBooked,
    CheckMissing,
    NoHoursLeft,
    NotAvailable,
    NotTogether,
    ParentNeeded,
    Refused,
    TooYoung,
)
from volunteers.states import VolunteerState


@dataclass(frozen=True)
class Task:
    """What is asked of a volunteer, whether it comes from a request, a role or a shift."""

    minimum_age: int = 18
    checks_needed: tuple[str, ...] = ()
    dbs_level: str = ""
    needs_driver: bool = False
    gender_preference: str = ""
    person_id: Any = None
    span: Span | None = None
    repeats: str = Repeats.ONCE
    minutes: int = 0

    @classmethod
    def of_request(cls, help_request: HelpRequest, span: Span | None = None) -> Task:
        if span is None and help_request.starts_at and help_request.ends_at:
            span = Span(help_request.starts_at, help_request.ends_at)
        return cls(
            minimum_age=help_request.minimum_age,
            checks_needed=tuple(help_request.checks_needed),
            dbs_level=help_request.dbs_level,
            needs_driver=help_request.needs_driver,
            gender_preference=help_request.gender_preference,
            person_id=help_request.person_id,
            span=span,
            repeats=help_request.repeats,
            minutes=span.minutes if span else help_request.minutes,
        )

    @classmethod
    def of_opportunity(cls, opportunity: Any, span: Span | None = None) -> Task:
        return cls(
            minimum_age=opportunity.minimum_age,
            checks_needed=tuple(opportunity.checks_needed),
            dbs_level=opportunity.dbs_level,
            span=span,
            minutes=span.minutes if span else 0,
        )

    @property
    def day(self) -> date:
        """The day for which checks and age are looked at."""
        moment = self.span.starts_at if self.span else timezone.now()
        return timezone.localtime(moment).date()


def may_be_contacted(volunteer: Volunteer, day: date | None = None) -> bool:
    """False for somebody under 16 whose parent has not said yes: until then nobody contacts them, offers
    them anything or gives them a place."""
    if not volunteer.needs_parent(day or timezone.localdate()):
        return True
    return ParentConfirmation.objects.filter(
        volunteer=volunteer, confirmed_at__isnull=False
    ).exists()


def missing_checks(volunteer: Volunteer, task: Task) -> list[str]:
    """The kinds of checks that the task needs and that do not stand on its day."""
    standing = Check.objects.filter(volunteer=volunteer).standing(task.day)
    missing = []
    for kind in task.checks_needed:
        rows = standing.filter(kind=kind)
        if kind == CheckKind.DBS:
            rows = rows.filter(level__in=levels_from(task.dbs_level))
        if not rows.exists():
            missing.append(kind)
    return missing


def reasons_against(
    volunteer: Volunteer,
    task: Task,
    *,
    besides: Any = None,
    states: Iterable[str] = (VolunteerState.ACTIVE,),
) -> list[Refused]:
    """Every rule that is broken, in words; empty when the volunteer may be asked.

    :param besides: the offer or place on a shift that is being looked at: it does not clash with itself.
    :param states: in which of the volunteer's states this may be done.
    """
    found: list[Refused] = []
    if volunteer.state not in list(states) or volunteer.anonymised_at is not None:
        found.append(NotAvailable(_("This volunteer is not helping at the moment.")))
    if not may_be_contacted(volunteer):
        found.append(
            ParentNeeded(_("Under 16: a parent must confirm before anybody gets in touch."))
        )
    if not _old_enough(volunteer, task):
        age_known = volunteer.age_on(task.day) is not None
        found.append(
            TooYoung(
                (
                    _("For this, volunteers must be %(age)s or over.")
                    if age_known
                    else _("For this, volunteers must be %(age)s or over; ask their date of birth.")
                )
                % {"age": task.minimum_age}
            )
        )
    labels = dict(CheckKind.choices)
    found += [
        CheckMissing(
            _("Missing, out of date or not decided: %(check)s.")
            % {"check": labels[CheckKind(kind)]}
        )
        for kind in missing_checks(volunteer, task)
    ]
    if task.needs_driver and not volunteer.drives:
        found.append(NotAvailable(_("This needs somebody who drives.")))
    if task.gender_preference and volunteer.gender != task.gender_preference:
        found.append(
            NotAvailable(_("The person needs somebody else for this; the request says why."))
        )
    if (
        task.person_id is not None
        and NotWith.objects.filter(volunteer=volunteer, person_id=task.person_id).exists()
    ):
        found.append(NotTogether(_("These two are not to be brought together.")))
    if volunteer.person_id is not None and volunteer.person_id == task.person_id:
        found.append(NotTogether(_("Nobody is their own volunteer.")))
    if task.span is not None:
        left = minutes_left(volunteer, task.span.starts_at, besides=besides)
        if left is not None and left < task.minutes:
            found.append(NoHoursLeft(_("It is more than the hours they can give that week.")))
        in_the_way = clashes(volunteer, task.span, task.repeats, besides=besides)
        if in_the_way:
            when = timezone.localtime(in_the_way[0].starts_at)
            found.append(
                AlreadyBooked(
                    _("They are somewhere else at that time: on %(day)s from %(time)s.")
                    % {"day": date_format(when, "l j F"), "time": write_time(when.time())}
                )
            )
    return found


def _old_enough(volunteer: Volunteer, task: Task) -> bool:
    person = volunteer.person
    if person is None:
        return False
    is_adult = adult_by_their_word(person.age_band)
    return is_old_enough(person.date_of_birth, is_adult, task.minimum_age, task.day)


def check_may_help(
    volunteer: Volunteer,
    task: Task,
    *,
    overriding: bool = False,
    besides: Any = None,
    states: Iterable[str] = (VolunteerState.ACTIVE,),
) -> None:
    """Raise the first rule that is broken.

    :param overriding: a manager lets it overlap, and gave a reason; nothing else can be overridden.
    """
    for refusal in reasons_against(volunteer, task, besides=besides, states=states):
        if not (overriding and isinstance(refusal, AlreadyBooked)):
            raise refusal
