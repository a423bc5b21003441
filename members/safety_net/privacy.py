"""What the tables of the safety net hold, and what becomes of a person's rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, last_contact, register, retention
from dcsn.privacy.registry import said
from members.models import Concession, ConcessionRenewal
from members.safety_net.reviews import empty, forgettable, wipe_concessions

_KEPT = Kept(
    _("2 years after the decision, or after its day of review; then emptied, and counted only"),
    setting="KEEP_CONCESSION_DAYS",
)

FIELDS = {
    "members.Concession": classified(
        _KEPT,
        personal="asked_by seen_by decided_by proposed_by confirmed_by reasons proposed_reasons",
        # A benefit tells of a disability or an illness, and so can the words.
        special="ground words evidence appeal_words",
        safe="id key membership state via asked_at seen_on decided_at review_on appealed_at appeal_via "
        "proposal proposed_at confirmed_at to_be_told version version_at wiped_at",
    ),
    "members.ConcessionRenewal": classified(_KEPT, personal="by", safe="id key concession at"),
}

_EXPORTED = (
    "state", "ground", "words", "via", "asked_at", "evidence", "seen_on", "decided_at", "reasons",
    "review_on", "appealed_at", "appeal_via", "appeal_words", "confirmed_at",
)  # fmt: skip


def _export(person: UUID) -> list[dict[str, Any]]:
    rows = Concession.objects.filter(membership__person=person).prefetch_related("renewals")
    return [
        {name: said(row, name) for name in _EXPORTED}
        | {"renewed": [renewal.at for renewal in row.renewals.all()]}
        for row in rows
    ]


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    register(
        Concession,
        PersonLink(
            heading=_("Being a member without paying: what you asked, and our answers"),
            export=_export,
            erase=lambda person: empty(
                Concession.objects.filter(membership__person=person, wiped_at=None)
            ),
            includes=(ConcessionRenewal,),
            third_parties=("reasons",),
            keep=_("That somebody asked, when, and how it ended, without why: for counting."),
            # Before the membership lets go of the person. At a merge they go along with it.
            order=-1,
        ),
    )
    last_contact.register(
        last_contact.Contact(
            "safety net",
            rows=lambda since: Concession.objects.filter(version_at__gte=since),
            person="membership__person_id",
        )
    )
    retention.register(
        retention.RetentionClass(
            name="members.concessions",
            what=_("Why somebody was a member without paying, or was not"),
            becomes=_(
                "Why, what was looked at and everything written is deleted; how it ended stays."
            ),
            setting="KEEP_CONCESSION_DAYS",
            due=forgettable,
            apply=wipe_concessions,
            person="membership__person_id",
        )
    )
