"""The pages of signing in: django-allauth's views under our addresses, each with its access declared.

Listed one by one instead of ``include("allauth.urls")``, so that the portal has no page that nobody chose.
The names are allauth's own: it looks them up.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from dcsn.access import public, signed_in
from dcsn.access.decorators import open_during_set_up, signed_in_first_factor

urlpatterns = [
    path("", public(account.login), name="account_login"),
    path("out/", open_during_set_up(public(account.logout)), name="account_logout"),
    path("closed/", public(account.account_inactive), name="account_inactive"),
    path("join/", public(account.signup), name="account_signup"),
    path("again/", signed_in_first_factor(account.reauthenticate), name="account_reauthenticate"),
    # --- the e-mail address ---
    path("email/", signed_in_first_factor(account.email), name="account_email"),
    path(
        "email/code/",
        public(account.email_verification_sent),
        name="account_email_verification_sent",
    ),
    # --- the password ---
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("password/first/", signed_in(account.password_set), name="account_set_password"),
    path("password/forgotten/", public(account.password_reset), name="account_reset_password"),
    path(
        "password/forgotten/sent/",
        public(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    # --- the second factor ---
    path("code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("code/again/", signed_in_first_factor(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/", signed_in_first_factor(mfa.index), name="mfa_index"),
    path(
        "second-factor/set-up/",
        signed_in_first_factor(totp.activate_totp),
        name="mfa_activate_totp",
    ),
    path("second-factor/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/",
        signed_in(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    # --- where one is signed in ---
    path("sessions/", signed_in(sessions.list_usersessions), name="usersessions_list"),
]
