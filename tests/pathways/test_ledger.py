"""A budget's ledger: balanced, append-only in Python and in SQL, and safe when many write at once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dcsn.audit import SystemJob
from dcsn.audit.models import AppendOnlyError
from pathways.actions import ledger
from pathways.models import Account, Budget, BudgetState, LedgerEntry, LedgerLine
from pathways.refusals import NotEnough, NotPossible, SentBefore
from tests.factories.pathways import BudgetFactory

TESTS = SystemJob("tests")


def pay_in(budget: Budget, pence: int, source: Account = Account.COUNCIL) -> LedgerEntry:
    return ledger.pay_in(budget=budget, source=source, pence=pence, key=uuid.uuid4(), by=TESTS)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def total() -> int:
    return LedgerLine.objects.aggregate(sum=Sum("pence"))["sum"] or 0


@pytest.mark.django_db
def test_money_comes_in_is_promised_and_spent() -> None:
    budget = BudgetFactory()
    pay_in(budget, 80_000)
    pay_in(budget, 20_000, Account.PERSON)
    ledger.promise(budget=budget, pence=30_000, key=uuid.uuid4(), by=TESTS)
    ledger.spend(budget=budget, pence=25_000, promised=True, key=uuid.uuid4(), by=TESTS)
    ledger.set_aside(budget=budget, pence=10_000, key=uuid.uuid4(), by=TESTS)
    assert ledger.balances(budget) == {
        Account.COUNCIL: -80_000,
        Account.PERSON: -20_000,
        Account.AVAILABLE: 60_000,
        Account.COMMITTED: 5_000,
        Account.SPENT: 25_000,
        Account.CONTINGENCY: 10_000,
        Account.RETURNED: 0,
    }


@pytest.mark.django_db
def test_no_more_is_spent_than_there_is() -> None:
    budget = BudgetFactory()
    pay_in(budget, 1_000)
    with pytest.raises(NotEnough, match=r"£10\.00"):
        ledger.spend(budget=budget, pence=1_001, key=uuid.uuid4(), by=TESTS)
    assert ledger.balances(budget)[Account.SPENT] == 0


@pytest.mark.django_db
def test_the_same_form_twice_is_one_entry() -> None:
    budget, key = BudgetFactory(), uuid.uuid4()
    first = ledger.pay_in(budget=budget, source=Account.COUNCIL, pence=500, key=key, by=TESTS)
    again = ledger.pay_in(budget=budget, source=Account.COUNCIL, pence=500, key=key, by=TESTS)
    assert first == again
    assert ledger.balances(budget)[Account.AVAILABLE] == 500


@pytest.mark.django_db
@pytest.mark.parametrize("other_budget", [True, False], ids=["another budget", "another amount"])
def test_a_key_used_again_for_something_else_is_refused_and_writes_nothing(
    other_budget: bool,
) -> None:
    budget, key = BudgetFactory(), uuid.uuid4()
    first = ledger.pay_in(budget=budget, source=Account.COUNCIL, pence=500, key=key, by=TESTS)
    second = BudgetFactory() if other_budget else budget
    with pytest.raises(SentBefore):
        ledger.pay_in(
            budget=second,
            source=Account.COUNCIL,
            pence=500 if other_budget else 501,
            key=key,
            by=TESTS,
        )
    assert LedgerEntry.objects.get() == first
    assert LedgerLine.objects.count() == 2


@pytest.mark.django_db
def test_a_key_used_for_another_budget_takes_nothing_back() -> None:
    elsewhere = pay_in(BudgetFactory(), 500)
    wrong = pay_in(BudgetFactory(), 700)
    with pytest.raises(SentBefore):
        ledger.reverse(entry=wrong, key=elsewhere.key, by=TESTS)
    assert not LedgerEntry.objects.exclude(reverses=None).exists()


@pytest.mark.django_db(transaction=True)
def test_one_key_for_eight_budgets_at_once_is_one_entry_and_seven_refusals() -> None:
    budgets, key = [BudgetFactory() for _number in range(8)], uuid.uuid4()

    def post(budget: Budget) -> str:
        try:
            ledger.pay_in(budget=budget, source=Account.COUNCIL, pence=500, key=key, by=TESTS)
        except SentBefore:
            return "refused"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(8) as threads:
        done = sorted(threads.map(post, budgets))
    assert done == ["refused"] * 7 + ["written"]
    assert LedgerEntry.objects.count() == 1
    assert total() == 0


@pytest.mark.django_db
def test_a_wrong_entry_is_taken_back_by_its_opposite_once() -> None:
    budget = BudgetFactory()
    wrong = pay_in(budget, 700)
    back = ledger.reverse(entry=wrong, key=uuid.uuid4(), by=TESTS)
    assert ledger.reverse(entry=wrong, key=uuid.uuid4(), by=TESTS) == back
    assert set(ledger.balances(budget).values()) == {0}
    with pytest.raises(NotPossible):
        ledger.reverse(entry=back, key=uuid.uuid4(), by=TESTS)


@pytest.mark.django_db
def test_what_was_spent_since_cannot_be_taken_back() -> None:
    budget = BudgetFactory()
    came = pay_in(budget, 700)
    ledger.spend(budget=budget, pence=600, key=uuid.uuid4(), by=TESTS)
    with pytest.raises(NotEnough):
        ledger.reverse(entry=came, key=uuid.uuid4(), by=TESTS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", [BudgetState.INDICATIVE, BudgetState.PROPOSED, BudgetState.CLOSED]
)
def test_money_moves_only_in_an_agreed_budget(state: str) -> None:
    with pytest.raises(NotPossible):
        pay_in(BudgetFactory(state=state), 100)


@pytest.mark.django_db
def test_python_refuses_an_edit() -> None:
    entry = pay_in(BudgetFactory(), 100)
    line = entry.lines.first()
    assert line is not None
    line.pence = 99
    for attempt in (
        line.save,
        line.delete,
        entry.save,
        entry.delete,
        lambda: LedgerLine.objects.update(pence=1),
        lambda: LedgerEntry.objects.all().delete(),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pathways_ledgerline SET pence = pence + 1",
        "DELETE FROM pathways_ledgerline",
        "UPDATE pathways_ledgerentry SET what = 'spent'",
        "DELETE FROM pathways_ledgerentry",
    ],
)
def test_sql_refuses_an_edit(statement: str) -> None:
    pay_in(BudgetFactory(), 100)
    with pytest.raises(DatabaseError, match="neither changed nor deleted"):
        run(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lines", [[], [(Account.SPENT, 5)], [(Account.SPENT, 5), (Account.AVAILABLE, -4)]]
)
def test_sql_refuses_an_entry_that_does_not_balance(lines: list[tuple[Account, int]]) -> None:
    budget = BudgetFactory()

    @transaction.atomic
    def post() -> None:
        """Taken back as a whole: what is deferred is looked at again when the test ends."""
        entry = LedgerEntry.objects.create(key=uuid.uuid4(), budget=budget, what="spent")
        LedgerLine.objects.bulk_create(
            LedgerLine(entry=entry, account=account, pence=pence) for account, pence in lines
        )
        run("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="does not balance"):
        post()


@pytest.mark.django_db
def test_the_parts_are_the_total() -> None:
    with pytest.raises(DatabaseError, match="pathways_budget_adds_up"):
        BudgetFactory(total_pence=1_000_001)


class Random(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["in", "spend", "promise", "aside", "back", "reverse"]),
                      st.integers(1, 5_000)),
            max_size=20,
        )
    )  # fmt: skip
    def test_whatever_happens_it_balances(self, steps: list[tuple[str, int]]) -> None:
        budget = BudgetFactory()
        ways = {"spend": ledger.spend, "promise": ledger.promise, "aside": ledger.set_aside,
                "back": ledger.give_back}  # fmt: skip
        made: list[LedgerEntry] = []
        for what, pence in steps:
            try:
                if what == "in":
                    made.append(pay_in(budget, pence))
                elif what == "reverse" and made:
                    ledger.reverse(entry=made[pence % len(made)], key=uuid.uuid4(), by=TESTS)
                elif what in ways:
                    made.append(ways[what](budget=budget, pence=pence, key=uuid.uuid4(), by=TESTS))
            except (NotEnough, NotPossible):
                continue
        held = ledger.balances(budget)
        assert sum(held.values()) == 0
        assert all(
            pence >= 0 for account, pence in held.items()
            if account not in (Account.COUNCIL, Account.PERSON)
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_spend_what_there_is_and_no_more() -> None:
    budget = BudgetFactory()
    pay_in(budget, 4_000)

    def spend(_number: int) -> bool:
        try:
            ledger.spend(budget=budget, pence=100, key=uuid.uuid4(), by=TESTS)
        except NotEnough:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as threads:
        done = list(threads.map(spend, range(60)))
    assert done.count(True) == 40
    assert ledger.balances(budget)[Account.AVAILABLE] == 0
    assert total() == 0
