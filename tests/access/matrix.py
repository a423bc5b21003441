"""Who may open which page: the whole portal in one table.

Every address of the portal is a row. ``test_matrix.py`` opens each one as every role, as somebody not
signed in (``resident``), as somebody without a role, as staff whose second factor is not set up, and as
the same role at another organisation. A new address without a row makes the test run fail.

How to add rows (in the part of your app, in the same commit as the address):

    "directory:results": EVERYBODY,
    "directory:reports": only("directory_editor"),
    "directory:results": everybody(query="q=bath&near=DL3+7XX"),
    "directory:suggest": everybody(query="q=ba"),
    "directory:service": everybody(sample="service"),
    "directory:change_service": only("directory_editor", "provider_editor", sample="service",
                                     belongs_to_organisation=True),

* ``EVERYBODY``: no sign-in needed. ``SIGNED_IN``: anybody with an account.
  ``only(role, …)``: those roles; all others get 403 (not allowed), strangers to it 404 where the row's object
  belongs to an organisation.
* ``sample="…"``: an address with arguments needs an object to open. Write a function in ``samples.py``
  that makes one for the cast and returns the address's arguments:

      @sample("service")
      def _(cast):
          service = ServiceFactory(organisation=own_organisation(cast))
          return {"slug": service.slug, "short_id": service.short_id}

* ``belongs_to_organisation=True``: the sample is ``cast.organisation_id``'s; the same role at another
  organisation must get 404.
* ``query="q=bath"``: what follows the question mark. Pages are opened with GET; one that only takes POST
  answers 405 to whoever may use it, which counts as open.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcsn.access.roles import ROLES


@dataclass(frozen=True)
class Row:
    """Who may open one address."""

    roles: frozenset[str]  # codes of roles; of no weight when everybody or signed_in
    everybody: bool = False
    signed_in: bool = False
    sample: str | None = None
    belongs_to_organisation: bool = False
    query: str = ""
    # Opened also by somebody who still has to set up their second factor.
    without_second_factor: bool = False
    # The page answers 404 when there is nothing to show, to everybody alike (say why beside the row).
    may_be_absent: bool = False
    # A step of signing in: a visitor who is not in the middle of it is sent to its beginning.
    step_of_sign_in: bool = False


def everybody(**options: object) -> Row:
    return Row(roles=frozenset(ROLES), everybody=True, **options)  # type: ignore[arg-type]


def signed_in(**options: object) -> Row:
    return Row(roles=frozenset(ROLES) - {"resident"}, signed_in=True, **options)  # type: ignore[arg-type]


def only(*roles: str, **options: object) -> Row:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"No such role: {unknown}")
    return Row(roles=frozenset(roles), **options)  # type: ignore[arg-type]


EVERYBODY = everybody()
SIGNED_IN = signed_in()

# Who looks after volunteers: at one organisation, or for all.
VOLUNTEERING = ("volunteer_manager", "volunteer_coordinator")
# Who takes enquiries at an access point.
DESK = ("access_point_staff", "hub_lead")
# Who finds volunteers for neighbours.
HELPERS = ("volunteer_manager", "volunteer_coordinator")
# Who deals with the post of an access point.
# Who writes down that somebody asked for a copy, and fetches it once it was let go.
COPIES = ("hub_lead", "coordinator", "data_protection_lead")
POST = ("access_point_staff", "hub_lead", "coordinator")

# Who finds, records and changes people.
KNOWING = (*POST, "membership_officer")
# Who has a case in front of them.
CASES = ("access_point_staff", "hub_lead", "coordinator", "referral_receiver")

MATRIX: dict[str, Row] = {
    # --- Signing in (dcsn.accounts, django-allauth) ---
    "account_login": EVERYBODY,
    "account_logout": everybody(without_second_factor=True),
    "account_inactive": EVERYBODY,
    "account_signup": EVERYBODY,  # says that staff are invited and residents need no account
    "account_reauthenticate": signed_in(without_second_factor=True),
    "account_email": signed_in(without_second_factor=True),
    "account_email_verification_sent": everybody(step_of_sign_in=True),
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": everybody(sample="password reset"),
    "account_reset_password_from_key_done": EVERYBODY,
    "mfa_authenticate": everybody(step_of_sign_in=True),
    "mfa_reauthenticate": signed_in(without_second_factor=True),
    "mfa_index": signed_in(without_second_factor=True),
    "mfa_activate_totp": signed_in(without_second_factor=True),
    "mfa_deactivate_totp": signed_in(may_be_absent=True),  # absent for who has none
    "mfa_view_recovery_codes": signed_in(may_be_absent=True),
    "mfa_generate_recovery_codes": signed_in(may_be_absent=True),
    "mfa_download_recovery_codes": signed_in(may_be_absent=True),
    "usersessions_list": SIGNED_IN,
    # --- Accounts (dcsn.accounts) ---
    "accounts:home": SIGNED_IN,
    "accounts:end_session": SIGNED_IN,
    "accounts:accept_invitation": everybody(sample="invitation"),
    "accounts:people": only("administrator"),
    "accounts:roles": only("administrator"),
    "accounts:invite": only("administrator"),
    "accounts:invite_again": only("administrator", sample="waiting invitation"),
    "accounts:withdraw_invitation": only("administrator", sample="waiting invitation"),
    "accounts:person": only("administrator", sample="account"),
    "accounts:give_role": only("administrator", sample="account"),
    "accounts:end_role": only("administrator", sample="role"),
    "accounts:close": only("administrator", sample="account"),
    "accounts:reopen": only("administrator", sample="account"),
    "accounts:reset_second_factor": only("administrator", sample="account"),
    "audit:trail": only("administrator"),
    "accounts:sign_out_everywhere": only("administrator", sample="account"),
    # --- Directory: finding help (directory) ---
    "directory:home": EVERYBODY,
    "directory:topics": EVERYBODY,
    "directory:topic": everybody(sample="topic"),
    "directory:a_to_z": EVERYBODY,
    "directory:results": everybody(query="q=bath&near=DL3+7XX"),
    "directory:suggest": everybody(query="q=ba"),
    "directory:service": everybody(sample="service"),
    "directory:organisation": everybody(sample="organisation"),
    "directory:picture": everybody(sample="picture"),
    # --- Directory: keeping it right (directory) ---
    "directory_desk:home": only("directory_editor", "provider_editor"),
    "directory_desk:service": only(
        "directory_editor",
        "provider_editor",
        sample="own service",
        belongs_to_organisation=True,
    ),
    # POST only; a stranger's POST is tried in tests/directory/test_desk.py.
    "directory_desk:confirm": only("directory_editor", "provider_editor", sample="own service"),
    "directory_desk:add-service": only("directory_editor", "provider_editor"),
    "directory_desk:times": only(
        "directory_editor",
        "provider_editor",
        sample="own service",
        belongs_to_organisation=True,
    ),
    "directory_desk:add-place": only(
        "directory_editor",
        "provider_editor",
        sample="own service",
        belongs_to_organisation=True,
    ),
    "directory_desk:place": only(
        "directory_editor",
        "provider_editor",
        sample="own place",
        belongs_to_organisation=True,
    ),
    "directory_desk:place-remove": only("directory_editor", "provider_editor", sample="own place"),
    "directory_desk:add-organisation": only("directory_editor"),
    "directory_desk:organisation": only(
        "directory_editor",
        "provider_editor",
        sample="own organisation",
        belongs_to_organisation=True,
    ),
    "directory_desk:topics": only("directory_editor"),
    "directory_desk:topic": only("directory_editor", sample="topic term"),
    "directory_desk:pictures": only(
        "directory_editor",
        "provider_editor",
        sample="own organisation",
        belongs_to_organisation=True,
    ),
    "directory_desk:picture-publish": only("directory_editor", sample="picture"),
    "directory_desk:picture-remove": only("directory_editor", "provider_editor", sample="picture"),
    # --- My list, reports, topics (directory) ---
    "directory:my_list": EVERYBODY,
    "directory:add_to_list": EVERYBODY,
    "directory:remove_from_list": EVERYBODY,
    "directory:clear_list": EVERYBODY,
    "directory:share_list": EVERYBODY,
    "directory:shared_list": everybody(sample="shared list"),
    "directory:take_list": everybody(sample="shared list"),
    "directory:report": everybody(sample="service to report"),
    "directory:report_missing": EVERYBODY,
    "directory:report_code": EVERYBODY,
    "directory:report_answer": everybody(sample="report"),
    "directory:corrections": only("directory_editor"),
    "directory:correction": only("directory_editor", sample="report at the desk"),
    # --- People, "post it to me" (members) ---
    "members:paper": EVERYBODY,
    "members:paper_done": EVERYBODY,
    "members:paper_queue": only(*POST),
    "members:paper_new": only(*POST),
    "members:paper_covers": only(*POST, query="size=18"),
    "members:paper_request": only(*POST, sample="paper request", belongs_to_organisation=True),
    "members:paper_sheets": only(*POST, sample="paper request", belongs_to_organisation=True),
    "members:paper_cover": only(*POST, sample="paper request", belongs_to_organisation=True),
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
    "members:copy_part": only("data_protection_lead", sample="copy to review"),
    "members:person_erase": only("coordinator", sample="person"),
    # --- Data protection (members) ---
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
    # --- What is to be done; asking the person (referrals) ---
    # --- A neighbour is helped (volunteers) ---
    "volunteers:ask_help": EVERYBODY,
    "volunteers:ask_help_sent": EVERYBODY,
    "volunteers:ask_help_for": only(
        *DESK, "volunteer_coordinator", sample="person", belongs_to_organisation=True
    ),
    "volunteers:help_board": only(*HELPERS),
    "volunteers:help_look": only(*HELPERS, sample="place that looks"),  # takes POST only
    "volunteers:help_one": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_triage": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_pass_on": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_unfilled": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    "volunteers:help_cancel": only(*HELPERS, sample="help request", belongs_to_organisation=True),
    # These take POST only; strangers' tries are in tests/volunteers/helping/test_pages.py.
    "volunteers:help_told": only(*HELPERS, sample="help request"),
    "volunteers:help_offer": only(*HELPERS, sample="help request"),
    "volunteers:help_visit": only(*HELPERS, sample="help request"),
    "volunteers:help_begin": only(*HELPERS, sample="help request"),
    "volunteers:help_finish": only(*HELPERS, sample="help request"),
    "volunteers:offer_said": only(*HELPERS, sample="offer"),
    "volunteers:offer_back": only(*HELPERS, sample="offer"),
    "volunteers:visit_sheet": only(*HELPERS, sample="visit", belongs_to_organisation=True),
    "volunteers:my_offers": SIGNED_IN,
    # Their own: everybody else gets 404 (tests/volunteers/helping/test_answers.py).
    "volunteers:my_offer": signed_in(sample="offer", may_be_absent=True),
    "volunteers:offer_link": everybody(sample="offer link"),
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
    # --- Messages (dcsn.messages) ---
    "outbox:messages": only("hub_lead", "coordinator", "administrator", "data_protection_lead"),
    "outbox:message": only(
        "hub_lead",
        "coordinator",
        "data_protection_lead",
        sample="message",
        belongs_to_organisation=True,
    ),
    "outbox:letter": only(
        "hub_lead",
        "coordinator",
        "data_protection_lead",
        sample="letter",
        belongs_to_organisation=True,
    ),
    # Takes POST only; a stranger's try is in tests/outbox/test_views.py.
    "outbox:settle": only("hub_lead", "coordinator", "data_protection_lead", sample="message"),
    # --- Long work (dcsn.jobs) ---
    # A job that the public asked for; one of a user's is shown to them alone (tests/jobs/test_views.py).
    "jobs:job": everybody(sample="public job"),
    "jobs:file": everybody(sample="public job"),
    "jobs:cancel": everybody(sample="public job"),
    "jobs:jobs": only("administrator", "directory_editor"),
    "jobs:stop": only("administrator", "directory_editor", sample="public job"),
    # --- Printing (dcsn.printing) ---
    "directory:sheet": everybody(sample="service"),
    "directory:my_list_sheet": EVERYBODY,
    "directory:my_list_print": EVERYBODY,
    "directory:print": EVERYBODY,
    "directory:print_document": EVERYBODY,
    "directory:start_print": EVERYBODY,
    # --- Privacy (dcsn.privacy) ---
    "privacy:retention": only("data_protection_lead", "administrator"),
    "privacy:retention_run": only("data_protection_lead", "administrator"),
    # --- Pages, health, sitemap (dcsn) ---
    "pages:page": everybody(sample="information page"),
    "pages:appearance": everybody(without_second_factor=True),
    "pages:brand": everybody(without_second_factor=True),
    "pages:icon": everybody(without_second_factor=True),
    "directory:sitemap": EVERYBODY,
    "directory:sitemap_section": everybody(sample="sitemap"),
    "directory:robots": EVERYBODY,
    "pages:desk": only("directory_editor", "administrator"),
    "pages:change": only("directory_editor", "administrator", sample="information page"),
    # --- Figures (referrals.numbers) ---
    "numbers:public": EVERYBODY,
    "numbers:public_csv": EVERYBODY,
    "numbers:hub": only("hub_lead", sample="desk"),
    "numbers:hub_csv": only("hub_lead", sample="desk"),
    "numbers:network": only("commissioner"),
    "numbers:network_csv": only("commissioner"),
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
}
