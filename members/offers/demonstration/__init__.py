"""The shops of the demonstration network: invented, with something in every state."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation
from members.offers.actions import (
    OfferDraft,
    Seen,
    ShopDraft,
    end_offer,
    make_link,
    propose_by_link,
    sign_up_shop,
    write_offer,
)
from members.offers.actions.offers import latest
from members.offers.models import OfferVersion, Shop, TillCount

# With the rest of the demonstration: nothing else of the portal names a borough.
FILE = Path(__file__).parent / "shops.toml"
AGREED = timedelta(days=-60)
WEEKS_COUNTED = 6


@transaction.atomic
def load_shops(*, by: Actor, refresh: bool = False) -> int:
    """Sign up those that are missing; returns how many. With ``refresh``, all of them anew, from today.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("This portal is not a demonstration.")
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    ids = {slug: identity("shop", slug) for slug in told}
    if refresh:
        Shop.objects.filter(pk__in=ids.values()).delete()
    known = set(Shop.objects.filter(pk__in=ids.values()).values_list("pk", flat=True))
    points = Organisation.objects.in_bulk(
        {identity("organisation", entry["organisation"]) for entry in told.values()}
    )
    made = 0
    for slug, entry in told.items():
        point = points.get(identity("organisation", entry["organisation"]))
        if ids[slug] not in known and point is not None:
            _sign_up(slug, entry, point, by)
            made += 1
    return made


def _sign_up(slug: str, entry: dict[str, Any], point: Organisation, by: Actor) -> None:
    today = timezone.localdate()
    name, email, phone = entry["contact"]
    first, second, town, postcode = entry["address"]
    shop = sign_up_shop(
        organisation=point,
        draft=ShopDraft(
            name=entry["name"],
            category=entry["category"],
            address_1=first,
            address_2=second,
            town=town,
            postcode=postcode,
            phone=entry["phone"],
            opening=entry["opening"],
            contact_name=name,
            contact_email=email,
            contact_phone=phone,
        ),
        agreed_by=name,
        agreed_on=today + AGREED,
        via=Shop.Via.PAPER,
        by=by,
        key=identity("shop key", slug),
        identifier=identity("shop", slug),
    )
    for said in entry["offers"]:
        _offer(shop, said, name, today, by)
    for back in range(1, WEEKS_COUNTED * 7 + 1):
        day = today - timedelta(days=back)
        if counted := entry.get("counts", [0] * 7)[day.weekday()]:
            TillCount.objects.create(shop=shop, day=day, n=counted)


def _offer(shop: Shop, said: dict[str, Any], name: str, today: date, by: Actor) -> None:
    state = said.get("state", "published")
    version = write_offer(
        shop=shop,
        draft=_draft(said, name, today),
        by=by,
        via=OfferVersion.Via.PAPER,
        publish=state != "draft",
    )
    if state == "ended":
        end_offer(offer=version.offer, why="Tried for a summer.", by=by)
    if "then" in said:
        propose_by_link(
            link=make_link(shop=shop, by=by),
            draft=_draft(said["then"], name, today),
            seen=Seen.of(latest(version.offer)),
            key=identity("proposal", shop.slug),
            offer=version.offer,
        )


def _draft(said: dict[str, Any], name: str, today: date) -> OfferDraft:
    kind = (
        OfferVersion.Kind.PERCENT
        if "percent" in said
        else OfferVersion.Kind.AMOUNT
        if "pence" in said
        else OfferVersion.Kind.WORDS
    )
    return OfferDraft(
        kind=kind,
        percent=said.get("percent"),
        amount_pence=said.get("pence"),
        wording=said.get("on") or said.get("words", ""),
        days=said.get("days", list(range(7))),
        exclusions=said.get("not", ""),
        from_on=today + (timedelta(days=said["from"]) if "from" in said else AGREED),
        until_on=today + timedelta(days=said["until"]) if "until" in said else None,
        agreed_by=name,
        agreed_on=today + AGREED,
    )
