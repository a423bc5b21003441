"""The person's link to what they asked for: signed, stored nowhere, opened as often as they like.

It goes only where the person chose to be reached. It opens for as long as the request is open, and after
its end while they may still be asked how it went (docs/decisions/0079).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.messages.sealed import register_seal
from volunteers.models import HelpRequest

SEAL = "help-request"
OPENS_AFTER_END = timedelta(days=60)
_SIGNER = Signer(salt="volunteers.help_request")


def token_of_request(request_id: UUID) -> str:
    return _SIGNER.sign(request_id.hex)


def request_of_token(token: str) -> HelpRequest | None:
    """``None`` for whatever is altered or no longer open. Nobody learns which."""
    try:
        identifier = UUID(hex=_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    found = (
        HelpRequest.objects.filter(pk=identifier, anonymised_at=None)
        .select_related("person", "organisation")
        .first()
    )
    return found if found is not None and _opens(found) else None


def _opens(found: HelpRequest) -> bool:
    return found.ended_at is None or timezone.now() < found.ended_at + OPENS_AFTER_END


def address_of_request(request_id: UUID) -> str:
    address = reverse("volunteers:asked_link", args=[token_of_request(request_id)])
    return f"{settings.SITE_ADDRESS}{address}"


def _secret(identifier: UUID) -> str | None:
    found = HelpRequest.objects.filter(pk=identifier, anonymised_at=None).first()
    return address_of_request(identifier) if found is not None and _opens(found) else None


register_seal(SEAL, words=_("the person's link to what they asked for"), secret=_secret)
