"""What the tables of memberships and money hold, and what becomes of a person's rows.

Read by ``members/privacy.py``. Accounts are kept for six years after the end of their year (Charities Act
2011, section 131; HMRC), without the member's name once they are erased.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit import SystemJob
from dcsn.privacy import (
    AS_LONG_AS_THE_PORTAL,
    Kept,
    PersonLink,
    classified,
    last_contact,
    register,
)
from dcsn.privacy.registry import export_rows, move_rows, move_rows_back
from members.models import (
    Membership,
    MembershipShare,
    Payment,
    Refund,
    Status,
    Term,
    Token,
    TokenUse,
)

_AS_MEMBER = Kept(_("while they are a member and two years after; then counted without a name"))
_ACCOUNTS = Kept(
    _("six years after the end of the year (accounts), without the member's name once erased"),
    days=2557,
)

ERASURE = SystemJob("erasure")
# In place of a reason that was erased: the tables ask for one.
NO_WORDS = "…"

FIELDS = {
    "members.Plan": classified(
        AS_LONG_AS_THE_PORTAL,
        safe="id code name kind description people_at_most offered position version",
    ),
    "members.PlanTerms": classified(
        AS_LONG_AS_THE_PORTAL,
        personal="recorded_by",
        safe="id plan valid_from price_pence concession_pence vat_note period duration unit "
        "fixed_month fixed_day rollover_month rollover_day new_months grace_months recorded_at",
    ),
    "members.Membership": classified(
        _AS_MEMBER,
        personal="person reference",
        safe="id key organisation plan plan_terms via stored joined_on ended_on created_at "
        "anonymised_at",
    ),
    "members.Term": classified(
        _AS_MEMBER,
        # That it came by the safety net tells of somebody's purse.
        personal="source source_id",
        safe="id membership plan_terms starts_on ends_on created_at voided_at",
    ),
    "members.MembershipShare": classified(
        _AS_MEMBER, personal="person recorded_by", safe="id membership since until"
    ),
    "members.Payment": classified(
        _ACCOUNTS,
        personal="person taken_by voided_by void_reason provider_id",
        safe="id key reference purpose method state amount_pence organisation membership plan_terms "
        "tokens failure_code next_url return_to created_at taken_at receipt_number banking gift read_at "
        "read_wanted_at",
    ),
    "members.ReceiptBook": classified(AS_LONG_AS_THE_PORTAL, safe="organisation next_number"),
    "members.Banking": classified(
        _ACCOUNTS,
        personal="counted_by checked_by reconciled_by difference_note",
        safe="id key organisation expected_pence counted_pence paying_in_reference counted_at "
        "checked_at reconciled_at",
    ),
    "members.Refund": classified(
        _ACCOUNTS,
        personal="by reason provider_id",
        safe="id payment amount_pence way state failure_code tried_at asked_at done_at",
    ),
    "members.Token": classified(
        _ACCOUNTS,
        personal="person",
        safe="id payment price_pence state bought_at expires_on ended_at",
    ),
    "members.TokenUse": classified(
        _ACCOUNTS, personal="reference by", safe="id token at undone_at"
    ),
    "members.JournalEntry": classified(_ACCOUNTS, safe="id what source_id at reverses"),
    "members.JournalLine": classified(_ACCOUNTS, safe="id entry account organisation pence"),
}


def _export_memberships(person: UUID) -> list[dict[str, Any]]:
    rows = (
        Membership.objects.filter(person=person)
        .select_related("plan", "plan_terms", "organisation")
        .prefetch_related("terms")
    )
    today = timezone.localdate()
    return [
        {
            "reference": row.reference,
            "plan": row.plan.name,
            "access point": row.organisation.name,
            "joined": row.joined_on,
            "status": row.status(today).label,
            "terms": [
                {
                    "from": term.starts_on,
                    "until": term.ends_on,
                    "by": term.get_source_display(),
                    "taken back": term.voided_at,
                }
                for term in row.terms.all()
            ],
        }
        for row in rows
    ]


def _erase_memberships(person: UUID) -> int:
    """End what lasts; what is left says that there was a member, not who."""
    from members.actions.handing_over import hand_over_what_is_shared

    rows = Membership.objects.filter(person=person)
    now = timezone.now()
    for row in rows.filter(stored="", shares__until=None, shares__isnull=False).distinct():
        # Whoever shares it has been promised a card until its last day.
        hand_over_what_is_shared(row, by=ERASURE)
    rows.filter(stored__in=["", Status.PENDING]).update(
        stored=Status.CANCELLED, ended_on=timezone.localdate()
    )
    return rows.update(person=None, anonymised_at=now)


def _erase_payments(person: UUID) -> int:
    """The sums stay. Why a payment was voided or given back was written about a person, so it goes."""
    Payment.objects.filter(person=person).exclude(void_reason="").update(void_reason=NO_WORDS)
    Refund.objects.filter(payment__person=person).exclude(reason="").update(reason=NO_WORDS)
    return Payment.objects.filter(person=person).update(person=None)


def _register_contacts() -> None:
    """Whoever is a member, or shares a membership, is in touch until its last day."""
    last_contact.register(
        last_contact.Contact(
            "memberships",
            rows=lambda since: Term.objects.filter(
                voided_at=None, ends_on__gte=timezone.localdate(since)
            ),
            person="membership__person_id",
        )
    )
    last_contact.register(
        last_contact.Contact(
            "memberships begun",
            rows=lambda since: Membership.objects.filter(created_at__gte=since),
        )
    )
    last_contact.register(
        last_contact.Contact(
            "memberships shared",
            rows=lambda since: MembershipShare.objects.filter(
                until=None,
                membership__terms__voided_at=None,
                membership__terms__ends_on__gte=timezone.localdate(since),
            ),
        )
    )


def _export_tokens(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "state": row.state,
            "bought": row.bought_at,
            "runs out": row.expires_on,
            "ended": row.ended_at,
        }
        for row in Token.objects.filter(person=person)
    ]


def _erase_tokens(person: UUID) -> int:
    """Nobody's any more; what was not spent runs out in time and stays in the accounts."""
    return Token.objects.filter(person=person).update(person=None)


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    _register_contacts()
    register(
        Membership,
        PersonLink(
            heading=_("Your membership"),
            export=_export_memberships,
            erase=_erase_memberships,
            includes=(Term,),
            keep=_(
                "That there was a member, on which plan and from when until when: for counting."
            ),
            merge=move_rows(Membership, "person_id"),
            unmerge=move_rows_back(Membership, "person_id"),
        ),
    )
    register(
        MembershipShare,
        PersonLink(
            heading=_("Memberships that you share"),
            export=export_rows(MembershipShare, "person_id", ["since", "until"]),
            erase=lambda person: MembershipShare.objects.filter(person=person).delete()[0],
            merge=move_rows(MembershipShare, "person_id"),
            unmerge=move_rows_back(MembershipShare, "person_id"),
        ),
    )
    register(
        Payment,
        PersonLink(
            heading=_("What you paid"),
            export=export_rows(
                Payment,
                "person_id",
                ["reference", "purpose", "method", "state", "amount_pence", "created_at",
                 "taken_at", "receipt_number"],
            ),
            erase=_erase_payments,
            includes=(Refund,),
            keep=_("The amount, the day and the receipt's number, without your name: for the accounts."),
            merge=move_rows(Payment, "person_id"),
            unmerge=move_rows_back(Payment, "person_id"),
        ),
    )  # fmt: skip
    register(
        Token,
        PersonLink(
            heading=_("Your tokens"),
            export=_export_tokens,
            erase=_erase_tokens,
            includes=(TokenUse,),
            keep=_("What a token cost and when it was spent, without your name: for the accounts."),
            merge=move_rows(Token, "person_id"),
            unmerge=move_rows_back(Token, "person_id"),
        ),
    )
