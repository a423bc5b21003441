"""The access point that sent it: each word of the receiver, to its shared address."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from referrals.models import Referral, StateChange
from referrals.notices.sending import desk_of, send_email, signed


def tell_hub(referral: Referral, change: StateChange, *, by: Actor) -> None:
    if referral.owner_id == referral.requester_id:
        return
    desk = desk_of(referral.requester_id)
    if desk is None or not desk.email:
        return
    state = change.get_to_state_display()
    send_email(
        referral,
        desk.email,
        f"referral:{change.id}:hub",
        _("%(reference)s: %(state)s") % {"reference": referral.reference, "state": state},
        signed(
            _(
                "There is news of request %(reference)s: %(state)s.\n\nSign in to see it:\n%(address)s"
            )
            % {
                "reference": referral.reference,
                "state": state,
                "address": f"{settings.SITE_ADDRESS}{reverse('accounts:home')}",
            }
        ),
        by=by,
    )
