"""Complaints about personal data at the desk: the queue with its clock, taking down, answering."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.messages.models import Message
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.access import access_points_of, person_or_404
from members.actions.complaints import make_complaint, move_complaint, words_of
from members.events import COMPLAINT_VIEWED, COMPLAINTS_LISTED
from members.forms.complaints import (
    AcknowledgeForm,
    AnswerForm,
    StaffComplaintForm,
    WithdrawForm,
)
from members.models import Complaint, Person
from members.refusals import Refused

PER_PAGE = 25
State = Complaint.State
FORMS: dict[str, type[forms.Form]] = {
    State.ACKNOWLEDGED: AcknowledgeForm,
    State.ANSWERED: AnswerForm,
    State.WITHDRAWN: WithdrawForm,
}


@requires(Permission.COMPLAINT_HANDLE)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """To be acknowledged, the first to fall due first; to be answered; closed."""
    seen = Complaint.objects.visible_to(request.user)
    show = request.GET.get("show", "")
    lists = {
        "": seen.to_acknowledge(),
        "answer": seen.to_answer(),
        "closed": seen.closed().filter(wiped_at=None),
    }
    show = show if show in lists else ""
    rows = lists[show].select_related("organisation")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(COMPLAINTS_LISTED, by=request.user, details={"complaints": [c.id for c in listed]})
    today = timezone.localdate()
    return render(
        request,
        "members/desk/complaints.html",
        {
            "page": page,
            "rows": [(one, one.is_overdue(today), one.days_waiting(today)) for one in listed],
            "show": show,
            "tabs": [
                ("", _("To acknowledge"), lists[""].count()),
                ("answer", _("To answer"), lists["answer"].count()),
                ("closed", _("Closed"), None),
            ],
            "query": f"show={show}&" if show else "",
        },
    )


@requires(Permission.COMPLAINT_HANDLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Take down what came by phone, by letter, or was said at the desk."""
    person = _known_person(request)
    everywhere = scope_of_permission(request.user, Permission.COMPLAINT_HANDLE).network
    desks = None if everywhere else access_points_of(request.user, Permission.COMPLAINT_HANDLE)
    form = StaffComplaintForm(request.POST or None, desks=desks, initial=_initial(person))
    if request.method == "POST" and form.is_valid():
        try:
            complaint = make_complaint(
                key=form.cleaned_data["key"],
                facts=form.facts,
                organisation=form.cleaned_data["organisation"],
                via=form.cleaned_data["via"],
                received_on=form.cleaned_data["received_on"],
                by=request.user,
                person=person,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("It is on the list. Their reference is %(reference)s.")
                % {"reference": complaint.reference},
            )
            return redirect(complaint)
    return render(request, "members/desk/complaint_new.html", {"form": form, "person": person})


def _known_person(request: SignedInRequest) -> Person | None:
    """``?person=…``, from their record: so that it is found again in a copy of what is known."""
    asked = request.GET.get("person")
    if not asked:
        return None
    try:
        return person_or_404(request.user, Permission.COMPLAINT_HANDLE, UUID(asked))
    except ValueError as error:
        raise Http404 from error


def _initial(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {"received_on": timezone.localdate()}
    names = ("name", "email", "phone", "address_1", "address_2", "town", "postcode")
    return {
        **{name: getattr(person, name) for name in names},
        "organisation": person.organisation_id,
        "size": person.print_size or Complaint.Size.LARGE,
        "received_on": timezone.localdate(),
    }


@requires(Permission.COMPLAINT_HANDLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, complaint_id: UUID) -> HttpResponse:
    """What was written, the clock, and the next step. What was typed stays when somebody was quicker."""
    complaint = _complaint(request, complaint_id)
    doing = request.POST.get("to", "")
    bound = {
        to: kind(request.POST if to == doing else None, prefix=to) for to, kind in FORMS.items()
    }
    form = bound.get(doing)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            move_complaint(
                complaint=complaint,
                to=doing,
                version=_version(request),
                by=request.user,
                text=form.cleaned_data["text"],
                outcome=form.cleaned_data.get("outcome", ""),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            complaint = _complaint(request, complaint_id)
        else:
            messages.success(request, _said(doing, complaint))
            return redirect(complaint)
    record(
        COMPLAINT_VIEWED,
        by=request.user,
        subject=complaint.person_id,
        organisation=complaint.organisation_id,
        details={"complaint": complaint.id},
    )
    today = timezone.localdate()
    return render(
        request,
        "members/desk/complaint.html",
        {
            "complaint": complaint,
            "overdue": complaint.is_overdue(today),
            "waiting": complaint.days_waiting(today),
            "forms": bound,
            "form": form,
            "letters": _letters(complaint),
            "read_out": words_of(complaint, State.ACKNOWLEDGED, "")
            if complaint.state == State.RECEIVED
            else "",
        },
    )


def _version(request: SignedInRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _said(to: str, complaint: Complaint) -> str:
    by_phone = complaint.answer_by == Complaint.AnswerBy.PHONE
    words: dict[str, str] = {
        State.ACKNOWLEDGED: _("It is acknowledged. Ring them and say so.")
        if by_phone
        else _("It is acknowledged, and they are written to."),
        State.ANSWERED: _("It is answered. Ring them and read it out.")
        if by_phone
        else _("It is answered, and they are written to."),
        State.WITHDRAWN: _("It is noted that they took it back."),
    }
    return words[to]


def _letters(complaint: Complaint) -> list[Message]:
    """What was written to them, as the outbox has it."""
    keys = [f"complaint-{to}:{complaint.id}" for to in (State.ACKNOWLEDGED, State.ANSWERED)]
    return list(Message.objects.filter(key__in=keys, redacted_at=None).order_by("queued_at"))


@requires(Permission.COMPLAINT_HANDLE)
@never_cache
@require_safe
def letter(request: SignedInRequest, complaint_id: UUID, message_id: UUID) -> HttpResponse:
    """A letter to them, in the size that they asked for, to be printed."""
    complaint = _complaint(request, complaint_id)
    message = next((one for one in _letters(complaint) if one.id == message_id), None)
    if message is None:
        raise Http404
    size = PrintSize.read(str(complaint.size))
    pdf = render_pdf(
        "print/letter.html",
        {"message": message, "lines": message.to_address.splitlines()},
        size=size,
        title=message.subject,
    )
    record(
        COMPLAINT_VIEWED,
        by=request.user,
        subject=complaint.person_id,
        organisation=complaint.organisation_id,
        details={"complaint": complaint.id},
    )
    return pdf_response(pdf, file_name(complaint.reference, size=size, on=timezone.localdate()))


def _complaint(request: SignedInRequest, complaint_id: UUID) -> Complaint:
    return get_object_or_404(
        Complaint.objects.visible_to(request.user).select_related("organisation", "person"),
        id=complaint_id,
        wiped_at=None,
    )
