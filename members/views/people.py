"""One person's record: what is known, what they agreed to, who has looked; a copy; being forgotten."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.audit.models import Event
from dcsn.privacy import all_ids_of, erase_person, export_person
from dcsn.privacy.erasure_log import ErasureLogError
from dcsn.privacy.exporting import PersonExport
from dcsn.privacy.holds import OnHold
from dcsn.privacy.registry import links
from members.access import person_or_404
from members.actions.people import withdraw_consent
from members.events import PERSON_VIEWED
from members.forms.people import EraseForm
from members.models import Consent, Format, PaperRequest, Person, Purpose
from members.refusals import NothingToWithdraw

LOOKS_SHOWN = 20


@requires(Permission.PERSON_VIEW)
@never_cache
@require_safe
def person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Everything that staff of their access point need on one page."""
    found = person_or_404(request.user, Permission.PERSON_VIEW, person_id)
    ids = all_ids_of(found.id)
    record(PERSON_VIEWED, by=request.user, subject=found.id, organisation=found.organisation_id)
    events = Event.objects.for_the_person(*ids)[:LOOKS_SHOWN]
    somebody = _("Somebody who works for the network")
    return render(
        request,
        "members/desk/person.html",
        {
            "person": found,
            "age": found.age_band_on(timezone.localdate()),
            "needs": [Format(value).label for value in found.formats],
            "consents": _consents(found),
            "requests": PaperRequest.objects.filter(person=found).order_by("-created_at")[:10],
            "looks": [(event.happened_at, event.sentence(somebody)) for event in events],
            "may_export": can(request.user, Permission.PERSON_EXPORT, found),
            "may_hold": can(request.user, Permission.HOLD_PLACE, found),
            "may_erase": can(request.user, Permission.PERSON_ERASE, found),
            "may_withdraw": can(request.user, Permission.CONSENT_WITHDRAW, found),
        },
    )


def _consents(found: Person) -> list[dict[str, object]]:
    """Each record in order, and whether its purpose may still be relied on."""
    rows = Consent.objects.of(found).select_related("organisation").order_by("-at", "-recorded_at")
    last: set[tuple[UUID, str]] = set()
    said = []
    for consent in rows:
        key = (consent.organisation_id, consent.purpose)
        said.append(
            {
                "consent": consent,
                "stands": key not in last
                and Consent.objects.allows(found, consent.purpose, consent.organisation),
            }
        )
        last.add(key)
    return said


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def copy(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """A copy for the person, to be read or printed."""
    return render(request, "members/desk/person_copy.html", {"export": _copy(request, person_id)})


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def copy_json(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """The same for a machine."""
    export = _copy(request, person_id)
    response = HttpResponse(export.as_json(), content_type="application/json; charset=utf-8")
    day = f"{timezone.localdate():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="copy-{day}.json"'
    return response


def _copy(request: SignedInRequest, person_id: UUID) -> PersonExport:
    found = person_or_404(request.user, Permission.PERSON_EXPORT, person_id)
    return export_person(found.id, by=request.user, organisation=found.organisation_id)


@requires(Permission.CONSENT_WITHDRAW)
@require_POST
def withdraw(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """They no longer agree to something."""
    found = person_or_404(request.user, Permission.CONSENT_WITHDRAW, person_id)
    purpose = request.POST.get("purpose", "")
    if purpose not in Purpose.values:
        return redirect(found)
    try:
        withdraw_consent(
            person=found,
            organisation=found.organisation,
            purpose=purpose,
            how=Consent.How.SPOKEN,
            by=request.user,
        )
    except NothingToWithdraw as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is noted that they no longer agree."))
    return redirect(found)


@requires(Permission.PERSON_ERASE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Forget somebody, after saying what goes and what must stay."""
    found = person_or_404(request.user, Permission.PERSON_ERASE, person_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = erase_person(
                found.id,
                by=request.user,
                reason=form.cleaned_data["reason"],
                organisation=found.organisation_id,
            )
        except OnHold as refusal:
            form.add_error(None, str(refusal))
        except ErasureLogError:
            form.add_error(
                None,
                _(
                    "Nothing was erased, because the list of erasures cannot be written. "
                    "Please tell whoever looks after the portal."
                ),
            )
        else:
            return render(request, "members/desk/person_erased.html", {"report": report})
    kept = [(link.heading, link.keep) for _model, link in links() if link.keep]
    return render(
        request, "members/desk/person_erase.html", {"form": form, "person": found, "kept": kept}
    )
