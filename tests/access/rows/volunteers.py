"""Who may open the addresses of volunteers."""

from __future__ import annotations

from tests.access.rows.row import (
    DESK,
    EVERYBODY,
    HELPERS,
    SIGNED_IN,
    VOLUNTEERING,
    Row,
    everybody,
    only,
    signed_in,
)

ROWS: dict[str, Row] = {
    # --- What is to be done; asking the person (referrals) ---
    # --- A neighbour is helped (volunteers) ---
    "volunteers:ask_help": EVERYBODY,
    "volunteers:ask_help_sent": EVERYBODY,
    "volunteers:ask_help_for": only(
        *DESK, "coordinator", "volunteer_coordinator", sample="person", belongs_to_organisation=True
    ),
    "volunteers:help_board": only(*HELPERS),
    "volunteers:help_look": only(*HELPERS, sample="place that looks"),  # takes POST only
    "volunteers:help_one": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_triage": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_pass_on": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_unfilled": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_series": only(
        *HELPERS, sample="help that comes again", belongs_to_organisation=True
    ),
    "volunteers:help_cancel": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/volunteers/helping/test_pages.py.
    "volunteers:help_told": only(*HELPERS, sample="help request"),
    "volunteers:help_offer": only(*HELPERS, sample="help request"),
    "volunteers:help_visit": only(*HELPERS, sample="help request"),
    "volunteers:help_begin": only(*HELPERS, sample="help request"),
    "volunteers:help_finish": only(*HELPERS, sample="help request"),
    "volunteers:offer_said": only(*HELPERS, sample="volunteer's offer"),
    "volunteers:offer_back": only(*HELPERS, sample="volunteer's offer"),
    "volunteers:visit_sheet": only(*HELPERS, sample="visit", belongs_to_organisation=True),
    "volunteers:visit": only(*HELPERS, sample="visit", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/volunteers/helping/test_visits.py.
    "volunteers:visit_cancel": only(*HELPERS, sample="visit"),
    "volunteers:visit_happened": only(*HELPERS, sample="visit"),
    "volunteers:help_how": only(*HELPERS, sample="help request"),
    "volunteers:help_thanks": only(*HELPERS, sample="help request"),
    "volunteers:help_not_helped": only(*HELPERS, sample="help request"),
    "volunteers:help_taken": only(*DESK, "coordinator", "volunteer_coordinator"),
    "volunteers:help_taken_one": only(
        *DESK,
        "coordinator",
        "volunteer_coordinator",
        sample="help request taken",
        belongs_to_organisation=True,
    ),
    "volunteers:my_help": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/helping/test_own.py).
    "volunteers:my_help_one": signed_in(sample="help request", may_be_absent=True),
    "volunteers:asked_link": everybody(sample="asked link"),
    "volunteers:offer_no": everybody(sample="side of an offer"),
    "volunteers:my_offers": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/helping/test_answers.py).
    "volunteers:my_offer": signed_in(sample="volunteer's offer", may_be_absent=True),
    "volunteers:offer_link": everybody(sample="offer link"),
    # --- Roles, five questions, applying (volunteers.opportunities) ---
    "volunteers:roles": everybody(query="q=tea&near=DL3+7XX&day=2"),
    "volunteers:roles_sheet": everybody(query="size=18"),
    "volunteers:five": EVERYBODY,
    "volunteers:five_question": everybody(sample="first of five"),
    "volunteers:five_answers": everybody(query="time=taster&free=weekend"),
    "volunteers:role": everybody(sample="volunteering role"),
    "volunteers:apply": everybody(sample="volunteering role"),
    "volunteers:apply_paper": EVERYBODY,
    "volunteers:applied": EVERYBODY,
    "volunteers:parent": everybody(sample="parent's link"),
    "volunteers:parent_done": EVERYBODY,
    "volunteers:desk_roles": only(*VOLUNTEERING),
    "volunteers:desk_role_new": only(*VOLUNTEERING),
    "volunteers:desk_role": only(
        *VOLUNTEERING, sample="role at the desk", belongs_to_organisation=True
    ),
    "volunteers:desk_role_change": only(
        *VOLUNTEERING, sample="role at the desk", belongs_to_organisation=True
    ),
    # Takes POST only; a stranger's try is in tests/volunteers/opportunities/test_desk_roles.py.
    "volunteers:desk_role_move": only(*VOLUNTEERING, sample="role at the desk"),
    "volunteers:board": only(*VOLUNTEERING),
    "volunteers:desk_volunteer": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    # These take POST only; strangers' tries are in tests/volunteers/opportunities/test_board.py.
    "volunteers:desk_move": only(*VOLUNTEERING, sample="volunteer at the desk"),
    "volunteers:desk_step": only(*VOLUNTEERING, sample="volunteer at the desk"),
    "volunteers:desk_suggest": only(*VOLUNTEERING, sample="volunteer at the desk"),
    # --- Figures (volunteers.recruitment) ---
    "volunteers:figures": only(*VOLUNTEERING),
    "volunteers:figures_csv": only(*VOLUNTEERING),
    # --- Becoming and being a volunteer (volunteers.becoming) ---
    **{
        f"volunteers:{name}": only(
            *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
        )
        for name in (
            "desk_known",
            "desk_parent",
            "desk_not_suitable",
            "desk_nothing_yet",
            "desk_checks",
            "desk_share",
            "desk_not_with",
            "desk_policies",
            "desk_apply",
        )
    },
    "volunteers:desk_new": only(*VOLUNTEERING),
    "volunteers:desk_new_form": only(*VOLUNTEERING),
    "volunteers:desk_check": only(
        *VOLUNTEERING, sample="check of a volunteer", belongs_to_organisation=True
    ),
    "volunteers:desk_policies_written": only(*VOLUNTEERING),
    "volunteers:desk_policy_new": only(*VOLUNTEERING),
    "volunteers:desk_policy": only(*VOLUNTEERING, sample="policy", belongs_to_organisation=True),
    "volunteers:desk_application": only(
        *VOLUNTEERING, sample="application for a role", belongs_to_organisation=True
    ),
    "volunteers:suggested": everybody(sample="suggestions link"),
    # Their own only: whoever is no volunteer is told so, or sent to where it is said.
    "volunteers:my_volunteering": SIGNED_IN,
    "volunteers:my_known": SIGNED_IN,
    "volunteers:my_suggested": SIGNED_IN,
    "volunteers:my_policies": SIGNED_IN,
    "volunteers:my_leaving": SIGNED_IN,
    "volunteers:my_move": SIGNED_IN,
    "volunteers:my_unshare": SIGNED_IN,
    "volunteers:my_take_back": SIGNED_IN,
    # --- Rotas (volunteers.rotas) ---
    "volunteers:rotas": only(*VOLUNTEERING),
    "volunteers:rota": only(*VOLUNTEERING, sample="role at the desk", belongs_to_organisation=True),
    "volunteers:rota_sheet": only(
        *VOLUNTEERING, sample="role at the desk", belongs_to_organisation=True
    ),
    "volunteers:rota_make": only(
        *VOLUNTEERING, sample="role at the desk", belongs_to_organisation=True
    ),
    "volunteers:shift": only(*VOLUNTEERING, sample="shift", belongs_to_organisation=True),
    "volunteers:shift_change": only(*VOLUNTEERING, sample="shift", belongs_to_organisation=True),
    "volunteers:shift_call_off": only(*VOLUNTEERING, sample="shift", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/volunteers/rotas/.
    "volunteers:shift_put_on": only(*VOLUNTEERING, sample="shift"),
    "volunteers:shift_place": only(*VOLUNTEERING, sample="place on a shift"),
    "volunteers:shift_exchange": only(
        *VOLUNTEERING, sample="place on a shift", belongs_to_organisation=True
    ),
    # Takes POST only; strangers' tries are in tests/volunteers/rotas/test_exchanges.py.
    "volunteers:shift_exchange_said": only(*VOLUNTEERING, sample="exchange of shifts"),
    "volunteers:my_shifts": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/rotas/test_exchanges.py).
    "volunteers:my_shift_exchange": signed_in(sample="place on a shift", may_be_absent=True),
    "volunteers:my_exchange_said": signed_in(sample="exchange of shifts", may_be_absent=True),
    # Their own, by POST only: everybody else gets 404 (tests/volunteers/rotas/test_mine.py).
    "volunteers:my_calendar": signed_in(may_be_absent=True),
    "volunteers:my_shift_take": signed_in(sample="shift", may_be_absent=True),
    "volunteers:my_shift_place": signed_in(sample="place on a shift", may_be_absent=True),
    "volunteers:my_shift_take_over": signed_in(sample="place on a shift", may_be_absent=True),
    "volunteers:calendar_feed": everybody(sample="calendar address"),
    # --- Employers and colleges (volunteers.employers) ---
    "volunteers:employers": only("volunteer_coordinator"),
    "volunteers:employer_new": only("volunteer_coordinator"),
    "volunteers:employer": only("volunteer_coordinator", sample="employer"),
    "volunteers:employer_change": only("volunteer_coordinator", sample="employer"),
    "volunteers:employer_end": only("volunteer_coordinator", sample="employer"),
    # Their own only: everybody else gets 404 (tests/volunteers/employers/test_pages.py).
    "volunteers:my_employer": signed_in(may_be_absent=True),
    "volunteers:my_days": signed_in(may_be_absent=True),
    "volunteers:my_day": signed_in(sample="staff slot", may_be_absent=True),
    # --- Hours, expenses, thanks (volunteers.giving) ---
    "volunteers:my_hours": SIGNED_IN,
    "volunteers:my_hours_add": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/giving/test_own_hours.py).
    "volunteers:my_hours_one": signed_in(sample="hours given", may_be_absent=True),
    "volunteers:link_hours": everybody(sample="hours link"),
    "volunteers:link_hours_add": everybody(sample="hours link"),
    "volunteers:link_hours_one": everybody(sample="hours by link"),
    "volunteers:hours_desk": only(*VOLUNTEERING),
    # Takes POST only; a stranger's try is in tests/volunteers/giving/test_desk_hours.py.
    "volunteers:hours_confirm": only(*VOLUNTEERING),
    "volunteers:hours_one": only(*VOLUNTEERING, sample="hours given", belongs_to_organisation=True),
    "volunteers:given": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    "volunteers:hours_add": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    "volunteers:my_claims": SIGNED_IN,
    "volunteers:my_claim_add": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/giving/test_expenses.py).
    "volunteers:my_claim_sheet": signed_in(sample="claim", may_be_absent=True),
    "volunteers:link_claims": everybody(sample="hours link"),
    "volunteers:link_claim_add": everybody(sample="hours link"),
    "volunteers:link_claim_sheet": everybody(sample="claim by link"),
    "volunteers:claims_desk": only(*VOLUNTEERING),
    "volunteers:claim_one": only(*VOLUNTEERING, sample="claim", belongs_to_organisation=True),
    "volunteers:claim_sheet": only(*VOLUNTEERING, sample="claim", belongs_to_organisation=True),
    "volunteers:claim_add": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    "volunteers:thanks_desk": only(*VOLUNTEERING),
    # Takes POST only; a stranger's try is in tests/volunteers/giving/test_thanks.py.
    "volunteers:thanks_told": only(*VOLUNTEERING, sample="thanks"),
    "volunteers:thank": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    "volunteers:certificate": only(
        *VOLUNTEERING, sample="volunteer who gave", belongs_to_organisation=True
    ),
    "volunteers:reference_new": only(
        *VOLUNTEERING, sample="volunteer at the desk", belongs_to_organisation=True
    ),
    "volunteers:reference": only(
        *VOLUNTEERING, sample="volunteer's reference", belongs_to_organisation=True
    ),
    # Their own: everybody else gets 404 (tests/volunteers/giving/test_thanks.py).
    "volunteers:my_certificate": signed_in(may_be_absent=True),
    "volunteers:my_reference": signed_in(sample="volunteer's reference", may_be_absent=True),
    "volunteers:link_certificate": everybody(sample="certificate by link"),
    "volunteers:link_reference": everybody(sample="reference by link"),
    "volunteers:hours_value": only(*VOLUNTEERING),
    "volunteers:hours_value_csv": only(*VOLUNTEERING),
    "volunteers:rates": only("volunteer_coordinator", "administrator"),
}
