"""What all news is sent with: the desk's address, an e-mail, a telling by hand, the signature."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.network import network
from referrals.models import ReceivingDesk, Referral, StateChange, Telling


def desk_of(organisation_id: UUID) -> ReceivingDesk | None:
    return ReceivingDesk.objects.filter(organisation_id=organisation_id).first()


def send_email(
    referral: Referral, to: str, key: str, subject: str, body: str, *, by: Actor
) -> Message:
    return queue_message(
        channel=Channel.EMAIL,
        key=key,
        to=Recipient("", to),
        subject=subject,
        body=body,
        by=by,
        organisation=referral.requester_id,
    )


def tell_by_hand(referral: Referral, change: StateChange, whom: str, how: str) -> None:
    Telling.objects.get_or_create(
        change=change, whom=whom, defaults={"referral": referral, "how": how}
    )


def not_needed(referral: Referral, whom: str) -> None:
    """What still waited to be told is overtaken."""
    Telling.objects.filter(referral=referral, whom=whom).waiting().update(
        not_needed_at=timezone.now()
    )


def signed(body: str, referral: Referral | None = None) -> str:
    here = network()
    lines = [body, ""]
    if referral is not None:
        lines.append(_("Reference: %(reference)s") % {"reference": referral.reference})
    lines.append(here.name)
    if here.helpline:
        hours = f", {here.helpline_hours}" if here.helpline_hours else ""
        lines.append(
            _("Ring us on %(number)s%(hours)s") % {"number": here.helpline, "hours": hours}
        )
    return "\n".join(lines)


def say_day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "l j F Y")  # type: ignore[arg-type]
