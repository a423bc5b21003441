"""A referral on paper: a letter with what was agreed to, and a slip to tear off, tick and send back.

The slip names nobody: only the reference. Its boxes are in the order of the screen on which it is written
down (``referrals.forms.answers.RelayForm``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from referrals.models import ReceivingDesk, Referral, Telling
from referrals.notices import stop_words
from referrals.replies.answers import NEEDS_DAY, REASONS, Answer, answers_for
from referrals.replies.details import Shown, shown
from referrals.states import Reason, State


@dataclass(frozen=True)
class Slip:
    """What is printed for one referral."""

    referral: Referral
    seen: Shown
    address: tuple[str, ...]
    # Where the slip is sent back to: the access point, in one line.
    back_to: str

    @classmethod
    def of(cls, referral: Referral) -> Slip:
        desks = {
            desk.organisation_id: desk
            for desk in ReceivingDesk.objects.filter(
                organisation_id__in=[referral.owner_id, referral.requester_id]
            )
        }
        to, back = desks.get(referral.owner_id), desks.get(referral.requester_id)
        return cls(
            referral,
            shown(referral),
            tuple(to.address.splitlines()) if to else (),
            ", ".join([referral.requester.name, *(back.address.splitlines() if back else ())]),
        )

    @property
    def answers(self) -> list[tuple[Answer, bool]]:
        """Each box, and whether a day is written beside it."""
        return [(one, one in NEEDS_DAY) for one in answers_for(State.REQUESTED)]

    @property
    def reasons(self) -> list[Reason]:
        listed = dict.fromkeys(
            one for answer in answers_for(State.REQUESTED) for one in REASONS.get(answer, ())
        )
        return [one for one in listed if one != Reason.OTHER] + [Reason.OTHER]


def slips_pdf(slips: Sequence[Slip], *, size: PrintSize) -> bytes:
    """One letter after the other, each from a new page."""
    title = (
        _("Request %(reference)s") % {"reference": slips[0].referral.reference}
        if len(slips) == 1
        else _("Requests by post")
    )
    return render_pdf("print/referral_slips.html", {"slips": slips}, size=size, title=title)


def stop_pdf(telling: Telling, *, size: PrintSize) -> bytes:
    """The letter that a request is taken back. It names nobody."""
    referral = telling.referral
    desk = ReceivingDesk.objects.filter(organisation_id=referral.owner_id).first()
    return render_pdf(
        "print/referral_stop.html",
        {
            "referral": referral,
            "address": desk.address.splitlines() if desk else [],
            "words": stop_words(referral, telling.change),
        },
        size=size,
        title=_("%(reference)s: please stop") % {"reference": referral.reference},
    )
