"""Who may open the addresses of members."""

from __future__ import annotations

from tests.access.rows.row import (
    CARDS,
    COPIES,
    EVERYBODY,
    KNOWING,
    MEMBERSHIP,
    MONEY,
    POST,
    SAFETY_NET,
    SECOND_NAME,
    SHOPS,
    Row,
    everybody,
    only,
)

ROWS: dict[str, Row] = {
    # --- People, "post it to me" (members) ---
    "members:card_scanned": everybody(sample="card code"),
    "members:till": EVERYBODY,
    "members:till_sheet": EVERYBODY,
    "members:card_queue": only(*CARDS),
    "members:card_check": only(*CARDS),
    "members:card_sheet_make": only(*CARDS),
    "members:card_sheet": only(*CARDS, sample="card sheet", belongs_to_organisation=True),
    "members:card_sheet_pdf": only(*CARDS, sample="card sheet", belongs_to_organisation=True),
    "members:card": only(*CARDS, sample="card", belongs_to_organisation=True),
    "members:card_pdf": only(*CARDS, sample="card", belongs_to_organisation=True),
    "members:card_move": only(*CARDS, sample="card"),
    "members:membership_cards": only(
        *CARDS, sample="membership with a card", belongs_to_organisation=True
    ),
    "members:card_ask": only(*CARDS, sample="member without a card"),
    "members:till_of_shop": everybody(sample="till code"),
    "members:paper": EVERYBODY,
    "members:paper_done": EVERYBODY,
    "members:paper_queue": only(*POST),
    "members:paper_new": only(*POST),
    "members:paper_covers": only(*POST, query="size=18"),
    "members:paper_request": only(*POST, sample="paper request", belongs_to_organisation=True),
    "members:paper_sheets": only(*POST, sample="paper request", belongs_to_organisation=True),
    "members:paper_cover": only(*POST, sample="paper request", belongs_to_organisation=True),
    "members:sums": only("membership_officer"),
    "members:sums_csv": only("membership_officer"),
    # --- Letters to members; four take POST only ---
    "members:letters": only("membership_officer"),
    "members:letters_make": only("membership_officer"),
    "members:letter_run": only("membership_officer", sample="letter run"),
    "members:letter_sample": only("membership_officer", sample="letter run", query="size=18"),
    "members:letters_print": only("membership_officer", sample="letter run"),
    "members:letters_emails": only("membership_officer", sample="letter run"),
    "members:letters_posted": only("membership_officer", sample="letter run"),
    "members:letter_settle": only("membership_officer", sample="letter to a member"),
    # These take POST only; strangers' tries are in tests/members.
    "members:paper_settle": only(*POST, sample="paper request"),
    "members:person_withdraw": only(*POST, sample="person"),
    "members:people": only(*POST, "membership_officer", "data_protection_lead"),
    # Somebody's own people need no reason: they are sent on to the record.
    "members:person_open": only(
        *POST,
        "membership_officer",
        "data_protection_lead",
        sample="person",
        belongs_to_organisation=True,
    ),
    "members:duplicates": only("hub_lead", "coordinator"),
    "members:merge": only(
        "hub_lead", "coordinator", sample="two people", belongs_to_organisation=True
    ),
    # Takes POST only; a stranger's try is in tests/members.
    "members:person_unmerge": only("hub_lead", "coordinator", sample="person"),
    "members:openings": only("hub_lead", "data_protection_lead"),
    "members:person_name_remove": only(*KNOWING, sample="other name"),
    "members:person_tie_end": only(*KNOWING, sample="tie"),
    "members:person_household_leave": only(*KNOWING, sample="person"),
    "members:person": only(
        *KNOWING, "data_protection_lead", sample="person", belongs_to_organisation=True
    ),
    "members:person_new": only(*KNOWING, "volunteer_manager", "volunteer_coordinator"),
    "members:person_change": only(*KNOWING, sample="person", belongs_to_organisation=True),
    "members:person_names": only(*KNOWING, sample="person", belongs_to_organisation=True),
    "members:person_circle": only(*KNOWING, sample="person", belongs_to_organisation=True),
    "members:person_emergency": only(*KNOWING, sample="person", belongs_to_organisation=True),
    "members:person_emergency_contact": only(
        *KNOWING, sample="emergency contact", belongs_to_organisation=True
    ),
    "members:person_named_contact": only(
        "hub_lead", "coordinator", sample="person", belongs_to_organisation=True
    ),
    "members:person_flags": only(
        "hub_lead", "coordinator", sample="person", belongs_to_organisation=True
    ),
    "members:person_flag": only(
        "hub_lead", "coordinator", sample="safety flag", belongs_to_organisation=True
    ),
    "members:person_consent": only(*KNOWING, sample="person", belongs_to_organisation=True),
    "members:person_equality": only(*POST, sample="person", belongs_to_organisation=True),
    "members:equality_paper": only(*POST, query="size=24"),
    "members:person_copy": only(*COPIES, sample="person", belongs_to_organisation=True),
    "members:copies": only(*COPIES),
    "members:copy": only(*COPIES, sample="released copy", belongs_to_organisation=True),
    "members:copy_pdf": only(*COPIES, sample="released copy", belongs_to_organisation=True),
    "members:copy_json": only(*COPIES, sample="released copy", belongs_to_organisation=True),
    "members:copy_file": only(
        *COPIES, sample="released copy with a file", belongs_to_organisation=True
    ),
    "members:copy_part": only("data_protection_lead", sample="copy to review"),
    "members:person_erase": only("coordinator", sample="person"),
    # --- Payments (members) ---
    "members:pay": everybody(sample="payment online"),
    "members:pay_back": everybody(sample="payment online"),
    # Takes POST only; absent where GOV.UK Pay is not set up.
    "members:pay_notice": everybody(may_be_absent=True),
    "members:pay_pretend": everybody(sample="pretended payment"),
    "members:payments": only(*MONEY),
    "members:payments_csv": only(*MONEY),
    "members:payment": only(*MONEY, sample="payment", belongs_to_organisation=True),
    "members:payment_receipt": only(*MONEY, sample="payment", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/members/payments/test_pages.py.
    "members:payment_void": only(*MONEY, sample="payment"),
    "members:payment_refund": only(*SECOND_NAME, sample="payment"),
    "members:payment_taken_back": only(*SECOND_NAME, sample="payment"),
    "members:payment_follow_up": only(*SECOND_NAME, sample="payment"),
    "members:payment_look": only(*MONEY, sample="payment"),
    "members:bankings": only(*MONEY),
    "members:banking_new": only(*MONEY, may_be_absent=True),
    "members:banking": only(*MONEY, sample="banking", belongs_to_organisation=True),
    "members:banking_undo": only(*MONEY, sample="banking"),
    "members:banking_reconcile": only(*SECOND_NAME, sample="banking"),
    "members:journal": only(*SECOND_NAME),
    "members:journal_csv": only(*SECOND_NAME),
    # Off by default: absent for everybody who may.
    "members:tokens": only(*MONEY, sample="membership with tokens", may_be_absent=True),
    # --- Data protection (members) ---
    "members:join": EVERYBODY,
    "members:join_you": EVERYBODY,
    "members:join_pay": EVERYBODY,
    "members:join_check": EVERYBODY,
    "members:join_done": EVERYBODY,
    "members:join_ground": EVERYBODY,
    "members:gift": EVERYBODY,
    "members:gift_done": EVERYBODY,
    "members:join_code": EVERYBODY,
    "members:join_by_code": EVERYBODY,
    # Their own page: whoever is not known to be somebody is shown the ways to it.
    "members:my_membership": EVERYBODY,
    "members:my_renewal": EVERYBODY,
    "members:my_card_gone": EVERYBODY,
    "members:my_safety_net": EVERYBODY,
    "members:my_share": EVERYBODY,
    "members:my_share_stop": everybody(sample="code to share"),
    "members:my_saving": EVERYBODY,
    "members:my_saving_forget": EVERYBODY,
    "members:join_pay_again": EVERYBODY,
    "members:join_clear": EVERYBODY,
    "members:join_form": everybody(query="size=18"),
    "members:join_at_desk": only(*MEMBERSHIP, sample="person", belongs_to_organisation=True),
    "members:gift_at_desk": only(*MEMBERSHIP, sample="person", belongs_to_organisation=True),
    "members:code_at_desk": only(*MEMBERSHIP, sample="person", belongs_to_organisation=True),
    "members:membership": only(*MEMBERSHIP, sample="membership", belongs_to_organisation=True),
    "members:membership_renew": only(*MEMBERSHIP, sample="membership"),
    "members:membership_share": only(*MEMBERSHIP, sample="membership"),
    "members:membership_unshare": only(*MEMBERSHIP, sample="shared membership"),
    "members:membership_end": only(*MEMBERSHIP, sample="membership"),
    "members:complain": EVERYBODY,
    "members:complain_done": EVERYBODY,
    "members:complain_paper": EVERYBODY,
    "members:complaints": only("data_protection_lead", "hub_lead"),
    "members:complaint_new": only("data_protection_lead", "hub_lead"),
    "members:complaint": only(
        "data_protection_lead", "hub_lead", sample="complaint", belongs_to_organisation=True
    ),
    "members:complaint_letter": only(
        "data_protection_lead", "hub_lead", sample="complaint letter", belongs_to_organisation=True
    ),
    "members:holds": only("data_protection_lead"),
    "members:hold_new": only("data_protection_lead", sample="person"),
    "members:hold": only("data_protection_lead", sample="hold"),
    "members:agreements": only("data_protection_lead", "administrator", "hub_lead"),
    "members:agreement": only(
        "data_protection_lead", "administrator", "hub_lead", sample="agreement"
    ),
    "members:agreement_new": only("data_protection_lead", "administrator"),
    "members:agreement_renew": only("data_protection_lead", "administrator", sample="agreement"),
    "members:agreement_end": only("data_protection_lead", "administrator", sample="agreement"),
    # --- The roll of members ---
    "members:members": only(*SAFETY_NET),
    "members:members_csv": only("membership_officer"),
    # --- The safety net (members) ---
    "members:safety_net": only(*SAFETY_NET),
    "members:safety_net_ask": only(
        *SAFETY_NET, sample="waiting membership", belongs_to_organisation=True
    ),
    "members:safety_net_one": only(*SAFETY_NET, sample="concession", belongs_to_organisation=True),
    "members:safety_net_letter": only(
        *SAFETY_NET, sample="concession letter", belongs_to_organisation=True
    ),
    # --- Plans and prices (members) ---
    "members:plans": only("membership_officer"),
    "members:plan_new": only("membership_officer"),
    "members:plan": only("membership_officer", sample="plan"),
    "members:plan_change": only("membership_officer", sample="plan"),
    "members:plan_terms": only("membership_officer", sample="plan"),
    "members:plan_terms_remove": only("membership_officer", sample="plan terms"),
    "members:plan_offer": only("membership_officer", sample="plan"),  # takes POST only
    # --- Shops and offers (members.offers) ---
    "members:offers": everybody(query="q=bread&near=DL3+7XX&day=today"),
    "members:leaflet": EVERYBODY,
    "members:leaflet_pdf": EVERYBODY,
    "members:offer": everybody(sample="offer"),
    "members:shop_page": everybody(sample="shop link"),
    "members:shop_offer_new": everybody(sample="shop link"),
    "members:shop_offer": everybody(sample="shop link and offer"),
    "members:shop_poster": everybody(sample="shop link"),
    "members:shops": only(*SHOPS),
    "members:shop_new": only(*SHOPS),
    "members:shop_form": only(*SHOPS, query="size=14"),
    "members:shop": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    "members:shop_change": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    "members:shop_leave": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    # Takes POST only; a stranger's try is in tests/members/offers.
    "members:shop_link": only(*SHOPS, sample="shop"),
    "members:shop_letter": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    "members:shop_window_poster": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    "members:offer_new": only(*SHOPS, sample="shop", belongs_to_organisation=True),
    "members:offer_change": only(*SHOPS, sample="offer of a shop", belongs_to_organisation=True),
    "members:offer_end": only(*SHOPS, sample="offer of a shop", belongs_to_organisation=True),
    "members:offer_decide": only(*SHOPS, sample="proposal", belongs_to_organisation=True),
}
