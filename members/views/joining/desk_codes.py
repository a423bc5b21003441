"""Gifts at the desk: bought by somebody who stands there, taken up by somebody who brings the code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.access import access_points_of, person_or_404
from members.events import PERSON_VIEWED
from members.joining.codes import find_code, give_at_desk, take_up
from members.joining.desk_forms import GiftAtDeskForm
from members.joining.my_forms import CodeForm
from members.models import Person
from members.refusals import Refused


def _seen(request: SignedInRequest, person: Person) -> None:
    record(PERSON_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """They buy a membership for somebody else, and get a code to hand over."""
    person = person_or_404(request.user, Permission.MEMBERSHIP_ADD, person_id)
    desks = access_points_of(request.user, Permission.MEMBERSHIP_ADD)
    form = GiftAtDeskForm(request.POST if request.method == "POST" else None, desks=desks)
    if request.method == "POST" and form.is_valid():
        try:
            gift, payment = give_at_desk(
                key=form.cleaned_data["key"],
                giver=person,
                plan=form.chosen.plan,
                organisation=form.cleaned_data["organisation"],
                method=form.cleaned_data["pay"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Receipt %(number)d. The code to hand over is %(code)s, good until %(day)s.")
                % {
                    "number": payment.receipt_number or 0,
                    "code": gift.code,
                    "day": date_format(gift.expires_on, "j F Y"),
                },
            )
            return redirect("members:payment", payment.pk)
    if request.method != "POST":
        _seen(request, person)
    return _page(request, person, form, _("Give a membership"), _("They have paid"))


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """They bring the code of a gift, or of a membership that somebody shares."""
    person = person_or_404(request.user, Permission.MEMBERSHIP_ADD, person_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = take_up(
                code=find_code(form.cleaned_data["code"]),
                person=person,
                organisation=person.organisation,
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        except (Http404, PermissionDenied):
            form.add_error("code", _("This code is for another access point: ring them."))
        else:
            messages.success(request, _("It is theirs."))
            return redirect("members:membership", row.pk)
    if request.method != "POST":
        _seen(request, person)
    return _page(request, person, form, _("They bring a code"), _("Take it up"))


def _page(
    request: SignedInRequest,
    person: Person,
    form: CodeForm | GiftAtDeskForm,
    title: str,
    button: str,
) -> HttpResponse:
    return render(
        request,
        "members/desk/person_form.html",
        {"person": person, "form": form, "title": title, "button": button},
        status=422 if form.errors else 200,
    )
