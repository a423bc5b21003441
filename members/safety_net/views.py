"""The safety net at the desk: what waits and for how long, asking, deciding, looking again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.messages.models import Message
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.models import Concession
from members.refusals import Refused
from members.safety_net.actions import ask, grant, is_theirs, may_decide, refuse, withdraw
from members.safety_net.appeals import appeal, confirm, may_confirm, may_propose, propose
from members.safety_net.events import SAFETY_NET_LISTED, SAFETY_NET_VIEWED
from members.safety_net.forms import AppealForm, AskForm, GrantForm, ProposeForm, RefuseForm
from members.safety_net.reviews import end, note_told, review
from members.safety_net.telling import words_of
from members.views.joining.desk import membership_or_404

PER_PAGE = 25
State = Concession.State


@requires(Permission.SAFETY_NET_ASK)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits, the longest first; what is to be looked at again; whom to tell. No ground on the list."""
    today = timezone.localdate()
    seen = Concession.objects.visible_to(request.user)
    lists = {
        "": (_("To decide"), seen.waiting()),
        "appealed": (_("To look at again"), seen.appealed()),
        "tell": (_("To be told"), seen.to_tell()),
        "review": (_("Review due"), seen.to_review(today)),
        "decided": (_("Decided"), seen.decided()),
    }
    show = request.GET.get("show", "")
    show = show if show in lists else ""
    rows = lists[show][1].select_related("membership__person", "membership__organisation")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(
            SAFETY_NET_LISTED, by=request.user, details={"concessions": [one.id for one in listed]}
        )
    return render(
        request,
        "members/safety_net/queue.html",
        {
            "page": page,
            "rows": [(one, one.days_waiting(today)) for one in listed],
            "show": show,
            "tabs": [
                (key, words, None if key == "decided" else found.count())
                for key, (words, found) in lists.items()
            ],
            "query": f"show={show}&" if show else "",
        },
    )


@requires(Permission.SAFETY_NET_ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """The one question. After a simple check the answer is given at once; else it goes on the list."""
    membership = membership_or_404(request, membership_id, Permission.SAFETY_NET_ASK)
    under_way = membership.concessions.filter(state__in=Concession.OPEN).first()
    if under_way is not None and request.method != "POST":
        return redirect(under_way)
    if membership.concessions.holding(timezone.localdate()).exists() and request.method != "POST":
        messages.info(request, _("It is granted, and still holds: they can renew without paying."))
        return redirect("members:membership", membership.pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            concession = ask(
                membership=membership,
                ground=typed["ground"],
                via=typed["via"],
                words=typed["words"],
                evidence=typed["evidence"],
                key=typed["key"],
                by=request.user,
            )
            if concession.state == State.ASKED and _is_answered_at_once(request, concession):
                concession = grant(concession=concession, by=request.user, telling=False)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _after_asking(request, concession)
    return render(
        request,
        "members/safety_net/ask.html",
        {"form": form, "membership": membership, "person": membership.person},
        status=422 if form.errors else 200,
    )


def _is_answered_at_once(request: SignedInRequest, concession: Concession) -> bool:
    """Staff who looked at something that is enough, and a lead who looked at anything at all."""
    return bool(concession.evidence) and may_decide(
        request.user, concession, evidence=concession.evidence
    )


def _after_asking(request: SignedInRequest, concession: Concession) -> HttpResponse:
    if concession.state == State.GRANTED:
        messages.success(request, _("It is granted. Tell them: there is nothing to prove again."))
        return redirect("members:membership", concession.membership_id)
    messages.success(
        request, _("It is on the list. The hub lead or the membership officer decides.")
    )
    return redirect(concession)


@requires(Permission.SAFETY_NET_ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, concession_id: UUID) -> HttpResponse:
    """What was asked, how it stands, and the next step. What was typed stays when somebody was quicker."""
    concession = _concession(request, concession_id)
    doing = request.POST.get("do", "")
    bound = _forms(request, concession, doing)
    form = bound.get(doing)
    problem = ""
    if request.method == "POST" and doing in DOINGS and (form is None or form.is_valid()):
        try:
            done = DOINGS[doing](request, concession, form.cleaned_data if form else {})
        except Refused as refusal:
            problem = str(refusal)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _said(done))
            return redirect(done)
        if form is not None:
            form.add_error(None, problem)
        concession = _concession(request, concession_id)
    _note_view(request, concession)
    return render(
        request,
        "members/safety_net/one.html",
        _context(request, concession, bound, form, problem if form is None else ""),
        status=422 if problem or (form is not None and form.errors) else 200,
    )


def _forms(request: SignedInRequest, concession: Concession, doing: str) -> dict[str, forms.Form]:
    data = request.POST if request.method == "POST" else None
    lead = can(request.user, Permission.SAFETY_NET_DECIDE, concession)
    seen = {"evidence": concession.evidence}
    made: dict[str, Callable[[Any], forms.Form]] = {
        "grant": lambda posted: GrantForm(posted, lead=lead, initial=seen),
        "refuse": RefuseForm,
        "appeal": AppealForm,
        "propose": ProposeForm,
        "review": lambda posted: GrantForm(posted, lead=lead, prefix="review"),
    }
    return {name: make(data if name == doing else None) for name, make in made.items()}


Doing = Callable[[SignedInRequest, Concession, dict[str, Any]], Concession]


def _grant(request: SignedInRequest, row: Concession, typed: dict[str, Any]) -> Concession:
    return grant(concession=row, by=request.user, version=_version(request), **typed)


def _review(request: SignedInRequest, row: Concession, typed: dict[str, Any]) -> Concession:
    return review(concession=row, by=request.user, version=_version(request), **typed)


def _appeal(request: SignedInRequest, row: Concession, typed: dict[str, Any]) -> Concession:
    return appeal(
        concession=row,
        via=typed["appeal_via"],
        words=typed["appeal_words"],
        by=request.user,
        version=_version(request),
    )


def _propose(request: SignedInRequest, row: Concession, typed: dict[str, Any]) -> Concession:
    return propose(
        concession=row,
        proposal=typed["proposal"],
        reasons=typed["proposed_reasons"],
        by=request.user,
        version=_version(request),
    )


DOINGS: dict[str, Doing] = {
    "grant": _grant,
    "refuse": lambda request, row, typed: refuse(
        concession=row, reasons=typed["reasons"], by=request.user, version=_version(request)
    ),
    "withdraw": lambda request, row, typed: withdraw(
        concession=row, by=request.user, version=_version(request)
    ),
    "appeal": _appeal,
    "propose": _propose,
    "agree": lambda request, row, typed: confirm(
        concession=row, agree=True, by=request.user, version=_version(request)
    ),
    "disagree": lambda request, row, typed: confirm(
        concession=row, agree=False, by=request.user, version=_version(request)
    ),
    "review": _review,
    "end": lambda request, row, typed: end(
        concession=row, by=request.user, version=_version(request)
    ),
    "told": lambda request, row, typed: note_told(concession=row, by=request.user),
}


def _context(
    request: SignedInRequest,
    concession: Concession,
    bound: dict[str, forms.Form],
    form: forms.Form | None,
    problem: str,
) -> dict[str, Any]:
    user, today = request.user, timezone.localdate()
    membership = concession.membership
    lead = can(user, Permission.SAFETY_NET_DECIDE, concession)
    is_own = is_theirs(membership, user)
    is_refuser = concession.decided_by_id == user.pk
    return {
        "concession": concession,
        "membership": membership,
        "person": membership.person,
        "waiting": concession.days_waiting(today),
        "forms": bound,
        "form": form if form is not None and form.errors else None,
        "problem": problem,
        "is_own": is_own,
        "may_decide": concession.state == State.ASKED and lead and not is_own,
        # After a simple check staff may; what they looked at decides it.
        "may_grant": concession.state == State.ASKED
        and not is_own
        and (lead or concession.ground != Concession.Ground.HARDSHIP),
        # Not whoever has answered it, while others look at it again.
        "may_withdraw": concession.state == State.ASKED
        or user.pk not in (concession.decided_by_id, concession.proposed_by_id),
        "may_appeal": concession.state == State.NOT_GRANTED and concession.wiped_at is None,
        "may_propose": may_propose(user, concession),
        "may_confirm": may_confirm(user, concession),
        "must_leave_it": concession.state == State.APPEALED and lead and is_refuser,
        "has_proposed": concession.state == State.APPEALED and concession.proposed_by_id == user.pk,
        "review_due": concession.state == State.GRANTED
        and not is_own
        and concession.review_on is not None
        and concession.wiped_at is None,
        "may_end": concession.state == State.GRANTED and lead,
        "letters": _letters(concession),
        "read_out": words_of(concession) if concession.to_be_told else "",
        "ends_on": membership.ends_on,
    }


def _letters(concession: Concession) -> list[Message]:
    """What was written to them, as the outbox has it."""
    rows = Message.objects.filter(key__startswith=f"safety-net:{concession.id}:", redacted_at=None)
    return list(rows.order_by("queued_at"))


@requires(Permission.SAFETY_NET_ASK)
@never_cache
@require_safe
def letter(request: SignedInRequest, concession_id: UUID, message_id: UUID) -> HttpResponse:
    """A letter to them, in the size that they need, to be printed."""
    concession = _concession(request, concession_id)
    message = next((one for one in _letters(concession) if one.id == message_id), None)
    if message is None or message.channel != "letter":
        raise Http404
    size = PrintSize.read(str(message.size))
    pdf = render_pdf(
        "print/letter.html",
        {"message": message, "lines": message.to_address.splitlines()},
        size=size,
        title=message.subject,
    )
    _note_view(request, concession)
    name = file_name(concession.membership.reference, size=size, on=timezone.localdate())
    return pdf_response(pdf, name)


def _concession(request: SignedInRequest, concession_id: UUID) -> Concession:
    row = get_object_or_404(
        Concession.objects.select_related(
            "membership__person", "membership__organisation", "membership__plan",
            "membership__plan_terms", "asked_by", "seen_by", "decided_by", "proposed_by",
            "confirmed_by",
        ).prefetch_related("membership__terms"),
        id=concession_id,
    )  # fmt: skip
    if not Concession.objects.visible_to(request.user).filter(pk=row.pk).exists():
        raise Http404
    if row.membership.person is None:
        raise Http404
    if not can(request.user, Permission.SAFETY_NET_ASK, row):
        raise PermissionDenied
    return row


def _note_view(request: SignedInRequest, concession: Concession) -> None:
    record(
        SAFETY_NET_VIEWED,
        by=request.user,
        subject=concession.membership.person_id,
        organisation=concession.membership.organisation_id,
        details={"concession": concession.id},
    )


def _said(concession: Concession) -> str:
    if concession.state in (State.GRANTED, State.NOT_GRANTED, State.UPHELD):
        if concession.to_be_told:
            return _("It is written down. Now tell them: the words are below.")
        return _("It is written down.")
    if concession.state == State.APPEALED:
        return (
            _("Your answer waits for a second person.")
            if concession.proposal
            else _("Two people who did not decide it before look at it again.")
        )
    return _("It is written down.")


def _version(request: SignedInRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
