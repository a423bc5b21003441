"""Inviting staff: the only way in which somebody gets an account that can see anything."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.access.actions import RoleRefusedError, grant_role
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.events import INVITATION_ACCEPTED, INVITATION_WITHDRAWN, INVITED
from dcsn.accounts.models import Invitation, User, hash_of, new_token
from dcsn.audit import Actor, SystemJob, record
from dcsn.network import network

logger = logging.getLogger(__name__)


class InvitationRefusedError(Exception):
    """An invitation that cannot be sent or accepted; the message says why, in words for the page."""


class InvitationNotSentError(Exception):
    """The invitation is there, but the mail server did not take the e-mail: send it again later."""


def address_of(token: str) -> str:
    """The whole address of the page on which an invitation is accepted."""
    return f"{settings.SITE_ADDRESS}{reverse('accounts:accept_invitation', args=[token])}"


def invite(
    *,
    email: str,
    roles: Sequence[str],
    organisation_id: UUID | None = None,
    by: Actor,
    send: bool = True,
) -> tuple[Invitation, str]:
    """Ask somebody to work here. Returns the invitation and its address, which is shown nowhere again.

    An invitation that is waiting for the same address is withdrawn: the last one counts. The e-mail goes out
    when the transaction is over.

    :raises InvitationRefusedError: when they have an account, or roles and organisation do not fit.
    :raises InvitationNotSentError: after the invitation was made, when the e-mail cannot be sent.
    """
    _refuse_unfit(roles, organisation_id)
    if User.objects.filter(email__iexact=email).exists():
        raise InvitationRefusedError(
            _("Somebody with this e-mail address can sign in already. Change their roles instead.")
        )
    token = new_token()
    with transaction.atomic():
        for waiting in Invitation.objects.waiting().filter(email__iexact=email).select_for_update():
            _withdraw(waiting, by)
        invitation = Invitation.objects.create(
            email=User.objects.normalize_email(email),
            roles=list(roles),
            # Kept only where a role is held at it.
            organisation_id=organisation_id,
            token_hash=hash_of(token),
            created_by=None if isinstance(by, SystemJob) else by,
        )
        record(
            INVITED,
            by=by,
            subject=invitation.pk,
            organisation=organisation_id,
            details={"roles": list(roles)},
        )
        if send:
            transaction.on_commit(lambda: _send(invitation, token))
    return invitation, address_of(token)


def withdraw_invitation(*, invitation: Invitation, by: Actor) -> Invitation:
    """Its link stops working. One that was accepted or withdrawn already stays as it is."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if locked.accepted_at is None and locked.withdrawn_at is None:
            _withdraw(locked, by)
    return locked


def invite_again(*, invitation: Invitation, by: Actor) -> tuple[Invitation, str]:
    """A new link to the same person for the same roles; the old link stops working."""
    return invite(
        email=invitation.email,
        roles=invitation.roles,
        organisation_id=invitation.organisation_id,
        by=by,
    )


def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Make the account, with its roles. The link came by e-mail, so the address is verified.

    :raises InvitationRefusedError: when the link was used, withdrawn, has expired or never was, or who
        sent it may invite nobody any more.
    """
    with transaction.atomic():
        invitation = Invitation.objects.with_token(token).select_for_update(of=("self",)).first()
        if invitation is None or not invitation.is_open:
            raise InvitationRefusedError(_("This invitation can no longer be used."))
        sender = invitation.created_by
        if sender is not None and not can(sender, Permission.ACCOUNT_INVITE):
            # Their account was closed or their role ended: what they left behind opens nothing.
            raise InvitationRefusedError(_("This invitation can no longer be used."))
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise InvitationRefusedError(_("You have an account already: sign in with it."))
        user = User.objects.create_user(email=invitation.email, password=password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        giver: Actor = sender or SystemJob("invitation")
        for code in invitation.roles:
            at_organisation = GIVEN_ROLES[code].at_organisation
            grant_role(
                user=user,
                role=code,
                organisation_id=invitation.organisation_id if at_organisation else None,
                by=giver,
            )
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record(INVITATION_ACCEPTED, by=user, subject=invitation.pk, details={"user": user.pk})
    return user


def _refuse_unfit(roles: Sequence[str], organisation_id: UUID | None) -> None:
    if not roles:
        raise InvitationRefusedError(_("Choose at least one role."))
    unknown = [code for code in roles if code not in GIVEN_ROLES]
    if unknown:
        raise RoleRefusedError(f"No role is called {unknown[0]!r}.")
    needs_organisation = any(GIVEN_ROLES[code].at_organisation for code in roles)
    if needs_organisation and organisation_id is None:
        raise InvitationRefusedError(_("Choose the organisation that they will work for."))
    if organisation_id is not None and not needs_organisation:
        raise InvitationRefusedError(
            _("None of these roles belongs to an organisation: leave the organisation out.")
        )


def _withdraw(invitation: Invitation, by: Actor) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(INVITATION_WITHDRAWN, by=by, subject=invitation.pk)


def _send(invitation: Invitation, token: str) -> None:
    """Straight to the mail server, not through the outbox, which would keep the link (decision 0012)."""
    facts = {"invitation": invitation, "address": address_of(token), "network": network()}
    message = EmailMessage(
        subject=_("Your invitation to %(network)s") % {"network": network().name},
        body=render_to_string("accounts/emails/invitation.txt", facts),
        to=[invitation.email],
    )
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        logger.warning("An invitation could not be sent: %s", type(error).__name__)
        raise InvitationNotSentError(
            _(
                "The mail server does not answer, so the invitation was not sent. "
                "It waits in the list: send it again in a few minutes."
            )
        ) from error
