"""What the tables of volunteering hold, and what becomes of a person's rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.classification import AS_LONG_AS_THE_PORTAL
from dcsn.privacy.registry import delete_rows, move_rows, move_rows_back, said
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
    ShiftPlace,
    Thanks,
    Visit,
    Volunteer,
    VolunteerChange,
    VolunteerPlace,
)
from volunteers.retention import end_help, leave, register_classes

_VOLUNTEER_KEPT = Kept(
    _(
        "while they volunteer and two years after they left; then emptied, and counted without a name"
    ),
    setting="KEEP_INFORMATION_DAYS",
)
_HELP_KEPT = Kept(
    _("person and words until two years after it ended; then emptied, and counted without a name"),
    setting="KEEP_INFORMATION_DAYS",
)
_ROLE_KEPT = Kept(_("while the organisation offers the role; then for counting"))

FIELDS = {
    "volunteers.Interest": classified(
        AS_LONG_AS_THE_PORTAL, safe="id kind slug name position retired_at"
    ),
    "volunteers.Opportunity": classified(
        _ROLE_KEPT,
        safe="id name alternate_name short_id slug sort_key organisation state kind summary what where "
        "location times_note flexible minutes_a_week starts_on ends_on interests languages "
        "checks_needed dbs_level minimum_age places support expenses wait_days created_at changed_at "
        "version",
    ),
    "volunteers.OpportunityTime": classified(_ROLE_KEPT, safe="id opportunity weekday starts ends"),
    "volunteers.Volunteer": classified(
        _VOLUNTEER_KEPT,
        personal="person hopes interests transport travel_miles minutes_a_week help_kinds "
        "paused_until gender",
        # What would help them to help tells of their health; a language can tell of their origin.
        special="support_needs languages barriers",
        safe="id reference organisation state state_reason route age_band created_at changed_at version "
        "anonymised_at",
    ),
    "volunteers.VolunteerChange": classified(
        _VOLUNTEER_KEPT,
        personal="by_user",
        special="reason_text",
        safe="id volunteer number at party from_state to_state reason_code",
    ),
    "volunteers.VolunteerPlace": classified(
        _VOLUNTEER_KEPT,
        personal="agreed_how",
        safe="id volunteer organisation standing began_at agreed_at ended_at",
    ),
    "volunteers.Application": classified(
        _VOLUNTEER_KEPT,
        personal="why decided_by",
        safe="id key volunteer opportunity route outcome applied_at decided_at",
    ),
    "volunteers.Availability": classified(
        _VOLUNTEER_KEPT, personal="weekday starts ends", safe="id volunteer"
    ),
    "volunteers.Away": classified(
        _VOLUNTEER_KEPT, personal="from_on until_on", safe="id volunteer"
    ),
    "volunteers.Check": classified(
        Kept(
            _(
                "the certificate's number until six months after the decision; the rest while they "
                "volunteer and two years after"
            ),
            setting="KEEP_CERTIFICATE_DAYS",
        ),
        personal="title certificate_number issued_on seen_by decided_by decision_reference "
        "on_update_service update_checked_on update_unchanged level workforce",
        # What was decided lets one guess at convictions (Article 10).
        special="decision",
        safe="id volunteer organisation kind state requested_at seen_at decided_at next_due_on "
        "created_at number_forgotten_at",
    ),
    "volunteers.CheckWarning": classified(_VOLUNTEER_KEPT, safe="id of days given_at"),
    "volunteers.PolicyVersion": classified(
        AS_LONG_AS_THE_PORTAL, safe="id organisation key number title text in_force_from"
    ),
    "volunteers.Agreement": classified(
        _VOLUNTEER_KEPT, personal="recorded_by", safe="id volunteer policy how agreed_at"
    ),
    "volunteers.Redirection": classified(
        _VOLUNTEER_KEPT,
        personal="note by",
        safe="id volunteer opportunity organisation at taken_up_at",
    ),
    "volunteers.NextStep": classified(
        _VOLUNTEER_KEPT,
        personal="note done_by",
        safe="id volunteer what due_on created_at done_at",
    ),
    "volunteers.ParentConfirmation": classified(
        _VOLUNTEER_KEPT,
        personal="name email phone recorded_by",
        safe="id volunteer secret_hash asked_at confirmed_at refused_at",
    ),
    "volunteers.NotWith": classified(
        _VOLUNTEER_KEPT,
        personal="person said_by recorded_by",
        special="reason",
        safe="id volunteer at",
    ),
    "volunteers.EmergencyContact": classified(
        _VOLUNTEER_KEPT, personal="name relation phone", safe="id volunteer"
    ),
    "volunteers.HelpRequest": classified(
        _HELP_KEPT,
        personal="person asked_by triaged_by when_words starts_at ends_at",
        # What somebody cannot do alone tells of their health.
        special="what kind passed_to passed_note preference_reason gender_preference languages "
        "interests answer_words",
        safe="id reference key organisation taken_at asked_at channel state state_reason repeats "
        "minutes needed_by with_token checks_needed dbs_level minimum_age needs_driver from_home triaged_at "
        "follow_up_on ended_at ask_on asked_how_at answer answered_at version anonymised_at",
    ),
    "volunteers.HelpChange": classified(
        _HELP_KEPT,
        personal="by_user",
        special="reason_text",
        safe="id help_request number at party from_state to_state reason_code",
    ),
    "volunteers.Offer": classified(
        _HELP_KEPT,
        personal="reasons offered_by words override_by override_reason starts_at ends_at",
        safe="id help_request volunteer state suggested_at cost rank queue_position repeats offered_at "
        "lapses_at volunteer_accepted_at person_accepted_at released_at ended_at ended_by",
    ),
    "volunteers.Visit": classified(
        _HELP_KEPT,
        personal="starts_at ends_at watchword card agreed_by override_by override_reason",
        safe="id offer created_at printed_at moved_at cancelled_at outcome outcome_at",
    ),
    "volunteers.Shift": classified(
        _ROLE_KEPT,
        safe="id opportunity starts_at ends_at places note cancelled_at series changed_at version",
    ),
    "volunteers.CalendarFeed": classified(_VOLUNTEER_KEPT, safe="id volunteer made_at"),
    "volunteers.ShiftPlace": classified(
        _VOLUNTEER_KEPT,
        personal="override_by override_reason",
        safe="id shift volunteer state joined_at changed_at swap_offered_at instead_of",
    ),
    "volunteers.Hours": classified(
        _VOLUNTEER_KEPT,
        personal="logged_by confirmed_by dispute_words settled_by settled_because",
        safe="id key volunteer organisation opportunity offer shift_place day minutes minutes_logged "
        "state logged_side logged_at confirmed_at disputed_at minutes_disputed settled_at",
    ),
    "volunteers.MileageRate": classified(
        AS_LONG_AS_THE_PORTAL, safe="id vehicle from_on pence after_miles pence_after source"
    ),
    "volunteers.HourValueRate": classified(AS_LONG_AS_THE_PORTAL, safe="id from_on pence source"),
    "volunteers.Expense": classified(
        _VOLUNTEER_KEPT,
        personal="what decided_by refused_because",
        safe="id reference key volunteer organisation day pence state claimed_at decided_at",
    ),
    "volunteers.ExpenseLine": classified(
        _VOLUNTEER_KEPT,
        personal="miles vehicle",
        safe="id expense position kind rate_pence pence",
    ),
    "volunteers.ExpensePayment": classified(
        _VOLUNTEER_KEPT, personal="how by", safe="id expense paid_on pence at"
    ),
    "volunteers.Thanks": classified(
        _VOLUNTEER_KEPT,
        personal="words signed by way",
        safe="id key volunteer organisation offer at message reached_at",
    ),
    "volunteers.Reference": classified(
        _VOLUNTEER_KEPT,
        personal="purpose role from_on until_on minutes text signed given_by",
        safe="id key volunteer organisation number given_at",
    ),
    "volunteers.Employer": classified(
        Kept(_("while people come through it, and two years after")),
        personal="contact note",
        safe="id organisation kind created_at ended_at",
    ),
    "volunteers.Cohort": classified(
        _VOLUNTEER_KEPT, personal="volunteers", safe="id employer name from_on until_on"
    ),
    "volunteers.StaffSlot": classified(
        _VOLUNTEER_KEPT,
        personal="taken_by",
        safe="id employer opportunity cohort day places",
    ),
}


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
    Expense.objects.filter(**of).update(what="–", decided_by=None)
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
            "visits": [
                {"from": visit.starts_at, "until": visit.ends_at, "watchword": visit.watchword,
                 "photo card": visit.card, "what became of it": visit.get_outcome_display()}
                for offer in row.offers.all()
                for visit in offer.visits.all()
            ],
        }
        for row in HelpRequest.objects.filter(person=person)
        .select_related("organisation")
        .prefetch_related("changes", "offers__visits")
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
    HelpRequest.interests.through._default_manager.filter(helprequest_id__in=found).delete()
    return HelpRequest.objects.filter(pk__in=found).update(
        person=None, what="", when_words="", passed_note="", preference_reason="", answer_words="",
        gender_preference="", languages=[], asked_by=None, triaged_by=None,
        anonymised_at=timezone.now(),
    )  # fmt: skip


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
