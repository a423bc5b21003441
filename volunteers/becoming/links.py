"""The link to the page of suggestions: the portal's own signature over the step by which they were
redirected (as docs/decisions/0071). It opens while that is still how they stand, and is stored nowhere."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.access.acting import StandsFor, register_link
from dcsn.audit import SystemJob
from dcsn.messages.sealed import register_seal
from volunteers.models import Volunteer, VolunteerChange
from volunteers.states import VolunteerState

BY_LINK = register_link(SystemJob("volunteer suggestions link"), StandsFor.PERSON)
SEAL = "volunteer-suggestions"
_SIGNER = Signer(salt="volunteers.suggestions")


def redirected_by(volunteer: Volunteer) -> VolunteerChange | None:
    """The step by which they were redirected, while they still are."""
    if volunteer.state != VolunteerState.REDIRECTED:
        return None
    return volunteer.changes.order_by("-number").first()


def token_of(change_id: UUID) -> str:
    return _SIGNER.sign(change_id.hex)


def address_of(change_id: UUID) -> str:
    return f"{settings.SITE_ADDRESS}{reverse('volunteers:suggested', args=[token_of(change_id)])}"


def volunteer_of_token(token: str) -> Volunteer | None:
    """Whose page it is; ``None`` for whatever is altered or over. Nobody learns which."""
    try:
        identifier = UUID(hex=_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return volunteer_of_step(identifier)


def volunteer_of_step(change_id: UUID) -> Volunteer | None:
    change = (
        VolunteerChange.objects.filter(
            pk=change_id, volunteer__anonymised_at=None, to_state=VolunteerState.REDIRECTED
        )
        .select_related("volunteer__person", "volunteer__organisation")
        .first()
    )
    if change is None or redirected_by(change.volunteer) != change:
        return None
    found: Volunteer = change.volunteer
    return found


def _secret(change_id: UUID) -> str | None:
    return address_of(change_id) if volunteer_of_step(change_id) is not None else None


register_seal(SEAL, words=_("the volunteer's link to what was suggested"), secret=_secret)
