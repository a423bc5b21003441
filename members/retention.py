"""How long people, complaints and copies are kept, and what counts as having been in contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import erase_person, last_contact, retention
from dcsn.privacy.models import Erasure, PersonAlias
from members.actions.complaints import wipe_complaints
from members.actions.copies import wipe_copies
from members.models import Complaint, Consent, CopyRequest, PaperRequest, Person


def _untouched(before: datetime) -> QuerySet[Person]:
    """Known people of whom nothing was heard since, and nothing was changed."""
    return Person.objects.known().filter(created_at__lt=before, changed_at__lt=before)


def _forget(people: list[Any]) -> int:
    """Erase them as if they had asked; each in a batch of one, so that one hindrance stops one."""
    for person in people:
        erase_person(person, by=retention.RETENTION, reason=Erasure.Reason.NO_LONGER_NEEDED.value)
    return len(people)


_FORGOTTEN = _(
    "Everything that says who they are is deleted, everywhere; counts and consents stay."
)


def register_classes() -> None:
    """Called once, by ``members.privacy``."""
    last_contact.register(
        last_contact.Contact(
            "consent", rows=lambda since: Consent.objects.filter(recorded_at__gte=since)
        )
    )
    last_contact.register(
        last_contact.Contact(
            "paper", rows=lambda since: PaperRequest.objects.filter(created_at__gte=since)
        )
    )
    # Rows that stay with a merged record are all older than the merge.
    last_contact.register(
        last_contact.Contact(
            "merge",
            rows=lambda since: PersonAlias.objects.filter(merged_at__gte=since, undone_at=None),
            person="current_id",
        )
    )
    retention.register(
        retention.RetentionClass(
            name="members.people_informed",
            what=_("People who were given information, counted from the last contact"),
            becomes=_FORGOTTEN,
            setting="KEEP_INFORMATION_DAYS",
            due=lambda before: _untouched(before).filter(
                ~last_contact.in_contact(before), ~last_contact.had_a_case()
            ),
            apply=_forget,
            person="pk",
            batch=1,
        )
    )
    retention.register(
        retention.RetentionClass(
            name="members.people_helped",
            what=_("People for whom help was arranged, counted from the last contact"),
            becomes=_FORGOTTEN,
            setting="KEEP_CASE_DAYS",
            due=lambda before: _untouched(before).filter(
                ~last_contact.in_contact(before), last_contact.had_a_case()
            ),
            apply=_forget,
            person="pk",
            batch=1,
        )
    )
    retention.register(
        retention.RetentionClass(
            name="members.complaints",
            what=_("Complaints about personal data, after they were answered or taken back"),
            becomes=_("Who complained and everything written is deleted; how it ended stays."),
            setting="KEEP_COMPLAINT_DAYS",
            due=lambda before: Complaint.objects.filter(closed_at__lt=before, wiped_at=None),
            apply=wipe_complaints,
        )
    )
    last_contact.register(
        last_contact.Contact(
            "complaints", rows=lambda since: Complaint.objects.filter(created_at__gte=since)
        )
    )
    retention.register(
        retention.RetentionClass(
            name="members.copies",
            what=_("Copies that people were given, and those that were gathered and left lying"),
            becomes=_(
                "What was gathered is deleted; that they asked, and when it was given, stays."
            ),
            setting="KEEP_COPY_DAYS",
            due=lambda before: CopyRequest.objects.filter(
                Q(closed_at__lt=before, wiped_at=None) | Q(state="review", gathered_at__lt=before)
            ),
            apply=wipe_copies,
        )
    )
    last_contact.register(
        last_contact.Contact(
            "copies", rows=lambda since: CopyRequest.objects.filter(received_on__gte=since.date())
        )
    )
