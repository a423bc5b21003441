"""What the tables of cards hold, and what becomes of a person's cards. Read by ``members/privacy.py``."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import export_rows, move_rows_back
from members.models import Card

_AS_MEMBER = Kept(
    _(
        "while they are a member and two years after; then the number alone, so that it is not drawn again"
    )
)

FIELDS = {
    "members.Card": classified(
        _AS_MEMBER,
        personal="person number",
        safe="id membership organisation state reported_as replaces key_version printed_until sheet "
        "requested_at printed_at issued_at ended_at print_again_at anonymised_at",
    ),
    "members.CardSheet": classified(
        Kept(_("as long as the cards on it")),
        personal="made_by",
        safe="id key organisation first_place made_at settled_at",
    ),
}


def _erase(person: UUID) -> int:
    """No till says yes to it any more. The number stays without a name: it is never drawn again."""
    now = timezone.now()
    rows = Card.objects.filter(person=person)
    rows.live().update(state=Card.State.REVOKED, ended_at=now, print_again_at=None, sheet=None)
    return rows.update(person=None, anonymised_at=now)


def _merge(old: UUID, current: UUID) -> list[str]:
    """Where both records hold a live card of one membership, the current record's stands."""
    taken = Card.objects.live().filter(person=current).values("membership")
    rows = Card.objects.filter(person=old).exclude(state__in=Card.LIVE, membership__in=taken)
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    Card.objects.filter(pk__in=keys).update(person=current)
    return keys


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    register(
        Card,
        PersonLink(
            heading=_("Your cards"),
            export=export_rows(
                Card,
                "person_id",
                ["number", "state", "reported_as", "requested_at", "printed_at", "issued_at",
                 "printed_until", "ended_at"],
            ),
            erase=_erase,
            keep=_("The number of a card, without your name: so that nobody is given it again."),
            merge=_merge,
            unmerge=move_rows_back(Card, "person_id"),
        ),
    )  # fmt: skip
