"""Writing down what a person agreed to, and that they no longer do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from members.access import person_or_404
from members.actions.people import record_consent, withdraw_consent
from members.forms.consent import ConsentForm
from members.models import Consent, Person, Purpose
from members.refusals import NothingToWithdraw
from members.wordings import current_wording


@requires(Permission.CONSENT_RECORD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Read the words out, and write down what they said."""
    found = person_or_404(request.user, Permission.CONSENT_RECORD, person_id)
    form = ConsentForm(
        request.POST or None,
        words=_words(found),
        receivers=Organisation.objects.exclude(pk=found.organisation_id).order_by("sort_key", "id"),
    )
    if request.method == "POST" and form.is_valid():
        receiver = form.cleaned_data["organisation"]
        shared = form.cleaned_data["purpose"] == Purpose.SHARE
        try:
            record_consent(
                person=found,
                organisation=receiver if shared else found.organisation,
                by=request.user,
                **form.facts,
            )
        except ValidationError as error:
            for name, told in error.message_dict.items():
                form.add_error(name if name in form.fields else None, told)
        else:
            messages.success(request, _("It is recorded."))
            return redirect(found)
    return render(
        request,
        "members/desk/person_consent.html",
        {"person": found, "form": form},
        status=422 if form.errors else 200,
    )


def _words(found: Person) -> dict[str, str]:
    """What is read out for each purpose, with blanks to be filled in by voice."""
    return {
        purpose.value: current_wording(purpose).read_out(
            organisation=_("[the organisation]")
            if purpose == Purpose.SHARE
            else found.organisation.name,
            categories=[_("[what is ticked below]")],
        )
        for purpose in Purpose
    }


@requires(Permission.CONSENT_WITHDRAW)
@require_POST
def withdraw(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """They no longer agree to something, for the access point itself or for a receiver."""
    found = person_or_404(request.user, Permission.CONSENT_WITHDRAW, person_id)
    purpose = request.POST.get("purpose", "")
    organisation = _organisation_of(request, found)
    if purpose not in Purpose.values or organisation is None:
        return redirect(found)
    try:
        withdraw_consent(
            person=found,
            organisation=organisation,
            purpose=purpose,
            how=Consent.How.SPOKEN,
            by=request.user,
        )
    except NothingToWithdraw as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is noted that they no longer agree."))
    return redirect(found)


def _organisation_of(request: SignedInRequest, found: Person) -> Organisation | None:
    """The organisation that the button named, if they ever agreed to something for it."""
    if "organisation" not in request.POST:
        return found.organisation
    try:
        identifier = UUID(request.POST["organisation"])
    except ValueError:
        return None
    row = (
        Consent.objects.of(found)
        .filter(organisation_id=identifier)
        .select_related("organisation")
        .first()
    )
    return row.organisation if row else None
