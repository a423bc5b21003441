"""The messages that did not arrive, and the letters that wait to be printed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, get_permitted_or_404, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.messages.actions import settle_message
from dcsn.messages.events import MESSAGE_PRINTED, MESSAGE_VIEWED, MESSAGES_LISTED
from dcsn.messages.models import Channel, Message
from dcsn.messages.refusals import SettledMeanwhile
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf

PER_PAGE = 25


@requires(Permission.MESSAGE_LIST)
@never_cache
@require_safe
def message_list(request: SignedInRequest) -> HttpResponse:
    """What went wrong, the oldest first; letters to be printed are the other list."""
    seen = Message.objects.visible_to(request.user)
    letters = request.GET.get("show") == "letters"
    rows = seen.letters_to_print() if letters else seen.troubled()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(MESSAGES_LISTED, by=request.user, details={"messages": [m.id for m in listed]})
    return render(
        request,
        "messages/list.html",
        {
            "page": page,
            "letters": letters,
            "troubled_count": seen.troubled().count(),
            "letter_count": seen.letters_to_print().count(),
            "may_settle": can(request.user, Permission.MESSAGE_SETTLE),
            "query": "show=letters&" if letters else "",
        },
    )


# Who it went to and what it said is for those who can do something about it.
@requires(Permission.MESSAGE_SETTLE)
@never_cache
@require_safe
def message_page(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id)
    record(
        MESSAGE_VIEWED,
        by=request.user,
        subject=message.about,
        organisation=message.organisation_id,
        details={"message": message.id},
    )
    return render(request, "messages/message.html", {"message": message})


@requires(Permission.MESSAGE_SETTLE)
@never_cache
@require_safe
def letter_pdf(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """The letter as it goes into the envelope, its address where a window would be."""
    message = _message(request, message_id, channel=Channel.LETTER, redacted_at=None)
    size = PrintSize.read(str(message.size))
    pdf = render_pdf(
        "print/letter.html",
        {"message": message, "lines": message.to_address.splitlines()},
        size=size,
        title=message.subject,
    )
    record(
        MESSAGE_PRINTED,
        by=request.user,
        subject=message.about,
        organisation=message.organisation_id,
        details={"message": message.id},
    )
    return pdf_response(pdf, file_name(_("letter"), size=size, on=timezone.localdate()))


@requires(Permission.MESSAGE_SETTLE)
@require_POST
def settle(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id)
    how = request.POST.get("how", "")
    if how not in ("retry", "sent", "dealt_with"):
        return redirect("outbox:message", message.id)
    try:
        settle_message(message=message, how=how, by=request.user)
    except SettledMeanwhile:
        notices.warning(request, _("Somebody else dealt with this message before you."))
    else:
        notices.success(
            request,
            {
                "retry": _("The message will be sent again."),
                "sent": _("The message is marked as sent."),
                "dealt_with": _("The message is off the list."),
            }[how],
        )
    return redirect("outbox:messages")


def _message(request: SignedInRequest, message_id: UUID, **wanted: object) -> Message:
    return get_permitted_or_404(
        request.user, Permission.MESSAGE_SETTLE, Message.objects.filter(**wanted), id=message_id
    )
