"""The person: when it is sent, accepted, turned down or put on a waiting list; only as they chose."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.messages.adapters import is_offered
from dcsn.network import network
from dcsn.printing import PrintSize
from directory.models import Location
from members.models import ContactBy, Format, Person, SafetyFlag
from referrals.models import Referral, StateChange, Telling
from referrals.notices.sending import not_needed, signed, tell_by_hand
from referrals.states import State

# They cannot use a letter or an e-mail as it is: somebody speaks to them.
_SPOKEN_TO = frozenset({Format.PHONE_ONLY, Format.INTERPRETER, Format.BSL})


def write_that_it_was_sent(referral: Referral, *, by: Actor) -> None:
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
    return signed(
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
    return signed(
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


def tell_person(referral: Referral, change: StateChange, *, by: Actor) -> None:
    person = referral.person
    if person is None or person.contact_by == ContactBy.NOT_AT_ALL:
        return
    if not _is_the_persons_business(referral):
        return
    not_needed(referral, Telling.Whom.PERSON)
    if not _may_be_written_to(person, [referral.service_id]) or person.contact_by in (
        "",
        ContactBy.PHONE,
    ):
        tell_by_hand(referral, change, Telling.Whom.PERSON, Telling.How.PHONE)
        return
    key = f"referral:{change.id}:person"
    if person.contact_by == ContactBy.SMS:
        if not is_offered(Channel.SMS):
            tell_by_hand(referral, change, Telling.Whom.PERSON, Telling.How.PHONE)
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
        _to_person(referral, person, key, _("News of your request"), signed(body, referral), by=by)
    else:
        body = _news(change, who=_("The organisation that we asked to help you"))
        subject = _("News of your request %(reference)s") % {"reference": referral.reference}
        _to_person(referral, person, key, subject, signed(body, referral), by=by)


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
    if any(_is_sensitive(service) for service in services):
        return False
    return (
        not SafetyFlag.objects.in_force()
        .filter(person=person, kind__in=SafetyFlag.ON_CONTACT)
        .exists()
    )


def _is_sensitive(service_id: UUID) -> bool:
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
