"""Who may open the addresses of pathways: the named coordinator, and the access point's lead."""

from __future__ import annotations

from tests.access.rows.row import EVERYBODY, SIGNED_IN, Row, everybody, only, signed_in

# Who goes with people: everywhere those whose coordinator they are, or all of one access point.
PATHWAYS = ("coordinator", "hub_lead")
# Who looks after carers, and opens emergency plans.
CARING = ("access_point_staff", "hub_lead", "coordinator")

# One's own: everybody else gets 404 (tests/pathways/plans/test_doors.py).
_OF_A_PLAN = {
    "": "care plan",
    "_history": "care plan",
    "_version": "version of a plan",
    "_picture_file": "picture in a plan",
    "_part": "part of a plan",
    "_picture": "part of a plan",
    "_picture_gone": "part of a plan",  # takes POST only
    "_add": "goals of a plan",
    "_change": "goal of a plan",
    "_end_action": "thing done in a plan",
    "_leave": "somebody in a circle",
    "_decide": "risk of a plan",
}
_WHOSE_IT_IS = {
    "_recording": "care plan",
    "_share": "care plan",
    "_stop": "care plan",  # takes POST only
    "_agree": "care plan",
    "_print": "care plan",
}
_MINE = {
    f"pathways:my_plan{name}": signed_in(sample=sample, may_be_absent=True)
    for name, sample in {**_OF_A_PLAN, **_WHOSE_IT_IS}.items()
}
# These take POST only; strangers' tries are in tests/pathways/plans/test_doors.py.
_PRESSED = {"_picture_gone", "_stop", "_move"}
_DESK = {
    f"pathways:plan{name}": only(
        *PATHWAYS, sample=sample, belongs_to_organisation=name not in _PRESSED
    )
    for name, sample in {**_OF_A_PLAN, **_WHOSE_IT_IS, "_move": "care plan"}.items()
}
# An organisation, of what the person shares with it; without a share it is 404.
_SHARED = {
    f"pathways:shared_plan{name}": only(
        "referral_receiver",
        sample=f"shared {sample}",
        belongs_to_organisation=name not in _PRESSED,
    )
    for name, sample in _OF_A_PLAN.items()
}

ROWS: dict[str, Row] = {
    # --- Caseload, the page of one pathway (pathways.views) ---
    "pathways:caseload": only(*PATHWAYS),
    "pathways:my_calendar": only(*PATHWAYS),
    "pathways:calendar": everybody(sample="calendar of a coordinator"),
    "pathways:pathway": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    # Takes POST only; strangers' tries are in tests/pathways/test_pages.py.
    "pathways:change": only(*PATHWAYS, sample="pathway"),
    "pathways:timeline": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:kinds": only("administrator"),
    "pathways:kind": only("administrator", sample="kind of pathway"),
    # --- Beginning (pathways.views.beginning) ---
    "pathways:ask": EVERYBODY,
    "pathways:ask_sent": EVERYBODY,
    "pathways:begin": only(*PATHWAYS, sample="person", belongs_to_organisation=True),
    # --- Joining up (pathways.joining) ---
    "pathways:action_volunteer": only(
        *PATHWAYS, sample="action of a plan", belongs_to_organisation=True
    ),
    "pathways:action_refer": only(
        *PATHWAYS, sample="action of a plan", belongs_to_organisation=True
    ),
    # --- Plans (pathways.plans): four doors to the same pages ---
    "pathways:my_plans": SIGNED_IN,
    "pathways:shared_plans": only("referral_receiver"),
    # Takes POST only; a stranger's try is in tests/pathways/plans/test_doors.py.
    "pathways:plan_begin": only(*PATHWAYS, sample="pathway"),
    "pathways:plans_to_authorise": only("pathway_authoriser"),
    "pathways:authorise_plan": only("pathway_authoriser", sample="care plan that waits"),
    "pathways:authorise_plan_picture_file": only(
        "pathway_authoriser", sample="picture in a plan that waits"
    ),
    "pathways:authorise_plan_agree": only("pathway_authoriser", sample="care plan that waits"),
    **_MINE,
    **_DESK,
    **_SHARED,
    # --- Reviews, outcomes, the commissioner's report (pathways.reviews) ---
    "pathways:fhir": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:my_fhir": signed_in(may_be_absent=True),
    "pathways:figures": only("commissioner"),
    "pathways:figures_csv": only("commissioner"),
    "pathways:outcomes": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:outcomes_ask": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:reviews": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:review": only(*PATHWAYS, sample="review", belongs_to_organisation=True),
    "pathways:review_book": only(*PATHWAYS, sample="review", belongs_to_organisation=True),
    "pathways:review_write": only(*PATHWAYS, sample="review", belongs_to_organisation=True),
    "pathways:review_form": only(*PATHWAYS, sample="review", belongs_to_organisation=True),
    "pathways:review_decision": only(*PATHWAYS, sample="review held", belongs_to_organisation=True),
    # Their own: whoever is no person of the network, such as staff, gets 404.
    "pathways:my_outcomes": signed_in(may_be_absent=True),
    "pathways:my_reviews": signed_in(may_be_absent=True),
    "pathways:my_review_ask": signed_in(sample="plan to review", may_be_absent=True),
    "pathways:my_review_seen": signed_in(sample="review", may_be_absent=True),
    # --- Carers (pathways.carers) ---
    "pathways:carers": EVERYBODY,
    "pathways:carer_start": EVERYBODY,
    "pathways:carer_form": everybody(query="size=18"),
    # What this browser was just given: everybody else is sent to where one begins.
    "pathways:carer_granted": EVERYBODY,
    "pathways:carer_granted_plan": EVERYBODY,
    "pathways:carer_granted_wallet": EVERYBODY,
    "pathways:carer_finished": EVERYBODY,
    # Their own; everybody else is sent to what carers get (tests/pathways/carers/test_pages.py).
    "pathways:my_caring": EVERYBODY,
    "pathways:my_caring_first": EVERYBODY,
    "pathways:my_emergency_plan": EVERYBODY,
    "pathways:my_emergency_plan_pdf": EVERYBODY,
    "pathways:my_wallet_card": EVERYBODY,
    "pathways:carer_estimates": only("commissioner"),
    "pathways:carer_board": only(*CARING),
    "pathways:carer": only(*CARING, sample="carer", belongs_to_organisation=True),
    "pathways:carer_first": only(*CARING, sample="carer", belongs_to_organisation=True),
    "pathways:carer_plan": only(*CARING, sample="carer", belongs_to_organisation=True),
    "pathways:carer_plan_pdf": only(*CARING, sample="carer", belongs_to_organisation=True),
    "pathways:carer_wallet": only(*CARING, sample="carer", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/pathways/carers/test_pages.py.
    "pathways:carer_to_council": only(*CARING, sample="carer's first stage"),
    "pathways:carer_told": only(*CARING, sample="carer's first stage"),
    "pathways:carer_begin": only(*PATHWAYS, sample="carer's first stage"),
    "pathways:carer_second": only(
        *CARING, sample="carer's first stage", belongs_to_organisation=True
    ),
    # Any duty staff, whatever the desk: it asks why, and is written down.
    "pathways:emergency": only(*CARING, query="q=K-7XPA-34TR"),
    "pathways:emergency_plan": only(*CARING, sample="emergency plan"),
    "pathways:emergency_sheet": only(*CARING, sample="emergency plan"),
    # --- Indicative budgets and the ledger (pathways.budgets) ---
    "pathways:estimate": EVERYBODY,
    "pathways:estimate_sheet": EVERYBODY,
    "pathways:estimate_how": EVERYBODY,
    # Their own; everybody else is told the ways to it (tests/pathways/budgets/test_pages.py).
    "pathways:my_budget": EVERYBODY,
    "pathways:my_budget_sheet": everybody(sample="budget"),
    "pathways:allocation": only("finance_lead"),
    "pathways:allocation_new": only("finance_lead"),
    "pathways:allocation_version": only("finance_lead", sample="version of the allocation table"),
    "pathways:budget_export": only("finance_lead"),
    "pathways:budget_export_csv": only("finance_lead"),
    "pathways:budget_export_json": only("finance_lead"),
    "pathways:budget_figures": only("commissioner", "finance_lead"),
    "pathways:budget_figures_csv": only("commissioner", "finance_lead"),
    "pathways:budget_figures_json": only("commissioner", "finance_lead"),
    "pathways:budgets_to_authorise": only("pathway_authoriser"),
    "pathways:budget_authorise": only("pathway_authoriser", sample="budget to authorise"),
    "pathways:needs": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    "pathways:budget": only(*PATHWAYS, sample="budget", belongs_to_organisation=True),
    "pathways:budget_sheet": only(*PATHWAYS, sample="budget", belongs_to_organisation=True),
    "pathways:budget_reverse": only(
        *PATHWAYS, sample="entry of a budget", belongs_to_organisation=True
    ),
    # These take POST only; strangers' tries are in tests/pathways/budgets/test_pages.py.
    "pathways:budget_propose": only(*PATHWAYS, sample="budget"),
    "pathways:budget_agree": only(*PATHWAYS, sample="budget"),
    "pathways:budget_money": only(*PATHWAYS, sample="budget"),
    "pathways:budget_revise": only(*PATHWAYS, sample="budget"),
    "pathways:budget_close": only(*PATHWAYS, sample="budget"),
}
