"""Who may open the addresses of pathways: the named coordinator, and the access point's lead."""

from __future__ import annotations

from tests.access.rows.row import EVERYBODY, Row, everybody, only, signed_in

# Who goes with people: everywhere those whose coordinator they are, or all of one access point.
PATHWAYS = ("coordinator", "hub_lead")

ROWS: dict[str, Row] = {
    # --- Caseload, the page of one pathway (pathways.views) ---
    "pathways:caseload": only(*PATHWAYS),
    "pathways:my_calendar": only(*PATHWAYS),
    "pathways:calendar": everybody(sample="calendar of a coordinator"),
    "pathways:pathway": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    # Takes POST only; strangers' tries are in tests/pathways/test_pages.py.
    "pathways:change": only(*PATHWAYS, sample="pathway"),
    "pathways:timeline": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
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
    # --- Plans (pathways.plans) ---
    # --- Reviews, outcomes, the commissioner's report (pathways.reviews) ---
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
    # --- Indicative budgets and the ledger (pathways.budgets) ---
}
