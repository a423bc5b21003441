"""Where organisations are told, what they have room for, and what the access point tells by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.network import network
from dcsn.references import normal_reference
from directory.models import Organisation, Service
from referrals import notices
from referrals.access import may_set_capacity
from referrals.events import CAPACITY_SET, DESK_CHANGED, REFERRAL_PRINTED, TELLING_DONE
from referrals.models import Capacity, DeskChange, ReceivingDesk, Referral, Telling
from referrals.refusals import ChangedMeanwhile, NotPossible, ReasonMissing
from referrals.replies.links import end_links_of, new_link
from referrals.replies.slips import Slip
from referrals.states import OPEN, Via

DESK_FACTS = ("how", "email", "mobile", "phone", "address")
# Where codes and links go: who changes these could have people's details sent to themselves.
_CONTACT = frozenset({"email", "mobile"})
# Paper with people's names goes there: no code stands before it, so the old contact is told at least.
_PAPER = frozenset({"address"})
AGAIN_A_DAY = 3
ASKED_AGAIN = SystemJob("reply link asked for again")


@transaction.atomic
def register_desk(
    *, organisation: Organisation, by: User, facts: Mapping[str, Any], why: str, version: int = 0
) -> ReceivingDesk:
    """Say, or change, where an organisation is told of referrals.

    When a registered contact is changed, or put where there was none: the old one is told, every link that
    is out ends, and for a day no code goes to the new one. When the address for letters is changed, or
    letters are wanted from now on, the old contact is told. The facts themselves are not kept in the
    history, only that, by whom and why they were changed.

    :param version: the desk's on the page where this was typed; 0 when there was none.
    :raises ChangedMeanwhile: somebody else changed it since.
    """
    check(by, Permission.RECEIVING_DESK_CHANGE)
    unknown = set(facts) - set(DESK_FACTS)
    if unknown:
        raise TypeError(f"Not of a receiving desk: {', '.join(sorted(unknown))}")
    if not why.strip():
        raise ReasonMissing(_("Say why, and who asked for it."))
    # Locked, so that two who register the same organisation at once do not meet at the constraint.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    desk = ReceivingDesk.objects.select_for_update().filter(organisation=organisation).first()
    if (desk.version if desk else 0) != version:
        raise ChangedMeanwhile(_("Somebody else changed this a moment ago. Look at it again."))
    is_new = desk is None
    desk = desk or ReceivingDesk(organisation=organisation)
    before = {name: getattr(desk, name) for name in DESK_FACTS}
    changed = [name for name in DESK_FACTS if name in facts and facts[name] != before[name]]
    if not changed and not is_new:
        return desk
    for name in changed:
        setattr(desk, name, facts[name])
    was_reached = bool(before["email"] or before["mobile"])
    contact_moved = bool(_CONTACT & set(changed)) and not is_new
    paper_moved = bool(_PAPER & set(changed)) or (
        "how" in changed and desk.how == ReceivingDesk.How.POST
    )
    if contact_moved:
        desk.contact_changed_at = timezone.now()
    if not is_new:
        desk.version += 1
    desk.full_clean()
    desk.save()
    change = DeskChange.objects.create(desk=desk, by=by, fields=changed, why=why.strip()[:300])
    record(
        DESK_CHANGED,
        by=by,
        organisation=organisation.id,
        fields=changed,
        details={"desk": desk.id},
    )
    if contact_moved:
        end_links_of(organisation.id)
        _tell_old_contact(desk, before["email"] or organisation.email, change, by)
        if was_reached:
            _ask_again(desk, change, by)
    elif paper_moved and not is_new:
        _tell_old_contact(desk, before["email"] or organisation.email, change, by)
    elif (_CONTACT | _PAPER) & set(changed) and organisation.email not in ("", desk.email):
        # Nobody was registered: the address that everybody can read in the directory is told.
        _tell_old_contact(desk, organisation.email, change, by)
    return desk


def _tell_old_contact(desk: ReceivingDesk, address: str, change: DeskChange, by: Actor) -> None:
    """To whoever would notice that somebody else registered themselves."""
    if not address:
        return
    body = _(
        "On %(day)s another contact was registered for referrals to %(organisation)s. Requests, and the "
        "codes that open them, go there from now on.\n\n"
        "If nobody with you asked for this, ring us today on %(number)s.\n\n%(network)s"
    ) % {
        "organisation": desk.organisation.name,
        "day": date_format(timezone.localtime(change.at), "l j F Y"),
        "number": network().helpline,
        "network": network().name,
    }
    queue_message(
        channel=Channel.EMAIL,
        key=f"desk-changed:{change.id}",
        to=Recipient("", address),
        subject=_("Your registered contact for referrals was changed"),
        body=body,
        by=by,
    )


def _ask_again(desk: ReceivingDesk, change: DeskChange, by: Actor) -> None:
    """What is open there gets a link at the new address; the old links are dead."""
    if not desk.email:
        return
    rows = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("requester", "owner")
        .filter(owner_id=desk.organisation_id, state__in=sorted(OPEN), anonymised_at=None)
    )
    for referral in rows.order_by("id"):
        notices.tell_receiver_again(referral, key=f"desk-changed:{change.id}:{referral.id}", by=by)


@transaction.atomic
def send_link_again(*, reference: str) -> None:
    """For a receiver who lost the link: it goes to the registered address, three times a day at most.

    Says nothing about whether there is such a reference, or where the link went. The link that is out
    stays as it is, so that nobody can take it away from them by asking.
    """
    referral = (
        Referral.objects.open()
        .select_for_update(of=("self",))
        .select_related("requester", "owner")
        .filter(reference=normal_reference(reference), anonymised_at=None)
        .first()
    )
    if referral is None:
        return
    start = f"reply-again:{referral.id}:"
    lately = Message.objects.filter(
        key__startswith=start, queued_at__gt=timezone.now() - timedelta(days=1)
    )
    if lately.count() >= AGAIN_A_DAY:
        return
    number = Message.objects.filter(key__startswith=start).count() + 1
    notices.tell_receiver_again(referral, key=f"{start}{number}", by=ASKED_AGAIN)


@transaction.atomic
def send_new_link(*, referral: Referral, by: User) -> bool:
    """The access point sends another link to the registered address; the one that is out ends.

    :returns: whether one went; False where they are not told by e-mail, or it has ended.
    """
    check(by, Permission.REFERRAL_REPLY_FOR, referral)
    current = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("requester", "owner")
        .get(pk=referral.pk)
    )
    desk = notices.desk_of(current.owner_id)
    if (
        current.state not in OPEN
        or current.anonymised_at is not None
        or desk is None
        or desk.how != ReceivingDesk.How.EMAIL
        or current.owner_id == current.requester_id
    ):
        return False
    link = new_link(current)
    notices.tell_receiver_again(current, key=f"reply-link:{link.id}", by=by)
    return True


@transaction.atomic
def set_capacity(
    *,
    service: Service,
    state: str,
    by: Actor,
    note: str = "",
    wait_weeks: int | None = None,
    via: str = Via.SIGNED_IN,
) -> Capacity:
    """Say whether a service has room. Saying it again makes it fresh."""
    if not isinstance(by, SystemJob) and not may_set_capacity(by, service):
        raise PermissionDenied
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    capacity = Capacity.objects.filter(service=service).first() or Capacity(service=service)
    capacity.state = state
    capacity.note = note.strip()
    capacity.wait_weeks = wait_weeks if state == Capacity.State.WAITLIST else None
    capacity.as_of = timezone.now()
    capacity.by = None if isinstance(by, SystemJob) else by
    capacity.via = via
    capacity.full_clean()
    capacity.save()
    record(
        CAPACITY_SET,
        by=by,
        organisation=service.organisation_id,
        details={"service": service.id, "state": state},
    )
    return capacity


@transaction.atomic
def done_telling(*, telling: Telling, by: User) -> Telling:
    """Rung, or posted. :raises NotPossible: when somebody was quicker, or it is overtaken."""
    current = (
        Telling.objects.select_for_update(of=("self",))
        .select_related("referral")
        .get(pk=telling.pk)
    )
    check(by, Permission.REFERRAL_REPLY_FOR)
    if current.not_needed_at is not None:
        raise NotPossible(_("The referral has moved on meanwhile. Look at it again."))
    if current.done_at is not None:
        return current
    current.done_at, current.done_by = timezone.now(), by
    current.save(update_fields=["done_at", "done_by"])
    record(
        TELLING_DONE,
        by=by,
        subject=current.referral.person_id,
        organisation=current.referral.requester_id,
        details={"referral": current.referral_id, "whom": current.whom},
    )
    return current


@transaction.atomic
def note_printed(*, printed: Sequence[Slip], by: User, tellings: Iterable[UUID] = ()) -> None:
    """Write down whose letters were made and what stands in them, and that these only wait for the post."""
    for one in printed:
        record(
            REFERRAL_PRINTED,
            by=by,
            subject=one.referral.person_id,
            organisation=one.referral.requester_id,
            details={"referral": one.referral.id, "categories": sorted(one.seen.categories)},
        )
    Telling.objects.filter(
        pk__in=list(tellings), referral__in=[one.referral for one in printed]
    ).update(printed_at=timezone.now())
