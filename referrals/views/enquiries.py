"""Enquiries at the desk: the list, the screen on which they are taken, the page of a finished one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PaperColour, PrintSize, file_name, pdf_response
from dcsn.references import normal_reference
from dcsn.unsent import keep_unsent
from directory.models import Organisation, Service
from directory.printing import selection_pdf
from directory.selections import ListOfServices
from directory.wards import ward_of
from members.models import Person
from referrals.access import desks_of, enquiry_or_404
from referrals.actions.enquiries import (
    open_enquiry,
)
from referrals.enquiry_links import links_for
from referrals.enquiry_page import enquiry_page, finished_page
from referrals.events import ENQUIRIES_LISTED, ENQUIRY_PRINTED, ENQUIRY_VIEWED
from referrals.forms.enquiries import EnquiryForm, new_page_key, read_page_key
from referrals.models import Enquiry
from referrals.views.taking import person_allowed, render_screen, take

State = Enquiry.State
PER_PAGE = 25
# Shown on the page that gives back what was typed after the sign-in has ended.
TYPED = {
    "words": gettext_lazy("What do they say?"),
    "wants": gettext_lazy("What do they hope for?"),
    "answer": gettext_lazy("What did you tell them?"),
    "promise": gettext_lazy("What you promised"),
}


@requires(Permission.ENQUIRY_TAKE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """My own open ones first, then the others that are open, then the finished, the newest first."""
    seen = Enquiry.objects.visible_to(request.user)
    typed = request.GET.get("reference", "").strip()[:40]
    if typed:
        found = seen.filter(reference=normal_reference(typed)).first()
        if found is not None:
            return redirect(found)
    rows = (
        seen.exclude(state=State.ENTERED_IN_ERROR)
        .annotate(
            rank=Case(
                When(state=State.OPEN, taken_by=request.user, then=Value(0)),
                When(state=State.OPEN, then=Value(1)),
                default=Value(2),
            )
        )
        .select_related("person", "taken_by", "organisation")
        .order_by("rank", "-started_at", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed: list[Any] = list(page.object_list)
    if listed:
        record(
            ENQUIRIES_LISTED,
            by=request.user,
            details={
                "enquiries": [one.id for one in listed],
                "people": sorted({str(one.person_id) for one in listed if one.person_id}),
            },
        )
    return render(
        request,
        "referrals/enquiry/list.html",
        {
            "page": page,
            "mine": [one for one in listed if one.rank == 0],
            "others": [one for one in listed if one.rank == 1],
            "finished": [one for one in listed if one.rank == 2],
            "reference": typed,
            "not_found": bool(typed),
            "query": "",
        },
    )


@keep_unsent(labels=TYPED)
@requires(Permission.ENQUIRY_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A blank screen. Nothing is written before something is sent."""
    desks = desks_of(request.user)
    if not desks:
        raise PermissionDenied
    desk = _desk(request, desks)
    person = _person_named(request)
    blank = Enquiry(organisation=desk, person=person, **_known_of(person))
    if request.method != "POST":
        form = EnquiryForm(enquiry=blank)
        form.initial["key"] = new_page_key()
        form.fields["words"].widget.attrs["autofocus"] = True
        page = enquiry_page(blank, form=form, address=reverse("referrals:enquiry_new"))
        page.desks = desks
        return render_screen(request, page)
    key, opened_at = read_page_key(request.POST.get("key", ""))
    found = Enquiry.objects.filter(key=key, organisation__in=desks).first()
    if found is None:
        found = open_enquiry(
            organisation=desk,
            by=request.user,
            key=key,
            started_at=opened_at,
            person=person,
            **_known_of(person),
        )
    return take(request, found)


@keep_unsent(labels=TYPED)
@requires(Permission.ENQUIRY_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: SignedInRequest, enquiry_id: UUID) -> HttpResponse:
    """One enquiry: the screen while it is open, and afterwards what came of it."""
    found = enquiry_or_404(request.user, enquiry_id)
    if request.method == "POST":
        return take(request, found)
    record(
        ENQUIRY_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"enquiry": found.id},
    )
    if not found.is_open:
        return render(
            request,
            "referrals/enquiry/finished.html",
            {"page": finished_page(found), "links": links_for(request.user, found)},
        )
    page = enquiry_page(found, form=EnquiryForm(enquiry=found), address=found.get_absolute_url())
    page.is_saved = True
    if found.person is None:
        # Just recorded on a page of their own: one button says that it is about them.
        page.proposed = _person_named(request)
    return render_screen(request, page)


@requires(Permission.ENQUIRY_TAKE)
@never_cache
@require_safe
def sheets(request: SignedInRequest, enquiry_id: UUID) -> HttpResponse:
    """What was chosen or told, on paper in their size. Says nothing about the person."""
    found = enquiry_or_404(request.user, enquiry_id)
    ids = list(found.choices.values_list("service_id", flat=True)) or list(
        found.signposts.values_list("service_id", flat=True)
    )
    services = Service.objects.publishable().filter(id__in=ids).in_bulk()
    kept = [key for key in ids if key in services]
    if not kept:
        raise Http404
    size = PrintSize.read(request.GET.get("size"))
    record(
        ENQUIRY_PRINTED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"enquiry": found.id, "size": int(size)},
    )
    data = selection_pdf(
        ListOfServices(kept), size=size, paper=PaperColour.WHITE, now=timezone.now()
    )
    return pdf_response(data, file_name(found.reference, size=size, on=timezone.localdate()))


# --- A new one ------------------------------------------------------------------------------------------


def _desk(request: SignedInRequest, desks: list[Organisation]) -> Organisation:
    wanted = request.POST.get("desk") or request.GET.get("desk") or ""
    return next((one for one in desks if str(one.id) == wanted), desks[0])


def _person_named(request: SignedInRequest) -> Person | None:
    """The person in the address or in the page, if this member of staff may see them."""
    return person_allowed(request, request.POST.get("person") or request.GET.get("person") or "")


def _known_of(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "formats": list(person.formats),
        "interpreter_language": person.interpreter_language,
        "outward": person.postcode.split(" ")[0],
        "ward": ward_of(person.postcode) if person.postcode else "",
    }
