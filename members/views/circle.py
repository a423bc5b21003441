"""Who belongs to somebody, whom to ring in an emergency, and what else they are called."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.error_pages import too_many_requests
from members.access import person_or_404
from members.actions import relations as actions
from members.actions.looking import look_for_people
from members.circle import circle_of
from members.events import PERSON_VIEWED
from members.finding import Typed
from members.forms.relations import (
    EmergencyContactForm,
    FindSomebodyForm,
    OtherNameForm,
    RelationshipForm,
)
from members.models import Person, Relationship
from members.refusals import LookedTooOften, Refused


def _person(request: SignedInRequest, person_id: UUID) -> Person:
    return person_or_404(request.user, Permission.PERSON_CHANGE, person_id)


def _note_look(request: SignedInRequest, found: Person, others: list[UUID] | None = None) -> None:
    record(
        PERSON_VIEWED,
        by=request.user,
        subject=found.id,
        organisation=found.organisation_id,
        details={"others": others} if others else None,
    )


# --- Other names ------------------------------------------------------------------------------------


@requires(Permission.PERSON_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """What else they are called; one more, or one less."""
    found = _person(request, person_id)
    form = OtherNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_other_name(person=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The name is recorded."))
            return redirect("members:person_names", found.id)
    if request.method != "POST":
        _note_look(request, found)
    return render(
        request,
        "members/desk/person_names.html",
        {"person": found, "form": form, "names": found.other_names.all()},
        status=422 if form.errors else 200,
    )


@requires(Permission.PERSON_CHANGE)
@require_POST
def remove_name(request: SignedInRequest, person_id: UUID, name_id: UUID) -> HttpResponse:
    found = _person(request, person_id)
    actions.remove_other_name(
        name=get_object_or_404(found.other_names.select_related("person"), pk=name_id),
        by=request.user,
    )
    messages.success(request, _("The name is taken out."))
    return redirect("members:person_names", found.id)


# --- Ties and households ----------------------------------------------------------------------------


@requires(Permission.PERSON_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def circle(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Who belongs to them. To tie somebody: find them, choose them, say what they are.

    All by POST: names do not belong in addresses.
    """
    found = _person(request, person_id)
    step = request.POST.get("step", "")
    if step in ("choose", "save"):
        return _tie(request, found, step)
    form = FindSomebodyForm(request.POST if step == "find" else None)
    people: list[Person] | None = None
    if form.is_bound and form.is_valid():
        try:
            people = _called(request, found, form.cleaned_data["words"])
        except LookedTooOften as refusal:
            return too_many_requests(request, retry_after=refusal.seconds)
    shown = circle_of(request.user, found)
    if not form.is_bound:
        _note_look(request, found, shown.ids)
    return render(
        request,
        "members/desk/person_circle.html",
        {"person": found, "circle": shown, "form": form, "people": people},
        status=422 if form.errors else 200,
    )


def _called(request: SignedInRequest, found: Person, words: str) -> list[Person]:
    """Those whom this user sees without a reason and who may be meant, the likeliest first."""
    typed = Typed.from_text(words)
    if not typed:
        return []
    matches = look_for_people(typed=typed, by=request.user, without=[found.pk]).own
    return [match.person for match in matches]


def _tie(request: SignedInRequest, found: Person, step: str) -> HttpResponse:
    try:
        other_id = UUID(request.POST.get("other", ""))
    except ValueError:
        return redirect("members:person_circle", found.id)
    other = person_or_404(request.user, Permission.PERSON_VIEW, other_id)
    form = RelationshipForm(
        request.POST if step == "save" else None,
        name=found.greeting,
        other_name=other.greeting,
        initial={"other": other.pk},
    )
    if form.is_bound and form.is_valid():
        try:
            _save_tie(request, found, other, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is recorded for both."))
            return redirect("members:person_circle", found.id)
    return render(
        request,
        "members/desk/person_tie.html",
        {"person": found, "other": other, "form": form},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def _save_tie(
    request: SignedInRequest, found: Person, other: Person, form: RelationshipForm
) -> None:
    kind, turned = form.kind_and_turned
    one, another = (other, found) if turned else (found, other)
    actions.tie(
        person=one, other=another, kind=kind, since=form.cleaned_data["since"], by=request.user
    )
    if form.cleaned_data["together"]:
        actions.live_together(person=found, other=other, by=request.user)


@requires(Permission.PERSON_CHANGE)
@require_POST
def end_tie(request: SignedInRequest, person_id: UUID, tie_id: UUID) -> HttpResponse:
    """It is over: from either end's page."""
    found = _person(request, person_id)
    row = get_object_or_404(Relationship.objects.of(found), pk=tie_id)
    actions.end_tie(relationship=row, by=request.user)
    messages.success(request, _("It is noted that this is over."))
    return redirect("members:person_circle", found.id)


@requires(Permission.PERSON_CHANGE)
@require_POST
def leave_household(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    found = _person(request, person_id)
    actions.leave_household(person=found, by=request.user)
    messages.success(
        request, _("It is noted that they live elsewhere. Ask whether they live alone.")
    )
    return redirect("members:person_circle", found.id)


# --- Emergency contacts -----------------------------------------------------------------------------


@requires(Permission.PERSON_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Whom to ring, in the order in which to try; one more."""
    found = _person(request, person_id)
    form = EmergencyContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_emergency_contact(person=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The contact is recorded."))
        return redirect("members:person_emergency", found.id)
    if request.method != "POST":
        _note_look(request, found)
    return render(
        request,
        "members/desk/person_emergency.html",
        {"person": found, "form": form, "contacts": found.emergency_contacts.all()},
        status=422 if form.errors else 200,
    )


@requires(Permission.PERSON_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_contact(request: SignedInRequest, person_id: UUID, contact_id: UUID) -> HttpResponse:
    """Change one of them, or take them out."""
    found = _person(request, person_id)
    contact = get_object_or_404(found.emergency_contacts.select_related("person"), pk=contact_id)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_emergency_contact(contact=contact, by=request.user)
        messages.success(request, _("The contact is taken out."))
        return redirect("members:person_emergency", found.id)
    initial: dict[str, Any] = {
        name: getattr(contact, name) for name in EmergencyContactForm.base_fields
    }
    form = EmergencyContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_emergency_contact(contact=contact, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("members:person_emergency", found.id)
    return render(
        request,
        "members/desk/person_emergency_contact.html",
        {"person": found, "form": form},
        status=422 if form.errors else 200,
    )
