"""What the tables of shops hold. None leads to a person known to the network.

A shop's contact is somebody at work, often in a shop that carries their own name, so what names them is
personal. Read by ``members/privacy.py``.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, classified, retention
from members.offers import counts

_TAKING_PART = Kept(
    _("while the shop takes part; whom to ask is forgotten when it leaves, its offers are kept")
)
FIELDS = {
    "members.Shop": classified(
        _TAKING_PART,
        personal="contact_name contact_email contact_phone agreed_by signed_up_by left_why",
        safe="id key name alternate_name short_id slug sort_key organisation category address_1 "
        "address_2 town postcode latitude longitude precision phone opening via agreed_on "
        "signed_up_at till_code left_on version vector",
    ),
    "members.Offer": classified(_TAKING_PART, safe="id shop short_id created_at"),
    "members.OfferVersion": classified(
        Kept(_("as long as the portal: what a member was promised, and when")),
        personal="agreed_by made_by decided_by decided_why ended_why",
        safe="id key offer number state kind percent amount_pence wording days exclusions from_on "
        "until_on agreed_on via link made_at edit decided_at published_at ended_at",
    ),
    "members.ShopLink": classified(
        _TAKING_PART,
        personal="made_by",
        safe="id shop made_at expires_at revoked_at emailed_at printed_at",
    ),
    # How often cards were shown in a shop on a day; of no card, no hour and no person.
    "members.TillCount": classified(
        Kept(_("two years; then deleted"), setting="KEEP_TILL_COUNT_DAYS"), safe="id shop day n"
    ),
}


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    retention.register(
        retention.RetentionClass(
            name="members.till_counts",
            what=_("How often cards were shown in a shop, by day"),
            becomes=_("The counts are deleted."),
            setting="KEEP_TILL_COUNT_DAYS",
            due=counts.older_than,
            apply=counts.forget,
            person="",
        )
    )
