"""Recording somebody, changing what is known, and naming who answers for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.error_pages import too_many_requests
from dcsn.forms import DatePartsInput
from members.access import (
    Standing,
    access_points_of,
    person_or_404,
    possible_contacts,
    standing_of,
)
from members.actions.looking import look_for_people
from members.actions.opening import open_record
from members.actions.people import (
    add_person,
    change_person_as_seen,
    name_contact,
    record_consent,
)
from members.actions.relations import add_other_name
from members.events import PERSON_ADDED_ALTHOUGH_ALIKE, PERSON_VIEWED
from members.finding import Typed
from members.forms.finding import AlikeForm, FindForm
from members.forms.people import (
    ChangePersonForm,
    NamedContactForm,
    NewPersonForm,
    PersonForm,
    put_into,
    seal,
)
from members.models import Category, Consent, Opening, Person, Purpose
from members.refusals import ChangedMeanwhile, LookedTooOften, Refused
from members.views.finding import typed_lately

# What a page before this one may pass on; never in an address, which lands in logs.
_PASSED_ON = ("given_name", "family_name", "known_as", "postcode", "phone")
BEGIN = "begin"


@requires(Permission.PERSON_ADD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Record somebody.

    The form opens filled in with what was searched for lately, or with what a page posts together with
    ``begin``; without it, a POST is the form filled in.
    """
    desks = access_points_of(request.user, Permission.PERSON_ADD)
    options: dict[str, Any] = {
        "desks": desks,
        "may_ask": can(request.user, Permission.CONSENT_RECORD),
        "may_change": can(request.user, Permission.PERSON_CHANGE),
    }
    if request.method != "POST" or BEGIN in request.POST:
        form = NewPersonForm(initial=_passed_on(request), **options)
        return _page(request, form)
    form = NewPersonForm(request.POST, **options)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        alike = _alike(request, form)
        if alike and not alike.is_answered:
            return _page(request, form, alike, status=422)
        person = _add(request, form, alike)
    except LookedTooOften as refusal:
        return too_many_requests(request, retry_after=refusal.seconds)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, status=422)
    messages.success(request, _("They are on record."))
    if can(request.user, Permission.PERSON_VIEW, person):
        return redirect(person)
    return redirect("accounts:home")


def _page(
    request: SignedInRequest,
    form: NewPersonForm,
    alike: AlikeForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    return render(
        request, "members/desk/person_new.html", {"form": form, "alike": alike}, status=status
    )


def _alike(request: SignedInRequest, form: NewPersonForm) -> AlikeForm | None:
    """Who is on record and very likely the same person; ``None`` for nobody.

    The reason counts for those whom the page showed: whoever was found since is shown first.
    """
    former = form.other_name["family_name"] if form.other_name else ""
    typed = Typed.of_facts(form.facts, former=former)
    found = look_for_people(typed=typed, by=request.user)
    return AlikeForm(request.POST, found=found) if found.all_strong else None


def _passed_on(request: SignedInRequest) -> dict[str, Any]:
    """What is known already: posted by a page, or searched for within the last half hour."""
    if request.method == "POST":
        sent: dict[str, Any] = {name: request.POST.get(name, "")[:200] for name in _PASSED_ON}
        sent["date_of_birth"] = [
            request.POST.get(f"date_of_birth_{part}", "")[:20] for part in DatePartsInput.PARTS
        ]
        return sent
    searched = FindForm(typed_lately(request) or None)
    if not searched.is_bound or not searched.is_valid():
        return {}
    typed, born = searched.cleaned_data, searched.typed.born
    given, _blank, family = _name_in(typed["q"]).rpartition(" ")
    return {
        "given_name": typed["given_name"] or given,
        "family_name": typed["family_name"] or family,
        "date_of_birth": [born.day, born.month, born.year] if born else None,
        "postcode": searched.typed.postcode,
    }


def _name_in(words: str) -> str:
    """The words of the one box that can be a name: those with figures are a date or a postcode."""
    return " ".join(word for word in words.split() if word.isalpha())


@transaction.atomic
def _add(request: SignedInRequest, form: NewPersonForm, alike: AlikeForm | None) -> Person:
    organisation = form.cleaned_data["organisation"]
    person = add_person(organisation=organisation, by=request.user, **form.facts)
    if alike is not None:
        record(
            PERSON_ADDED_ALTHOUGH_ALIKE,
            by=request.user,
            subject=person.id,
            organisation=organisation.id,
            details={"reason": alike.cleaned_data["although"], "people": alike.ids},
        )
    if form.other_name is not None:
        add_other_name(person=person, by=request.user, **form.other_name)
    agreed = form.cleaned_data.get("agreed")
    if agreed in (Consent.How.SPOKEN, Consent.How.WRITTEN):
        record_consent(
            person=person,
            organisation=organisation,
            purpose=Purpose.REMEMBER,
            categories=[Category.NAME, Category.ADDRESS, Category.CONTACT, Category.FORMATS],
            how=agreed,
            by=request.user,
        )
    if standing_of(request.user, person) is Standing.NETWORK:
        # Of the whole network, such as a coordinator: whoever wrote it a moment ago is not asked why.
        open_record(
            person=person,
            by=request.user,
            reason=Opening.Reason.OTHER,
            words=_("They recorded this person just now."),
        )
    return person


@requires(Permission.PERSON_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Change what is known. Of two editors at once the second sees what the first did."""
    found = person_or_404(request.user, Permission.PERSON_CHANGE, person_id)
    name = found.name  # the form's instance takes what was typed: the heading keeps the stored name
    form: PersonForm = ChangePersonForm(request.POST or None, instance=found)
    status, meanwhile = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = change_person_as_seen(
                    person=found,
                    by=request.user,
                    facts=form.facts,
                    seen=form.cleaned_data["seen"],
                )
            except ChangedMeanwhile as clash:
                form, meanwhile, status = _with_theirs(request, form, clash), True, 409
            except ValidationError as error:
                # Each half was right by itself, but not the two editors' together.
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved."))
                if done.by_others:
                    messages.info(request, _said_of_others(form, done.by_others))
                return redirect(done.person)
    else:
        record(PERSON_VIEWED, by=request.user, subject=found.id, organisation=found.organisation_id)
    return render(
        request,
        "members/desk/person_change.html",
        {"form": form, "person": found, "name": name, "changed_meanwhile": meanwhile},
        status=status,
    )


def _said_of_others(form: PersonForm, fields: tuple[str, ...]) -> str:
    labels = ", ".join(str(form.fields[name].label) for name in form.fields if name in fields)
    return _(
        "Somebody else changed this record while you had it open, and that is kept: %(what)s"
    ) % {"what": labels}


def _with_theirs(
    request: SignedInRequest, form: PersonForm, clash: ChangedMeanwhile
) -> ChangePersonForm:
    """What was typed, over the record as it now is; a note beside each fact that both altered. Saving
    again keeps this editor's words."""
    current = clash.current
    data = request.POST.copy()
    data["seen"] = seal(current)
    for name in form.facts:
        if name not in clash.altered:
            put_into(data, form, name, getattr(current, name))
    again = ChangePersonForm(data, instance=Person.objects.get(pk=current.pk))
    again.full_clean()
    for name in sorted(clash.clash):
        again.add_error(
            name,
            _("Somebody else has just saved: %(value)s") % {"value": _in_words(current, name)},
        )
    return again


def _in_words(person: Person, name: str) -> str:
    value = getattr(person, name)
    if name == "formats":
        labels = dict(Person._meta.get_field("formats").base_field.choices)  # type: ignore[attr-defined]
        said = ", ".join(str(labels[one]) for one in value)
    elif name == "date_of_birth":
        said = f"{value.day} {value:%m %Y}" if value else ""
    else:
        said = getattr(person, f"get_{name}_display", lambda: value)()
    return str(said or _("nothing"))


@requires(Permission.COORDINATOR_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def named_contact(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Say whom the person can ask for by name."""
    found = person_or_404(request.user, Permission.COORDINATOR_CHANGE, person_id)
    form = NamedContactForm(
        request.POST or None,
        candidates=possible_contacts(found),
        initial={"coordinator": found.coordinator_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            name_contact(person=found, contact=form.cleaned_data["coordinator"], by=request.user)
        except Refused as refusal:
            form.add_error("coordinator", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return render(
        request,
        "members/desk/person_form.html",
        {
            "person": found,
            "form": form,
            "title": _("Named contact"),
            "button": _("Save"),
        },
        status=422 if form.errors else 200,
    )
