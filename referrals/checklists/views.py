"""The checklist at the desk: the list, entering a visit, choosing what follows from each yes."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from members.access import access_points_of, person_or_404
from members.models import Person
from referrals.access import checklist_or_404
from referrals.actions.enquiries import finish_enquiry
from referrals.checklists.figures import checklist_figures
from referrals.checklists.forms import ChooseForm, VisitForm
from referrals.checklists.paper import checklist_on_paper
from referrals.checklists.proposals import Proposal, proposals_for, reasons
from referrals.checklists.visits import change_checklist, choose_services, enter_checklist
from referrals.events import CHECKLIST_VIEWED, CHECKLISTS_LISTED
from referrals.models import (
    Checklist,
    ChecklistAnswer,
    ChecklistVersion,
    Choice,
    Enquiry,
)
from referrals.refusals import Refused

ROWS_ON_A_PAGE = 25


@requires(Permission.CHECKLIST_USE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Unfinished ones first; the paper twin; what checklists lead to."""
    rows = Checklist.objects.visible_to(request.user).counted()
    page = Paginator(rows.for_list(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    record(
        CHECKLISTS_LISTED,
        by=request.user,
        details={
            "checklists": [row.id for row in page],
            "people": sorted({str(row.enquiry.person_id) for row in page if row.enquiry.person_id}),
        },
    )
    return render(
        request,
        "referrals/checklists/list.html",
        {
            "page": page,
            "figures": checklist_figures(Checklist.objects.visible_to(request.user)),
            "sizes": list(PrintSize),
            "version": ChecklistVersion.objects.current(),
            "may_change": can(request.user, Permission.CHECKLIST_CHANGE),
        },
    )


@requires(Permission.CHECKLIST_USE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A visit to somebody whose record is found or made first; one page, no step loses anything."""
    version = ChecklistVersion.objects.current()
    person = _person(request)
    if version is None or person is None:
        return redirect("referrals:checklists")
    form = VisitForm(
        request.POST or None,
        version=version,
        initial={"visitor_name": request.user.name, "visitor_organisation": ""},
    )
    if request.method == "POST" and form.is_valid():
        desk = _desk(request, person)
        try:
            checklist = enter_checklist(
                organisation=desk,
                person=person,
                visit=form.visit,
                answers=form.answers,
                words=form.cleaned_data["words"],
                by=request.user,
                version=version,
                key=form.cleaned_data["key"] or uuid.uuid4(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(checklist)
    return render(
        request, "referrals/checklists/visit.html", {"form": form, "person": person, "new": True}
    )


def _person(request: SignedInRequest) -> Person | None:
    """Whom the visit was to, from the address or the form."""
    said = request.POST.get("person") or request.GET.get("person") or ""
    if not said:
        return None
    try:
        identifier = UUID(said)
    except ValueError as error:
        raise Http404 from error
    return person_or_404(request.user, Permission.PERSON_VIEW, identifier)


def _desk(request: SignedInRequest, person: Person) -> object:
    """The person's own access point where the user works there, else the user's first."""
    desks = access_points_of(request.user, Permission.CHECKLIST_USE)
    found = next((desk for desk in desks if desk.id == person.organisation_id), None)
    found = found or next(iter(desks), None)
    if found is None:
        raise PermissionDenied
    return found


@requires(Permission.CHECKLIST_USE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: SignedInRequest, checklist_id: UUID) -> HttpResponse:
    """Put right what was entered, until its referrals are sent."""
    checklist = checklist_or_404(request.user, checklist_id)
    if not checklist.enquiry.is_open:
        return redirect(checklist)
    form = VisitForm.of(checklist, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_checklist(
                checklist=checklist,
                visit=form.visit,
                answers=form.answers,
                words=form.cleaned_data["words"],
                by=request.user,
                revision=form.cleaned_data["revision"] or 0,
            )
        except Refused as refusal:
            # The next try is about the checklist as it is now; what was typed stays in the form.
            checklist.refresh_from_db()
            typed = {**request.POST.dict(), "revision": checklist.revision}
            form = VisitForm.of(checklist, typed)
            form.is_valid()
            form.add_error(None, str(refusal))
        else:
            return redirect(checklist)
    return render(
        request,
        "referrals/checklists/visit.html",
        {"form": form, "person": checklist.enquiry.person, "checklist": checklist},
    )


@requires(Permission.CHECKLIST_USE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, checklist_id: UUID) -> HttpResponse:
    """What was answered and, while it is open, what each yes proposes: choose, then ask once."""
    checklist = checklist_or_404(request.user, checklist_id)
    enquiry = checklist.enquiry
    proposals = proposals_for(checklist) if enquiry.is_open else []
    problem = ""
    if request.method == "POST" and enquiry.is_open:
        try:
            return _go_on(request, checklist, proposals)
        except Refused as refusal:
            problem = str(refusal)
    record(
        CHECKLIST_VIEWED,
        by=request.user,
        subject=enquiry.person_id,
        organisation=enquiry.organisation_id,
        details={"checklist": checklist.id},
    )
    rows = list(checklist.answers.select_related("question").order_by("question__position"))
    return render(
        request,
        "referrals/checklists/one.html",
        {
            "checklist": checklist,
            "enquiry": enquiry,
            "person": enquiry.person,
            "answers": [
                (answer.label, [row for row in rows if row.answer == answer])
                for answer in ChecklistAnswer.Answer
            ],
            "proposals": proposals,
            "chosen": set(enquiry.choices.values_list("service_id", flat=True)),
            "referrals": enquiry.referrals.counted().select_related("service", "owner"),
            "problem": problem,
        },
    )


def _go_on(
    request: SignedInRequest, checklist: Checklist, proposals: list[Proposal]
) -> HttpResponse:
    """Keep what was ticked; then ask for consent, finish what only needs telling, or end here."""
    services = [offer.service for proposal in proposals for offer in proposal.offers]
    form = ChooseForm(request.POST, proposed=[service.id for service in services])
    if not form.is_valid():
        raise Refused(_("The list has changed since you opened the page. Choose again."))
    to_refer = choose_services(
        checklist=checklist,
        proposed=services,
        chosen=form.cleaned_data["services"],
        by=request.user,
        why=reasons(proposals, checklist.enquiry.words),
    )
    enquiry = checklist.enquiry
    if to_refer:
        # The enquiry's own one consent step: a checklist sends its referrals like any other enquiry.
        return redirect("referrals:enquiry_consent", enquiry.id)
    if enquiry.choices.filter(way=Choice.Way.SIGNPOST).exists():
        # Nothing personal goes anywhere: told on the enquiry's own screen, printed or by e-mail.
        return redirect(enquiry)
    if "nothing" in request.POST:
        finish_enquiry(enquiry=enquiry, state=Enquiry.State.ANSWERED, by=request.user)
        messages.success(request, _("The checklist is finished, without a referral."))
        return redirect(checklist)
    raise Refused(_("Tick at least one service, or say that nothing is wanted."))


@requires(Permission.CHECKLIST_USE)
@require_safe
def paper(request: SignedInRequest) -> HttpResponse:
    """The blank twin in three sizes; nobody's name is on it."""
    version = ChecklistVersion.objects.current()
    if version is None:
        raise Http404
    size = PrintSize.read(request.GET.get("size"))
    data = checklist_on_paper(
        version, desks=access_points_of(request.user, Permission.CHECKLIST_USE), size=size
    )
    return pdf_response(
        data, file_name(_("First Contact checklist"), size=size, on=timezone.localdate())
    )
