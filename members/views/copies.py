"""Copies of what is known about somebody: the list with its clock, reading through, letting go, fetching.

Who gives copies (``PERSON_EXPORT``) writes the request down and fetches what was let go; only who reviews
them (``COPY_REVIEW``) sees what is not yet, because others are named in it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.network import network
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.access import person_or_404
from members.actions import copies
from members.copy_files import given_files, is_file
from members.events import COPIES_LISTED, COPY_FETCHED, COPY_VIEWED
from members.forms.copies import (
    AskForm,
    ExtendForm,
    IdentityForm,
    RefuseForm,
    ReviewForm,
    StopForm,
    WithdrawForm,
)
from members.models import CopyPart, CopyRequest
from members.refusals import Refused

PER_PAGE = 25
State = CopyRequest.State
# What can be done with a request, by the name of the button, and what must be typed for it.
FORMS: dict[str, type[forms.Form]] = {
    "identity": IdentityForm,
    "stop": StopForm,
    "extend": ExtendForm,
    "refuse": RefuseForm,
    "withdraw": WithdrawForm,
}


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What is to be given, the first to fall due first; or what was given."""
    seen = CopyRequest.objects.visible_to(request.user)
    closed = request.GET.get("show") == "closed"
    rows = (seen.closed() if closed else seen.open()).select_related("person", "organisation")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(COPIES_LISTED, by=request.user, details={"copies": [one.id for one in listed]})
    today = timezone.localdate()
    return render(
        request,
        "members/desk/copies.html",
        {
            "page": page,
            "rows": [(one, one.is_overdue(today)) for one in listed],
            "closed": closed,
            "open_count": seen.open().count(),
            "query": "show=closed&" if closed else "",
        },
    )


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Write down that somebody asked. While one is under way, that one is shown instead."""
    person = person_or_404(request.user, Permission.PERSON_EXPORT, person_id)
    under_way = CopyRequest.objects.open().filter(person=person).first()
    if under_way is not None and request.method != "POST":
        return redirect(under_way)
    form = AskForm(
        request.POST or None,
        initial={
            "received_on": timezone.localdate(),
            "size": person.print_size or CopyRequest.Size.LARGE,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            copy = copies.ask_for_copy(person=person, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            messages.success(request, _("It is written down. The month has begun."))
            return redirect(copy)
    return render(request, "members/desk/copy_ask.html", {"form": form, "person": person})


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, copy_id: UUID) -> HttpResponse:
    """One request: its clock, who is asking, what has been read, and the next step."""
    copy = _copy(request, copy_id)
    doing = request.POST.get("do", "")
    bound = {
        name: kind(request.POST if name == doing else None, prefix=name)
        for name, kind in FORMS.items()
    }
    form = bound.get(doing)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            said = _do(request, copy, doing, form.cleaned_data if form is not None else {})
        except Refused as refusal:
            if form is None:
                messages.warning(request, str(refusal))
                return redirect(copy)
            form.add_error(None, str(refusal))
            copy = _copy(request, copy_id)
        else:
            if said:
                messages.success(request, said)
            return redirect(copy)
    record(
        COPY_VIEWED,
        by=request.user,
        subject=copy.person_id,
        organisation=copy.organisation_id,
        details={"copy": copy.id},
    )
    return render(
        request,
        "members/desk/copy.html",
        {
            "copy": copy,
            "overdue": copy.is_overdue(timezone.localdate()),
            "parts": list(copy.parts.defer("left_out")) if copy.state == State.REVIEW else [],
            "may_review": can(request.user, Permission.COPY_REVIEW, copy),
            "files": [(key, file.heading) for key, (file, _text) in given_files(copy).items()]
            if copy.is_released
            else [],
            "forms": bound,
            "form": form,
        },
    )


def _do(request: SignedInRequest, copy: CopyRequest, doing: str, data: dict[str, Any]) -> str:
    """Carry out what a button says; each action asks again whether this user may."""
    common: dict[str, Any] = {
        "copy": copy,
        "version": _number(request, "version"),
        "by": request.user,
    }
    match doing:
        case "identity":
            copies.confirm_identity(identity=data["identity"], **common)
            return _("It is noted how we know that it is them.")
        case "stop":
            copies.stop_clock(why=data["why"], **common)
            return _("The clock stands still until they answer.")
        case "start":
            copies.start_clock(**common)
            return _("The clock runs again.")
        case "extend":
            copies.extend(why=data["why"], **common)
            return _("There are two months more. Tell them, and why.")
        case "gather":
            copies.begin_review(**common)
            return _("Everything is gathered. Read it through.")
        case "release":
            copies.release(**common)
            return _("The copy may be given.")
        case "refuse":
            copies.close_copy(state=State.REFUSED, why=data["why"], **common)
            return _("It is refused. Tell them why, and that they may complain.")
        case "withdraw":
            copies.close_copy(state=State.WITHDRAWN, why=data["why"], **common)
            return _("It is noted that they took it back.")
    return ""


def _number(request: SignedInRequest, name: str) -> int:
    text = request.POST.get(name, "") or request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@requires(Permission.COPY_REVIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: SignedInRequest, copy_id: UUID, position: int) -> HttpResponse:
    """Some rows of one table, to be read and decided about."""
    copy = _copy(request, copy_id)
    if copy.state != State.REVIEW:
        return redirect(copy)
    found = get_object_or_404(CopyPart, copy=copy, position=position)
    start = min(_number(request, "from"), max(0, len(found.rows) - 1))
    start -= start % copies.ROWS_AT_ONCE
    form = ReviewForm(request.POST or None, part=found, start=start)
    if request.method == "POST" and form.is_valid():
        try:
            read = copies.read_rows(
                part=found,
                start=start,
                left_out=form.left_out,
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(copy)
        return redirect(_next(copy, read, start))
    record(
        COPY_VIEWED,
        by=request.user,
        subject=copy.person_id,
        organisation=copy.organisation_id,
        details={"copy": copy.id},
    )
    return render(
        request,
        "members/desk/copy_part.html",
        {
            "copy": copy,
            "part": found,
            "form": form,
            "start": start,
            "first": start + 1,
            "last": form.numbers.stop,
            "seen": copy.gathered_at.isoformat() if copy.gathered_at else "",
        },
    )


def _next(copy: CopyRequest, read: CopyPart, start: int) -> str:
    """The following rows of this table, else the request's page."""
    following = start + copies.ROWS_AT_ONCE
    if following < len(read.rows):
        page = reverse("members:copy_part", args=[copy.id, read.position])
        return f"{page}?from={following}"
    return copy.get_absolute_url()


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def pdf(request: SignedInRequest, copy_id: UUID) -> HttpResponse:
    """The copy to read, in their size of print."""
    copy = _released(request, copy_id)
    if copy is None:
        return _not_yet(request, copy_id)
    size = PrintSize.read(str(copy.size))
    data = render_pdf(
        "print/person_copy.html",
        {
            "copy": copy,
            "parts": [part for part in copy.parts.all() if not is_file(part)],
            "files": [str(file.heading) for file, _text in given_files(copy).values()],
            "here": network(),
        },
        size=size,
        title=_("Everything that is known about you"),
    )
    _fetched(request, copy, "pdf")
    return pdf_response(data, file_name(copy.reference, size=size, on=timezone.localdate()))


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def machine(request: SignedInRequest, copy_id: UUID) -> HttpResponse:
    """The same for a machine (UK GDPR Article 20)."""
    copy = _released(request, copy_id)
    if copy is None:
        return _not_yet(request, copy_id)
    _fetched(request, copy, "json")
    response = HttpResponse(copies.as_json(copy), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{copy.reference.lower()}.json"'
    return response


@requires(Permission.PERSON_EXPORT)
@never_cache
@require_safe
def file(request: SignedInRequest, copy_id: UUID, key: str) -> HttpResponse:
    """A file beside it, for another computer system."""
    copy = _released(request, copy_id)
    if copy is None:
        return _not_yet(request, copy_id)
    found = given_files(copy).get(key)
    if found is None:
        raise Http404
    kind, text = found
    _fetched(request, copy, key)
    response = HttpResponse(text, content_type=f"{kind.media_type}; charset=utf-8")
    name = f"{copy.reference.lower()}.{kind.extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _released(request: SignedInRequest, copy_id: UUID) -> CopyRequest | None:
    """The request if it was read through and let go; None when there is nothing to fetch."""
    copy = _copy(request, copy_id)
    return copy if copy.is_released else None


def _not_yet(request: SignedInRequest, copy_id: UUID) -> HttpResponse:
    messages.warning(
        request, _("This copy cannot be fetched: nobody has let it go, or it is forgotten.")
    )
    return redirect("members:copy", copy_id)


def _fetched(request: SignedInRequest, copy: CopyRequest, how: str) -> None:
    record(
        COPY_FETCHED,
        by=request.user,
        subject=copy.person_id,
        organisation=copy.organisation_id,
        details={"copy": copy.id, "how": how},
    )


def _copy(request: SignedInRequest, copy_id: UUID) -> CopyRequest:
    copy = get_object_or_404(
        CopyRequest.objects.visible_to(request.user).select_related("person", "organisation"),
        id=copy_id,
    )
    if copy.person_id is None:
        raise Http404  # forgotten since: nothing is left to give
    return copy
