"""How long volunteering is kept: every state of a volunteer and of a request ends in one of these classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import last_contact
from dcsn.privacy.retention import RETENTION, RetentionClass, register
from volunteers.models import (
    Check,
    HelpChange,
    HelpRequest,
    Hours,
    Offer,
    ShiftPlace,
    Volunteer,
    VolunteerChange,
)
from volunteers.states import (
    GONE,
    HELP_FINAL,
    HELP_OPEN,
    UNPLACED,
    CheckState,
    HelpReason,
    HelpState,
    VolunteerReason,
    VolunteerState,
)


def leave(volunteers: QuerySet[Volunteer]) -> None:
    """Let those who have not left leave, so that nobody waits for somebody who is forgotten: what they
    were asked to do is withdrawn, their places on shifts go to the next."""
    from volunteers.actions.volunteers import move_volunteer

    for volunteer in volunteers.exclude(state__in=sorted(GONE)):
        move_volunteer(
            volunteer=volunteer,
            to=VolunteerState.LEFT,
            by=RETENTION,
            reason_code=VolunteerReason.OTHER,
        )


def end_help(requests: QuerySet[HelpRequest]) -> None:
    """Cancel what is under way; a volunteer who was asked is told by the state of their offer."""
    from volunteers.actions.help import cancel_help_request

    for help_request in requests.filter(state__in=sorted(HELP_OPEN)):
        cancel_help_request(
            help_request=help_request, by=RETENTION, reason_code=HelpReason.NO_LONGER_NEEDED
        )


# --- Volunteers ---------------------------------------------------------------------------------------


def _quiet(before: datetime) -> QuerySet[Volunteer]:
    later = VolunteerChange.objects.filter(volunteer=OuterRef("pk"), at__gte=before)
    return Volunteer.objects.filter(~Exists(later), anonymised_at=None, created_at__lt=before)


def gone_due(before: datetime) -> QuerySet[Volunteer]:
    return _quiet(before).filter(state__in=sorted(GONE))


def never_came_due(before: datetime) -> QuerySet[Volunteer]:
    """Interested, applied or on their way, and nothing happened since."""
    return _quiet(before).filter(state__in=sorted(UNPLACED))


def silent_due(before: datetime) -> QuerySet[Volunteer]:
    """Helping or on a break by the books, and neither hours, an offer nor a shift since."""
    of = {"volunteer": OuterRef("pk")}
    return _quiet(before).filter(
        ~Exists(Hours.objects.filter(**of, logged_at__gte=before)),
        ~Exists(Offer.objects.filter(**of, suggested_at__gte=before)),
        ~Exists(ShiftPlace.objects.filter(**of, changed_at__gte=before)),
        state__in=[VolunteerState.ACTIVE, VolunteerState.PAUSED],
    )


def empty_volunteers(keys: list[UUID]) -> int:
    from volunteers.privacy import empty_volunteers as empty

    rows = Volunteer.objects.filter(pk__in=keys)
    leave(rows)
    return empty(rows)


# --- Certificates -------------------------------------------------------------------------------------


def numbers_due(before: datetime) -> QuerySet[Check]:
    return Check.objects.filter(
        state=CheckState.DECISION_RECORDED, decided_at__lt=before, number_forgotten_at=None
    ).exclude(certificate_number="")


def forget_numbers(keys: list[UUID]) -> int:
    """The number goes; level, date of issue and the decision stay, as the code of practice allows."""
    from django.utils import timezone

    return Check.objects.filter(pk__in=keys).update(
        certificate_number="", number_forgotten_at=timezone.now()
    )


# --- Requests for help --------------------------------------------------------------------------------


def ended_due(before: datetime) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(
        state__in=sorted(HELP_FINAL), ended_at__lt=before, anonymised_at=None
    )


def unended_due(before: datetime) -> QuerySet[HelpRequest]:
    """Never ended, and nothing happened since."""
    later = HelpChange.objects.filter(help_request=OuterRef("pk"), at__gte=before)
    return HelpRequest.objects.filter(
        ~Exists(later), state__in=sorted(HELP_OPEN), asked_at__lt=before, anonymised_at=None
    )


def empty_help(keys: list[UUID]) -> int:
    from volunteers.privacy import empty_help as empty

    rows = HelpRequest.objects.filter(pk__in=keys)
    end_help(rows)
    return empty(rows)


# --- What the kernel is told --------------------------------------------------------------------------

_VOLUNTEER_LEFT = _(
    "Who they are and everything written are deleted; states, dates, minutes given and amounts paid "
    "stay for counting."
)
_HELP_LEFT = _(
    "Who asked and what for are deleted; that somebody asked, when and what came of it stays for "
    "counting."
)


def _register(name: str, what: Any, becomes: Any, setting: str, due: Any, apply: Any, person: str = "person_id") -> None:  # fmt: skip  # noqa: E501
    register(
        RetentionClass(
            name=f"volunteers.{name}",
            what=what,
            becomes=becomes,
            setting=setting,
            due=due,
            apply=apply,
            person=person,
        )
    )


def register_classes() -> None:
    """Once, from ``privacy.py``."""
    _register(
        "gone", _("Volunteers who left, or could not volunteer"), _VOLUNTEER_LEFT,
        "KEEP_INFORMATION_DAYS", gone_due, empty_volunteers,
    )  # fmt: skip
    _register(
        "never_came", _("People who wanted to volunteer and were not heard of again"),
        _VOLUNTEER_LEFT, "KEEP_INFORMATION_DAYS", never_came_due, empty_volunteers,
    )  # fmt: skip
    _register(
        "silent", _("Volunteers of whom nothing was heard"), _VOLUNTEER_LEFT,
        "KEEP_INFORMATION_DAYS", silent_due, empty_volunteers,
    )  # fmt: skip
    _register(
        "certificates", _("Numbers of DBS certificates"),
        _("The number is deleted; its level, its date and the decision stay."),
        "KEEP_CERTIFICATE_DAYS", numbers_due, forget_numbers, "volunteer__person_id",
    )  # fmt: skip
    _register(
        "help_ended", _("Requests for a volunteer's help that ended"), _HELP_LEFT,
        "KEEP_INFORMATION_DAYS", ended_due, empty_help,
    )  # fmt: skip
    _register(
        "help_unended", _("Requests for a volunteer's help that never ended"), _HELP_LEFT,
        "KEEP_INFORMATION_DAYS", unended_due, empty_help,
    )  # fmt: skip
    last_contact.register(
        last_contact.Contact(
            "volunteering",
            rows=lambda since: Volunteer.objects.filter(
                Q(changed_at__gte=since)
                | Q(state__in=[VolunteerState.ACTIVE, VolunteerState.PAUSED])
            ),
        )
    )
    last_contact.register(
        last_contact.Contact(
            "help_requests",
            rows=lambda since: HelpRequest.objects.exclude(state=HelpState.CANCELLED).filter(
                Q(asked_at__gte=since) | Q(ended_at__gte=since) | Q(state__in=sorted(HELP_OPEN))
            ),
        )
    )
