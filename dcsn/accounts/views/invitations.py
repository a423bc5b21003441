"""Inviting staff, and accepting an invitation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dcsn.access import Permission, public, requires
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.forms import AcceptInvitationForm, InvitationForm
from dcsn.accounts.invitations import (
    InvitationNotSentError,
    InvitationRefusedError,
    accept_invitation,
    invite,
    invite_again,
    withdraw_invitation,
)
from dcsn.accounts.models import Invitation


@requires(Permission.ACCOUNT_INVITE)
def send(request: HttpRequest) -> HttpResponse:
    """Ask somebody to work here."""
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            invitation, _address = invite(
                email=form.cleaned_data["email"],
                roles=form.cleaned_data["roles"],
                organisation_id=form.cleaned_data["organisation"],
                by=request.user,  # type: ignore[arg-type]
            )
        except InvitationRefusedError as refused:
            form.add_error("email", str(refused))
        except InvitationNotSentError as not_sent:
            messages.error(request, str(not_sent))
            return redirect("accounts:people")
        else:
            messages.success(
                request,
                _("An invitation is on its way to %(email)s. It is good for a week.")
                % {"email": invitation.email},
            )
            return redirect("accounts:people")
    roles = [role for role in GIVEN_ROLES.values() if role.staff]
    return render(request, "accounts/invite.html", {"form": form, "roles": roles})


@requires(Permission.ACCOUNT_INVITE)
@require_POST
def send_again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new link to the same person; the old one stops working."""
    waiting = get_object_or_404(Invitation.objects.waiting(), id=invitation_id)
    try:
        invite_again(invitation=waiting, by=request.user)  # type: ignore[arg-type]
    except (InvitationRefusedError, InvitationNotSentError) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request, _("A new invitation is on its way to %(email)s.") % {"email": waiting.email}
        )
    return redirect("accounts:people")


@requires(Permission.ACCOUNT_INVITE)
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The link stops working."""
    waiting = get_object_or_404(Invitation.objects.waiting(), id=invitation_id)
    withdraw_invitation(invitation=waiting, by=request.user)  # type: ignore[arg-type]
    messages.success(
        request, _("The invitation to %(email)s was withdrawn.") % {"email": waiting.email}
    )
    return redirect("accounts:people")


@public
@never_cache
@sensitive_post_parameters("password1", "password2")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: a name and a password, then to sign in with them."""
    invitation = Invitation.objects.with_token(token).first()
    if invitation is None or not invitation.is_open:
        return render(request, "accounts/invitation_over.html", status=410)
    form = AcceptInvitationForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        try:
            accept_invitation(
                token=token,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
        except InvitationRefusedError:
            return render(request, "accounts/invitation_over.html", status=410)
        messages.success(
            request, _("Your account is ready. Sign in with your e-mail address and password.")
        )
        return redirect("account_login")
    return render(
        request, "accounts/accept_invitation.html", {"form": form, "invitation": invitation}
    )
