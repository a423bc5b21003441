"""Links to answer an offer by: one for the volunteer, another for the person.

The portal's own signature over the offer's id and the side; nothing is stored, and a link opens for as
long as its offer is live (docs/decisions/0071). Looking one up writes nothing: mail scanners open links.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.access.acting import StandsFor, register_link
from dcsn.audit import SystemJob
from dcsn.messages.sealed import register_seal
from volunteers.models import Offer
from volunteers.states import OfferState, Party

# On whose word an answer by link is, in the audit trail.
BY_LINK = {
    Party.VOLUNTEER: register_link(SystemJob("volunteer answer link"), StandsFor.PERSON),
    Party.PERSON: register_link(SystemJob("helped person answer link"), StandsFor.PERSON),
}
SEALS = {Party.VOLUNTEER: "volunteer-offer", Party.PERSON: "help-offer"}


def _signer(side: Party) -> Signer:
    return Signer(salt=f"volunteers.offer.{side}")


def token_of(offer_id: UUID, side: Party) -> str:
    return f"{side.value[0]}.{_signer(side).sign(offer_id.hex)}"


def offer_of_token(token: str) -> tuple[Offer, Party] | None:
    """The offer and the side; ``None`` for whatever is altered or no longer open. Nobody learns which."""
    letter, _dot, signed = token.partition(".")
    side = {"v": Party.VOLUNTEER, "p": Party.PERSON}.get(letter)
    if side is None:
        return None
    try:
        identifier = UUID(hex=_signer(side).unsign(signed))
    except (BadSignature, ValueError):
        return None
    offer = (
        Offer.objects.filter(pk=identifier, help_request__anonymised_at=None)
        .select_related("help_request__person", "help_request__organisation", "volunteer__person")
        .first()
    )
    return (offer, side) if offer is not None and is_open(offer, side) else None


def is_open(offer: Offer, side: Party) -> bool:
    """A volunteer may answer what they are asked; the person once the volunteer has said yes."""
    if side is Party.VOLUNTEER:
        return offer.state in (OfferState.OFFERED, OfferState.ACCEPTED)
    return offer.state == OfferState.ACCEPTED


def address_of(offer_id: UUID, side: Party) -> str:
    return f"{settings.SITE_ADDRESS}{reverse('volunteers:offer_link', args=[token_of(offer_id, side)])}"


def _secret(side: Party, identifier: UUID) -> str | None:
    offer = Offer.objects.filter(pk=identifier).first()
    return address_of(identifier, side) if offer is not None and is_open(offer, side) else None


register_seal(
    SEALS[Party.VOLUNTEER],
    words=_("the volunteer's link to answer by"),
    secret=lambda identifier: _secret(Party.VOLUNTEER, identifier),
)
register_seal(
    SEALS[Party.PERSON],
    words=_("the person's link to answer by"),
    secret=lambda identifier: _secret(Party.PERSON, identifier),
)
