"""Employers and colleges: at the volunteer centre, for their contact, and for their people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.access import own_volunteer
from volunteers.actions.employers import (
    add_cohort,
    end_account,
    give_back_slot,
    offer_slot,
    put_in_cohort,
    save_account,
    take_slot,
)
from volunteers.employers.forms import AccountForm, CohortForm, MemberForm, SlotForm
from volunteers.employers.report import cohort_table
from volunteers.events import EMPLOYER_FIGURES_SEEN, EMPLOYER_PEOPLE_SEEN
from volunteers.models import Employer, StaffSlot, Volunteer
from volunteers.refusals import Refused

ROWS_ON_A_PAGE = 50


@requires(Permission.EMPLOYER_CHANGE)
@never_cache
@require_safe
def employers(request: SignedInRequest) -> HttpResponse:
    """Every account, those that have ended last."""
    rows = (
        Employer.objects.visible_to(request.user)
        .select_related("organisation")
        .annotate(
            groups=Count("cohorts", distinct=True),
            people=Count("cohorts__volunteers", distinct=True),
        )
        .order_by(F("ended_at").asc(nulls_first=True), "organisation__sort_key", "pk")
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "volunteers/employers/employers.html", {"page": page})


@requires(Permission.EMPLOYER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = save_account(by=request.user, **form.cleaned_data)
        messages.success(request, _("The account is open."))
        return redirect("volunteers:employer", made.pk)
    return render(
        request,
        "volunteers/employers/account.html",
        {"form": form, "employer": None},
        status=422 if form.errors else 200,
    )


@requires(Permission.EMPLOYER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, employer_id: UUID) -> HttpResponse:
    employer = _employer(request, employer_id)
    form = AccountForm(request.POST or None, employer=employer)
    if request.method == "POST" and form.is_valid():
        save_account(organisation=employer.organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The account is saved."))
        return redirect("volunteers:employer", employer.pk)
    return render(
        request,
        "volunteers/employers/account.html",
        {"form": form, "employer": employer},
        status=422 if form.errors else 200,
    )


@requires(Permission.EMPLOYER_CHANGE)
@require_POST
def end(request: SignedInRequest, employer_id: UUID) -> HttpResponse:
    end_account(employer=_employer(request, employer_id), by=request.user)
    messages.success(request, _("The account has ended. What was given is still counted."))
    return redirect("volunteers:employer", employer_id)


@requires(Permission.EMPLOYER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def employer(request: SignedInRequest, employer_id: UUID) -> HttpResponse:
    """One account: its groups and who is in them, places on a day, its figures; three small forms."""
    found = _employer(request, employer_id)
    asked = request.POST.get("do", "")
    group = CohortForm(request.POST if asked == "group" else None)
    member = MemberForm(
        request.POST if asked == "member" else None,
        employer=found,
        visible=Volunteer.objects.visible_to(request.user),
    )
    slot = SlotForm(request.POST if asked == "slot" else None, employer=found)
    forms: dict[str, Any] = {"group": group, "member": member, "slot": slot}
    form = forms.get(asked)
    if form is not None and form.is_valid():
        try:
            said = _done(form, found, request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("volunteers:employer", found.pk)
    people = Volunteer.objects.select_related("person").order_by("reference")
    cohorts = list(found.cohorts.prefetch_related(Prefetch("volunteers", people)))
    _say_who_was_seen(request, found, [one for row in cohorts for one in row.volunteers.all()])
    return render(
        request,
        "volunteers/employers/employer.html",
        {
            "employer": found,
            "cohorts": cohorts,
            "slots": _slots(found),
            "table": cohort_table(found, protect=False),
            "form": form or group,
            **forms,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _done(form: Any, employer: Employer, request: SignedInRequest) -> str:
    """Do what one of the three small forms says."""
    data = form.cleaned_data
    if isinstance(form, CohortForm):
        add_cohort(employer=employer, by=request.user, **data)
        return _("The group is added.")
    if isinstance(form, MemberForm):
        put_in_cohort(cohort=data["cohort"], volunteer=data["reference"], by=request.user)
        return _("They are in the group.")
    offer_slot(employer=employer, by=request.user, **data)
    return _("The places are offered.")


def _say_who_was_seen(
    request: SignedInRequest, employer: Employer, people: list[Volunteer]
) -> None:
    record(
        EMPLOYER_PEOPLE_SEEN,
        by=request.user,
        organisation=employer.organisation_id,
        details={
            "employer": employer.pk,
            "people": sorted({one.person_id for one in people if one.person_id}),
            "volunteers": sorted({one.pk for one in people}),
        },
    )


def _slots(employer: Employer) -> Any:
    return (
        StaffSlot.objects.filter(employer=employer, day__gte=timezone.localdate())
        .with_places_taken()
        .select_related("opportunity", "cohort")
        .order_by("day", "pk")
    )


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What the contact of an employer sees: numbers without small ones, and places left; no people."""
    found = list(Employer.objects.of_contact(request.user).select_related("organisation"))
    if not found:
        raise Http404
    for one in found:
        record(
            EMPLOYER_FIGURES_SEEN,
            by=request.user,
            organisation=one.organisation_id,
            details={"employer": one.pk},
        )
    shown = [
        {"employer": one, "table": cohort_table(one, protect=True), "slots": _slots(one)}
        for one in found
    ]
    return render(request, "volunteers/employers/mine.html", {"employers": shown})


@signed_in
@never_cache
@require_safe
def days(request: SignedInRequest) -> HttpResponse:
    """For somebody who volunteers through work or college: the days with places for them."""
    volunteer = _own(request)
    slots = (
        StaffSlot.objects.open_to(volunteer)
        .with_places_taken()
        .annotate(is_mine=Count("taken_by", filter=Q(taken_by=volunteer), distinct=True))
        .select_related("employer__organisation", "opportunity__organisation")
        .order_by("day", "pk")
    )
    return render(request, "volunteers/employers/days.html", {"slots": slots})


@signed_in
@require_POST
def take(request: SignedInRequest, slot_id: UUID) -> HttpResponse:
    """Take a place, or give it back (``do=give-back``)."""
    volunteer = _own(request)
    slot = get_object_or_404(StaffSlot.objects.open_to(volunteer), pk=slot_id)
    try:
        if request.POST.get("do") == "give-back":
            give_back_slot(slot=slot, volunteer=volunteer, by=request.user)
            messages.success(request, _("Your place is free again. Thank you for saying so."))
        else:
            take_slot(slot=slot, volunteer=volunteer, by=request.user)
            messages.success(request, _("You have a place. Thank you."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("volunteers:my_days")


def _own(request: SignedInRequest) -> Volunteer:
    volunteer = own_volunteer(request.user)
    if volunteer is None:
        raise Http404
    return volunteer


def _employer(request: SignedInRequest, employer_id: UUID) -> Employer:
    return get_object_or_404(
        Employer.objects.visible_to(request.user).select_related("organisation", "contact"),
        pk=employer_id,
    )
