"""Who may open the addresses of pathways: the named coordinator, and the access point's lead."""

from __future__ import annotations

from tests.access.rows.row import Row, only

# Who goes with people: everywhere those whose coordinator they are, or all of one access point.
PATHWAYS = ("coordinator", "hub_lead")

ROWS: dict[str, Row] = {
    # --- Caseload, the page of one pathway (pathways.views) ---
    "pathways:caseload": only(*PATHWAYS),
    "pathways:pathway": only(*PATHWAYS, sample="pathway", belongs_to_organisation=True),
    # --- Plans (pathways.plans) ---
    # --- Reviews, outcomes, the commissioner's report (pathways.reviews) ---
    # --- Carers (pathways.carers) ---
    # --- Indicative budgets and the ledger (pathways.budgets) ---
}
