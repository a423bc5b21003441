""" "My membership": card, expiry, renewing, who shares it, and what the card saved, by their own count."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import public
from dcsn.limits.rates import limited
from members.cards.actions import card_for, report_card
from members.joining.actions import JOIN_FORM, Due, due_of, may_renew_online, renew_free_online
from members.joining.codes import end_code, make_share_code
from members.joining.mine import my_membership, refused_of, saved
from members.joining.my_forms import GoneCardForm, MyGroundForm, SavingForm
from members.joining.savings import note_saving
from members.models import Concession, JoinCode, Membership, Person, Saving
from members.own_page import own_person
from members.refusals import Refused
from members.safety_net.actions import ask
from members.safety_net.appeals import appeal
from members.views.joining import paying

HERE = "members:my_membership"
View = Callable[..., HttpResponse]


def for_the_member(view: View) -> View:
    """Hand the view the person and their membership; everybody else is shown the ways to it."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        person = own_person(request)
        if person is None:
            return redirect(HERE)
        return view(request, person, *arguments, **named)

    return wrapper


def _own(person: Person) -> Membership | None:
    """Theirs, not one that is shared with them: only its member pays for it and shares it."""
    return (
        person.memberships.live()
        .select_related("plan", "plan_terms", "organisation", "person")
        .prefetch_related("terms")
        .first()
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD"])
def mine(request: HttpRequest) -> HttpResponse:
    """Their membership on one page."""
    person = own_person(request)
    if person is None:
        return render(request, "members/joining/mine_who.html")
    return _page(request, person)


def _page(
    request: HttpRequest,
    person: Person,
    *,
    saving: SavingForm | None = None,
    gone: GoneCardForm | None = None,
    ground: MyGroundForm | None = None,
) -> HttpResponse:
    wrong = next((one for one in (saving, gone, ground) if one is not None and one.errors), None)
    return render(
        request,
        "members/joining/mine.html",
        {
            "person": person,
            "my": my_membership(person),
            "saving": saving or SavingForm(),
            "savings": person.savings.all()[:50],
            "saved": saved(person),
            "gone": gone or GoneCardForm(),
            "ground": ground or MyGroundForm(),
            "key": paying.form_key(),
            "form": wrong,
        },
        status=422 if wrong else 200,
    )


@public
@limited("my membership")
@never_cache
@require_POST
@for_the_member
def renew(request: HttpRequest, person: Person) -> HttpResponse:
    """The next term, on the terms of the day; nothing is asked of who pays nothing."""
    row = _own(person)
    due: Due | None = due_of(row) if row is not None else None
    if row is None or due is None:
        return redirect(HERE)
    if not may_renew_online(row):
        messages.info(request, _("It still lasts for more than two months. Renew it later."))
        return redirect(HERE)
    if not due.is_free:
        return paying.begin(request, row, back=HERE)
    key = paying.read_key(request)
    if key is not None:
        try:
            renew_free_online(membership=row, key=key)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your membership is renewed."))
    return redirect(HERE)


@public
@limited("my membership")
@never_cache
@require_POST
@for_the_member
def card_gone(request: HttpRequest, person: Person) -> HttpResponse:
    """Lost, stolen or damaged: it stops working, and a new one with a new number is printed."""
    mine = my_membership(person)
    card = card_for(mine.row, person) if mine is not None else None
    form = GoneCardForm(request.POST)
    if card is None:
        return redirect(HERE)
    if not form.is_valid():
        return _page(request, person, gone=form)
    try:
        report_card(card=card, what=form.cleaned_data["what"], by=JOIN_FORM)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, person, gone=form)
    messages.success(
        request,
        _("That card no longer works. Your access point prints you a new one, free of charge."),
    )
    return redirect(HERE)


@public
@limited("my membership")
@never_cache
@require_POST
@for_the_member
def safety_net(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask to go on without paying; or, where that was not granted, have two others look at it again."""
    row = _own(person)
    if row is not None and "again" in request.POST:
        return _look_again(request, row)
    form = MyGroundForm(request.POST)
    if row is None:
        return redirect(HERE)
    if not form.is_valid():
        return _page(request, person, ground=form)
    try:
        ask(
            membership=row,
            ground=form.cleaned_data["ground"],
            via=Concession.Via.ONLINE,
            by=JOIN_FORM,
            key=form.cleaned_data["key"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, person, ground=form)
    messages.success(request, _("We look at it and tell you. You need not send us anything."))
    return redirect(HERE)


def _look_again(request: HttpRequest, row: Membership) -> HttpResponse:
    refused = refused_of(row)
    if refused is not None:
        try:
            appeal(concession=refused, via=Concession.Via.ONLINE, by=JOIN_FORM)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(HERE)
        messages.success(request, _("Two others look at it again, and we tell you."))
    return redirect(HERE)


@public
@limited("my membership")
@never_cache
@require_POST
@for_the_member
def share(request: HttpRequest, person: Person) -> HttpResponse:
    """A code for one more of the household, or for whom they care for."""
    row, key = _own(person), paying.read_key(request)
    if row is not None and key is not None:
        try:
            code = make_share_code(membership=row, by=JOIN_FORM, key=key)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The code is %(code)s.") % {"code": code.code})
    return redirect(HERE)


@public
@never_cache
@require_POST
@for_the_member
def stop_code(request: HttpRequest, person: Person, code_id: UUID) -> HttpResponse:
    """Take back a code that nobody has used yet."""
    code = get_object_or_404(
        JoinCode.objects.filter(kind=JoinCode.Kind.SHARE, taken_at=None),
        pk=code_id,
        membership__person=person,
    )
    end_code(code=code, by=JOIN_FORM)
    messages.success(request, _("The code no longer works."))
    return redirect(HERE)


@public
@never_cache
@require_POST
@for_the_member
def save(request: HttpRequest, person: Person) -> HttpResponse:
    """Note what the card saved."""
    form = SavingForm(request.POST)
    if form.is_valid():
        try:
            note_saving(person=person, **form.cleaned_data)
        except (Refused, ValidationError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Noted. Only you see it."))
            return redirect(HERE)
    return _page(request, person, saving=form)


@public
@never_cache
@require_POST
@for_the_member
def forget_saving(request: HttpRequest, person: Person) -> HttpResponse:
    """Delete one note, or all of them."""
    notes = Saving.objects.filter(person=person)
    if "all" not in request.POST:
        field = forms.UUIDField()
        try:
            notes = notes.filter(pk=field.clean(request.POST.get("note", "")))
        except ValidationError:
            return redirect(HERE)
    notes.delete()
    messages.success(request, _("Deleted."))
    return redirect(HERE)
