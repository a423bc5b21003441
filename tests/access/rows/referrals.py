"""Who may open the addresses of referrals."""

from __future__ import annotations

from tests.access.rows.row import CASES, DESK, EVERYBODY, POST, Row, everybody, only

ROWS: dict[str, Row] = {
    "referrals:hub": only(*POST),
    "referrals:promise_kept": only(*POST, sample="promise"),  # takes POST only
    "referrals:letters": only(*POST),
    "referrals:letters_pdf": only(*POST, query="size=18"),
    "referrals:letters_posted": only(*POST),
    "referrals:ask": only(*POST, sample="asking", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/referrals/test_asking_pages.py.
    "referrals:ask_try": only(*POST, sample="asking"),
    "referrals:ask_send": only(*POST, sample="asking"),
    "referrals:ask_give_up": only(*POST, sample="asking"),
    # A coordinator has no enquiries of their own.
    "referrals:ask_signpost": only(
        *POST, sample="signpost to ask about", belongs_to_organisation=True
    ),
    "referrals:unhelped": only(*POST, sample="no help came", belongs_to_organisation=True),
    # --- The person answers, and sees their own referrals (referrals) ---
    "referrals:answer_code": EVERYBODY,
    "referrals:answer": everybody(
        sample="question", may_be_absent=True
    ),  # a form that is sent ends it
    "referrals:answer_thanks": EVERYBODY,
    # Whoever has neither a link that was opened nor a record of their own is sent to type a code.
    "referrals:mine_code": EVERYBODY,
    "referrals:mine": EVERYBODY,
    "referrals:mine_pdf": EVERYBODY,
    "referrals:mine_stop": EVERYBODY,
    "referrals:mine_leave": EVERYBODY,
    "referrals:mine_answer": everybody(sample="asking"),
    "referrals:mine_link": everybody(sample="way to their own referrals", may_be_absent=True),
    "referrals:mine_hand_out": only(
        *POST, sample="person of the coordinator", belongs_to_organisation=True
    ),
    "referrals:mine_print": only(
        *POST, sample="person of the coordinator", belongs_to_organisation=True
    ),
    "referrals:timeline": only(
        *POST, sample="person of the coordinator", belongs_to_organisation=True
    ),
    # --- First Contact checklist (referrals) ---
    "referrals:checklists": only(*DESK),
    "referrals:checklist_new": only(*DESK),
    # There is nothing to print before there are questions: all answer 404 alike.
    "referrals:checklist_paper": only(*DESK, may_be_absent=True),
    "referrals:checklist": only(*DESK, sample="checklist", belongs_to_organisation=True),
    "referrals:checklist_answers": only(*DESK, sample="checklist", belongs_to_organisation=True),
    "referrals:questions": only("hub_lead"),
    "referrals:questions_change": only("hub_lead"),
    "referrals:question_new": only("hub_lead"),
    "referrals:question": only("hub_lead", sample="question of a draft"),
    # --- Safeguarding (referrals) ---
    "referrals:concerns": only("safeguarding_lead"),
    "referrals:concern": only("safeguarding_lead", sample="concern", belongs_to_organisation=True),
    "referrals:concern_letter": only(
        "safeguarding_lead", sample="concern for the council", belongs_to_organisation=True
    ),
    "referrals:concern_new": only(
        *CASES, sample="referral to worry about", belongs_to_organisation=True
    ),
    "referrals:my_concerns": only(*CASES),
    # Only for whoever raised it; strangers' tries are in tests/referrals/test_safeguarding_pages.py.
    "referrals:concern_raised": only(*CASES, sample="concern raised", may_be_absent=True),
    # --- Enquiries at the desk (referrals) ---
    "referrals:enquiries": only(*DESK),
    "referrals:enquiry_new": only(*DESK, sample="desk"),
    "referrals:enquiry": only(*DESK, sample="enquiry", belongs_to_organisation=True),
    "referrals:enquiry_sheets": only(
        *DESK, sample="enquiry with a service", belongs_to_organisation=True
    ),
    "referrals:enquiry_consent": only(
        *DESK, sample="enquiry to refer", belongs_to_organisation=True
    ),
    # A coordinator sees those of the people whose named contact they are.
    "referrals:referral": only(
        *DESK, "coordinator", sample="referral", belongs_to_organisation=True
    ),
    # Takes POST only; a stranger's tries are in tests/referrals/test_referral_page.py.
    "referrals:referral_change": only(*DESK, sample="referral"),
    # --- Organisations answer referrals (referrals.replies) ---
    "referrals:reply": everybody(sample="reply link"),
    "referrals:reply_answer": everybody(sample="reply link to answer"),
    "referrals:reply_who": everybody(sample="reply link"),
    "referrals:reply_code": everybody(sample="reply link"),
    "referrals:reply_details": everybody(sample="reply link"),  # without a code: to "who"
    "referrals:reply_done": EVERYBODY,
    "referrals:reply_again": EVERYBODY,
    "referrals:received": only("referral_receiver"),
    "referrals:received_one": only(
        "referral_receiver", sample="received referral", belongs_to_organisation=True
    ),
    "referrals:received_answer": only(
        "referral_receiver", sample="received referral to answer", belongs_to_organisation=True
    ),
    "referrals:tellings": only(*POST),
    "referrals:waiting_slips": only(*POST),
    "referrals:telling_letter": only(*POST, sample="telling", belongs_to_organisation=True),
    # Take POST only; a stranger's try is in tests/referrals/receiving/test_relaying.py.
    "referrals:telling_done": only(*POST, sample="telling"),
    "referrals:new_link": only(*POST, sample="sent referral"),
    "referrals:relay": only(*POST, sample="sent referral", belongs_to_organisation=True),
    "referrals:slip": only(*POST, sample="sent referral", belongs_to_organisation=True),
    "referrals:desks": only("administrator", "hub_lead"),
    "referrals:desk_new": only("administrator", "hub_lead"),
    "referrals:desk": only("administrator", "hub_lead", sample="own organisation"),
    "referrals:capacities": only("referral_receiver", "access_point_staff", "hub_lead"),
    # Any service for staff of an access point, their own organisation's for a receiver: 404 for a
    # stranger among receivers only, see tests/referrals/receiving/test_capacity.py.
    "referrals:capacity": only(
        "referral_receiver",
        "access_point_staff",
        "hub_lead",
        sample="own service",
        may_be_absent=True,
    ),
}
