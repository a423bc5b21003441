"""Where the demonstration's organisations hear of referrals, and who of them has room: all invented."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation, Service
from referrals.models import Capacity, ReceivingDesk

_HOW = ReceivingDesk.How
# The others hear by e-mail, with a link.
WAYS = {"age-uk": _HOW.SIGNED_IN, "sight": _HOW.POST, "bereavement": _HOW.PHONE}
_ROOM = Capacity.State
# Slug of the service, what is said, expected wait in weeks, how many days ago it was said.
ROOM = (
    ("bathing-at-home", _ROOM.WAITLIST, 3, 2),
    ("befriending", _ROOM.WAITLIST, 8, 12),
    ("carers-drop-in", _ROOM.CAPACITY, None, 1),
    ("falls-clinic", _ROOM.ASSESSMENT, None, 5),
    ("handyperson", _ROOM.NO_CAPACITY, None, 4),
    ("hospital-cars", _ROOM.CAPACITY, None, 45),
)


@transaction.atomic
def load_receivers() -> int:
    """Register whoever is not registered yet; returns how many.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented addresses do not belong among real ones.")
    ways = {identity("organisation", slug): how for slug, how in WAYS.items()}
    waiting = Organisation.objects.filter(
        receiving_desk=None, services__in=Service.objects.publishable()
    ).distinct()
    made = ReceivingDesk.objects.bulk_create(
        ReceivingDesk(
            organisation=one,
            how=ways.get(one.pk, _HOW.EMAIL),
            email=f"referrals@{one.short_id.lower()}.example",
            phone=f"01632 960 {700 + number % 200:03d}",
            address=f"{one.name}\n{number + 1} Harebell Row\nDL1 5QU",
        )
        for number, one in enumerate(waiting.order_by("sort_key", "id"))
    )
    services = Service.objects.in_bulk([identity("service", slug) for slug, *_rest in ROOM])
    now = timezone.now()
    for slug, state, weeks, days in ROOM:
        service = services.get(identity("service", slug))
        if service is not None:
            Capacity.objects.get_or_create(
                service=service,
                defaults={
                    "state": state,
                    "wait_weeks": weeks,
                    "as_of": now - timedelta(days=days),
                },
            )
    return len(made)
