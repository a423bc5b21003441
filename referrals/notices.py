"""Who is told when a referral moves: rows in the transaction of the move itself.

==============  ====================================================================================
the receiver    of a new request, their way; that it is withdrawn; a receipt of what came by link
the hub         of each word of the receiver, by e-mail to its shared address
the person      when it is sent, accepted, turned down or put on a waiting list: only by the channel
                that they chose, and never one who asked not to be contacted
==============  ====================================================================================

No e-mail or text names the person, the service or what is asked for: only the reference. Where no
machine may or can tell somebody (a note on safe contact, a sensitive service, an interpreter, paper, the
phone), a ``Telling`` waits for the access point's staff. Every key is the step's own, so that nothing is
told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.messages.adapters import is_offered
from dcsn.messages.sealed import seal
from dcsn.network import network
from dcsn.printing import PrintSize
from directory.models import Location
from members.models import ContactBy, Format, Person, SafetyFlag
from referrals.models import ReceivingDesk, Referral, Reminder, StateChange, Telling
from referrals.replies.links import SEAL, end_links, live_link
from referrals.states import FINAL, Party, Reason, State, Via

CLOCK = SystemJob("referral clock")
# What the person is told of: what changes what they may expect.
TOLD_TO_THE_PERSON = frozenset({State.ACCEPTED, State.REJECTED, State.ON_HOLD})
_STOPPED = frozenset({State.CANCELLED, State.ENTERED_IN_ERROR})
# They cannot use a letter or an e-mail as it is: somebody speaks to them.
_SPOKEN_TO = frozenset({Format.PHONE_ONLY, Format.INTERPRETER, Format.BSL})


def tell_of(referral: Referral, changes: Sequence[StateChange], *, by: Actor) -> None:
    """Called by ``move_referral`` for the steps of one move, inside its transaction."""
    change = changes[-1]
    if change.to_state == State.REQUESTED:
        _tell_receiver_of_request(referral, change, by=by)
        _write_that_it_was_sent(referral, by=by)
    elif change.party == Party.REQUESTER:
        if change.to_state in FINAL:
            # "They will help" is no longer true: nobody rings the person to say so.
            _not_needed(referral, Telling.Whom.PERSON)
        if change.to_state in _STOPPED and changes[0].from_state != State.DRAFT:
            _tell_receiver_to_stop(referral, change, by=by)
    else:
        _not_needed(referral, Telling.Whom.RECEIVER)
        if change.via == Via.LINK:
            _send_receipt(referral, change, by=by)
        if change.recorded_by_id is None:
            _tell_hub(referral, change, by=by)
        if change.to_state in TOLD_TO_THE_PERSON:
            _tell_person(referral, change, by=by)
    if referral.state in FINAL:
        end_links(referral)


# --- The receiver -----------------------------------------------------------------------------------


def _tell_receiver_of_request(referral: Referral, change: StateChange, *, by: Actor) -> None:
    if referral.owner_id == referral.requester_id:
        # Their own inbox shows it.
        return
    desk = desk_of(referral.owner_id)
    if desk is None:
        _tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.PHONE)
    elif desk.how == ReceivingDesk.How.POST:
        _tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.POST)
    elif desk.how == ReceivingDesk.How.PHONE:
        _tell_by_hand(referral, change, Telling.Whom.RECEIVER, Telling.How.PHONE)
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
        "day": _day(sent),
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
        ) % {"asked": asked, "link": seal(SEAL, link.id), "until": _day(link.expires_at)}
    return _email(referral, desk.email, key, subject, _signed(body), by=by)


def _send_receipt(referral: Referral, change: StateChange, *, by: Actor) -> None:
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
            "until": _day(link.expires_at),
            "link": seal(SEAL, link.id),
        }
    _email(
        referral,
        desk.email,
        f"referral:{change.id}:receipt",
        _("%(reference)s: we have your answer") % {"reference": referral.reference},
        _signed(body),
        by=by,
    )


def _tell_receiver_to_stop(referral: Referral, change: StateChange, *, by: Actor) -> None:
    waiting = Telling.objects.filter(referral=referral, whom=Telling.Whom.RECEIVER).waiting()
    if waiting.filter(change__to_state=State.REQUESTED).exists():
        # They never heard of it.
        _not_needed(referral, Telling.Whom.RECEIVER)
        return
    if referral.owner_id == referral.requester_id:
        return
    desk = desk_of(referral.owner_id)
    if desk is None or not desk.email:
        by_post = desk is not None and bool(desk.address) and not desk.phone
        how = Telling.How.POST if by_post else Telling.How.PHONE
        _tell_by_hand(referral, change, Telling.Whom.RECEIVER, how)
        return
    _email(
        referral,
        desk.email,
        f"referral:{change.id}:stop",
        _("%(reference)s: please stop") % {"reference": referral.reference},
        _signed(f"{stop_words(referral, change)}"),
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


# --- The access point -------------------------------------------------------------------------------


def _tell_hub(referral: Referral, change: StateChange, *, by: Actor) -> None:
    if referral.owner_id == referral.requester_id:
        return
    desk = desk_of(referral.requester_id)
    if desk is None or not desk.email:
        return
    state = change.get_to_state_display()
    _email(
        referral,
        desk.email,
        f"referral:{change.id}:hub",
        _("%(reference)s: %(state)s") % {"reference": referral.reference, "state": state},
        _signed(
            _(
                "There is news of request %(reference)s: %(state)s.\n\nSign in to see it:\n%(address)s"
            )
            % {
                "reference": referral.reference,
                "state": state,
                "address": f"{settings.SITE_ADDRESS}{reverse('accounts:home')}",
            }
        ),
        by=by,
    )


# --- The person -------------------------------------------------------------------------------------


def _write_that_it_was_sent(referral: Referral, *, by: Actor) -> None:
    """One letter or e-mail for all that was sent of one enquiry at once.

    Only where they chose letters or e-mail: whoever chose the phone was told at the desk just now.
    """
    person = referral.person
    if person is None or not _is_the_persons_business(referral):
        return
    if not _may_be_written_to(person, [referral.service_id]):
        return
    if person.contact_by not in (ContactBy.POST, ContactBy.EMAIL):
        return
    together = list(
        Referral.objects.filter(
            enquiry=referral.enquiry_id,
            person=person,
            requested_at__isnull=False,
            state=State.REQUESTED,
        )
        .exclude(service__service_at_locations__location__is_confidential=True)
        .exclude(basis=Referral.Basis.SAFEGUARDING)
        .select_related("service", "owner")
        .order_by("requested_at", "reference")
        .distinct()
    )
    key = f"referrals-sent:{referral.enquiry_id}:{person.id}"
    known = Message.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:")).order_by("queued_at")
    last = known.last()
    by_letter = person.contact_by == ContactBy.POST
    waits = last is not None and last.state == Message.State.QUEUED and last.redacted_at is None
    if last is not None and not waits:
        # What was told before is not told again.
        together = [referral]
        key = f"{key}:{referral.id}"
    body = _sent_letter(person, together) if by_letter else _sent_email(together)
    if waits and last is not None:
        Message.objects.filter(pk=last.pk, state=Message.State.QUEUED).update(body=body)
        return
    _to_person(referral, person, key, _("What we have asked for you"), body, by=by)


def _sent_letter(person: Person, together: Sequence[Referral]) -> str:
    asked = "\n".join(
        _("%(owner)s: %(service)s (reference %(reference)s)")
        % {"owner": row.owner.name, "service": row.service.name, "reference": row.reference}
        for row in together
    )
    return _signed(
        _(
            "Dear %(name)s,\n\n%(asking)s\n%(asked)s\n\n"
            "What happens next: they tell us within a few working days whether they can help, and we "
            "write to you. If two weeks go by and you have heard from nobody, ring us. You do not have "
            "to start again.\n\n"
            "You can change your mind at any time: ring us, and we tell them to stop."
        )
        % {
            "name": person.greeting,
            "asked": asked,
            "asking": _("As you agreed, we have asked for help for you:")
            if _agreed(together)
            else _("We have asked for help for you:"),
        }
    )


def _sent_email(together: Sequence[Referral]) -> str:
    references = ", ".join(row.reference for row in together)
    return _signed(
        _(
            "%(asking)s Your reference: %(references)s.\n\n"
            "What happens next: they tell us within a few working days whether they can help, and we "
            "let you know. If two weeks go by and you have heard from nobody, ring us.\n\n"
            "You can change your mind at any time: ring us, and we tell them to stop."
        )
        % {
            "references": references,
            "asking": _("As you agreed, we have asked for help for you.")
            if _agreed(together)
            else _("We have asked for help for you."),
        }
    )


def _agreed(together: Sequence[Referral]) -> bool:
    """Nobody is told that they agreed where it was sent on another basis."""
    return all(row.basis == Referral.Basis.CONSENT for row in together)


def _tell_person(referral: Referral, change: StateChange, *, by: Actor) -> None:
    person = referral.person
    if person is None or person.contact_by == ContactBy.NOT_AT_ALL:
        return
    if not _is_the_persons_business(referral):
        return
    _not_needed(referral, Telling.Whom.PERSON)
    if not _may_be_written_to(person, [referral.service_id]) or person.contact_by in (
        "",
        ContactBy.PHONE,
    ):
        _tell_by_hand(referral, change, Telling.Whom.PERSON, Telling.How.PHONE)
        return
    key = f"referral:{change.id}:person"
    if person.contact_by == ContactBy.SMS:
        if not is_offered(Channel.SMS):
            _tell_by_hand(referral, change, Telling.Whom.PERSON, Telling.How.PHONE)
            return
        # A telephone lies on the table: nothing but whom to ring.
        body = _("Please ring %(network)s on %(number)s.") % {
            "network": network().name,
            "number": network().helpline,
        }
        _to_person(referral, person, key, "", body, by=by)
    elif person.contact_by == ContactBy.POST:
        body = _("Dear %(name)s,\n\n%(news)s") % {
            "name": person.greeting,
            "news": _news(
                change,
                who=_("%(owner)s (%(service)s)")
                % {"owner": referral.owner.name, "service": referral.service.name},
            ),
        }
        _to_person(referral, person, key, _("News of your request"), _signed(body, referral), by=by)
    else:
        body = _news(change, who=_("The organisation that we asked to help you"))
        subject = _("News of your request %(reference)s") % {"reference": referral.reference}
        _to_person(referral, person, key, subject, _signed(body, referral), by=by)


def _news(change: StateChange, *, who: str) -> str:
    day = date_format(change.expected_on, "l j F Y") if change.expected_on else ""
    if change.to_state == State.ACCEPTED:
        said = _("%(who)s will help you.") % {"who": who}
        if day:
            said += " " + _("They plan to get in touch by %(day)s.") % {"day": day}
            return said + "\n\n" + _("If you have not heard from them by then, ring us.")
        return said + "\n\n" + _("If you have not heard from them in two weeks, ring us.")
    if change.to_state == State.ON_HOLD:
        said = _("%(who)s has put you on a waiting list.") % {"who": who}
        if day:
            said += " " + _("They expect a place about %(day)s.") % {"day": day}
        return said + "\n\n" + _("If you would rather not wait, ring us: there may be another way.")
    said = _("%(who)s cannot help you this time.") % {"who": who}
    return said + "\n\n" + _("Please ring us, so that we can look for another way together.")


def _is_the_persons_business(referral: Referral) -> bool:
    """Not one that was made to protect somebody: a letter about it tips off whoever opens the post."""
    return referral.basis != Referral.Basis.SAFEGUARDING


def _may_be_written_to(person: Person, services: Sequence[UUID]) -> bool:
    """Whether a machine may write to them of this: nobody has to think about it first."""
    if person.contact_by == ContactBy.NOT_AT_ALL or person.erased_at is not None:
        return False
    if person.safe_contact_note or set(person.formats) & _SPOKEN_TO:
        return False
    if any(is_sensitive(service) for service in services):
        return False
    return (
        not SafetyFlag.objects.in_force()
        .filter(person=person, kind__in=SafetyFlag.ON_CONTACT)
        .exists()
    )


def is_sensitive(service_id: UUID) -> bool:
    """A service that is never named in what is sent: it has a place whose address is confidential."""
    return Location.objects.filter(
        service_at_locations__service_id=service_id, is_confidential=True
    ).exists()


def _to_person(
    referral: Referral, person: Person, key: str, subject: str, body: str, *, by: Actor
) -> None:
    channel, address = {
        ContactBy.POST.value: (Channel.LETTER, "\n".join(person.address_lines)),
        ContactBy.EMAIL.value: (Channel.EMAIL, person.email),
        ContactBy.SMS.value: (Channel.SMS, person.phone),
    }[person.contact_by]
    queue_message(
        channel=channel,
        key=key,
        to=Recipient(person.name, address),
        subject=subject,
        body=body,
        by=by,
        about=person.id,
        organisation=referral.requester_id,
        size=person.print_size or PrintSize.LARGE,
    )


# --- What they share --------------------------------------------------------------------------------


def desk_of(organisation_id: UUID) -> ReceivingDesk | None:
    return ReceivingDesk.objects.filter(organisation_id=organisation_id).first()


def _email(referral: Referral, to: str, key: str, subject: str, body: str, *, by: Actor) -> Message:
    return queue_message(
        channel=Channel.EMAIL,
        key=key,
        to=Recipient("", to),
        subject=subject,
        body=body,
        by=by,
        organisation=referral.requester_id,
    )


def _tell_by_hand(referral: Referral, change: StateChange, whom: str, how: str) -> None:
    Telling.objects.get_or_create(
        change=change, whom=whom, defaults={"referral": referral, "how": how}
    )


def _not_needed(referral: Referral, whom: str) -> None:
    """What still waited to be told is overtaken."""
    Telling.objects.filter(referral=referral, whom=whom).waiting().update(
        not_needed_at=timezone.now()
    )


def _signed(body: str, referral: Referral | None = None) -> str:
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


def _day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "l j F Y")  # type: ignore[arg-type]
