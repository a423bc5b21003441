"""What becomes of a person's rows: read out, erased, brought together with another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.messages.actions import redact
from dcsn.messages.models import Message
from dcsn.privacy import PersonLink, register
from dcsn.privacy.registry import delete_rows, move_rows, move_rows_back, said
from volunteers.classified import FIELDS as FIELDS
from volunteers.models import (
    Agreement,
    Application,
    Availability,
    Away,
    CalendarFeed,
    Check,
    CheckWarning,
    EmergencyContact,
    Expense,
    ExpenseLine,
    ExpensePayment,
    HelpChange,
    HelpRequest,
    Hours,
    NextStep,
    NotWith,
    Offer,
    ParentConfirmation,
    Redirection,
    Reference,
    ShiftExchange,
    ShiftPlace,
    Thanks,
    Visit,
    Volunteer,
    VolunteerChange,
    VolunteerPlace,
)
from volunteers.retention import end_help, leave, register_classes


def _rows(rows: Any, *fields: str) -> list[dict[str, Any]]:
    return [{name: said(row, name) for name in fields} for row in rows]


def _export_volunteers(person: UUID) -> list[dict[str, Any]]:
    """Everything about somebody as a volunteer; not whom they are kept apart from (see ``NotWith``)."""
    return [
        {
            "reference": row.reference,
            "state": row.get_state_display(),
            "organisation": row.organisation.name,
            "how you came": row.get_route_display(),
            "what stood in the way": said(row, "barriers"),
            "what you hope for": row.hopes,
            "what would help you": row.support_needs,
            "interests and skills": [one.name for one in row.interests.all()],
            "languages": row.languages,
            "tasks": said(row, "help_kinds"),
            "transport": said(row, "transport"),
            "miles": row.travel_miles,
            "minutes a week": row.minutes_a_week,
            "gender": row.get_gender_display(),
            "steps": _rows(row.changes.all(), "at", "to_state", "reason_code", "reason_text"),
            "organisations": [
                {"organisation": one.organisation.name, "standing": one.get_standing_display(),
                 "from": one.began_at, "until": one.ended_at, "how you agreed": one.agreed_how}
                for one in row.standings.select_related("organisation")
            ],
            "applications": [
                {"role": one.opportunity.name, "when": one.applied_at, "why": one.why,
                 "outcome": one.get_outcome_display()}
                for one in row.applications.select_related("opportunity")
            ],
            "free": _rows(row.availability.all(), "weekday", "starts", "ends"),
            "away": _rows(row.away.all(), "from_on", "until_on"),
            "checks": _rows(
                row.checks.all(), "kind", "title", "state", "level", "certificate_number",
                "issued_on", "seen_at", "decision", "decided_at", "next_due_on",
            ),
            "policies": [
                {"policy": str(one.policy), "when": one.agreed_at, "how": one.get_how_display()}
                for one in row.agreements.select_related("policy")
            ],
            "suggestions": [
                {"role": str(one.opportunity or ""), "organisation": str(one.organisation or ""),
                 "note": one.note, "when": one.at}
                for one in row.redirections.select_related("opportunity", "organisation")
            ],
            "next steps": _rows(row.next_steps.all(), "what", "note", "due_on", "done_at"),
            "parent": _rows(
                ParentConfirmation.objects.filter(volunteer=row),
                "name", "email", "phone", "asked_at", "confirmed_at", "refused_at",
            ),
            "emergency contacts": _rows(
                row.emergency_contacts.all(), "name", "relation", "phone"
            ),
            "what you were asked to do": _rows(
                row.offers.exclude(offered_at=None), "state", "offered_at", "starts_at", "words"
            ),
            "came with": [
                {"employer or college": one.employer.organisation.name, "group": one.name}
                for one in row.cohorts.select_related("employer__organisation")
            ],
            "days with them": _rows(row.staff_slots.all(), "day"),
            "shifts": [
                {"from": one.shift.starts_at, "until": one.shift.ends_at,
                 "state": one.get_state_display()}
                for one in row.shift_places.select_related("shift")
            ],
            "shifts you asked to exchange, or were asked for": [
                {"when": one.asked_at, "state": one.get_state_display(),
                 "you asked": one.offered.volunteer_id == row.pk,
                 "their shift": one.wanted.shift.starts_at, "for the shift": one.offered.shift.starts_at}
                for one in ShiftExchange.objects.own(row).select_related("offered__shift", "wanted__shift")
            ],
            "hours": _rows(
                row.hours.all(), "day", "minutes", "state", "dispute_words", "settled_because"
            ),
            "expenses": [
                {"reference": one.reference, "day": one.day, "what": one.what, "pence": one.pence,
                 "state": one.get_state_display(), "why not": one.refused_because,
                 "lines": _rows(one.lines.all(), "kind", "vehicle", "miles", "rate_pence", "pence"),
                 "paid": _rows(ExpensePayment.objects.filter(expense=one), "paid_on", "how", "pence")}
                for one in row.expenses.prefetch_related("lines")
            ],
            "thanks": _rows(row.thanks.all(), "at", "words", "signed"),
            "references": _rows(
                row.references.all(), "number", "purpose", "role", "from_on", "until_on", "minutes",
                "text", "signed", "given_at",
            ),
        }
        for row in Volunteer.objects.filter(person=person).select_related("organisation")
    ]  # fmt: skip


def empty_volunteers(rows: Any) -> int:
    """Forget whose these records were and all that was written; states, dates, minutes and amounts stay
    for counting."""
    found = list(rows.filter(anonymised_at=None).values_list("pk", flat=True))
    if not found:
        return 0
    of = {"volunteer_id__in": found}
    VolunteerChange.objects.filter(**of).forget_words()
    for model in (Availability, Away, EmergencyContact, NotWith, ParentConfirmation, Check,
                  Agreement, CalendarFeed, Reference):  # fmt: skip
        model._default_manager.filter(**of).delete()
    now = timezone.now()
    VolunteerPlace.objects.filter(**of, ended_at=None).update(ended_at=now)
    VolunteerPlace.objects.filter(**of).exclude(agreed_how="").update(agreed_how="–")
    Application.objects.filter(**of).update(why="", decided_by=None)
    Redirection.objects.filter(**of).update(note="", by=None)
    NextStep.objects.filter(**of, done_at=None).update(done_at=now)
    NextStep.objects.filter(**of).update(note="", done_by=None)
    Offer.objects.filter(**of).update(reasons=[], words="", override_reason="", override_by=None)
    Visit.objects.filter(offer__volunteer_id__in=found).update(override_reason="", override_by=None)
    Visit.objects.filter(offer__volunteer_id__in=found).exclude(watchword="").update(watchword="–")
    Visit.objects.filter(offer__volunteer_id__in=found).exclude(card="").update(card="–")
    ShiftPlace.objects.filter(**of).update(override_reason="", override_by=None)
    Hours.objects.filter(**of).update(
        dispute_words="", settled_because="", logged_by=None, confirmed_by=None, settled_by=None
    )
    Expense.objects.filter(**of).update(what="–", claimed_by=None, decided_by=None)
    Expense.objects.filter(**of).exclude(refused_because="").update(refused_because="–")
    ExpensePayment.objects.filter(expense__volunteer_id__in=found).update(by=None)
    Thanks.objects.filter(**of).update(words="", signed="", by=None, message=None)
    for through, column in (
        (Volunteer.interests.through, "volunteer_id"),
        (Volunteer.cohorts.through, "volunteer_id"),
        (Volunteer.staff_slots.through, "volunteer_id"),
    ):
        through._default_manager.filter(**{f"{column}__in": found}).delete()
    return Volunteer.objects.filter(pk__in=found).update(
        person=None, hopes="", support_needs="", gender="", languages=[], barriers=[], transport=[],
        help_kinds=[], travel_miles=None, minutes_a_week=None, paused_until=None, anonymised_at=now,
    )  # fmt: skip


def _erase_volunteers(person: UUID) -> int:
    rows = Volunteer.objects.filter(person=person)
    leave(rows)
    return empty_volunteers(rows)


def _export_help(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "reference": row.reference,
            "organisation": row.organisation.name,
            "when": row.asked_at,
            "how": row.get_channel_display(),
            "kind": row.get_kind_display(),
            "what you asked for": row.what,
            "when it suits": row.when_words,
            "state": row.get_state_display(),
            "passed to": row.get_passed_to_display(),
            "what was said": row.passed_note,
            "by a woman or a man": row.get_gender_preference_display(),
            "why": row.preference_reason,
            "did you get the help": row.get_answer_display(),
            "in your words": row.answer_words,
            "steps": _rows(row.changes.all(), "at", "to_state", "reason_code", "reason_text"),
            "thanks you wrote": [
                {"when": one.at, "words": one.words, "signed": one.signed}
                for offer in row.offers.all()
                for one in offer.thanks.all()
            ],
            "visits": [
                {"from": visit.starts_at, "until": visit.ends_at, "watchword": visit.watchword,
                 "photo card": visit.card, "what became of it": visit.get_outcome_display()}
                for offer in row.offers.all()
                for visit in offer.visits.all()
            ],
        }
        for row in HelpRequest.objects.filter(person=person)
        .select_related("organisation")
        .prefetch_related("changes", "offers__visits", "offers__thanks")
    ]  # fmt: skip


def empty_help(rows: Any) -> int:
    """Forget who asked and what for; that somebody asked and what came of it still counts."""
    found = list(rows.filter(anonymised_at=None).values_list("pk", flat=True))
    if not found:
        return 0
    HelpChange.objects.filter(help_request_id__in=found).forget_words()
    Offer.objects.filter(help_request_id__in=found).update(reasons=[], words="", override_reason="")
    visits = Visit.objects.filter(offer__help_request_id__in=found)
    visits.update(override_reason="", override_by=None)
    visits.exclude(watchword="").update(watchword="–")
    visits.exclude(card="").update(card="–")
    # What they wrote to a volunteer, and with which name.
    _empty_thanks(Thanks.objects.filter(offer__help_request_id__in=found))
    HelpRequest.interests.through._default_manager.filter(helprequest_id__in=found).delete()
    return HelpRequest.objects.filter(pk__in=found).update(
        person=None, what="", when_words="", passed_note="", preference_reason="", answer_words="",
        gender_preference="", languages=[], asked_by=None, triaged_by=None,
        anonymised_at=timezone.now(),
    )  # fmt: skip


def _empty_thanks(rows: Any) -> None:
    """The words go from the volunteer's message too, and none is sent without them."""
    keys = [
        f"thanks:{pk}{way}" for pk in rows.values_list("pk", flat=True) for way in ("", ":letter")
    ]
    redact(Message.objects.filter(key__in=keys, redacted_at=None))
    rows.update(words="", signed="", by=None, message=None)


def _erase_help(person: UUID) -> int:
    rows = HelpRequest.objects.filter(person=person)
    end_help(rows)
    return empty_help(rows)


def _merge_volunteers(old: UUID, current: UUID) -> list[str]:
    """Hand the record over; when both have one, what hangs on the one is joined to the other."""
    from volunteers.joining import join

    kept = Volunteer.objects.filter(person=current).first()
    other = Volunteer.objects.filter(person=old).first()
    if kept is None or other is None:
        return move_rows(Volunteer, "person_id")(old, current)
    return join(other, kept)


def _unmerge_volunteers(current: UUID, old: UUID, moved: list[str]) -> None:
    from volunteers.joining import is_joined, take_apart

    joined = [key for key in moved if is_joined(key)]
    move_rows_back(Volunteer, "person_id")(
        current, old, [one for one in moved if one not in joined]
    )
    take_apart(
        Volunteer.objects.filter(person=current).first(),
        Volunteer.objects.filter(person=old).first(),
        joined,
    )


def _merge_not_with(old: UUID, current: UUID) -> list[str]:
    rows = NotWith.objects.filter(person=old).exclude(
        volunteer__in=NotWith.objects.filter(person=current).values("volunteer")
    )
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    NotWith.objects.filter(pk__in=keys).update(person=current)
    return keys


register(
    Volunteer,
    PersonLink(
        heading=_("You as a volunteer"),
        export=_export_volunteers,
        third_parties=("parent", "emergency contacts", "thanks", "references", "steps"),
        erase=_erase_volunteers,
        includes=(
            Agreement,
            Application,
            Availability,
            Away,
            CalendarFeed,
            Check,
            CheckWarning,
            EmergencyContact,
            Expense,
            ExpenseLine,
            ExpensePayment,
            Hours,
            NextStep,
            Offer,
            ParentConfirmation,
            Redirection,
            Reference,
            ShiftExchange,
            ShiftPlace,
            Thanks,
            VolunteerChange,
            VolunteerPlace,
        ),
        keep=_(
            "That somebody volunteered: states and dates, hours given and amounts paid, for counting."
        ),
        merge=_merge_volunteers,
        unmerge=_unmerge_volunteers,
    ),
)
register(
    HelpRequest,
    PersonLink(
        heading=_("When you asked for a volunteer's help"),
        export=_export_help,
        third_parties=("what was said", "steps"),
        erase=_erase_help,
        includes=(HelpChange, Visit),
        keep=_("That somebody asked, when, and what came of it: for counting."),
        merge=move_rows(HelpRequest, "person_id"),
        unmerge=move_rows_back(HelpRequest, "person_id"),
        order=-10,
    ),
)
register(
    NotWith,
    PersonLink(
        heading=_("Whom you are not brought together with"),
        export=lambda person: [],
        erase=delete_rows(NotWith, "person_id"),
        merge=_merge_not_with,
        unmerge=move_rows_back(NotWith, "person_id"),
        # A copy would tell one of the two about the other.
        left_out_of_copy=True,
    ),
)

register_classes()
