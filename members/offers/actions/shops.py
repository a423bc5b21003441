"""Signing up a shop, changing its details, and noting that it left."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob, record
from directory.imports.positions import positions_of
from directory.models import Organisation
from members.offers.actions.locking import locked, may
from members.offers.events import SHOP_CHANGED, SHOP_LEFT, SHOP_SIGNED_UP
from members.offers.models import OfferVersion, Shop
from members.offers.models.shop import new_till_code
from members.offers.refusals import ShopChanged
from members.offers.search.index import write_vector

TRIES_FOR_A_TILL_CODE = 5


@dataclass(frozen=True)
class ShopDraft:
    """A shop's details as a form has them; the names are ``Shop.FACTS``."""

    name: str
    category: str
    address_1: str
    address_2: str
    town: str
    postcode: str
    phone: str
    opening: str
    contact_name: str
    contact_email: str
    contact_phone: str


@transaction.atomic
def sign_up_shop(
    *,
    organisation: Organisation,
    draft: ShopDraft,
    agreed_by: str,
    agreed_on: date,
    via: str,
    by: Actor,
    key: uuid.UUID | None = None,
    identifier: uuid.UUID | None = None,
) -> Shop:
    """Write down a shop that takes part from now on. The same ``key`` is the same shop.

    ``identifier`` is for those that are loaded from a file.
    """
    key = key or uuid.uuid4()
    shop = Shop(
        id=identifier or uuid.uuid4(),
        key=key,
        organisation=organisation,
        via=via,
        agreed_by=agreed_by,
        agreed_on=agreed_on,
        signed_up_by=None if isinstance(by, SystemJob) else by,
        **asdict(draft),
    )
    may(by, shop)
    # Locked, so that the same form sent twice at once waits here and finds what the first one made.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = Shop.objects.filter(key=key).first()
    if known is not None:
        return known
    _find_position(shop)
    shop.till_code = _free_till_code()
    shop.save(force_insert=True)
    write_vector(shop.pk)
    record(
        SHOP_SIGNED_UP,
        by=by,
        subject=shop.pk,
        organisation=organisation.pk,
        details={"via": str(via)},
    )
    return shop


@transaction.atomic
def change_shop(*, shop: Shop, draft: ShopDraft, version: int, by: Actor) -> Shop:
    """Save the details. ``version`` is the one that the form was filled in from.

    :raises ShopChanged: when somebody else saved in between.
    """
    may(by, shop)
    current = locked(shop)
    if current.version != version:
        raise ShopChanged(
            _(
                "Somebody else has changed this shop since you opened the page. What you typed is "
                "still here: compare it with the shop’s page, then save again."
            )
        )
    wanted = asdict(draft)
    changed = sorted(name for name, value in wanted.items() if getattr(current, name) != value)
    if not changed:
        return current
    for name in changed:
        setattr(current, name, wanted[name])
    if "postcode" in changed:
        _find_position(current)
    current.version += 1
    current.save()
    write_vector(current.pk)
    record(
        SHOP_CHANGED,
        by=by,
        subject=current.pk,
        organisation=current.organisation_id,
        fields=changed,
    )
    return current


@transaction.atomic
def shop_leaves(*, shop: Shop, why: str, by: Actor) -> Shop:
    """From today it takes no part: its offers end, its link opens nothing, whom to ask is forgotten.

    :raises ShopLeft: when that is written down already.
    """
    may(by, shop)
    current = locked(shop)
    now = timezone.now()
    current.left_on, current.left_why = timezone.localdate(), why
    current.contact_name = current.contact_email = current.contact_phone = ""
    current.version += 1
    current.save()
    versions = OfferVersion.objects.filter(offer__shop=current)
    versions.filter(state=OfferVersion.State.PUBLISHED).update(
        state=OfferVersion.State.ENDED, ended_at=now, ended_why=_("The shop no longer takes part.")
    )
    versions.open().update(
        state=OfferVersion.State.TURNED_DOWN,
        decided_at=now,
        decided_why=_("The shop no longer takes part."),
    )
    current.links.filter(revoked_at=None).update(revoked_at=now)
    write_vector(current.pk)
    record(SHOP_LEFT, by=by, subject=current.pk, organisation=current.organisation_id)
    return current


def _find_position(shop: Shop) -> None:
    """Where its postcode is, as the directory finds it; none for one that nobody knows."""
    position = positions_of([shop.postcode]).get(shop.postcode)
    shop.latitude = position.latitude if position else None
    shop.longitude = position.longitude if position else None
    shop.precision = position.precision if position else ""


def _free_till_code() -> str:
    """One that no shop has, or had: a bookmark of a shop that left must not open another's."""
    for _try in range(TRIES_FOR_A_TILL_CODE):
        code = new_till_code()
        if not Shop.objects.filter(till_code=code).exists():
            return code
    raise RuntimeError("No free till code was drawn: are there millions of shops?")
