"""What an administrator does to somebody else's account, and what somebody does to their own sessions."""

from __future__ import annotations

import logging

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dcsn.access.actions import refuse_losing_last_administrator
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ADMINISTRATOR
from dcsn.accounts.events import DEACTIVATED, REACTIVATED, SECOND_FACTOR_RESET, SESSIONS_ENDED
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from dcsn.network import network

logger = logging.getLogger(__name__)


class AccountRefusedError(Exception):
    """Something that cannot be done to an account; the message says why, in words for the page."""


def deactivate_account(*, user: User, by: Actor) -> User:
    """Nobody signs in with it any more, and it is signed out everywhere. Its history stays.

    :raises AccountRefusedError: for one's own account.
    :raises LastAdministratorError: when nobody would be left to give roles.
    """
    _refuse_own(user, by, _("You cannot close your own account. Ask another administrator."))
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            return locked
        if RoleAssignment.objects.current().filter(user=locked, role=ADMINISTRATOR.code).exists():
            refuse_losing_last_administrator(without=locked.pk)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        record(DEACTIVATED, by=by, subject=locked.pk)
        end_sessions(user=locked, by=by)
    return locked


def reactivate_account(*, user: User, by: Actor) -> User:
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            locked.is_active = True
            locked.save(update_fields=["is_active"])
            record(REACTIVATED, by=by, subject=locked.pk)
    return locked


def reset_second_factor(*, user: User, by: Actor) -> None:
    """For somebody who lost their telephone and their recovery codes: they set up a new one at sign-in.

    Signed out everywhere, and told by e-mail, in case it was not they who asked.

    :raises AccountRefusedError: for one's own, which has its own page and asks for a code first.
    """
    _refuse_own(user, by, _("Change your own second factor on the page of your account."))
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        record(SECOND_FACTOR_RESET, by=by, subject=user.pk)
        end_sessions(user=user, by=by)
        transaction.on_commit(lambda: _tell_of_reset(user))


def end_sessions(
    *, user: User, by: Actor, only: int | None = None, except_key: str | None = None
) -> int:
    """Sign an account out: everywhere, in one session, or everywhere but here. Returns how many ended."""
    with transaction.atomic():
        sessions = UserSession.objects.filter(user=user)
        if only is not None:
            sessions = sessions.filter(pk=only)
        if except_key is not None:
            sessions = sessions.exclude(session_key=except_key)
        ended = 0
        for session in sessions:
            session.end()
            ended += 1
        if ended:
            record(SESSIONS_ENDED, by=by, subject=user.pk, details={"count": ended})
    return ended


def _refuse_own(user: User, by: Actor, message: str) -> None:
    if isinstance(by, User) and by.pk == user.pk:
        raise AccountRefusedError(message)


def _tell_of_reset(user: User) -> None:
    message = EmailMessage(
        subject=_("Your second factor was reset"),
        body=render_to_string(
            "accounts/emails/second_factor_reset.txt", {"user": user, "network": network()}
        ),
        to=[user.email],
    )
    try:
        message.send()
    except OSError as error:  # the reset itself stands, and is in the audit trail
        logger.warning("The e-mail about a reset could not be sent: %s", type(error).__name__)
