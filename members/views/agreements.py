"""Agreements to share people's details: the list, recording, renewing and ending one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from members.access import access_points
from members.actions.agreements import end_agreement, record_agreement, renew_agreement
from members.forms.agreements import AgreementForm, EndForm, TermsForm
from members.models import Category, SharingAgreement
from members.refusals import Refused

ROWS_ON_A_PAGE = 50


@requires(Permission.AGREEMENT_VIEW)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """The last agreement with each organisation; those that no longer hold come first."""
    today = timezone.localdate()
    rows = SharingAgreement.objects.for_list(today)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    never = access_points().exclude(id__in=SharingAgreement.objects.values("organisation_id"))
    return render(
        request,
        "members/desk/agreements.html",
        {
            "page": page,
            "rows": [(agreement, *_standing(agreement, today)) for agreement in page],
            "never": list(never),
            "may_change": can(request.user, Permission.AGREEMENT_CHANGE),
        },
    )


def _standing(agreement: SharingAgreement, today: date) -> tuple[str, str]:
    """What it is worth today, in words, and the colour of the tag."""
    if agreement.ended_on is not None and agreement.ended_on <= today:
        return _("Ended"), "red"
    if agreement.is_past_review(today):
        return _("Review is overdue"), "red"
    if agreement.is_review_soon(today):
        return _("In force, review soon"), "yellow"
    return _("In force"), "green"


@requires(Permission.AGREEMENT_VIEW)
@require_safe
def one(request: SignedInRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement, and those before it."""
    agreement = _agreement(agreement_id)
    earlier = (
        SharingAgreement.objects.filter(organisation=agreement.organisation)
        .exclude(pk=agreement.pk)
        .order_by("-signed_on")
    )
    return render(
        request,
        "members/desk/agreement.html",
        {
            "agreement": agreement,
            "categories": [Category(value).label for value in agreement.categories],
            "standing": _standing(agreement, timezone.localdate()),
            "earlier": earlier[:20],
            "may_change": agreement.ended_on is None
            and can(request.user, Permission.AGREEMENT_CHANGE),
        },
    )


@requires(Permission.AGREEMENT_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Record what was signed."""
    form = AgreementForm(
        request.POST or None, initial={"organisation": request.GET.get("organisation", "")[:36]}
    )
    if request.method == "POST" and form.is_valid():
        organisation: Organisation = form.cleaned_data["organisation"]
        try:
            agreement = record_agreement(
                organisation=organisation,
                terms=form.terms,
                by=request.user,
                key=form.cleaned_data["key"],
            )
        except (Refused, ValidationError) as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(request, _("The agreement is recorded."))
            return redirect(agreement)
    return render(request, "members/desk/agreement_new.html", {"form": form})


@requires(Permission.AGREEMENT_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: SignedInRequest, agreement_id: UUID) -> HttpResponse:
    """A newly signed one takes the place of the old."""
    old = _agreement(agreement_id)
    form = TermsForm(request.POST or None, initial={"categories": old.categories})
    if request.method == "POST" and form.is_valid():
        try:
            agreement = renew_agreement(
                agreement=old, terms=form.terms, by=request.user, key=form.cleaned_data["key"]
            )
        except (Refused, ValidationError) as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(request, _("The agreement is renewed."))
            return redirect(agreement)
    return render(request, "members/desk/agreement_renew.html", {"form": form, "agreement": old})


@requires(Permission.AGREEMENT_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, agreement_id: UUID) -> HttpResponse:
    """It no longer holds."""
    agreement = _agreement(agreement_id)
    form = EndForm(request.POST or None, initial={"ended_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_agreement(
                agreement=agreement,
                on=form.cleaned_data["ended_on"],
                why=form.cleaned_data["ended_why"],
                by=request.user,
            )
        except (Refused, ValidationError) as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(
                request, _("The agreement is ended. Nothing about people is sent there any more.")
            )
            return redirect(agreement)
    return render(
        request, "members/desk/agreement_end.html", {"form": form, "agreement": agreement}
    )


def _agreement(agreement_id: UUID) -> SharingAgreement:
    return get_object_or_404(
        SharingAgreement.objects.select_related("organisation", "renews"), id=agreement_id
    )


def _words(refusal: Exception) -> str:
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)
