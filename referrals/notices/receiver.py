"""The organisation that receives: a new request, a reminder, a receipt, "please stop"."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from dcsn.messages import Message
from dcsn.messages.sealed import seal
from referrals.models import ReceivingDesk, Referral, Reminder, StateChange, Telling
from referrals.notices.sending import desk_of, not_needed, say_day, send_email, signed, tell_by_hand
from referrals.replies.links import SEAL, live_link
from referrals.states import FINAL, Reason, State

CLOCK = SystemJob("referral clock")


def tell_receiver_of_request(referral: Referral, change: StateChange, *, by: Actor) -> None:
    if referral.owner_id == referral.requester_id:
        # Their own inbox shows it.
        return
    desk = desk_of(referral.owner_id)
    if desk is None:
        tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.PHONE)
    elif desk.how == ReceivingDesk.How.POST:
        tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.POST)
    elif desk.how == ReceivingDesk.How.PHONE:
        tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.PHONE)
    else:
        _ask_by_email(
            referral,
            desk,
            key=f"referral:{change.id}:receiver",
            subject=_("New request %(reference)s") % {"reference": referral.reference},
            by=by,
        )


def remind_receiver(reminder: Reminder) -> None:
    """Six working days and no answer: ask the receiver once more, without a word about the person."""
    tell_receiver_again(reminder.referral, key=f"reminder:{reminder.id}", by=CLOCK)


def tell_receiver_again(referral: Referral, *, key: str, by: Actor) -> Message | None:
    """Ask the receiver once more, with the link that is live or a new one (a reminder, a lost e-mail).

    In the caller's transaction. ``None`` when they are not told by e-mail: the access point rings or
    writes, and its list says so already.
    """
    desk = desk_of(referral.owner_id)
    if (
        desk is None
        or desk.how in (ReceivingDesk.How.POST, ReceivingDesk.How.PHONE)
        or referral.owner_id == referral.requester_id
    ):
        return None
    return _ask_by_email(
        referral,
        desk,
        key=key,
        subject=_("Request %(reference)s is waiting for your answer")
        % {"reference": referral.reference},
        by=by,
    )


def _ask_by_email(
    referral: Referral, desk: ReceivingDesk, *, key: str, subject: str, by: Actor
) -> Message:
    sent = referral.requested_at or timezone.now()
    asked = _(
        "%(requester)s asks for your help for somebody: request %(reference)s of %(day)s."
    ) % {
        "requester": referral.requester.name,
        "reference": referral.reference,
        "day": say_day(sent),
    }
    if desk.how == ReceivingDesk.How.SIGNED_IN:
        inbox = f"{settings.SITE_ADDRESS}{reverse('referrals:received')}"
        body = _("%(asked)s\n\nSign in to see it and to answer:\n%(inbox)s") % {
            "asked": asked,
            "inbox": inbox,
        }
    else:
        link = live_link(referral)
        body = _(
            "%(asked)s\n\nAnswer on this page. It needs no account and no password:\n%(link)s\n\n"
            "It works until %(until)s and for one answer; after each answer you get the next link. "
            "Who it is about is not in this e-mail: on the page you can ask for a code that opens it, "
            "and the code comes to your registered contact."
        ) % {"asked": asked, "link": seal(SEAL, link.id), "until": say_day(link.expires_at)}
    return send_email(referral, desk.email, key, subject, signed(body), by=by)


def send_receipt(referral: Referral, change: StateChange, *, by: Actor) -> None:
    """What we wrote down, to the registered address: so that a link in wrong hands is noticed."""
    desk = desk_of(referral.owner_id)
    if desk is None or not desk.email:
        return
    body = _(
        "Thank you. For request %(reference)s this was answered by link: %(state)s.\n\n"
        "If nobody with you said so, ring us."
    ) % {"reference": referral.reference, "state": change.get_to_state_display()}
    if referral.state not in FINAL:
        link = live_link(referral)
        body = _("%(body)s\n\nThe link for your next answer, until %(until)s:\n%(link)s") % {
            "body": body,
            "until": say_day(link.expires_at),
            "link": seal(SEAL, link.id),
        }
    send_email(
        referral,
        desk.email,
        f"referral:{change.id}:receipt",
        _("%(reference)s: we have your answer") % {"reference": referral.reference},
        signed(body),
        by=by,
    )


def tell_receiver_to_stop(referral: Referral, change: StateChange, *, by: Actor) -> None:
    waiting = Telling.objects.filter(referral=referral, whom=Telling.Whom.RECEIVER).waiting()
    if waiting.filter(change__to_state=State.REQUESTED).exists():
        # They never heard of it.
        not_needed(referral, Telling.Whom.RECEIVER)
        return
    if referral.owner_id == referral.requester_id:
        return
    desk = desk_of(referral.owner_id)
    if desk is None or not desk.email:
        by_post = desk is not None and bool(desk.address) and not desk.phone
        how = Telling.How.POST if by_post else Telling.How.PHONE
        tell_by_hand(referral, change, Telling.Whom.RECEIVER, how)
        return
    send_email(
        referral,
        desk.email,
        f"referral:{change.id}:stop",
        _("%(reference)s: please stop") % {"reference": referral.reference},
        signed(f"{stop_words(referral, change)}"),
        by=by,
    )


def stop_words(referral: Referral, change: StateChange) -> str:
    """What a receiver is told when a request is taken back, by whichever way."""
    if change.reason_code == Reason.CONSENT_WITHDRAWN:
        why = _("The person no longer agrees that you have their details.")
    elif change.to_state == State.ENTERED_IN_ERROR:
        why = _("It was sent to you by mistake.")
    else:
        why = _("It is no longer needed.")
    return _(
        "Request %(reference)s of %(requester)s is taken back. %(why)s\n\n"
        "Please stop, and delete what you have about the person, unless the law says that you must "
        "keep it."
    ) % {"reference": referral.reference, "requester": referral.requester.name, "why": why}
