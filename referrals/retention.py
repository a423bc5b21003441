"""How long enquiries and referrals are kept: every state ends in one of these classes, drafts too.

A peer's portal deleted only what was completed, so that whatever was refused, cancelled, broken off or
never sent was kept for ever. Here a test goes through all states. What is left of a row is what is
counted: states, dates, reasons, services.

=================  =================================================================================
KEEP_DRAFT         referrals never sent or entered by mistake; enquiries left unfinished or by mistake
KEEP_INFORMATION   enquiries that ended with an answer or a signpost
KEEP_CASE          referrals that ended, or of which nothing was heard since; and their enquiries
=================  =================================================================================
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import last_contact
from dcsn.privacy.retention import RETENTION, RetentionClass, register
from members.models import Person
from referrals.actions.moving import Saying, move_referral
from referrals.models import Enquiry, FollowUp, Referral, StateChange
from referrals.models.referral import ReferralQuerySet
from referrals.states import OPEN, Party, Reason, State, Via

_ENDED_WITH_A_WORD = sorted({State.COMPLETED, State.FAILED, State.REJECTED, State.CANCELLED})
_UNFINISHED = [Enquiry.State.OPEN, Enquiry.State.ABANDONED, Enquiry.State.ENTERED_IN_ERROR]


def settle(referrals: QuerySet[Referral]) -> None:
    """End what is under way, so that nobody waits for an answer about somebody who is forgotten.

    A draft was never sent: it is taken back as a mistake. What was sent is cancelled, and whoever
    received it is told, by the reference alone.
    """
    for referral in referrals.filter(state__in=[State.DRAFT, *sorted(OPEN)]):
        if referral.state == State.DRAFT:
            to, saying = State.ENTERED_IN_ERROR, Saying(Party.REQUESTER, via=Via.SYSTEM)
        else:
            to = State.CANCELLED
            saying = Saying(Party.REQUESTER, via=Via.SYSTEM, reason_code=Reason.NO_LONGER_NEEDED)
        move_referral(referral=referral, to=to, by=RETENTION, saying=saying)


# --- Referrals ---------------------------------------------------------------------------------------


def _kept() -> ReferralQuerySet:
    return Referral.objects.filter(anonymised_at=None)


def drafts_due(before: datetime) -> QuerySet[Referral]:
    return _kept().drafts().filter(created_at__lt=before)


def mistakes_due(before: datetime) -> QuerySet[Referral]:
    return _kept().filter(state=State.ENTERED_IN_ERROR, ended_at__lt=before)


def ended_due(before: datetime) -> QuerySet[Referral]:
    """Ended, by whatever word; and the person's own answer is as old."""
    later = FollowUp.objects.filter(referral=OuterRef("pk"), answered_at__gte=before)
    return _kept().filter(~Exists(later), state__in=_ENDED_WITH_A_WORD, ended_at__lt=before)


def silent_due(before: datetime) -> QuerySet[Referral]:
    """Sent, never ended, and nothing was heard since."""
    later = StateChange.objects.filter(referral=OuterRef("pk"), at__gte=before)
    return _kept().open().filter(~Exists(later), requested_at__lt=before)


def empty_referrals(keys: list[UUID]) -> int:
    from referrals.privacy import empty_referrals as empty

    rows = Referral.objects.filter(pk__in=keys)
    settle(rows)
    return empty(rows)


# --- Enquiries ---------------------------------------------------------------------------------------


def _enquiries(before: datetime) -> QuerySet[Enquiry]:
    """Old enough, and no referral that still says whose it was hangs on them."""
    kept = Referral.objects.filter(enquiry=OuterRef("pk"), anonymised_at=None)
    return Enquiry.objects.alias(
        last=Coalesce("finished_at", "started_at", output_field=DateTimeField())
    ).filter(~Exists(kept), anonymised_at=None, last__lt=before)


def _was_referred() -> Exists:
    sent = Referral.objects.filter(enquiry=OuterRef("pk"), requested_at__isnull=False)
    return Exists(sent.exclude(state=State.ENTERED_IN_ERROR))


def unfinished_due(before: datetime) -> QuerySet[Enquiry]:
    return _enquiries(before).filter(~_was_referred(), state__in=_UNFINISHED)


def answered_due(before: datetime) -> QuerySet[Enquiry]:
    """Counted from the last contact with the person, who may have come back since."""
    since = Person.objects.filter(last_contact.in_contact(before), pk=OuterRef("person_id"))
    return (
        _enquiries(before)
        .exclude(state__in=_UNFINISHED)
        .filter(~_was_referred())
        .filter(Q(person=None) | ~Exists(since))
    )


def referred_due(before: datetime) -> QuerySet[Enquiry]:
    return _enquiries(before).filter(_was_referred())


def empty_enquiries(keys: list[UUID]) -> int:
    from referrals.privacy import empty_enquiries as empty

    return empty(Enquiry.objects.filter(pk__in=keys))


# --- What the kernel is told -------------------------------------------------------------------------

_REFERRAL_LEFT = _(
    "Whose it was, what was asked and everything written are deleted; states, dates, reasons and the "
    "service stay for counting."
)
_ENQUIRY_LEFT = _(
    "Whose it was and everything written are deleted; that somebody asked, when and what came of it "
    "stays for counting."
)


def _register(name: str, what: Any, becomes: Any, setting: str, due: Any, apply: Any) -> None:
    register(
        RetentionClass(
            name=f"referrals.{name}",
            what=what,
            becomes=becomes,
            setting=setting,
            due=due,
            apply=apply,
        )
    )


def register_classes() -> None:
    """Once, from ``privacy.py``. In the order of their names, referrals stand after enquiries: an
    enquiry follows its referral a night later."""
    _register(
        "drafts", _("Referrals that were begun and never sent"), _REFERRAL_LEFT,
        "KEEP_DRAFT_DAYS", drafts_due, empty_referrals,
    )  # fmt: skip
    _register(
        "mistakes", _("Referrals that were entered by mistake"), _REFERRAL_LEFT,
        "KEEP_DRAFT_DAYS", mistakes_due, empty_referrals,
    )  # fmt: skip
    _register(
        "ended", _("Referrals that ended, whichever way"), _REFERRAL_LEFT,
        "KEEP_CASE_DAYS", ended_due, empty_referrals,
    )  # fmt: skip
    _register(
        "silent", _("Referrals that never ended, since the last word about them"), _REFERRAL_LEFT,
        "KEEP_CASE_DAYS", silent_due, empty_referrals,
    )  # fmt: skip
    _register(
        "enquiries_unfinished", _("Enquiries left unfinished, or entered by mistake"),
        _ENQUIRY_LEFT, "KEEP_DRAFT_DAYS", unfinished_due, empty_enquiries,
    )  # fmt: skip
    _register(
        "enquiries_answered", _("Enquiries that needed no referral, since the last contact"),
        _ENQUIRY_LEFT, "KEEP_INFORMATION_DAYS", answered_due, empty_enquiries,
    )  # fmt: skip
    _register(
        "enquiries_referred", _("Enquiries that led to a referral"), _ENQUIRY_LEFT,
        "KEEP_CASE_DAYS", referred_due, empty_enquiries,
    )  # fmt: skip
    last_contact.register(
        last_contact.Contact(
            "enquiries",
            rows=lambda since: Enquiry.objects.counted().filter(
                Q(started_at__gte=since) | Q(finished_at__gte=since)
            ),
        )
    )
    last_contact.register(
        last_contact.Contact(
            "referrals",
            # One that is still under way is a contact today.
            rows=lambda since: Referral.objects.counted().filter(
                Q(created_at__gte=since) | Q(ended_at__gte=since) | Q(state__in=sorted(OPEN))
            ),
            is_case=True,
        )
    )
    last_contact.register(
        last_contact.Contact(
            "answers",
            rows=lambda since: FollowUp.objects.filter(answered_at__gte=since),
            person="referral__person_id",
        )
    )
