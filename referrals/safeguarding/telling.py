"""Who is told that something waits. The message says nothing: no person, no access point, no matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access.models import RoleAssignment
from dcsn.access.roles import SAFEGUARDING_LEAD
from dcsn.accounts.models import User
from dcsn.audit import SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from referrals.events import CONCERN_ESCALATED
from referrals.models import Concern

PORTAL = SystemJob("work that waits")


def leads_of(organisation: UUID | None = None) -> list[User]:
    """The safeguarding leads who can be written to: one access point's, or the whole network's."""
    found = RoleAssignment.objects.current().filter(
        role=SAFEGUARDING_LEAD.code, user__is_active=True
    )
    if organisation is not None:
        found = found.filter(organisation_id=organisation)
    users = {row.user_id: row.user for row in found.select_related("user")}
    return sorted(users.values(), key=lambda user: user.email)


def tell_leads(concern: Concern) -> bool:
    """Write to the leads of the access point; to all in the network when it has none.

    Returns whether there was anybody to write to. In the transaction of the raising.
    """
    own = leads_of(concern.organisation_id)
    if own:
        _write_to(own, concern, "new")
        return True
    return _escalate(concern)


@transaction.atomic
def escalate_waiting(today: date | None = None) -> int:
    """Tell all leads of those that nobody has looked at in time, once each; returns how many."""
    waiting = (
        Concern.objects.waiting_too_long(today or timezone.localdate())
        .select_for_update(skip_locked=True)
        .order_by("raised_at", "id")
    )
    return sum(_escalate(concern) for concern in list(waiting))


def _escalate(concern: Concern) -> bool:
    """From now on every safeguarding lead of the network may open it. Nothing while there is none: the
    next sweep tries again."""
    everybody = leads_of()
    if not everybody:
        return False
    concern.escalated_at = timezone.now()
    concern.save(update_fields=["escalated_at"])
    record(
        CONCERN_ESCALATED,
        by=PORTAL,
        subject=concern.id,
        details={"concern": concern.id},
    )
    _write_to(everybody, concern, "late")
    return True


def _write_to(users: Iterable[User], concern: Concern, why: str) -> None:
    # No organisation and nobody it is about: in no list of messages does it stand beside a name.
    for user in users:
        queue_message(
            channel=Channel.EMAIL,
            key=f"look:{concern.key}:{why}:{user.pk}",
            to=Recipient(user.name, user.email),
            subject=_("Please look at the portal"),
            body=_("Please look at the portal. Something is waiting for you there.\n\n%(network)s")
            % {"network": network().name},
            by=PORTAL,
        )
