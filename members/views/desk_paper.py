"""The queue of post at an access point: take down, print, tick off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.jobs import start_job
from dcsn.printing import PrintSize, file_name, pdf_response
from directory.models import Service
from directory.printing import AT_ONCE
from members.access import access_points_of, may_remember, paper_request_or_404, person_or_404
from members.actions.paper import MOST_SERVICES, ask_for_paper, remember, settle_paper
from members.events import PAPER_LISTED, PAPER_PRINTED, PAPER_VIEWED, PERSON_VIEWED
from members.forms.paper import NotPostedForm, StaffPaperForm
from members.models import PaperRequest, Person
from members.paper_sheets import Posted, cover_pdf, sheets_pdf
from members.refusals import Refused
from members.views.paper import choice_from

PER_PAGE = 25
FOUND_AT_MOST = 10


@requires(Permission.PAPER_QUEUE)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What is to be posted, the oldest first; or what was posted lately."""
    done = request.GET.get("show") == "done"
    seen = PaperRequest.objects.visible_to(request.user)
    rows = (
        seen.lately_done().select_related("organisation").order_by("-done_at", "id")
        if done
        else seen.for_queue()
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(PAPER_LISTED, by=request.user, details={"requests": [one.id for one in listed]})
    return render(
        request,
        "members/desk/paper_queue.html",
        {
            "page": page,
            "done": done,
            "waiting_count": seen.waiting().count(),
            "sizes": PaperRequest.Size.choices,
            "query": "show=done&" if done else "",
        },
    )


@requires(Permission.PAPER_REQUEST_FOR_PERSON)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Take a request down for somebody at the desk or on the phone.

    Choosing services comes first and stays in the address, so that nothing typed about the person is
    lost by it. ``?person=…`` fills the form in with what is known of them.
    """
    desks = access_points_of(request.user, Permission.PAPER_REQUEST_FOR_PERSON)
    choice = choice_from(request, own_list=False)
    person = _known_person(request)
    form = StaffPaperForm(
        request.POST or None,
        services=choice.services,
        desks=desks,
        may_remember=person is None and may_remember(request.user),
        initial=_initial(person),
    )
    if request.method == "POST" and choice and form.is_valid():
        try:
            asked = _take_down(request, form, choice, person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("It is on the list. Their reference is %(reference)s.")
                % {"reference": asked.reference},
            )
            return redirect("members:paper_queue")
    words = request.GET.get("q", "").strip()[:200]
    return render(
        request,
        "members/desk/paper_new.html",
        {
            "form": form,
            "choice": choice,
            "person": person,
            "q": words,
            "found": _services_named(words, choice.services) if words else [],
            "nothing_chosen": request.method == "POST" and not choice,
        },
    )


def _known_person(request: SignedInRequest) -> Person | None:
    """The person in the address, if this member of staff may see them; a look is noted."""
    if "person" not in request.GET:
        return None
    try:
        identifier = UUID(request.GET["person"])
    except ValueError as error:
        raise Http404 from error
    person = person_or_404(request.user, Permission.PERSON_VIEW, identifier)
    record(PERSON_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)
    return person


def _initial(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "name": person.name,
        "address_1": person.address_1,
        "address_2": person.address_2,
        "town": person.town,
        "postcode": person.postcode,
        "phone": person.phone,
        "size": person.print_size or PaperRequest.Size.LARGE,
        "easy_read": "easy_read" in person.formats,
        "organisation": person.organisation_id,
    }


@transaction.atomic
def _take_down(
    request: SignedInRequest, form: StaffPaperForm, choice: Any, person: Person | None
) -> PaperRequest:
    typed = form.cleaned_data
    again = PaperRequest.objects.filter(key=typed["key"]).select_related("person").first()
    if again is not None:
        # The form was sent twice: the person was remembered by the first.
        person = again.person
    elif typed.get("remember"):
        person = remember(
            envelope=form.envelope,
            organisation=typed["organisation"],
            via=typed["via"],
            by=request.user,
        )
    return ask_for_paper(
        key=typed["key"],
        organisation=typed["organisation"],
        wanted=form.wanted,
        topic=choice.topic,
        envelope=form.envelope,
        via=typed["via"],
        by=request.user,
        person=person,
    )


def _services_named(words: str, chosen: list[Service]) -> list[Service]:
    """What staff look for while somebody waits: by the directory's own search."""
    from directory.search import Query, search

    if len(chosen) >= MOST_SERVICES:
        return []
    taken = {service.id for service in chosen}
    ids = search(Query(words=words)).service_ids[: FOUND_AT_MOST + len(taken)]
    found = Service.objects.publishable().select_related("organisation").in_bulk(ids)
    return [found[key] for key in ids if key in found and key not in taken][:FOUND_AT_MOST]


@requires(Permission.PAPER_QUEUE)
@never_cache
@require_safe
def one(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """One request: what to print, where to, and what became of it."""
    asked = paper_request_or_404(request.user, request_id)
    record(
        PAPER_VIEWED,
        by=request.user,
        subject=asked.person_id,
        organisation=asked.organisation_id,
        details={"request": asked.id},
    )
    return render(
        request,
        "members/desk/paper_request.html",
        {
            "asked": asked,
            "items": asked.items.select_related("service"),
            "form": NotPostedForm(),
        },
    )


@requires(Permission.PAPER_QUEUE)
@never_cache
@require_safe
def sheets(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """The sheets as one PDF; a long one is made by a job, and its page shown instead."""
    asked = _printable(request, request_id)
    if Posted(asked).count > AT_ONCE:
        _record_printed(request, [asked], "sheets")
        job = start_job(
            "members.sheets",
            by=request.user,
            parameters={"request": str(asked.id)},
            key=f"{asked.id}:{asked.size}",
        )
        return redirect(job)
    pdf = sheets_pdf(asked, now=timezone.now())
    if pdf is None:
        messages.warning(request, _("None of these services is in the directory any more."))
        return redirect(asked)
    _record_printed(request, [asked], "sheets")
    name = file_name(asked.reference, size=PrintSize(asked.size), on=timezone.localdate())
    return pdf_response(pdf, name)


@requires(Permission.PAPER_QUEUE)
@never_cache
@require_safe
def cover(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """The cover sheet, with the address for the window of the envelope."""
    asked = _printable(request, request_id)
    pdf = cover_pdf([asked], size=PrintSize(asked.size))
    _record_printed(request, [asked], "cover")
    name = file_name(
        f"{asked.reference} cover", size=PrintSize(asked.size), on=timezone.localdate()
    )
    return pdf_response(pdf, name)


@requires(Permission.PAPER_QUEUE)
@never_cache
@require_safe
def covers(request: SignedInRequest) -> HttpResponse:
    """Cover sheets for everything that waits, one size of print at a time, the oldest first."""
    size = PrintSize.read(request.GET.get("size"))
    waiting = list(
        PaperRequest.objects.visible_to(request.user).for_queue().filter(size=int(size))[:100]
    )
    if not waiting:
        messages.info(request, _("Nothing waits to be posted in this size."))
        return redirect("members:paper_queue")
    pdf = cover_pdf(waiting, size=size)
    _record_printed(request, waiting, "covers")
    return pdf_response(pdf, file_name(_("Covers"), size=size, on=timezone.localdate()))


def _printable(request: SignedInRequest, request_id: UUID) -> PaperRequest:
    asked = paper_request_or_404(request.user, request_id)
    if asked.wiped_at:
        # Nobody is left to post it to.
        raise Http404
    return asked


def _record_printed(request: SignedInRequest, printed: list[PaperRequest], what: str) -> None:
    for asked in printed:
        record(
            PAPER_PRINTED,
            by=request.user,
            subject=asked.person_id,
            organisation=asked.organisation_id,
            details={"requests": [asked.id], "what": what},
        )


@requires(Permission.PAPER_QUEUE)
@require_POST
def settle(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Tick off: posted, came back, could not be sent, or back on the list."""
    asked = paper_request_or_404(request.user, request_id)
    form = NotPostedForm(request.POST)
    becomes = request.POST.get("becomes", "")
    if becomes not in PaperRequest.State.values or not form.is_valid():
        return redirect(asked)
    try:
        settle_paper(
            request=asked,
            seen=request.POST.get("seen", ""),
            becomes=becomes,
            by=request.user,
            why=form.cleaned_data["why"],
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(asked)
    messages.success(request, _said(becomes) % {"reference": asked.reference})
    return redirect("members:paper_queue")


def _said(becomes: str) -> str:
    words: dict[str, str] = {
        PaperRequest.State.POSTED: _("%(reference)s is posted."),
        PaperRequest.State.RETURNED: _("%(reference)s came back."),
        PaperRequest.State.NOT_SENT: _("%(reference)s could not be sent."),
        PaperRequest.State.ASKED: _("%(reference)s is back on the list."),
    }
    return words[becomes]
