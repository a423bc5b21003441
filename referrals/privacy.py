"""What the tables of enquiries and referrals hold, and what becomes of a person's rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.privacy import leave_out_of_copies
from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import delete_rows, export_rows, move_rows, move_rows_back
from members.models import Category
from referrals.checklists import privacy as checklists
from referrals.models import (
    Attempt,
    Checklist,
    Choice,
    Enquiry,
    FollowUp,
    OneTimeCode,
    PersonalLink,
    Referral,
    Reminder,
    ReplyLink,
    Signpost,
    StateChange,
    Telling,
)
from referrals.retention import register_classes, settle
from referrals.safeguarding import privacy as safeguarding

_ENQUIRY_KEPT = Kept(
    _(
        "words and person until two years after the last contact (eight after the end where a referral "
        "was made, 90 days when it was left unfinished); then emptied, and counted without a name"
    ),
    setting="KEEP_INFORMATION_DAYS",
)
_CASE_KEPT = Kept(
    _(
        "person and words until eight years after it ended, 90 days when it was never sent; then "
        "emptied, and counted only"
    ),
    setting="KEEP_CASE_DAYS",
)

_RECEIVER_KEPT = Kept(_("while the organisation receives referrals, and two years after"))

FIELDS = {
    "referrals.Enquiry": classified(
        _ENQUIRY_KEPT,
        personal="person taken_by outward promise",
        # What somebody asks for help with can tell of their health.
        special="words wants answer formats interpreter_language topics",
        safe="id key reference organisation origin state started_at finished_at version channel "
        "route_of_access on_behalf_of ward support unmet promised_on promise_kept_at "
        "anonymised_at",
    ),
    "referrals.Choice": classified(
        Kept(_("while the enquiry is open")),
        special="service note",
        safe="id enquiry way chosen_at",
    ),
    "referrals.Signpost": classified(
        _ENQUIRY_KEPT,
        special="service",
        safe="id enquiry way at follow_up follow_up_on answer answered_at",
    ),
    "referrals.Referral": classified(
        _CASE_KEPT,
        personal="person drafted_by",
        special="service reason_text basis_note unhelped_note",
        safe="id reference enquiry requester owner state status_reason priority categories basis "
        "consent created_at requested_at acknowledged_at accepted_at begun_at first_contact_on "
        "expected_on next_due_on ended_at ended_by replaces loop closed_at unhelped_since "
        "unhelped_settled_at version anonymised_at",
    ),
    "referrals.StateChange": classified(
        _CASE_KEPT,
        personal="by_user by_name recorded_by",
        special="reason_text",
        safe="id referral number from_state to_state at party by_organisation via reason_code "
        "expected_on",
    ),
    "referrals.Reminder": classified(
        _CASE_KEPT, safe="id referral kind due_on done_at not_needed_at"
    ),
    "referrals.FollowUp": classified(
        _CASE_KEPT,
        personal="asked_by",
        special="words",
        safe="id referral after_days due_on next_try_on state answer answered_by answered_at "
        "answered_via helpfulness",
    ),
    "referrals.ReceivingDesk": classified(
        _RECEIVER_KEPT,
        # An organisation's, but often the address of the one person who works there.
        personal="email mobile phone address",
        safe="id organisation how contact_changed_at created_at version",
    ),
    "referrals.DeskChange": classified(_RECEIVER_KEPT, personal="by why", safe="id desk at fields"),
    "referrals.Capacity": classified(
        Kept(_("until it is said anew")),
        personal="by",
        safe="id service state note wait_weeks as_of via",
    ),
    "referrals.Telling": classified(
        _CASE_KEPT,
        personal="done_by",
        safe="id change referral whom how made_at printed_at done_at not_needed_at returned_at",
    ),
    "referrals.ReplyLink": classified(
        _CASE_KEPT, safe="id referral owner step made_at expires_at used_at superseded_at"
    ),
    "referrals.OneTimeCode": classified(
        _CASE_KEPT, safe="id link way made_at expires_at tries used_at"
    ),
    "referrals.Attempt": classified(
        _CASE_KEPT, personal="by", safe="id follow_up at way result message"
    ),
    "referrals.PersonalLink": classified(
        Kept(_("30 days after it ran out"), days=30),
        personal="person made_by code_hash number_hash",
        safe="id kind follow_up tries made_at expires_at ended_at",
    ),
    **checklists.FIELDS,
    **safeguarding.FIELDS,
}


def _export_enquiries(person: UUID) -> list[dict[str, Any]]:
    rows = (
        Enquiry.objects.filter(person=person)
        .select_related("organisation")
        .prefetch_related("topics", "signposts__service")
    )
    return [
        {
            "reference": row.reference,
            "access point": row.organisation.name,
            "when": row.started_at,
            "how": row.get_channel_display(),
            "for whom": row.get_on_behalf_of_display(),
            "in your words": row.words,
            "what you hoped for": row.wants,
            "topics": [topic.name for topic in row.topics.all()],
            "what we told you": row.answer,
            "what was promised": row.promise,
            "promised for": row.promised_on,
            "how it was done": row.get_support_display(),
            "what came of it": _outcome(row),
            "services you were told about": [
                {
                    "service": one.service.name,
                    "how": one.get_way_display(),
                    "when": one.at,
                    "what you said": one.get_answer_display(),
                }
                for one in row.signposts.all()
            ],
        }
        for row in rows
    ]


def _outcome(row: Enquiry) -> str:
    """What came of it. That a safeguarding concern was raised is in no copy: it reads as answered."""
    hidden = row.state == Enquiry.State.SAFEGUARDING
    return str(Enquiry.State.ANSWERED.label if hidden else row.get_state_display())


def _export_referrals(person: UUID) -> list[dict[str, Any]]:
    """One that was made for safeguarding is in no copy, as it is not in the person's own view: they, or
    somebody at their shoulder, would be warned."""
    rows = (
        Referral.objects.filter(person=person)
        .exclude(basis=Referral.Basis.SAFEGUARDING)
        .select_related("service", "requester", "owner")
        .prefetch_related("changes", "follow_ups")
    )
    return [
        {
            "reference": row.reference,
            "sent by": row.requester.name,
            "sent to": row.owner.name,
            "service": row.service.name,
            "asked for": row.reason_text,
            "what was passed on": [str(Category(said).label) for said in row.categories],
            "on what basis": row.get_basis_display(),
            "note on the basis": row.basis_note,
            "what came of it": row.get_state_display(),
            "steps": [
                {
                    "when": change.at,
                    "state": change.get_to_state_display(),
                    "why": change.get_reason_code_display(),
                    "in their words": change.reason_text,
                    "how": change.get_via_display(),
                }
                for change in row.changes.all()
            ],
            "what you said": [
                {
                    "when": asked.answered_at,
                    "answer": asked.get_answer_display(),
                    "words": asked.words,
                    "helpful": asked.helpfulness,
                }
                for asked in row.follow_ups.all()
                if asked.state == FollowUp.State.ANSWERED
            ],
        }
        for row in rows
    ]


def _made_to_protect(person: UUID) -> list[UUID]:
    """Referrals of which no copy says anything."""
    return list(
        Referral.objects.filter(person=person, basis=Referral.Basis.SAFEGUARDING).values_list(
            "pk", flat=True
        )
    )


leave_out_of_copies("referral", _made_to_protect)


def empty_enquiries(rows: Any) -> int:
    """Forget whose these enquiries were and what was said; that they were made still counts."""
    found = list(rows.filter(anonymised_at=None).values_list("pk", flat=True))
    if not found:
        return 0
    now = timezone.now()
    emptied = Enquiry.objects.filter(pk__in=found)
    # One that was still open cannot be gone on with.
    emptied.filter(state=Enquiry.State.OPEN).update(state=Enquiry.State.ABANDONED, finished_at=now)
    Enquiry.topics.through._default_manager.filter(enquiry_id__in=found).delete()
    Choice.objects.filter(enquiry_id__in=found).delete()
    Checklist.objects.filter(enquiry_id__in=found, anonymised_at=None).update(
        visitor_name="", anonymised_at=now
    )
    Checklist.objects.filter(enquiry_id__in=found).update(visitor_name="", anonymised_at=now)
    return emptied.update(
        person=None,
        words="",
        wants="",
        answer="",
        promise="",
        promised_on=None,
        formats=[],
        interpreter_language="",
        outward="",
        anonymised_at=now,
    )


def empty_referrals(rows: Any) -> int:
    """Forget whose these referrals were and what was written; states, times and reasons still count."""
    found = list(rows.filter(anonymised_at=None).values_list("pk", flat=True))
    if not found:
        return 0
    StateChange.objects.filter(referral_id__in=found).forget_words()
    FollowUp.objects.filter(referral_id__in=found).update(words="", asked_by=None)
    FollowUp.objects.filter(
        referral_id__in=found, state__in=[FollowUp.State.DUE, FollowUp.State.WAITING]
    ).update(state=FollowUp.State.NOT_ASKED)
    Attempt.objects.filter(follow_up__referral_id__in=found).update(by=None, message=None)
    # Nobody answers about them any more, and nobody is left to be told.
    now = timezone.now()
    ReplyLink.objects.filter(referral_id__in=found, used_at=None, superseded_at=None).update(
        superseded_at=now
    )
    Telling.objects.filter(referral_id__in=found).waiting().update(not_needed_at=now)
    Telling.objects.filter(referral_id__in=found).update(done_by=None)
    return Referral.objects.filter(pk__in=found).update(
        person=None,
        reason_text="",
        basis_note="",
        unhelped_note="",
        consent=None,
        drafted_by=None,
        anonymised_at=timezone.now(),
    )


def _erase_enquiries(person: UUID) -> int:
    return empty_enquiries(Enquiry.objects.filter(person=person))


def _erase_referrals(person: UUID) -> int:
    rows = Referral.objects.filter(person=person)
    settle(rows)
    return empty_referrals(rows)


register(
    Enquiry,
    PersonLink(
        heading=_("When you asked us for help"),
        export=_export_enquiries,
        third_parties=("in your words", "what we told you", "what was promised"),
        erase=_erase_enquiries,
        includes=(Choice, Signpost),
        keep=_(
            "That somebody asked, when, at which access point and what came of it: for counting."
        ),
        merge=move_rows(Enquiry, "person_id"),
        unmerge=move_rows_back(Enquiry, "person_id"),
    ),
)
register(
    Referral,
    PersonLink(
        heading=_("Where you were referred, and what came of it"),
        export=_export_referrals,
        third_parties=("asked for", "note on the basis", "steps"),
        erase=_erase_referrals,
        includes=(StateChange, FollowUp, Attempt, Reminder, ReplyLink, OneTimeCode, Telling),
        keep=_(
            "That a referral was made, to which service, its states and dates: for counting, without "
            "anything that says whose it was."
        ),
        merge=move_rows(Referral, "person_id"),
        unmerge=move_rows_back(Referral, "person_id"),
        # Before the enquiries: an open referral is settled first.
        order=-10,
    ),
)
register(
    PersonalLink,
    PersonLink(
        heading=_("Links with which you can answer or see your referrals"),
        export=export_rows(PersonalLink, "person_id", ["kind", "made_at", "expires_at"]),
        erase=delete_rows(PersonalLink, "person_id"),
        merge=move_rows(PersonalLink, "person_id"),
        unmerge=move_rows_back(PersonalLink, "person_id"),
        # A follow-up's link goes before the follow-up is emptied.
        order=-20,
    ),
)

register_classes()
