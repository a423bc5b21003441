"""Whatever happens in whatever order: the end is that of the latest term that counts, the journal sums to
zero and agrees with the rows, and no source counts twice."""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from members.actions.journal import balance
from members.actions.memberships import apply_source
from members.models import (
    Account,
    JournalEntry,
    JournalLine,
    Membership,
    Payment,
    Refund,
    Status,
    Term,
    Token,
    TokenUse,
)
from members.payments.desk import check_banking, void_payment
from members.payments.online import read_again
from members.payments.providers import development
from members.payments.refunds import note_taken_back, refund_payment
from members.refusals import Refused
from members.tokens import expire_tokens, spend_token, unspend_token
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory
from tests.factories.payment import begun, counted, paid_at_desk, waiting
from tests.factories.person import access_point

LONDON = ZoneInfo("Europe/London")
STEP = st.sampled_from(
    [
        "pay at the desk", "pay online", "free", "void", "refund", "bounce", "again", "bank",
        "buy tokens", "spend", "unspend", "expire", "wait a week", "wait a season",
    ]
)  # fmt: skip


class Story:
    """One membership, and a day that moves on."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.hub = access_point(self.cast.organisation_id)
        self.day = date(2026, 1, 5)
        self.row = waiting(self.hub, plan=PlanFactory(), joined=self.day)
        self.sources: list[tuple[str, uuid.UUID]] = []
        self.uses = 0

    def do(self, step: str, number: int) -> None:
        if step.startswith("wait"):
            self.day += timedelta(days=7 if step == "wait a week" else 120)
            return
        noon = datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=LONDON)
        # A refusal is said to whoever tried; nothing has moved.
        with time_machine.travel(noon, tick=False), contextlib.suppress(Refused):
            getattr(self, step.replace(" ", "_"))(number)

    def pay_at_the_desk(self, number: int) -> None:
        method = list(Payment.DESK)[number % 3]
        paid_at_desk(self.fresh(), by=self.cast.access_point_staff, method=method)

    def pay_online(self, number: int) -> None:
        payment = begun(self.fresh())
        development.choose_outcome(
            payment.provider_id, ["pay", "decline", "hold", "break"][number % 4]
        )
        read_again(payment)

    def free(self, number: int) -> None:
        source = (Term.Source.CONCESSION, uuid.uuid4())
        self.sources.append(source)
        self._apply(source)

    def again(self, number: int) -> None:
        """Something that was given is given once more."""
        for payment in Payment.objects.taken().filter(purpose=Payment.For.MEMBERSHIP):
            self._apply((Term.Source.PAYMENT, payment.pk))
        if self.sources:
            self._apply(self.sources[number % len(self.sources)])

    def _apply(self, source: tuple[str, uuid.UUID]) -> None:
        apply_source(membership=self.row, source=source[0], source_id=source[1], by=TESTS)

    def void(self, number: int) -> None:
        void_payment(payment=self.any(number), reason="Mistake", by=self.cast.hub_lead)

    def refund(self, number: int) -> None:
        refund_payment(payment=self.any(number), reason="Changed mind", by=self.cast.hub_lead)

    def bounce(self, number: int) -> None:
        note_taken_back(payment=self.any(number), reason="Bounced", by=self.cast.hub_lead)

    def bank(self, number: int) -> None:
        rows = list(Payment.objects.to_bank())
        if rows:
            banking = counted(*rows, by=self.cast.access_point_staff)
            check_banking(
                banking=banking, counted_pence=banking.counted_pence, by=self.cast.hub_lead
            )

    def buy_tokens(self, number: int) -> None:
        paid_at_desk(
            self.fresh(),
            by=self.cast.access_point_staff,
            plan_terms=None,
            purpose=Payment.For.TOKENS,
            tokens=1 + number % 3,
            amount_pence=1000 + number,
        )

    def spend(self, number: int) -> None:
        self.uses += number % 2
        person = self.row.person
        assert person is not None
        spend_token(person=person, reference=f"help:{self.uses}", by=TESTS)

    def unspend(self, number: int) -> None:
        unspend_token(reference=f"help:{self.uses}", by=TESTS)

    def expire(self, number: int) -> None:
        expire_tokens()

    def any(self, number: int) -> Payment:
        rows = list(Payment.objects.order_by("created_at", "id"))
        if not rows:
            raise Refused("nothing was paid")
        return rows[number % len(rows)]

    def fresh(self) -> Membership:
        return Membership.objects.get(pk=self.row.pk)


def agrees(story: Story) -> None:
    """Everything that must hold after any step."""
    member = story.fresh()
    terms = list(Term.objects.filter(membership=member))
    counting = [term for term in terms if term.voided_at is None]
    assert member.ends_on == max((term.ends_on for term in counting), default=None)
    assert (member.stored == Status.PENDING) == (not counting)
    doubled = Counter((term.source, term.source_id) for term in terms)
    assert set(doubled.values()) <= {1}

    lines = JournalLine.objects.aggregate(sum=Sum("pence"))["sum"] or 0
    assert lines == 0
    assert not JournalEntry.objects.annotate(sum=Sum("lines__pence")).exclude(sum=0).exists()
    doubled_entries = Counter(JournalEntry.objects.values_list("what", "source_id"))
    assert set(doubled_entries.values()) <= {1}

    # What the accounts hold is what the rows say.
    kept = Payment.objects.taken().exclude(refund__state=Refund.State.SUCCESS)
    of_memberships = pence(kept.filter(purpose=Payment.For.MEMBERSHIP), "amount_pence")
    assert balance(Account.MEMBERSHIPS) == -of_memberships
    for account, state in (
        (Account.TOKENS, Token.State.BOUGHT),
        (Account.TOKENS_SPENT, Token.State.SPENT),
        (Account.TOKENS_EXPIRED, Token.State.EXPIRED),
    ):
        assert balance(account) == -pence(Token.objects.filter(state=state), "price_pence")
    assert TokenUse.objects.filter(undone_at=None).count() == (
        Token.objects.filter(state=Token.State.SPENT).count()
    )
    # Every payment that is kept counts as one term, and no other does.
    assert {term.source_id for term in counting if term.source == Term.Source.PAYMENT} == set(
        kept.filter(purpose=Payment.For.MEMBERSHIP).values_list("pk", flat=True)
    )
    numbers = sorted(
        Payment.objects.exclude(receipt_number=None).values_list("receipt_number", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))


def pence(rows: Any, field: str) -> int:
    return int(rows.aggregate(sum=Sum(field))["sum"] or 0)


class TestRandomSequences(TestCase):
    @pytest.mark.django_db
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(STEP, st.integers(0, 11)), min_size=1, max_size=14))
    def test_what_must_hold_holds_after_every_step(self, steps: list[tuple[str, int]]) -> None:
        story = Story()
        for step, number in steps:
            story.do(step, number)
            agrees(story)
