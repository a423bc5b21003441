"""A volunteer's own pages without an account: the portal's signature over their id and the time.

Nothing is stored; a link opens for 30 days from when its message was sent (docs/decisions/0075).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.messages.sealed import register_seal
from volunteers.models import Volunteer

OPEN_FOR = timedelta(days=30)
SEAL = "volunteer-hours"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="volunteers.giving")


def token_of(volunteer_id: UUID) -> str:
    return _signer().sign(volunteer_id.hex)


def volunteer_of_token(token: str) -> Volunteer | None:
    """Whose it is; ``None`` for whatever is altered, too old, or of somebody forgotten."""
    try:
        identifier = UUID(hex=_signer().unsign(token, max_age=OPEN_FOR))
    except (BadSignature, ValueError):
        return None
    return (
        Volunteer.objects.filter(
            pk=identifier, anonymised_at=None, person__erased_at=None, person__merged_at=None
        )
        .select_related("person", "organisation")
        .first()
    )


def address_of(volunteer_id: UUID) -> str:
    return (
        f"{settings.SITE_ADDRESS}{reverse('volunteers:link_hours', args=[token_of(volunteer_id)])}"
    )


def _secret(identifier: UUID) -> str | None:
    known = Volunteer.objects.filter(pk=identifier, anonymised_at=None).exists()
    return address_of(identifier) if known else None


register_seal(SEAL, words=_("the volunteer's link to their hours"), secret=_secret)
