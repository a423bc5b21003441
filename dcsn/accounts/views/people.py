"""The administrator's pages: who can sign in, and with which roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dcsn.access import Permission, can, organisations, requires
from dcsn.access.actions import RoleRefusedError, end_role, grant_role
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ROLES
from dcsn.accounts.actions import (
    AccountRefusedError,
    deactivate_account,
    end_sessions,
    reactivate_account,
    reset_second_factor,
)
from dcsn.accounts.forms import PeopleSearchForm, RoleForm
from dcsn.accounts.models import Invitation, User

PAGE_SIZE = 25


@requires(Permission.ACCOUNT_LIST)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in, and the invitations that wait for an answer."""
    form = PeopleSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(User.objects.matching(words).for_accounts_list(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    invitations = list(Invitation.objects.waiting())
    names = organisations.names(
        [a.organisation_id for user in page for a in user.roles_now]
        + [invitation.organisation_id for invitation in invitations]
    )
    return render(
        request,
        "accounts/people.html",
        {
            "form": form,
            "words": words,
            "page": page,
            "query": f"{urlencode({'q': words})}&" if words else "",
            "rows": [(user, _named(user.roles_now, names)) for user in page],
            "invitations": [(i, names.get(i.organisation_id)) for i in invitations],
        },
    )


@requires(Permission.ACCOUNT_LIST)
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: its roles, past and present, and what can be done with it."""
    return _account_page(request, _account(user_id), RoleForm())


@requires(Permission.ACCOUNT_CHANGE_ROLES)
def give_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give one more role."""
    account = _account(user_id)
    form = RoleForm(request.POST or None)
    if form.is_valid():
        try:
            given = grant_role(
                user=account,
                role=form.cleaned_data["role"],
                organisation_id=form.cleaned_data["organisation"],
                by=request.user,  # type: ignore[arg-type]
            )
        except RoleRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(person)s has the role %(role)s now.")
                % {"person": account, "role": given.definition},
            )
            return redirect("accounts:person", user_id=account.pk)
    return _account_page(request, account, form)


@requires(Permission.ACCOUNT_CHANGE_ROLES)
@require_POST
def take_role(request: HttpRequest, user_id: UUID, assignment_id: UUID) -> HttpResponse:
    """End a role."""
    assignment = get_object_or_404(
        RoleAssignment.objects.select_related("user"), id=assignment_id, user_id=user_id
    )
    try:
        end_role(assignment=assignment, by=request.user)  # type: ignore[arg-type]
    except RoleRefusedError:
        messages.error(request, _("At least one administrator who can sign in must remain."))
    else:
        messages.success(
            request, _("The role %(role)s has ended.") % {"role": assignment.definition}
        )
    return redirect("accounts:person", user_id=user_id)


@requires(Permission.ACCOUNT_DEACTIVATE)
def close(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Ask, then close the account."""
    account = _account(user_id)
    if request.method != "POST":
        return render(request, "accounts/close.html", {"account": account})
    try:
        deactivate_account(user=account, by=request.user)  # type: ignore[arg-type]
    except AccountRefusedError as refused:
        messages.error(request, str(refused))
    except RoleRefusedError:
        messages.error(request, _("At least one administrator who can sign in must remain."))
    else:
        messages.success(request, _("%(person)s can no longer sign in.") % {"person": account})
    return redirect("accounts:person", user_id=account.pk)


@requires(Permission.ACCOUNT_DEACTIVATE)
@require_POST
def reopen(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Let a closed account sign in again, with the roles that were not ended."""
    account = reactivate_account(user=_account(user_id), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("%(person)s can sign in again.") % {"person": account})
    return redirect("accounts:person", user_id=account.pk)


@requires(Permission.ACCOUNT_RESET_SECOND_FACTOR)
def reset_factor(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Ask, then take the second factor away, so that a new one can be set up."""
    account = _account(user_id)
    if request.method != "POST":
        return render(request, "accounts/reset_second_factor.html", {"account": account})
    try:
        reset_second_factor(user=account, by=request.user)  # type: ignore[arg-type]
    except AccountRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(person)s sets up a new second factor at the next sign-in.") % {"person": account},
        )
    return redirect("accounts:person", user_id=account.pk)


@requires(Permission.ACCOUNT_DEACTIVATE)
@require_POST
def sign_out_everywhere(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """For a lost telephone or computer."""
    account = _account(user_id)
    ended = end_sessions(user=account, by=request.user)  # type: ignore[arg-type]
    if ended:
        messages.success(request, _("%(person)s was signed out everywhere.") % {"person": account})
    else:
        messages.info(request, _("%(person)s was not signed in anywhere.") % {"person": account})
    return redirect("accounts:person", user_id=account.pk)


@requires(Permission.ACCOUNT_LIST)
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, for whoever gives them."""
    described = [
        (role, sorted(str(permission) for permission in role.permissions))
        for role in ROLES.values()
    ]
    return render(request, "accounts/roles.html", {"roles": described})


def _account(user_id: UUID) -> User:
    return get_object_or_404(User.objects.all(), id=user_id)


def _named(
    assignments: list[RoleAssignment], names: dict[UUID | None, str]
) -> list[tuple[RoleAssignment, str | None]]:
    return [(a, names.get(a.organisation_id)) for a in assignments]


def _account_page(request: HttpRequest, account: User, form: RoleForm) -> HttpResponse:
    assignments = list(account.role_assignments.for_account_page())  # type: ignore[attr-defined]
    named = _named(assignments, organisations.names(a.organisation_id for a in assignments))
    facts: dict[str, Any] = {
        "account": User.objects.filter(pk=account.pk).for_accounts_list().get(),
        "form": form,
        "current": [(a, name) for a, name in named if a.ended_at is None],
        "ended": [(a, name) for a, name in named if a.ended_at is not None],
        "may_see_trail": can(request.user, Permission.AUDIT_VIEW),
        "is_own": request.user.pk == account.pk,
    }
    return render(request, "accounts/person.html", facts)
