"""Payments as the tests need them.

begun(organisation=…)            by card, begun with the pretended provider
paid_at_desk(by=…, organisation=…)   cash at a desk, for a membership that was waiting
counted(payment, …, by=…)        a banking that waits for the second name
"""

from __future__ import annotations

import uuid
from typing import Any

from members.models import Banking, Membership, Payment
from members.payments import begin_online, take
from members.payments.desk import count_banking
from tests.factories.membership import TESTS, membership
from tests.factories.person import PersonFactory


def waiting(organisation: Any, **facts: Any) -> Membership:
    """A membership that waits for its first payment."""
    return membership(person=PersonFactory(organisation=organisation), source=None, **facts)


def begun(
    row: Membership | None = None,
    *,
    organisation: Any = None,
    amount_pence: int = 1000,
    **facts: Any,
) -> Payment:
    row = row or waiting(organisation)
    return begin_online(
        membership=row,
        terms=facts.pop("terms", row.plan_terms),
        amount_pence=amount_pence,
        return_url=facts.pop("return_url", "/"),
        key=facts.pop("key", None) or uuid.uuid4(),
        by=facts.pop("by", TESTS),
        **facts,
    )


def paid_at_desk(
    row: Membership | None = None, *, by: Any, organisation: Any = None, **facts: Any
) -> Payment:
    row = row or waiting(organisation)
    return take(
        key=facts.pop("key", None) or uuid.uuid4(),
        membership=row,
        plan_terms=facts.pop("plan_terms", row.plan_terms),
        amount_pence=facts.pop("amount_pence", 1000),
        method=facts.pop("method", Payment.Method.CASH),
        by=by,
        **facts,
    )


def counted(*payments: Payment, by: Any, **facts: Any) -> Banking:
    return count_banking(
        key=facts.pop("key", None) or uuid.uuid4(),
        organisation=payments[0].organisation,
        payments=payments,
        counted_pence=facts.pop("counted_pence", sum(one.amount_pence for one in payments)),
        by=by,
        **facts,
    )
