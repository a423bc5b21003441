"""The letters that ask how it went: printed in each person's size, posted, ticked off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.messages.actions import note_posted
from dcsn.messages.events import MESSAGE_PRINTED
from dcsn.messages.models import Channel, Message
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.models import Format
from referrals.asking import letter_text, site_to_type
from referrals.events import REFERRALS_LISTED
from referrals.forms.asking import AnswerForm
from referrals.models import FollowUp, PersonalLink

AT_ONCE = 60


@dataclass(frozen=True)
class AskingLetter:
    """One letter that waits, and what its paper needs."""

    link: PersonalLink
    message: Message

    @property
    def size(self) -> PrintSize:
        return PrintSize(self.link.person.print_size or PrintSize.LARGE)

    @property
    def other_needs(self) -> list[str]:
        """What print alone does not do for them."""
        return [
            str(Format(need).label)
            for need in self.link.person.formats
            if not need.startswith("print")
        ]

    @property
    def lines(self) -> list[str]:
        return list(self.message.to_address.splitlines())

    @property
    def text(self) -> list[str]:
        assert self.link.follow_up is not None  # noqa: S101  # of this kind each link has one
        return letter_text(self.link.follow_up.referral).split("\n\n")


def waiting_letters(user: Any) -> list[AskingLetter]:
    """The oldest first; only of people whom ``user`` may ask, and only while the question is open."""
    links = {
        f"asked:{link.id}": link
        for link in PersonalLink.objects.usable(timezone.now())
        .filter(
            kind=PersonalLink.Kind.ANSWER,
            follow_up__in=FollowUp.objects.asked_by(user).open(),
        )
        .select_related(
            "person",
            "follow_up__referral__service",
            "follow_up__referral__requester",
        )
    }
    letters = Message.objects.letters_to_print().filter(channel=Channel.LETTER, key__in=links)
    return [AskingLetter(links[message.key], message) for message in letters[: AT_ONCE * 5]]


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_safe
def letters(request: SignedInRequest) -> HttpResponse:
    """What waits to be printed, by size."""
    found = waiting_letters(request.user)
    if found:
        record(
            REFERRALS_LISTED,
            by=request.user,
            details={
                "list": "letters",
                "people": [one.link.person_id for one in found],
                "referrals": [
                    one.link.follow_up.referral_id for one in found if one.link.follow_up
                ],
            },
        )
    by_size = [(size, [one for one in found if one.size == size]) for size in PrintSize]
    return render(
        request,
        "referrals/asking/letters.html",
        {"sizes": [(size, rows) for size, rows in by_size if rows]},
    )


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_safe
def letters_pdf(request: SignedInRequest) -> HttpResponse:
    """All letters of one size, each with its reply form, ready to be folded."""
    size = PrintSize.read(request.GET.get("size"))
    found = [one for one in waiting_letters(request.user) if one.size == size][:AT_ONCE]
    if not found:
        messages.info(request, _("Nothing waits to be printed in this size."))
        return redirect("referrals:letters")
    pdf = render_pdf(
        "print/asking_letters.html",
        {"letters": found, "form": AnswerForm(), "site": site_to_type()},
        size=size,
        title=_("Did you get the help?"),
        header="",
    )
    for one in found:
        record(
            MESSAGE_PRINTED,
            by=request.user,
            subject=one.link.person_id,
            organisation=one.message.organisation_id,
            details={"message": one.message.id},
        )
    return pdf_response(pdf, file_name(_("letters"), size=size, on=timezone.localdate()))


@requires(Permission.FOLLOW_UP_ASK)
@require_POST
def letters_posted(request: SignedInRequest) -> HttpResponse:
    """They are in the post: those that were on the page, no others."""
    named = set(request.POST.getlist("letter"))
    count = sum(
        note_posted(message=one.message, by=request.user)
        for one in waiting_letters(request.user)
        if str(one.message.id) in named
    )
    if count:
        messages.success(
            request,
            ngettext("%(count)d letter is posted.", "%(count)d letters are posted.", count)
            % {"count": count},
        )
    return redirect("referrals:letters")
