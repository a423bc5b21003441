"""Giving a membership to somebody, and taking up what was given or shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from members.joining.codes import JOIN_FORM, NoSuchCode, find_code, is_good, make_gift, take_up
from members.joining.my_forms import CodeForm, GiftForm, TakeUpForm
from members.joining.paying import begin_for_gift, may_pay_by_card
from members.joining.prices import say_duration, say_price
from members.models import JoinCode
from members.own_page import own_person
from members.refusals import Refused
from members.views.joining import paying
from members.views.joining.online import BY_CODE, JOINED

GIFT, TAKING = "gift", "taking_up"


@public
@limited("gift")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Buy a membership for somebody else: by card, without a name."""
    form = GiftForm(request.POST or None)
    if not may_pay_by_card() or not form.plans:
        return render(request, "members/joining/gift_closed.html")
    if request.method == "POST" and form.is_valid():
        try:
            gift = make_gift(
                plan=form.chosen.plan,
                organisation=form.cleaned_data["organisation"],
                by=JOIN_FORM,
                key=form.cleaned_data["key"],
            )
            request.session[GIFT] = str(gift.pk)
            payment = begin_for_gift(
                gift=gift,
                key=paying.payment_key(request, f"gift {gift.pk}"),
                return_url=reverse("members:gift_done"),
                by=JOIN_FORM,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(payment.go_on_url)
    return render(
        request, "members/joining/gift.html", {"form": form}, status=422 if form.errors else 200
    )


@public
@never_cache
@require_safe
def given(request: HttpRequest) -> HttpResponse:
    """The code, to be handed over; in this browser only, and once it is paid."""
    gift = (
        JoinCode.objects.filter(pk=UUID(request.session[GIFT]))
        .select_related("plan", "plan_terms", "organisation")
        .first()
        if GIFT in request.session
        else None
    )
    if gift is None or not (gift.taken_at or is_good(gift)):
        return redirect("members:gift")
    return render(
        request,
        "members/joining/gift_done.html",
        {"gift": gift, "duration": say_duration(gift.plan_terms)},
    )


@public
@limited("join code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code of a gift, or of a membership that somebody shares."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = find_code(form.cleaned_data["code"])
        except NoSuchCode as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session[TAKING] = found.code
            return redirect("members:join_by_code")
    return render(
        request, "members/joining/code.html", {"form": form}, status=422 if form.errors else 200
    )


@public
@limited("join by code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Who takes it up: they give their own details and agree for themselves."""
    try:
        found = find_code(request.session.get(TAKING, ""))
    except NoSuchCode:
        return redirect("members:join_done" if JOINED in request.session else "members:join_code")
    person = own_person(request)
    data = request.POST if request.method == "POST" else None
    form: forms.Form = forms.Form(data) if person else TakeUpForm(data)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"person": person}
        if isinstance(form, TakeUpForm):
            who = {"facts": form.facts, "remember": form.cleaned_data["remember"]}
        try:
            membership = take_up(code=found, by=JOIN_FORM, **who)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            del request.session[TAKING]
            request.session[JOINED] = {"membership": str(membership.pk), "way": BY_CODE}
            messages.success(request, _("It is yours."))
            return redirect("members:join_done")
    return render(
        request,
        "members/joining/code_you.html",
        {
            "form": form,
            "code": found,
            "person": person,
            "price": say_price(found.plan_terms),
            "is_gift": found.kind == JoinCode.Kind.GIFT,
        },
        status=422 if form.errors else 200,
    )
