"""Asking for a card, printing it, handing it over, and what happens when it is gone.

Every change locks the membership first, so that two people at two desks cannot make two cards of one.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, EventType, SystemJob, record
from directory.models import Organisation
from members.actions.memberships import locked
from members.cards.events import (
    CARD_ISSUED,
    CARD_PRINT_AGAIN,
    CARD_PRINT_FAILED,
    CARD_PRINTED,
    CARD_REPLACED,
    CARD_REPORTED,
    CARD_REQUESTED,
    CARD_REVOKED,
)
from members.cards.number import new_number
from members.cards.tags import current_version
from members.cards.validity import belongs, membership_good_until
from members.models import Card, CardSheet, Membership, Person
from members.refusals import Refused

State = Card.State
# As many as somebody can cut and check in one go: five sheets.
MOST_ON_SHEETS = 50


class NoCard(Refused):
    """The membership gives this person no card: it waits, has run out, or is not theirs."""


class CardMovedOn(Refused):
    """The card, or the sheet, is no longer what the page showed."""


class CannotPrint(Refused):
    """There is no key to sign the codes with (``DCSN_CARD_KEYS``)."""


def card_for(membership: Membership, person: Person) -> Card | None:
    """The live card of this person of this membership; None when there is none."""
    return Card.objects.live().filter(membership=membership, person=person).first()


@transaction.atomic
def request_card(*, membership: Membership, person: Person, by: Actor) -> Card:
    """Put a card on the list of those to be printed. Somebody with a live card keeps that one.

    Called after the first term, and again after each renewal: where the paper names a month that is not
    the last any more, the same number is printed again. ``by`` is staff, the member, or the portal.

    :raises NoCard: nothing has been paid or granted yet, it has run out or ended, or is not theirs.
    """
    current = locked(membership)
    _check_own_or(by, current, person)
    until = membership_good_until(current)
    if not belongs(current, person):
        raise NoCard(_("They do not share this membership."))
    if until is None or until < timezone.localdate():
        raise NoCard(_("A card needs a membership that has begun and has not run out."))
    known = card_for(current, person)
    if known is None:
        card = _new_card(current, person)
        _note(CARD_REQUESTED, card, by)
        return card
    if known.is_good and known.printed_until != until and known.print_again_at is None:
        known.print_again_at = timezone.now()
        known.save(update_fields=["print_again_at"])
        _note(CARD_PRINT_AGAIN, known, by)
    return known


@transaction.atomic
def mark_printed(*, card: Card, by: Actor) -> Card:
    """Somebody holds the card in their hand and it came out well."""
    current = _locked(card)
    _check_desk(by, current)
    if current.is_good and not current.needs_paper:
        return current
    return _printed(current, by)


@transaction.atomic
def mark_issued(*, card: Card, by: Actor) -> Card:
    """It was handed over or put into the post. One that was never ticked as printed is, with this."""
    current = _locked(card)
    _check_desk(by, current)
    if not current.is_live:
        raise CardMovedOn(_("This card is not in use any more."))
    if current.state == State.ISSUED and not current.needs_paper:
        return current
    if current.needs_paper:
        current = _printed(current, by)
    if current.state == State.PRINTED:
        current.state = State.ISSUED
        current.issued_at = timezone.now()
        current.save(update_fields=["state", "issued_at"])
    _note(CARD_ISSUED, current, by)
    return current


@transaction.atomic
def report_card(*, card: Card, what: str, by: Actor, replace: bool = True) -> Card | None:
    """Lost, stolen or damaged: from now on no till says yes to it. Returns the new card, if one comes.

    Nothing has to be paid and nothing is asked: whoever loses cards is often who needs them most.
    """
    if what not in Card.REPORTED:
        raise ValueError(what)
    current = _locked(card)
    _check_own_or(by, current.membership, current.person)
    if current.reported_as:
        # Pressed twice, or by two people: what was said first stands.
        return _replacement(current, by) if replace else None
    if not current.is_live:
        raise CardMovedOn(_("This card is not in use any more."))
    if current.state == State.REQUESTED:
        raise CardMovedOn(_("This card has not been printed yet."))
    current.state = what
    current.reported_as = what
    _end(current)
    _note(CARD_REPORTED, current, by, what=what)
    return _replacement(current, by) if replace else None


@transaction.atomic
def revoke_card(*, card: Card, by: Actor) -> Card:
    """Take a card back: the membership was ended, or the card is misused."""
    current = _locked(card)
    _check_desk(by, current)
    if current.state == State.REVOKED:
        return current
    if not current.is_live:
        raise CardMovedOn(_("This card is not in use any more."))
    current.state = State.REVOKED
    _end(current)
    _note(CARD_REVOKED, current, by)
    return current


# --- Ten on a sheet -----------------------------------------------------------------------------------


@transaction.atomic
def make_sheet(
    *, key: UUID, organisation: Organisation, by: User, first_place: int = 1
) -> CardSheet:
    """Put everything that waits at this access point on sheets. The same ``key`` is the same sheet.

    Two people who press at the same moment get different cards, or the second gets none.

    :raises CardMovedOn: nothing waits.
    """
    check(by, Permission.CARD_CHANGE, CardSheet(organisation=organisation))
    known = CardSheet.objects.filter(key=key).first()
    if known is not None:
        return known
    require_key()
    waiting = list(
        Card.objects.to_print()
        .filter(organisation=organisation)
        .select_for_update(skip_locked=True, of=("self",))[:MOST_ON_SHEETS]
    )
    if not waiting:
        raise CardMovedOn(_("No card waits to be printed here."))
    sheet = CardSheet(key=key, organisation=organisation, made_by=by, first_place=first_place)
    sheet.full_clean(exclude=["key"])
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
    except IntegrityError:
        return CardSheet.objects.get(key=key)
    Card.objects.filter(pk__in=[card.pk for card in waiting]).update(sheet=sheet)
    return sheet


@transaction.atomic
def settle_sheet(*, sheet: CardSheet, spoilt: Collection[UUID], by: User) -> CardSheet:
    """Say how it came out: what is spoilt waits again, everything else is printed."""
    current = CardSheet.objects.select_for_update().get(pk=sheet.pk)
    check(by, Permission.CARD_CHANGE, current)
    if current.settled_at is not None:
        return current
    for card in list(current.cards.select_related("membership").order_by("requested_at", "id")):
        one = _locked(card)
        if not one.is_live or one.sheet_id != current.pk:
            continue
        # Ended since it was put on the sheet: the paper is thrown away like a spoilt one.
        is_over = membership_good_until(one.membership) is None
        if one.pk in spoilt or is_over:
            one.sheet = None
            one.save(update_fields=["sheet"])
            _note(CARD_PRINT_FAILED, one, by)
        else:
            _printed(one, by, keep_sheet=True)
    current.settled_at = timezone.now()
    current.save(update_fields=["settled_at"])
    return current


# --- Pieces -------------------------------------------------------------------------------------------


def require_key() -> None:
    """:raises CannotPrint: when the network has set no key to sign codes with."""
    if not settings.CARD_KEYS:
        raise CannotPrint(_("Cards cannot be printed: whoever runs the portal has to set a key."))


def _check_desk(by: Actor, card: Card) -> None:
    if not isinstance(by, SystemJob):
        check(by, Permission.CARD_CHANGE, card)


def _check_own_or(by: Actor, membership: Membership, person: Person | None) -> None:
    """The portal, the person themselves, the one whose membership it is, or staff of the desk."""
    if isinstance(by, SystemJob):
        return
    owners = {one.user_id for one in (person, membership.person) if one is not None and one.user_id}
    if by.pk not in owners:
        check(by, Permission.CARD_CHANGE, Card(organisation=membership.organisation))


def _new_card(membership: Membership, person: Person, replaces: Card | None = None) -> Card:
    for _time in range(20):
        try:
            with transaction.atomic():
                return Card.objects.create(
                    number=new_number(),
                    membership=membership,
                    person=person,
                    organisation=membership.organisation,
                    replaces=replaces,
                )
        except IntegrityError as error:
            # Drawn before: draw again. Anything else would come again twenty times.
            if "members_card_number" not in str(error):
                raise
    raise RuntimeError("no free card number was drawn in twenty tries")


def _replacement(old: Card, by: Actor) -> Card | None:
    """The new card in place of a reported one; none when the membership gives none any more."""
    known = Card.objects.filter(replaces=old).first()
    if known is not None:
        return known
    membership, person = old.membership, old.person
    until = membership_good_until(membership)
    if person is None or until is None or until < timezone.localdate():
        return None
    if not belongs(membership, person):
        return None
    live = card_for(membership, person)
    if live is not None:
        return live
    card = _new_card(membership, person, replaces=old)
    old.state = State.REPLACED
    old.save(update_fields=["state"])
    _note(CARD_REPLACED, old, by, by_card=card)
    return card


def _printed(card: Card, by: Actor, *, keep_sheet: bool = False) -> Card:
    until = membership_good_until(card.membership)
    if not card.is_live or until is None:
        raise CardMovedOn(_("This card is not in use any more."))
    require_key()
    now = timezone.now()
    if card.state == State.REQUESTED:
        card.state = State.PRINTED
    card.printed_at = now
    card.print_again_at = None
    card.key_version = current_version()
    card.printed_until = until
    if not keep_sheet:
        card.sheet = None
    card.save(
        update_fields=[
            "state", "printed_at", "print_again_at", "key_version", "printed_until", "sheet",
        ]
    )  # fmt: skip
    _note(CARD_PRINTED, card, by)
    return card


def _end(card: Card) -> None:
    card.ended_at = timezone.now()
    card.print_again_at = None
    card.sheet = None
    card.save(update_fields=["state", "reported_as", "ended_at", "print_again_at", "sheet"])


def _locked(card: Card) -> Card:
    """The row as it is now, behind its membership's lock; held until the transaction ends."""
    membership = locked(card.membership)
    current = Card.objects.select_for_update(of=("self",)).select_related("person").get(pk=card.pk)
    current.membership = membership
    return current


def _note(event: EventType, card: Card, by: Actor, **details: object) -> None:
    said: dict[str, object] = {"card": card.id}
    if "what" in details:
        said["what"] = str(details["what"])
    if isinstance(details.get("by_card"), Card):
        said["by"] = details["by_card"].id  # type: ignore[attr-defined]
    record(
        event,
        by=by,
        subject=card.person_id,
        organisation=card.organisation_id,
        details=said,
    )
