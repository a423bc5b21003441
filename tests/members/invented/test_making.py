"""Invented members: as many as were asked, the same each time, and true to the rules of the portal."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.test import override_settings

from members.actions.journal import balance
from members.cards.number import is_valid
from members.invented.making import make_members
from members.models import (
    Account,
    Card,
    Concession,
    JournalEntry,
    JournalLine,
    Membership,
    Payment,
    Person,
    ReceiptBook,
    Term,
)
from tests.directory.importing import kept_for_all

pytestmark = pytest.mark.django_db
MEMBERS = 300
MADE = "made-"


def make(seed: str = "1", members: int = MEMBERS) -> str:
    out = StringIO()
    call_command(
        "make_members",
        "--members",
        str(members),
        "--seed",
        seed,
        "--until",
        "2026-11-20",
        stdout=out,
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            call_command("load_demonstration", stdout=StringIO())
            make()
        yield


@pytest.fixture
def made(made_once, db, settings):
    settings.DEMONSTRATION = True
    return Membership.objects.filter(plan__code__startswith=MADE)


def test_it_is_refused_where_the_portal_is_not_a_demonstration(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        make()
    assert not Person.objects.exists()


def test_it_is_refused_without_a_network_to_make_them_in(settings):
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError, match="load_demonstration"):
        make()
    assert not Membership.objects.exists()


def test_as_many_as_were_asked_and_the_same_seed_makes_none_again(made):
    assert made.count() == MEMBERS
    assert "nothing to do" in make()
    assert made.count() == MEMBERS


def test_another_seed_makes_others(made):
    before = set(made.values_list("reference", flat=True))
    make(seed="2", members=20)
    assert made.count() == MEMBERS + 20
    assert before < set(made.values_list("reference", flat=True))


def test_all_states_and_sources_are_there(made):
    stored = Counter(made.values_list("stored", flat=True))
    assert set(stored) == {"", "pending", "cancelled", "deceased"}
    sources = Term.objects.filter(membership__in=made).values_list("source", flat=True)
    assert set(sources) == {"payment", "concession", "gift", "carer"}


def test_terms_follow_each_other_and_begin_with_joining(made):
    for row in made.prefetch_related("terms"):
        terms = row.counting_terms()
        if row.stored == "pending":
            assert terms == []
            continue
        assert terms[0].starts_on == row.joined_on
        assert all(one.ends_on < other.starts_on for one, other in pairwise(terms))


def test_every_paid_term_has_its_payment_and_every_payment_its_entry(made):
    paid = set(
        Term.objects.filter(membership__in=made, source="payment").values_list(
            "source_id", flat=True
        )
    )
    payments = set(Payment.objects.filter(membership__in=made).values_list("id", flat=True))
    assert paid == payments
    entries = JournalEntry.objects.filter(what="taken").values_list("source_id", flat=True)
    assert payments <= set(entries)


def test_the_journal_balances_and_nothing_old_is_in_the_till(made):
    assert JournalLine.objects.aggregate(sum=Sum("pence"))["sum"] == 0
    income = Payment.objects.aggregate(sum=Sum("amount_pence"))["sum"]
    assert (
        balance(Account.MEMBERSHIPS)
        <= -Payment.objects.filter(membership__in=made).aggregate(sum=Sum("amount_pence"))["sum"]
    )
    assert income > 0
    waiting = Payment.objects.filter(membership__in=made, state="receipted")
    banked = Payment.objects.filter(membership__in=made, state="reconciled")
    assert banked.exists()
    assert all(
        one.banking.expected_pence == one.banking.counted_pence
        for one in banked.select_related("banking")
    )
    newest = banked.order_by("-taken_at")[0].taken_at
    assert all(one.taken_at >= newest for one in waiting)


def test_receipts_have_no_gap(made):
    for book in ReceiptBook.objects.all():
        numbers = sorted(
            Payment.objects.filter(organisation=book.organisation_id)
            .exclude(receipt_number=None)
            .values_list("receipt_number", flat=True)
        )
        assert numbers == list(range(1, book.next_number))


def test_receipts_are_numbered_in_the_order_in_which_money_came(made):
    rows = (
        Payment.objects.filter(membership__in=made)
        .exclude(receipt_number=None)
        .order_by("organisation", "receipt_number")
        .values_list("organisation", "taken_at")
    )
    assert all(one[1] <= other[1] for one, other in pairwise(rows) if one[0] == other[0])


def test_cards_have_true_numbers_and_one_lives(made):
    cards = Card.objects.filter(membership__in=made)
    assert cards.count() > MEMBERS * 0.9
    assert all(is_valid(card.number) for card in cards)
    live = cards.live().values("membership").annotate(count=Count("pk"))
    assert all(row["count"] == 1 for row in live)


def test_the_safety_net_was_seen_and_decided(made):
    granted = Concession.objects.filter(membership__in=made, state="granted")
    assert granted.exists()
    assert all(one.evidence and one.seen_by_id and one.review_on for one in granted)


def test_half_made_leaves_nothing_behind(made, settings):
    def stop(_members: int) -> None:
        raise KeyboardInterrupt

    from datetime import date

    before = (Person.objects.count(), Membership.objects.count(), JournalEntry.objects.count())
    with pytest.raises(KeyboardInterrupt):
        make_members(30, seed=9, today=date(2026, 11, 20), progress=stop)
    after = (Person.objects.count(), Membership.objects.count(), JournalEntry.objects.count())
    assert before == after
