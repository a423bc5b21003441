"""Who may open the addresses of the portal itself: signing in, accounts, messages, jobs, printing, pages."""

from __future__ import annotations

from tests.access.rows.row import EVERYBODY, SIGNED_IN, Row, everybody, only, signed_in

ROWS: dict[str, Row] = {
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
    # --- Privacy (dcsn.privacy) ---
    "privacy:retention": only("data_protection_lead", "administrator"),
    "privacy:retention_run": only("data_protection_lead", "administrator"),
    # --- Pages, health, sitemap (dcsn) ---
    "pages:page": everybody(sample="information page"),
    "pages:appearance": everybody(without_second_factor=True),
    "pages:brand": everybody(without_second_factor=True),
    "pages:icon": everybody(without_second_factor=True),
    "pages:desk": only("directory_editor", "administrator"),
    "pages:change": only("directory_editor", "administrator", sample="information page"),
    # --- Figures (referrals.numbers) ---
    "numbers:public": EVERYBODY,
    "numbers:public_csv": EVERYBODY,
    "numbers:hub": only("hub_lead", sample="desk"),
    "numbers:hub_csv": only("hub_lead", sample="desk"),
    "numbers:network": only("commissioner"),
    "numbers:network_csv": only("commissioner"),
}
