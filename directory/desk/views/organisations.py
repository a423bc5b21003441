"""Organisations: new ones, and the facts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, get_permitted_or_404, requires
from directory.actions.organisations import add_organisation as add_organisation_action
from directory.actions.organisations import change_organisation as change_organisation_action
from directory.actions.organisations import main_phone
from directory.desk.forms.organisations import OrganisationForm
from directory.models import Organisation


@requires(Permission.ORGANISATION_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, whole_directory=True)
    if request.method == "POST" and form.is_valid():
        organisation = add_organisation_action(
            values=form.values, phone=form.cleaned_data["phone"], by=request.user
        )
        messages.success(request, _("Added. Now add what it offers."))
        return redirect("directory_desk:organisation", organisation_id=organisation.pk)
    return render(
        request,
        "directory/desk/organisation.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.ORGANISATION_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = get_permitted_or_404(
        request.user, Permission.ORGANISATION_CHANGE, Organisation.objects.all(), pk=organisation_id
    )
    phone = main_phone(organisation)
    form = OrganisationForm(
        request.POST or None,
        instance=organisation,
        initial={"phone": phone.number if phone else ""},
        whole_directory=can(request.user, Permission.ORGANISATION_ADD),
    )
    # The form writes what was typed into its instance: the heading keeps the stored name.
    name = organisation.name
    if request.method == "POST" and form.is_valid():
        change_organisation_action(
            organisation=organisation,
            values=form.values,
            phone=form.cleaned_data["phone"],
            by=request.user,
        )
        messages.success(request, _("Saved. The public page shows it now."))
        return redirect("directory_desk:organisation", organisation_id=organisation.pk)
    return render(
        request,
        "directory/desk/organisation.html",
        {"form": form, "organisation": organisation, "organisation_name": name},
        status=422 if form.errors else 200,
    )
