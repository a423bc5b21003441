"""Thanks, certificates and references: given at the desk, kept by the volunteer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, public, requires, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import Actor, record
from dcsn.printing import PrintSize, file_name, pdf_response
from volunteers.access import volunteer_or_404
from volunteers.actions.references import give_reference
from volunteers.actions.thanks import thank as give_thanks
from volunteers.giving.events import GIVING_PRINTED
from volunteers.giving.own import Own, places_of
from volunteers.giving.papers import certificate_pdf, reference_pdf
from volunteers.giving.thanking import messages_of, note_told
from volunteers.giving.thanks_forms import ReferenceForm, ThankForm
from volunteers.giving.views.desk_hours import record_listed
from volunteers.giving.views.who import by_link, nothing_of_own, signed_in_own
from volunteers.models import Hours, Reference, Thanks, Volunteer
from volunteers.refusals import Refused

PER_PAGE = 50
LISTS: dict[str, str | Promise] = {
    "by-hand": gettext_lazy("To be told by somebody"),
    "on-the-way": gettext_lazy("On their way"),
    "reached": gettext_lazy("Have arrived"),
}
_CONDITIONS = {
    "by-hand": Q(reached_at=None, way=Thanks.Way.BY_HAND),
    "on-the-way": Q(reached_at=None) & ~Q(way=Thanks.Way.BY_HAND),
    "reached": Q(reached_at__isnull=False),
}


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thank(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Words for one volunteer, sent in the way they chose."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = ThankForm(
        request.POST or None,
        places=places_of(row, request.user),
        initial={"signed": request.user.name},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            thanks = give_thanks(
                volunteer=row,
                organisation=form.place,
                words=typed["words"],
                signed=typed["signed"],
                by=request.user,
                key=typed["key"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if thanks.way == Thanks.Way.BY_HAND:
                messages.warning(
                    request,
                    _("They get no messages: tell them yourself, and write down that you did."),
                )
            else:
                messages.success(
                    request,
                    _("Your thanks are on their way, %(way)s.") % {"way": thanks.get_way_display()},
                )
            return redirect("volunteers:given", row.pk)
    return render(
        request,
        "volunteers/giving/thank.html",
        {"row": row, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """Which thanks have arrived and which have not; those that somebody must tell come first."""
    show = request.GET.get("show", "by-hand")
    if show not in LISTS:
        raise Http404
    mine = (
        Thanks.objects.visible_to(request.user)
        .filter(volunteer__anonymised_at=None)
        # Whoever wrote them has been forgotten, and their words with them: nobody can pass them on.
        .exclude(words="")
    )
    counts = mine.order_by().aggregate(
        **{f"n_{key}".replace("-", "_"): Count("pk", filter=q) for key, q in _CONDITIONS.items()}
    )
    rows = (
        mine.filter(_CONDITIONS[show])
        .select_related("volunteer__person", "organisation")
        .order_by("-at", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_listed(request, page)
    sent = messages_of(list(page))
    return render(
        request,
        "volunteers/giving/desk_thanks.html",
        {
            "here": "thanks",
            "show": show,
            "title": LISTS[show],
            "lists": [
                (key, words, counts[f"n_{key}".replace("-", "_")]) for key, words in LISTS.items()
            ],
            "page": page,
            "rows": [(row, sent.get(row.message) if row.message else None) for row in page],
            "query": f"show={show}&",
        },
    )


@requires(Permission.HOURS_CONFIRM)
@require_POST
def told(request: SignedInRequest, thanks_id: UUID) -> HttpResponse:
    """Somebody told them."""
    row = get_object_or_404(Thanks.objects.visible_to(request.user), pk=thanks_id)
    try:
        note_told(thanks=row, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is written down that they were told."))
    return redirect("volunteers:thanks_desk")


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reference_new(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Sign a reference: the next version of it."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = ReferenceForm(
        request.POST or None,
        places=places_of(row, request.user),
        initial={"signed": request.user.name, **_known(row, request.user)},
    )
    if request.method == "POST" and form.is_valid():
        typed = {k: v for k, v in form.cleaned_data.items() if k != "organisation"}
        try:
            made = give_reference(volunteer=row, organisation=form.place, by=request.user, **typed)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Version %(number)d is signed. Print it, and sign the paper too.")
                % {"number": made.number},
            )
            return redirect("volunteers:given", row.pk)
    return render(
        request,
        "volunteers/giving/reference.html",
        {"row": row, "form": form},
        status=422 if form.errors else 200,
    )


def _known(row: Volunteer, user: Any) -> dict[str, Any]:
    """What the last version said, or what is known of their role and since when."""
    last = Reference.objects.visible_to(user).filter(volunteer=row).order_by("-number").first()
    if last is not None:
        return {name: getattr(last, name) for name in ("role", "from_on", "until_on", "text")}
    placed = row.applications.filter(outcome="placed").select_related("opportunity").first()
    began = row.standings.order_by("began_at").first()
    return {
        "role": placed.opportunity.name if placed else "",
        "from_on": timezone.localdate(began.began_at) if began else None,
    }


# --- On paper -----------------------------------------------------------------------------------------


def _certificate(request: HttpRequest, by: Actor, row: Volunteer, hours: Any) -> HttpResponse:
    size = PrintSize.read(request.GET.get("size"))
    pdf = certificate_pdf(row, hours, size)
    if pdf is None:
        raise Http404
    _printed(row, by, "certificate")
    return pdf_response(pdf, file_name(_("Certificate"), size=size, on=timezone.localdate()))


def _reference(request: HttpRequest, by: Actor, rows: Any, reference_id: UUID) -> HttpResponse:
    one = get_object_or_404(
        rows.select_related("volunteer__person", "organisation"), pk=reference_id
    )
    size = PrintSize.read(request.GET.get("size"))
    pdf = reference_pdf(one, size)
    _printed(one.volunteer, by, "reference")
    return pdf_response(pdf, file_name(_("Reference"), size=size, on=timezone.localdate()))


def _printed(row: Volunteer, by: Actor, what: str) -> None:
    record(
        GIVING_PRINTED,
        by=by,
        subject=row.person_id,
        organisation=row.organisation_id,
        details={"volunteer": row.pk, "what": what},
    )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def certificate(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Of what they gave to the organisations where one confirms hours."""
    row = volunteer_or_404(request.user, volunteer_id)
    hours = Hours.objects.visible_to(request.user).filter(volunteer=row)
    return _certificate(request, request.user, row, hours)


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def reference(request: SignedInRequest, reference_id: UUID) -> HttpResponse:
    rows = Reference.objects.visible_to(request.user)
    return _reference(request, request.user, rows, reference_id)


def _own_certificate(request: HttpRequest, own: Own) -> HttpResponse:
    hours = Hours.objects.filter(volunteer=own.volunteer)
    return _certificate(request, own.by, own.volunteer, hours)


def _own_reference(request: HttpRequest, own: Own, reference_id: UUID) -> HttpResponse:
    rows = Reference.objects.filter(volunteer=own.volunteer)
    return _reference(request, own.by, rows, reference_id)


@signed_in
@never_cache
@require_safe
def my_certificate(request: SignedInRequest) -> HttpResponse:
    own = signed_in_own(request)
    return _own_certificate(request, own) if own else nothing_of_own(request, status=404)


@signed_in
@never_cache
@require_safe
def my_reference(request: SignedInRequest, reference_id: UUID) -> HttpResponse:
    own = signed_in_own(request)
    return _own_reference(request, own, reference_id) if own else nothing_of_own(request, 404)


@public
@never_cache
@require_safe
def link_certificate(request: HttpRequest, token: str) -> HttpResponse:
    return by_link(request, token, _own_certificate)


@public
@never_cache
@require_safe
def link_reference(request: HttpRequest, token: str, reference_id: UUID) -> HttpResponse:
    return by_link(request, token, _own_reference, reference_id)
