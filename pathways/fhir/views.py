"""The file for other computers: for the person themselves, and for an organisation that they agreed to."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.forms import RadiosWithHints
from directory.models import Organisation
from members.models import Person
from pathways.access import own_person_or_404, pathway_or_404
from pathways.events import PATHWAY_EXPORTED
from pathways.fhir.bundle import (
    MEDIA_TYPE,
    Exported,
    bundle_for_organisation,
    bundle_for_person,
    receivers,
)
from pathways.refusals import Refused


class ReceiverForm(forms.Form):
    """Only those that the person agreed to: the list is the rule, and the bundle asks again."""

    organisation = forms.ModelChoiceField(
        label=_("Who is it for?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=RadiosWithHints,
        error_messages={
            "required": _("Choose who it is for"),
            "invalid_choice": _("The person has not agreed that they may have it"),
        },
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        found = [one.pk for one in receivers(person)]
        field: forms.ModelChoiceField = self.fields["organisation"]  # type: ignore[assignment]
        field.queryset = Organisation.objects.filter(pk__in=found).order_by("sort_key")


@signed_in
@never_cache
@require_safe
def my_fhir(request: HttpRequest) -> HttpResponse:
    """A person's own plan, requests, goals and what they agreed to."""
    person = own_person_or_404(request)
    exported = bundle_for_person(person)
    record(
        PATHWAY_EXPORTED,
        by=request.user,  # type: ignore[arg-type]
        subject=person.id,
        organisation=person.organisation_id,
        details={"receiver": "", "resources": exported.resources},
    )
    return _file(exported, "my-plan")


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fhir(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """Choose an organisation that the person agreed to, and get the file for it."""
    pathway = pathway_or_404(request.user, pathway_id)
    person = pathway.person
    form = (
        ReceiverForm(request.POST if request.method == "POST" else None, person=person)
        if person is not None
        else None
    )
    if request.method == "POST" and form is not None and person is not None and form.is_valid():
        receiver = form.cleaned_data["organisation"]
        try:
            exported = bundle_for_organisation(person, receiver)
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            record(
                PATHWAY_EXPORTED,
                by=request.user,
                subject=person.id,
                organisation=pathway.organisation_id,
                details={"receiver": receiver.id, "resources": exported.resources},
            )
            return _file(exported, pathway.reference)
    return render(
        request,
        "pathways/fhir/send.html",
        {
            "pathway": pathway,
            "form": form,
            "may_send": form is not None and form.fields["organisation"].queryset.exists(),  # type: ignore[attr-defined]
        },
    )


def _file(exported: Exported, name: str) -> HttpResponse:
    response = HttpResponse(exported.text, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    on = timezone.localdate()
    response["Content-Disposition"] = f'attachment; filename="{name}-{on:%Y-%m-%d}.fhir.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
