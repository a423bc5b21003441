"""The person's own view: by a link and a number, or signed in; on paper too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, public, requires
from dcsn.access.requests import SignedInRequest
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.limits.rates import seconds_to_wait
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from directory.models import Organisation
from members.access import Standing, person_or_404, standing_of
from members.models import Consent, ContactBy, Format, Person
from members.refusals import NothingToWithdraw
from referrals.actions.asking import VIA_LINK, VIA_SIGNED_IN, record_answer
from referrals.actions.personal_links import MY_PAGE, hand_out_link, open_with_number
from referrals.actions.sending import withdraw_sharing
from referrals.asking import address_for, link_address, site_to_type
from referrals.events import MY_REFERRALS_PRINTED
from referrals.forms.asking import AnswerForm, CodeForm, NumberForm
from referrals.mine import my_referrals, own_referrals, shared_with, who_looked
from referrals.models import Attempt, FollowUp, PersonalLink
from referrals.opened_link import GRANT, by_opened_link
from referrals.refusals import Refused
from referrals.views.personal_links import link_over, private_page, usable_link


def own_person(request: HttpRequest) -> Person | None:
    """Whose page this is: by the link that was opened a moment ago, or by their own sign-in."""
    return by_opened_link(request) or by_sign_in(request)


def by_sign_in(request: HttpRequest) -> Person | None:
    if request.user.is_authenticated:
        return (
            Person.objects.known().filter(user=request.user).select_related("organisation").first()
        )
    return None


def for_the_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the person; send everybody else to where the code is typed."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        person = own_person(request)
        if person is None:
            return redirect("referrals:mine_code")
        return view(request, person, *arguments, **named)

    return wrapper


@public
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a letter."""
    if own_person(request) is not None and request.method != "POST":
        return redirect("referrals:mine")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        link = usable_link(PersonalLink.Kind.MINE, form.cleaned_data["code"])
        return redirect("referrals:mine_link", link.code) if link else link_over(request)
    return render(request, "referrals/mine/code.html", {"form": form})


@public
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    """The number that was told to them. Looking shows nothing, and changes nothing."""
    link = usable_link(PersonalLink.Kind.MINE, code)
    if link is None:
        return link_over(request)
    form = NumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if open_with_number(link, form.cleaned_data["number"]):
            # A new session: nobody gets in with one that was laid ready on a shared computer.
            request.session.cycle_key()
            request.session[GRANT] = {"link": str(link.pk), "at": timezone.now().timestamp()}
            return redirect("referrals:mine")
        if usable_link(PersonalLink.Kind.MINE, code) is None or seconds_to_wait(
            request, "personal number"
        ):
            return link_over(request)
        form.add_error("number", _("This is not the number that we told you"))
    return render(request, "referrals/mine/number.html", {"form": form})


@public
@private_page
@require_safe
@for_the_person
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    return render(
        request,
        "referrals/mine/mine.html",
        {
            "person": person,
            "referrals": my_referrals(person),
            "shared": shared_with(person),
            "looks": who_looked(person),
            "by_link": GRANT in request.session,
        },
    )


@public
@private_page
@require_safe
@for_the_person
def mine_pdf(request: HttpRequest, person: Person) -> HttpResponse:
    """The same on paper, in their size."""
    return _pdf(person, request.GET.get("size"))


def _pdf(person: Person, asked: str | None, *, seen_by: User | None = None) -> HttpResponse:
    size = PrintSize.read(asked or str(person.print_size or ""))
    pdf = render_pdf(
        "print/my_referrals.html",
        {
            "person": person,
            "referrals": my_referrals(person, seen_by=seen_by),
            "shared": shared_with(person),
            "looks": who_looked(person)[:20],
        },
        size=size,
        title=_("Your referrals"),
        header="",
    )
    return pdf_response(pdf, file_name(_("your referrals"), size=size, on=timezone.localdate()))


@public
@private_page
@require_http_methods(["POST"])
@for_the_person
def stop(request: HttpRequest, person: Person) -> HttpResponse:
    """They no longer agree that an organisation knows about them: one press, and it is told."""
    wanted = request.POST.get("organisation", "")
    shared = next((one for one in shared_with(person) if str(one.organisation_id) == wanted), None)
    if shared is not None:
        try:
            withdraw_sharing(
                person=person,
                organisation=Organisation.objects.get(pk=shared.organisation_id),
                how=Consent.How.ONLINE,
                by=_actor(request),
            )
        except NothingToWithdraw as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(name)s is told that you no longer agree.") % {"name": shared.name},
            )
    return redirect("referrals:mine")


@public
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_person
def answer(request: HttpRequest, person: Person, follow_up_id: UUID) -> HttpResponse:
    """Did you get the help?"""
    follow_up = get_object_or_404(
        FollowUp.objects.open()
        .filter(referral__in=own_referrals(person))
        .select_related("referral__service"),
        pk=follow_up_id,
    )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        via = VIA_LINK if GRANT in request.session else VIA_SIGNED_IN
        try:
            record_answer(follow_up=follow_up, via=via, by=_actor(request), **form.said)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Thank you. We have written it down."))
        return redirect("referrals:mine")
    return render(
        request,
        "referrals/mine/answer.html",
        {"form": form, "referral": follow_up.referral},
    )


@public
@private_page
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Finished: whoever sits down at this computer next sees nothing."""
    request.session.pop(GRANT, None)
    return redirect("referrals:mine_code")


def _actor(request: HttpRequest) -> Any:
    """Themselves: their own user, or the page when they came by a link."""
    return MY_PAGE if GRANT in request.session else request.user


# --- Staff give the person a way in, or the paper ---


class HandOutForm(forms.Form):
    send_by = forms.ChoiceField(choices=[("", ""), ("letter", ""), ("email", "")], required=False)


@requires(Permission.REFERRAL_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_out(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Give somebody a link or code to their own referrals, and tell them its number.

    Only who knows them: with it one sees every referral, also those that one may not follow oneself.
    """
    person = person_or_404(request.user, Permission.REFERRAL_VIEW, person_id)
    if standing_of(request.user, person, Permission.REFERRAL_VIEW) is not Standing.NEAR:
        raise PermissionDenied
    handed = None
    if request.method == "POST":
        form = HandOutForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            handed = hand_out_link(
                person=person, by=request.user, send_by=form.cleaned_data["send_by"]
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("referrals:mine_hand_out", person.id)
    return render(
        request,
        "referrals/mine/hand_out.html",
        {
            "person": person,
            "handed": handed,
            "contact_by": ContactBy(person.contact_by).label if person.contact_by else "",
            "needs": [Format(value).label for value in person.formats],
            "address": link_address(handed.link) if handed else "",
            "site": site_to_type(),
            "by_letter": bool(address_for(person, Attempt.Way.LETTER)),
            "by_email": bool(address_for(person, Attempt.Way.EMAIL)),
        },
    )


@requires(Permission.REFERRAL_VIEW)
@never_cache
@require_safe
def print_for_them(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Their referrals on paper, handed over or posted by staff."""
    person = person_or_404(request.user, Permission.REFERRAL_VIEW, person_id)
    response = _pdf(person, request.GET.get("size"), seen_by=request.user)
    record(
        MY_REFERRALS_PRINTED,
        by=request.user,
        subject=person.id,
        organisation=person.organisation_id,
    )
    return response
