"""Tokens for an hour of a neighbour's help: bought, spent, given back, run out. Off unless a setting is on.

The idea is Southwark Circle's, as the feasibility study tells it. What is bought is owed until it is spent;
all of it is in the same journal as every other penny (docs/decisions/0060). For the app above that
arranges help::

    spend_token(person=…, reference="help-request:<uuid>", by=user)     # once for each reference
    unspend_token(reference="help-request:<uuid>", by=user)             # it did not come about
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from members.actions.journal import Line, post
from members.models import Account, JournalEntry, Payment, Person, Token, TokenUse
from members.payments.events import TOKEN_SPENT, TOKEN_UNSPENT
from members.refusals import Refused

What = JournalEntry.What
LONGEST_REFERENCE = 64


class NoTokens(Refused):
    """There is none left to spend."""


class SpentAlready(Refused):
    """Some of them were spent, so the payment cannot be given back."""


def are_on() -> bool:
    return bool(settings.TOKENS)


def price_of(count: int) -> int:
    """In pence."""
    return int(settings.TOKEN_PENCE) * count


def left(person: Person, day: date | None = None) -> int:
    return person.tokens.to_spend(day or timezone.localdate()).count()


@transaction.atomic
def hand_out(payment: Payment) -> None:
    """The tokens that a payment buys, once: called while the payment is locked, when it is paid."""
    if payment.tokens_bought.exists():
        return
    bought = timezone.localdate(payment.taken_at)
    share, rest = divmod(payment.amount_pence, payment.tokens)
    Token.objects.bulk_create(
        Token(
            payment=payment,
            person=payment.person,
            # Every penny belongs to one of them, whatever was paid for all.
            price_pence=share + (1 if number < rest else 0),
            expires_on=bought + relativedelta(months=settings.TOKEN_MONTHS),
        )
        for number in range(payment.tokens)
    )


@transaction.atomic
def take_back(payment: Payment) -> None:
    """Those that a payment bought, when it is voided or given back.

    :raises SpentAlready: when one of them is no longer there to take.
    """
    rows = list(Token.objects.select_for_update().filter(payment=payment).order_by("id"))
    if any(row.state not in (Token.State.BOUGHT, Token.State.REFUNDED) for row in rows):
        raise SpentAlready(
            _("Some of these tokens were spent or ran out. It cannot be given back.")
        )
    Token.objects.filter(payment=payment, state=Token.State.BOUGHT).update(
        state=Token.State.REFUNDED, ended_at=timezone.now()
    )


@transaction.atomic
def spend_token(*, person: Person, reference: str, by: Actor, on: date | None = None) -> TokenUse:
    """Spend one, the one that runs out first. The same ``reference`` is paid for once.

    Their record is locked: fifty who ask at once for the last token come one after the other.

    :raises NoTokens: there is none.
    """
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise ValueError(f"not a reference: {reference!r}")
    owner = Person.objects.known().select_for_update().filter(pk=person.pk).first()
    if owner is None:
        raise Refused(_("This person's record is no longer in use."))
    known = TokenUse.objects.filter(reference=reference, undone_at=None).first()
    if known is not None:
        return known
    token = owner.tokens.to_spend(on or timezone.localdate()).select_for_update().first()
    if token is None:
        raise NoTokens(_("They have no token left."))
    token.state, token.ended_at = Token.State.SPENT, timezone.now()
    token.save(update_fields=["state", "ended_at"])
    use = TokenUse.objects.create(
        token=token, reference=reference, by=by if isinstance(by, User) else None
    )
    _post(What.TOKEN_SPENT, use.id, token, Account.TOKENS, Account.TOKENS_SPENT)
    record(
        TOKEN_SPENT,
        by=by,
        subject=owner.id,
        organisation=token.payment.organisation_id,
        details={"token": token.id},
    )
    return use


@transaction.atomic
def unspend_token(*, reference: str, by: Actor) -> TokenUse | None:
    """The help did not come about: the token is to be spent again. None when none was spent on it."""
    found = (
        TokenUse.objects.filter(reference=reference, undone_at=None).select_related("token").first()
    )
    if found is None:
        return None
    token = Token.objects.select_for_update().get(pk=found.token_id)
    use = TokenUse.objects.select_for_update().get(pk=found.pk)
    if use.undone_at is not None:
        return use
    use.undone_at = timezone.now()
    use.save(update_fields=["undone_at"])
    token.state, token.ended_at = Token.State.BOUGHT, None
    token.save(update_fields=["state", "ended_at"])
    _post(What.TOKEN_UNSPENT, use.id, token, Account.TOKENS_SPENT, Account.TOKENS)
    record(
        TOKEN_UNSPENT,
        by=by,
        subject=token.person_id,
        organisation=token.payment.organisation_id,
        details={"token": token.id},
    )
    return use


def expire_tokens(on: date | None = None) -> int:
    """What nobody spent in time is owed no longer; returns how many."""
    today = on or timezone.localdate()
    gone = 0
    over = Token.objects.filter(state=Token.State.BOUGHT, expires_on__lt=today)
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            token = (
                Token.objects.select_for_update(of=("self",))
                .filter(pk=pk, state=Token.State.BOUGHT)
                .select_related("payment__organisation")
                .first()
            )
            if token is None:
                continue
            token.state, token.ended_at = Token.State.EXPIRED, timezone.now()
            token.save(update_fields=["state", "ended_at"])
            _post(What.TOKEN_EXPIRED, token.id, token, Account.TOKENS, Account.TOKENS_EXPIRED)
            gone += 1
    return gone


def _post(what: str, source_id: UUID, token: Token, debit: Account, credit: Account) -> None:
    hub = token.payment.organisation
    post(
        what=what,
        source_id=source_id,
        lines=[Line(debit, token.price_pence, hub), Line(credit, -token.price_pence, hub)],
    )
