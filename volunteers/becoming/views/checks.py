"""Checks at the desk: what is needed, how far it is, what was decided. Nothing is ever uploaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from directory.models import Organisation
from volunteers.access import check_or_404, volunteer_or_404
from volunteers.actions.checks import (
    decide_check,
    look_at_update_service,
    need_check,
    record_check,
)
from volunteers.becoming.forms.checks import (
    DecideForm,
    NeedForm,
    RecordForm,
    UpdateServiceForm,
)
from volunteers.events import CHECKS_VIEWED
from volunteers.models import Check, CheckKind, Volunteer
from volunteers.refusals import Refused
from volunteers.states import CheckState


def organisations_for(user: Any, volunteer: Volunteer) -> Any:
    """In whose name this user may ask this volunteer for a check."""
    there = volunteer.standings.current().values("organisation")
    found = Organisation.objects.filter(pk__in=there).order_by("sort_key", "id")
    scope = scope_of_permission(user, Permission.VOLUNTEER_CHECK)
    return found if scope.network else found.filter(pk__in=scope.organisations)


def _viewed(request: SignedInRequest, volunteer: Volunteer) -> None:
    record(
        CHECKS_VIEWED,
        by=request.user,
        subject=volunteer.person_id,
        organisation=volunteer.organisation_id,
        details={"volunteer": volunteer.pk},
    )


@requires(Permission.VOLUNTEER_CHECK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """All checks of one volunteer that this user handles; another one is begun here."""
    row = volunteer_or_404(request.user, volunteer_id)
    organisations = organisations_for(request.user, row)
    form = NeedForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            check = need_check(volunteer=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("volunteers:desk_check", check.pk)
    _viewed(request, row)
    today = timezone.localdate()
    found = Check.objects.visible_to(request.user).filter(volunteer=row)
    return render(
        request,
        "volunteers/becoming/checks.html",
        {
            "row": row,
            "form": form,
            "checks": [
                (check, check.stands(today), not check.in_date(today))
                for check in found.select_related("organisation", "seen_by").order_by(
                    "kind", "-created_at"
                )
            ],
            "may_ask": organisations.exists(),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.VOLUNTEER_CHECK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """One check: how far it is; what was decided; what the Update Service said."""
    row = check_or_404(request.user, check_id)
    data = request.POST if request.method == "POST" else None
    what = data.get("what", "") if data is not None else ""
    decided = row.state == CheckState.DECISION_RECORDED
    forms: dict[str, Any] = {}
    # The form that was sent is read even where the page no longer offers it: the action says why not.
    if not decided or what == "record":
        forms["record"] = RecordForm(data if what == "record" else None, check=row)
    if row.state == CheckState.SEEN or what == "decide":
        forms["decide"] = DecideForm(data if what == "decide" else None)
    if (decided and row.kind == CheckKind.DBS) or what == "look":
        forms["look"] = UpdateServiceForm(data if what == "look" else None)
    sent = forms.get(what)
    if sent is not None and sent.is_valid():
        try:
            _do(row, what, sent, request)
        except Refused as refusal:
            sent.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("volunteers:desk_check", row.pk)
    _viewed(request, row.volunteer)
    today = timezone.localdate()
    return render(
        request,
        "volunteers/becoming/check.html",
        {
            "check": row,
            "row": row.volunteer,
            "forms": forms,
            "form": sent,
            "stands": row.stands(today),
            "over": decided and not row.in_date(today),
            "is_dbs": row.kind == CheckKind.DBS,
        },
        status=422 if request.method == "POST" else 200,
    )


def _do(row: Check, what: str, form: Any, request: SignedInRequest) -> None:
    typed = form.cleaned_data
    if what == "record":
        record_check(check=row, to=typed["to"], by=request.user, **form.facts)
    elif what == "decide":
        decide_check(check=row, by=request.user, **typed)
    else:
        look_at_update_service(check=row, by=request.user, **typed)
