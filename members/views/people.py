"""One person's record: what is known, what they agreed to, who has looked; a copy; being forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.acting import who_acted
from dcsn.access.requests import SignedInRequest
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.audit.models import Event
from dcsn.privacy import all_ids_of, erase_person
from dcsn.privacy.erasure_log import ErasureLogError
from dcsn.privacy.holds import OnHold
from dcsn.privacy.registry import links
from members.access import access_points, person_or_404
from members.circle import circle_of
from members.events import PERSON_VIEWED
from members.forms.people import EraseForm
from members.models import Consent, Format, PaperRequest, Person, Purpose, SafetyFlag
from members.models.person import age_on
from members.person_page import links_for, sections_for

LOOKS_SHOWN = 20


@requires(Permission.PERSON_VIEW)
@never_cache
@require_safe
def person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Everything that staff of their access point need on one page."""
    found = person_or_404(request.user, Permission.PERSON_VIEW, person_id)
    ids = all_ids_of(found.id)
    circle = circle_of(request.user, found, ids)
    record(
        PERSON_VIEWED,
        by=request.user,
        subject=found.id,
        organisation=found.organisation_id,
        details={"others": circle.ids} if circle.ids else None,
    )
    events = Event.objects.for_the_person(*ids)
    casework = sees_casework(request.user, found)
    if not casework:
        events = events.filter(Q(type__startswith="person:") | Q(type__startswith="paper:"))
    looks = list(events[:LOOKS_SHOWN])
    named = who_acted(
        looks,
        person=_("The person"),
        by_link=_("The person, by their link,"),
        account=found.user_id,
        # Where somebody has help is for the timeline to say, to who may see each referral.
        at=set(access_points().values_list("id", flat=True)),
    )
    consents = [
        row
        for row in _consents(ids)
        if casework or row.consent.organisation_id == found.organisation_id
    ]
    wide, narrow = sections_for(request.user, found)
    return render(
        request,
        "members/desk/person.html",
        {
            "person": found,
            "age": _age_in_words(found),
            "needs": [Format(value).label for value in found.formats],
            "flags": SafetyFlag.objects.shown_to(request.user, found, ids).in_force(),
            "circle": circle,
            "emergency_contacts": found.emergency_contacts.all(),
            "other_names": found.other_names.all(),
            "casework": casework,
            "standing": [row for row in consents if row.stands],
            "over": [row for row in consents if not row.stands],
            "may_keep": any(
                row.stands and row.consent.purpose == Purpose.REMEMBER for row in consents
            ),
            "requests": PaperRequest.objects.filter(person=found).order_by("-created_at")[:10],
            "looks": [(event.happened_at, event.sentence(named(event))) for event in looks],
            "sections": wide,
            "narrow_sections": narrow,
            "links": links_for(request.user, found),
            "may": may_do(request.user, found),
        },
    )


MAY = {
    "change": Permission.PERSON_CHANGE,
    "flag": Permission.SAFETY_FLAG_CHANGE,
    "name_contact": Permission.COORDINATOR_CHANGE,
    "post": Permission.PAPER_REQUEST_FOR_PERSON,
    "equality": Permission.EQUALITY_RECORD,
    "ask": Permission.CONSENT_RECORD,
    "withdraw": Permission.CONSENT_WITHDRAW,
    "export": Permission.PERSON_EXPORT,
    "erase": Permission.PERSON_ERASE,
    "complain": Permission.COMPLAINT_HANDLE,
    "hold": Permission.HOLD_PLACE,
}


def may_do(user: User, found: Person) -> dict[str, bool]:
    """What the page offers; each view asks again."""
    return {name: can(user, permission, found) for name, permission in MAY.items()}


def sees_casework(user: User, found: Person) -> bool:
    """Whether they may know for what, and from whom, this person has help.

    A membership officer looks after cards and sees no referrals: to which organisation somebody's
    details may go, and what was thought of their capacity, would tell as much.
    """
    return can(user, Permission.REFERRAL_VIEW, found) or can(user, Permission.PERSON_EXPORT, found)


def _age_in_words(found: Person) -> str:
    if found.date_of_birth is not None:
        years = age_on(found.date_of_birth, timezone.localdate())
        return ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}
    band = found.age_band_on(timezone.localdate())
    return str(band.label) if band else ""


@dataclass(frozen=True)
class ConsentRow:
    """One record, and whether its purpose may still be relied on."""

    consent: Consent
    stands: bool


def _consents(ids: Iterable[UUID]) -> list[ConsentRow]:
    """Each record, the newest first; one query, however many there are."""
    rows = (
        Consent.objects.of_ids(ids)
        .select_related("organisation", "note")
        .order_by("-at", "-recorded_at", "-id")
    )
    now = timezone.now()
    said: set[tuple[UUID, str]] = set()
    found_rows = []
    for consent in rows:
        key = (consent.organisation_id, consent.purpose)
        found_rows.append(ConsentRow(consent, key not in said and consent.stands_at(now)))
        said.add(key)
    return found_rows


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
