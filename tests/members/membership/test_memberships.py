"""Joining, renewing and ending: CiviMember's rules, and the faults that others had with them."""

from __future__ import annotations

import itertools
import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from members.actions.journal import Line, UnbalancedError, balance, post, reverse
from members.actions.memberships import (
    Ended,
    HasMembership,
    NoTerms,
    TooMany,
    apply_source,
    end_membership,
    share_membership,
    start_membership,
    void_source,
)
from members.models import (
    Account,
    JournalEntry,
    JournalLine,
    Membership,
    MembershipShare,
    Plan,
    PlanTerms,
    Status,
    Term,
)
from members.models.membership import status_of
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
JOINED = date(2026, 3, 10)


def give(row: Membership, on: date, source: str = Term.Source.PAYMENT) -> Term:
    return apply_source(membership=row, source=source, source_id=uuid.uuid4(), by=TESTS, on=on)


def fresh(row: Membership) -> Membership:
    return Membership.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 3, 10), Status.NEW),
        (date(2026, 6, 9), Status.NEW),
        (date(2026, 6, 10), Status.CURRENT),
        (date(2027, 3, 9), Status.CURRENT),
        (date(2027, 3, 10), Status.GRACE),
        (date(2027, 4, 9), Status.GRACE),
        (date(2027, 4, 10), Status.EXPIRED),
    ],
)
def test_the_status_follows_from_the_dates(today: date, status: Status) -> None:
    assert membership(joined=JOINED).status(today) == status


def test_nothing_is_stored_that_a_date_can_tell() -> None:
    row = membership(joined=JOINED)
    assert row.stored == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=row.pk).update(stored=Status.EXPIRED)


@pytest.mark.parametrize("renewed", [date(2026, 4, 1), date(2027, 2, 1), date(2027, 4, 1)])
def test_a_member_who_renews_gets_the_time_after_the_end_and_keeps_the_start(renewed: date) -> None:
    # CiviCRM user guide, "Renewals": new, current and grace alike.
    row = membership(joined=JOINED)
    give(row, renewed)
    row = fresh(row)
    assert (row.ends_on, row.starts_on, row.joined_on) == (date(2028, 3, 9), JOINED, JOINED)


def test_one_that_ran_out_begins_anew_and_the_day_of_joining_stays() -> None:
    row = membership(joined=JOINED)
    give(row, date(2029, 1, 5))
    row = fresh(row)
    assert (row.starts_on, row.ends_on, row.joined_on) == (
        date(2029, 1, 5),
        date(2030, 1, 4),
        JOINED,
    )


def test_a_free_renewal_adds_one_term_once() -> None:
    # civicrm-core pull request 11730: a renewal for nothing extended the end twice.
    row = membership(joined=JOINED, source=Term.Source.CONCESSION)
    source = uuid.uuid4()
    for _time in range(3):
        apply_source(
            membership=row,
            source=Term.Source.CONCESSION,
            source_id=source,
            by=TESTS,
            on=date(2027, 3, 1),
        )
    assert fresh(row).ends_on == date(2028, 3, 9)


def test_three_years_that_are_paid_late_stay_three_years() -> None:
    # civicrm-core pull requests 13706 and 14902: paying reset it to one.
    plan = PlanFactory(terms__duration=3)
    row = membership(plan=plan, joined=JOINED, source=None)
    assert row.status(date(2026, 12, 1)) == Status.PENDING
    PlanTermsFactory(plan=plan, valid_from=date(2026, 6, 1), duration=1, price_pence=2000)
    give(row, date(2026, 12, 1))
    assert (fresh(row).starts_on, fresh(row).ends_on) == (date(2026, 12, 1), date(2029, 11, 30))


def test_a_new_price_does_not_rewrite_the_past() -> None:
    plan = PlanFactory()
    row = membership(plan=plan, joined=JOINED)
    PlanTermsFactory(plan=plan, valid_from=date(2027, 1, 1), price_pence=1200)
    give(row, date(2027, 3, 1))
    prices = [term.plan_terms.price_pence for term in fresh(row).terms.all()]
    assert prices == [1000, 1200]
    assert plan.terms_on(date(2026, 12, 31)).price_pence == 1000


def test_two_terms_from_one_day_are_refused() -> None:
    plan = PlanFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTermsFactory(plan=plan)


def test_a_refund_after_a_renewal_takes_back_that_years_and_no_more() -> None:
    row = membership(joined=JOINED)
    renewal = give(row, date(2027, 3, 1))
    void_source(source=renewal.source, source_id=renewal.source_id, by=TESTS)
    assert fresh(row).ends_on == date(2027, 3, 9)
    again = void_source(source=renewal.source, source_id=renewal.source_id, by=TESTS)
    assert again is not None
    assert fresh(row).terms.filter(voided_at=None).count() == 1


def test_with_nothing_left_it_waits_again_and_can_be_paid() -> None:
    row = membership(joined=JOINED)
    [term] = row.terms.all()
    void_source(source=term.source, source_id=term.source_id, by=TESTS)
    assert fresh(row).status(JOINED) == Status.PENDING
    give(row, date(2026, 5, 1))
    assert fresh(row).status(date(2026, 5, 1)) == Status.NEW


def test_paid_and_free_read_alike() -> None:
    paid = membership(joined=JOINED)
    free = membership(joined=JOINED, source=Term.Source.CONCESSION)
    for days in range(0, 500, 7):
        day = JOINED + timedelta(days=days)
        assert paid.status(day) == free.status(day)


def test_what_has_ended_takes_no_term() -> None:
    row = membership(joined=JOINED)
    end_membership(membership=row, stored=Status.DECEASED, by=TESTS)
    with pytest.raises(Ended):
        give(row, date(2026, 4, 1))


def test_one_membership_each_until_it_is_cancelled() -> None:
    row = membership(joined=JOINED)
    with pytest.raises(HasMembership):
        membership(person=row.person)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    assert membership(person=row.person).pk != row.pk


def test_the_same_form_sent_twice_is_one_membership() -> None:
    person, plan, key = PersonFactory(), PlanFactory(), uuid.uuid4()
    rows = {
        start_membership(
            person=person,
            plan=plan,
            organisation=person.organisation,
            via=Membership.Via.ONLINE,
            by=TESTS,
            key=key,
        ).pk
        for _click in range(2)
    }
    assert len(rows) == 1


def test_a_plan_that_is_not_offered_cannot_be_joined() -> None:
    plan = PlanFactory(offered=False)
    with pytest.raises(NoTerms):
        membership(plan=plan)
    Plan.objects.update(offered=True)
    with pytest.raises(NoTerms):
        membership(plan=plan, joined=date(2001, 1, 1))


def test_a_household_has_a_maximum(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    plan = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2)
    row = membership(plan=plan, person=PersonFactory(organisation=hub))
    second, third = PersonFactory(organisation=hub), PersonFactory(organisation=hub)
    for _click in range(2):
        share_membership(membership=row, person=second, by=cast.access_point_staff)
    with pytest.raises(TooMany):
        share_membership(membership=row, person=third, by=cast.access_point_staff)
    assert MembershipShare.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_who_renew_one_membership_with_one_payment_add_one_term() -> None:
    row = membership(joined=JOINED)
    source, ready, seen = uuid.uuid4(), threading.Barrier(10), []

    def renew() -> None:
        ready.wait()
        for _time in range(5):
            term = apply_source(
                membership=row,
                source=Term.Source.PAYMENT,
                source_id=source,
                by=TESTS,
                on=date(2027, 3, 1),
            )
            seen.append(term.pk)
        connections.close_all()

    threads = [threading.Thread(target=renew) for _number in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(seen) == 50
    assert len(set(seen)) == 1
    assert fresh(row).ends_on == date(2028, 3, 9)


class RandomHistories(TestCase):
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(st.sampled_from(["pay", "again", "free", "void"]), st.integers(0, 900)),
            max_size=12,
        )
    )
    def test_the_end_is_the_latest_terms_and_no_source_counts_twice(
        self, steps: list[tuple[str, int]]
    ) -> None:
        row = membership(joined=JOINED, source=None)
        used: list[Term] = []
        day = JOINED
        for what, later in steps:
            day += timedelta(days=later)
            if what in ("pay", "free"):
                source = Term.Source.PAYMENT if what == "pay" else Term.Source.CONCESSION
                used.append(give(row, day, source))
            elif used:
                last = used[-1]
                if what == "void":
                    void_source(source=last.source, source_id=last.source_id, by=TESTS)
                else:
                    again = apply_source(
                        membership=row,
                        source=last.source,
                        source_id=last.source_id,
                        by=TESTS,
                        on=day,
                    )
                    assert again.pk == last.pk
            now = fresh(row)
            counting = now.counting_terms()
            assert now.ends_on == max((term.ends_on for term in counting), default=None)
            for earlier, later_term in itertools.pairwise(counting):
                assert earlier.ends_on < later_term.starts_on
            assert now.status(day) == status_of(
                now.stored, now.joined_on, now.ends_on, now.plan_terms, day
            )
        pairs = list(row.terms.values_list("source", "source_id"))
        assert len(pairs) == len(set(pairs))


# --- The journal --------------------------------------------------------------------------------------


def taken(pence: int, source: uuid.UUID | None = None) -> JournalEntry | None:
    return post(
        what=JournalEntry.What.TAKEN,
        source_id=source or uuid.uuid4(),
        lines=[Line(Account.CASH, pence), Line(Account.MEMBERSHIPS, -pence)],
    )


def test_an_entry_sums_to_zero_and_is_written_once() -> None:
    source = uuid.uuid4()
    first = taken(1000, source)
    assert taken(1000, source) == first
    assert (balance(Account.CASH), balance(Account.MEMBERSHIPS)) == (1000, -1000)


def test_nothing_moves_nothing_is_written() -> None:
    assert taken(0) is None
    assert not JournalEntry.objects.exists()


def test_the_opposite_undoes_it() -> None:
    first = taken(1000)
    assert first is not None
    for _time in range(2):
        reverse(entry=first, what=JournalEntry.What.VOIDED, source_id=first.source_id)
    assert balance(Account.CASH) == 0
    assert JournalLine.objects.count() == 4


def test_lines_that_do_not_balance_are_refused_here_and_in_the_database() -> None:
    with pytest.raises(UnbalancedError):
        post(
            what=JournalEntry.What.TAKEN,
            source_id=uuid.uuid4(),
            lines=[Line(Account.CASH, 1000), Line(Account.MEMBERSHIPS, -999)],
        )
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        _post_by_hand([1000, -999])
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        _post_by_hand([])


def _post_by_hand(amounts: list[int]) -> None:
    entry = JournalEntry.objects.create(what=JournalEntry.What.TAKEN, source_id=uuid.uuid4())
    for pence in amounts:
        JournalLine.objects.create(entry=entry, account=Account.CASH, pence=pence)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", ["members_journalentry", "members_journalline"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_journal(table: str, sql: str) -> None:
    taken(1000)
    with (
        pytest.raises(IntegrityError, match="neither changed nor deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))


def test_terms_of_a_plan_cost_less_with_the_safety_net() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTermsFactory(plan=PlanFactory(), valid_from=JOINED, concession_pence=2000)
    assert PlanTerms(price_pence=1000).price(concession=True) == 0
