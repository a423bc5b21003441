"""What follows when django-allauth says that something happened: the audit row, and the session's standing.

allauth's own signals, connected in ``apps.ready()``.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from dcsn.access import second_factor
from dcsn.accounts import events
from dcsn.accounts.actions import end_sessions
from dcsn.accounts.models import User
from dcsn.audit import EventType, record


def connect() -> None:
    account.user_logged_in.connect(_on_signed_in, dispatch_uid="accounts signed in")
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_on_password_changed, dispatch_uid="accounts password")
    account.email_changed.connect(_on_email_changed, dispatch_uid="accounts email")
    mfa.authenticator_added.connect(_on_added, dispatch_uid="accounts second factor added")
    mfa.authenticator_removed.connect(_on_removed, dispatch_uid="accounts second factor removed")
    mfa.authenticator_reset.connect(_on_codes_made, dispatch_uid="accounts codes made")
    mfa.authentication_failed.connect(_on_code_refused, dispatch_uid="accounts code refused")


def _write(event_type: EventType, user: User) -> None:
    with transaction.atomic():
        record(event_type, by=user, subject=user.pk)


def _on_signed_in(sender: Any, user: User, **rest: Any) -> None:
    _write(events.SIGNED_IN, user)


def _on_password_changed(sender: Any, user: User, **rest: Any) -> None:
    _write(events.PASSWORD_CHANGED, user)


def _on_email_changed(sender: Any, user: User, to_email_address: Any, **rest: Any) -> None:
    _write(events.EMAIL_CHANGED, user)


def _on_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    """This session has shown a code; sessions begun without one end."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    second_factor.mark_proved(request.session)
    _write(events.SECOND_FACTOR_SET_UP, user)
    end_sessions(user=user, by=user, except_key=request.session.session_key)


def _on_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    """What sessions have proved with it no longer counts, here or anywhere."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    second_factor.forget(request.session)
    _write(events.SECOND_FACTOR_REMOVED, user)
    end_sessions(user=user, by=user, except_key=request.session.session_key)


def _on_codes_made(sender: Any, user: User, **rest: Any) -> None:
    _write(events.RECOVERY_CODES_MADE, user)


def _on_code_refused(sender: Any, user: User, **rest: Any) -> None:
    _write(events.CODE_REFUSED, user)
