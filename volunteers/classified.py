"""What each table of volunteering holds of people, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, classified
from dcsn.privacy.classification import AS_LONG_AS_THE_PORTAL

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
    "volunteers.ShiftExchange": classified(
        _VOLUNTEER_KEPT, safe="id offered wanted state asked_at ended_at"
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
        personal="what claimed_by decided_by refused_because",
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
