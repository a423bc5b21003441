"""Writing down what a shop gives, putting it on show, ending it.

One version of an offer is on show at a time, and one is open (being written, or waiting) beside it. The
shop's row is locked first, always; a form says which version it was filled in from.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor, EventType, SystemJob, record
from members.offers.actions.locking import locked, may
from members.offers.actions.telling import tell_shop
from members.offers.events import (
    OFFER_DRAFTED,
    OFFER_ENDED,
    OFFER_PUBLISHED,
    OFFER_TURNED_DOWN,
)
from members.offers.models import Offer, OfferVersion, Shop
from members.offers.refusals import OfferChanged
from members.offers.search.index import write_vector
from members.refusals import Refused

MOST_OFFERS_OF_A_SHOP = 20
State = OfferVersion.State


@dataclass(frozen=True)
class OfferDraft:
    """What an offer says, as a form has it; the names are ``OfferVersion.FACTS``, and who agreed."""

    kind: str
    percent: int | None
    amount_pence: int | None
    wording: str
    days: list[int]
    exclusions: str
    from_on: date
    until_on: date | None
    agreed_by: str
    agreed_on: date


@dataclass(frozen=True)
class Seen:
    """Which version a page showed: its number, and how often it had been changed."""

    number: int = 0
    edit: int = 0

    @classmethod
    def of(cls, version: OfferVersion | None) -> Seen:
        return cls(version.number, version.edit) if version else cls()

    @classmethod
    def read(cls, text: str) -> Seen:
        """From a hidden field: "3.1". What is not that has seen nothing."""
        number, _dot, edit = text.partition(".")
        if not (number.isascii() and number.isdigit() and edit.isascii() and edit.isdigit()):
            return cls()
        return cls(int(number[:6]), int(edit[:6]))

    def __str__(self) -> str:
        return f"{self.number}.{self.edit}"


def latest(offer: Offer) -> OfferVersion | None:
    """Its newest version, whatever became of it."""
    return offer.versions.order_by("-number").first()


@transaction.atomic
def write_offer(
    *,
    shop: Shop,
    draft: OfferDraft,
    by: Actor,
    via: str,
    publish: bool,
    offer: Offer | None = None,
    seen: Seen | None = None,
    key: uuid.UUID | None = None,
) -> OfferVersion:
    """Write down an offer at the desk: a new one, or the next version of ``offer``.

    The same ``key`` is the same version. With ``publish`` it is on show at once.

    :raises OfferChanged: when the newest version is not the one that was ``seen``.
    :raises Refused: while a proposal of the shop's waits to be looked at.
    """
    may(by, shop)
    current = locked(shop)
    key = key or uuid.uuid4()
    known = OfferVersion.objects.filter(key=key, offer__shop=current).first()
    if known is not None:
        return known
    offer = offer_of(current, offer)
    newest = _unchanged(offer, seen)
    if newest is not None and newest.state == State.PROPOSED:
        raise Refused(_("The shop has proposed a change of this offer: decide about that first."))
    if newest is not None and newest.state == State.DRAFT:
        version = save_draft(newest, draft, key=key, by=by)
    else:
        version = new_version(offer, draft, state=State.DRAFT, via=via, by=by, key=key)
    _record(OFFER_DRAFTED, version, current, by)
    if publish:
        _publish(version, current, by)
    return version


@transaction.atomic
def publish_version(*, version: OfferVersion, seen: Seen, by: Actor) -> OfferVersion:
    """Put an open version on show, in place of the one that is.

    :raises OfferChanged: when it was changed or decided about since the page was opened.
    """
    current, version = _open_version(version, seen, by)
    _publish(version, current, by)
    return version


@transaction.atomic
def turn_down(*, version: OfferVersion, seen: Seen, why: str, by: Actor) -> OfferVersion:
    """Do not take a proposal, or throw a draft away. What is on show stays.

    :raises OfferChanged: when it was changed or decided about since the page was opened.
    """
    current, version = _open_version(version, seen, by)
    was_proposed = version.state == State.PROPOSED
    version.state = State.TURNED_DOWN
    version.decided_at, version.decided_why = timezone.now(), why
    version.decided_by = None if isinstance(by, SystemJob) else by
    version.save(update_fields=["state", "decided_at", "decided_why", "decided_by"])
    _record(OFFER_TURNED_DOWN, version, current, by)
    if was_proposed:
        tell_shop(current, version, by=by)
    return version


@transaction.atomic
def end_offer(*, offer: Offer, why: str, by: Actor) -> OfferVersion:
    """Take it off show now.

    :raises OfferChanged: when nothing of it is on show (any more).
    """
    may(by, offer.shop)
    current = locked(offer.shop)
    version = offer.versions.filter(state=State.PUBLISHED).first()
    if version is None:
        raise OfferChanged(_("This offer is not on show any more."))
    _end(version, why)
    write_vector(current.pk)
    _record(OFFER_ENDED, version, current, by)
    return version


# --- Pieces, for whoever holds the shop's row -------------------------------------------------------


def offer_of(shop: Shop, offer: Offer | None) -> Offer:
    """The offer itself, or a new one of the shop's.

    :raises Refused: when the shop has very many, or it is another shop's.
    """
    if offer is not None:
        if offer.shop_id != shop.pk:
            raise Refused(_("This offer belongs to another shop."))
        return offer
    if shop.offers.count() >= MOST_OFFERS_OF_A_SHOP:
        raise Refused(_("This shop has as many offers as one can have. Change one of them."))
    return Offer.objects.create(shop=shop)


def new_version(
    offer: Offer, draft: OfferDraft, *, state: str, via: str, by: Actor, key: uuid.UUID
) -> OfferVersion:
    number = (offer.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return OfferVersion.objects.create(
        offer=offer,
        number=number,
        key=key,
        state=state,
        via=via,
        made_by=None if isinstance(by, SystemJob) else by,
        **asdict(draft),
    )


def save_draft(
    version: OfferVersion, draft: OfferDraft, *, key: uuid.UUID, by: Actor
) -> OfferVersion:
    """Write over what is open; nobody has seen it on show."""
    for name, value in asdict(draft).items():
        setattr(version, name, value)
    version.key, version.edit = key, version.edit + 1
    version.made_at = timezone.now()
    version.made_by = None if isinstance(by, SystemJob) else by
    version.save()
    return version


def _unchanged(offer: Offer, seen: Seen | None) -> OfferVersion | None:
    newest = latest(offer)
    if seen is not None and Seen.of(newest) != seen:
        raise OfferChanged(
            _(
                "This offer was changed since you opened the page. What you typed is still here: "
                "compare it with the shop’s page, then save again."
            )
        )
    return newest


def _open_version(version: OfferVersion, seen: Seen, by: Actor) -> tuple[Shop, OfferVersion]:
    may(by, version.offer.shop)
    current = locked(version.offer.shop)
    fresh = OfferVersion.objects.select_related("offer__shop").get(pk=version.pk)
    if not fresh.is_open:
        raise OfferChanged(_("Somebody else has decided about this already."))
    if Seen.of(fresh) != seen:
        raise OfferChanged(_("It was changed since you opened the page. Read it again."))
    return current, fresh


def _publish(version: OfferVersion, shop: Shop, by: Actor) -> None:
    was_proposed = version.state == State.PROPOSED
    if version.until_on is not None and version.until_on < timezone.localdate():
        raise Refused(_("Its last day has passed: change that first."))
    before = version.offer.versions.filter(state=State.PUBLISHED).first()
    if before is not None:
        _leaves_no_gap(before, version)
        _end(before, _("A new wording took its place."))
    now = timezone.now()
    version.state = State.PUBLISHED
    version.published_at = version.decided_at = now
    version.decided_by = None if isinstance(by, SystemJob) else by
    version.save(update_fields=["state", "published_at", "decided_at", "decided_by"])
    write_vector(shop.pk)
    _record(OFFER_PUBLISHED, version, shop, by)
    if was_proposed:
        tell_shop(shop, version, by=by)


def _leaves_no_gap(before: OfferVersion, version: OfferVersion) -> None:
    """:raises Refused: one that begins later would take away today what members have today."""
    today = timezone.localdate()
    if version.from_on > today and OfferVersion.objects.shown(today).filter(pk=before.pk).exists():
        raise Refused(
            _(
                "It begins on %(day)s, and what is on show now would end today. Put it on show on that "
                "day, or let it begin today. Until then it can stay here as it is."
            )
            % {"day": date_format(version.from_on, "j F Y")}
        )


def _end(version: OfferVersion, why: str) -> None:
    version.state, version.ended_at, version.ended_why = State.ENDED, timezone.now(), why
    version.save(update_fields=["state", "ended_at", "ended_why"])


def _record(event: EventType, version: OfferVersion, shop: Shop, by: Actor) -> None:
    record(
        event,
        by=by,
        subject=shop.pk,
        organisation=shop.organisation_id,
        details={"offer": version.offer_id, "version": version.pk},
    )
