"""What helping cost: counted by the rate of its day, decided, and paid once."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, claim, volunteer
from tests.volunteers.test_races import at_once, refusals
from volunteers.actions.expenses import (
    Miles,
    approve_expense,
    claim_expenses,
    count_miles,
    pay_expense,
    refuse_expense,
    take_back_expense,
    tax_year_of,
)
from volunteers.giving.events import RATE_ADDED
from volunteers.giving.links import token_of
from volunteers.giving.rates import load_rates
from volunteers.models import Expense, ExpensePayment, HourValueRate, MileageRate, Volunteer
from volunteers.models.rate import Vehicle
from volunteers.refusals import NotPossible, SameSide

pytestmark = pytest.mark.django_db
CAR = MileageRate(vehicle="car", pence=45, after_miles=10_000, pence_after=25)


def typed(**more: Any) -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=1)
    return {
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "what": "To the hospital and back",
        "vehicle": "car",
        "key": str(uuid.uuid4()),
        **more,
    }


# --- Counting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("miles", "before", "pence"),
    [
        ("10", "0", [450]),
        ("10.1", "0", [455]),  # 454.5: a half goes up
        ("20", "9990", [450, 250]),
        ("10", "9990", [450]),
        ("10", "10000", [250]),
        ("10", "12000", [250]),
    ],
)
def test_miles_beyond_ten_thousand_are_counted_lower(
    miles: str, before: str, pence: list[int]
) -> None:
    lines = count_miles(Miles("car", Decimal(miles)), before=Decimal(before), rate=CAR)
    assert [line.pence for line in lines] == pence
    assert sum(line.miles for line in lines) == Decimal(miles)


@given(miles=st.decimals("0.1", "2000", places=1), before=st.decimals("0", "20000", places=1))
def test_no_mile_is_lost_or_paid_twice(miles: Decimal, before: Decimal) -> None:
    lines = count_miles(Miles("car", miles), before=before, rate=CAR)
    assert sum(line.miles for line in lines) == miles
    assert all(line.miles > 0 for line in lines)
    assert miles * 25 - 1 <= sum(line.pence for line in lines) <= miles * 45 + 1


def test_the_year_of_miles_begins_on_6_april() -> None:
    assert tax_year_of(date(2026, 4, 5)) == (date(2025, 4, 6), date(2026, 4, 5))
    assert tax_year_of(date(2026, 4, 6)) == (date(2026, 4, 6), date(2027, 4, 5))


def test_miles_of_a_year_are_added_up_and_refused_ones_are_not(cast: Cast, who: Volunteer) -> None:
    day = date(2026, 5, 1)
    first = claim(who, day=day, miles=9_990)
    refuse_expense(expense=first, because="Typed wrong", by=cast.volunteer_manager)
    claim(who, day=day, miles=9_990)
    both = claim(who, day=day, miles=20)
    assert [(line.miles, line.rate_pence) for line in both.lines.all()] == [
        (Decimal(10), 45),
        (Decimal(10), 25),
    ]
    assert both.pence == 700
    assert claim(who, day=date(2026, 4, 5), miles=20).pence == 900


def test_a_rate_that_changes_later_changes_no_claim(who: Volunteer) -> None:
    row = claim(who, miles=10)
    MileageRate.objects.create(
        vehicle="car", from_on=timezone.localdate() - timedelta(days=3), pence=60
    )
    assert (row.pence, row.lines.get().rate_pence) == (450, 45)
    assert claim(who, miles=10).pence == 600


def test_rates_are_loaded_once(cast: Cast) -> None:
    assert load_rates(by=TESTS) == 6
    assert load_rates(by=TESTS) == 0
    assert HourValueRate.objects.on(date(2025, 4, 1)).pence == 1221
    assert HourValueRate.objects.on(date(2025, 3, 31)) is None
    assert MileageRate.objects.on(date(2026, 1, 1), "passenger").pence == 5


def test_a_release_brings_a_later_rate_and_leaves_a_networks_own_figures(cast: Cast) -> None:
    load_rates(by=TESTS)
    # As before the release that brought the newest hour.
    HourValueRate.objects.filter(from_on=date(2026, 4, 1)).delete()
    assert load_rates(by=TESTS) == 1
    assert HourValueRate.objects.on(date(2026, 4, 1)).source.startswith("National Living Wage")
    # A network pays less for a car, and counts an hour in its own way.
    HourValueRate.objects.all().delete()
    HourValueRate.objects.create(from_on=date(2020, 1, 1), pence=1500, source="Our trustees")
    MileageRate.objects.exclude(vehicle="bicycle").delete()
    MileageRate.objects.create(vehicle="car", from_on=date(2024, 1, 1), pence=40)
    assert load_rates(by=TESTS) == 2
    assert HourValueRate.objects.get().pence == 1500
    assert MileageRate.objects.get(vehicle="car").pence == 40
    assert set(MileageRate.objects.values_list("vehicle", flat=True)) == set(Vehicle.values)
    assert not MileageRate.objects.exclude(vehicle="car").filter(source="").exists()


def test_preparing_puts_the_rates_into_use_without_the_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = False
    for _time in range(2):
        call_command("prepare", stdout=StringIO())
    assert MileageRate.objects.on(date(2026, 11, 1)).pence == 45
    assert HourValueRate.objects.on(date(2026, 11, 1)).source
    assert Event.objects.filter(type=RATE_ADDED.name).count() == 6


# --- Asking -------------------------------------------------------------------------------------------


def test_asked_for_on_the_page_once_with_passengers_and_receipts(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    load_rates(by=TESTS)
    client, address = client_as(cast.nobody), reverse("volunteers:my_claim_add")
    data = typed(miles="12.5", passengers="2", receipts="3.40")
    for _press in range(2):
        answer = client.post(address, data)
        assert answer.url == reverse("volunteers:my_claims")
    row = Expense.objects.get()
    assert [(one.vehicle, one.miles, one.pence) for one in row.lines.all()] == [
        ("car", Decimal("12.5"), 563),
        ("passenger", Decimal("25.0"), 125),
        ("", None, 340),
    ]
    assert row.pence == 1028
    page = client.get(answer.url).content.decode()
    assert "£10.28" in page
    assert "should not change your benefits" in page


def test_nothing_typed_is_lost(cast: Cast, who: Volunteer, client_as: Any) -> None:
    client, address = client_as(cast.nobody), reverse("volunteers:my_claim_add")
    page = client.post(address, typed()).content.decode()
    assert "Enter miles, or what the receipts come to" in page
    assert "To the hospital and back" in page
    page = client.post(address, typed(vehicle="bicycle", miles="3", passengers="1"))
    assert "Passengers count in a car or van only" in page.content.decode()
    page = client.post(address, typed(receipts="three pounds", day_year="2199")).content.decode()
    assert "Enter an amount in pounds" in page
    assert "three pounds" in page
    # Without a rate nothing is guessed.
    assert "There is no rate" in client.post(address, typed(miles="3")).content.decode()
    assert not Expense.objects.exists()


def test_by_the_link_and_never_another_s(who: Volunteer) -> None:
    load_rates(by=TESTS)
    token = token_of(who.pk)
    client = Client()
    client.post(reverse("volunteers:link_claim_add", args=[token]), typed(miles="10"))
    row = Expense.objects.get()
    assert (row.volunteer, row.pence) == (who, 450)
    theirs = claim(volunteer())
    for mine, status in ((row, 200), (theirs, 404)):
        sheet = reverse("volunteers:link_claim_sheet", args=[token, mine.pk])
        assert client.get(sheet).status_code == status


def test_nobody_else_s_claim_is_written_or_printed(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    theirs = claim(volunteer())
    address = reverse("volunteers:my_claim_sheet", args=[theirs.pk])
    assert client_as(cast.nobody).get(address).status_code == 404
    with pytest.raises(PermissionDenied):
        claim(who, by=cast.stranger("volunteer_manager"))
    with pytest.raises(PermissionDenied):
        claim(who, by=TESTS)
    with pytest.raises(NotPossible):
        claim_expenses(
            volunteer=who, organisation=theirs.organisation, day=timezone.localdate(), what="x",
            receipts_pence=100, by=cast.nobody,
        )  # fmt: skip


# --- Deciding and paying ------------------------------------------------------------------------------


def test_approved_then_paid_once(cast: Cast, who: Volunteer, client_as: Any) -> None:
    row = claim(who)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:claim_one", args=[row.pk])
    day = timezone.localdate()
    paid = {
        "do": "pay", "paid_on_day": day.day, "paid_on_month": day.month,
        "paid_on_year": day.year, "how": "bank",
    }  # fmt: skip
    said = client.post(address, paid, follow=True).content.decode()
    assert "It must be approved first" in said
    for _press in range(2):
        client.post(address, {"do": "approve"})
    for _press in range(2):
        client.post(address, paid)
    row.refresh_from_db()
    assert (row.state, ExpensePayment.objects.get().pence) == ("paid", 450)
    said = client.post(address, {**paid, "how": "cash"}, follow=True).content.decode()
    assert "pay it no second time" in said
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpensePayment.objects.create(expense=row, paid_on=day, how="cash", pence=450)
    for show in ("claimed", "approved", "paid", "refused"):
        page = client.get(reverse("volunteers:claims_desk") + f"?show={show}").content.decode()
        assert (row.reference in page) is (show == "paid")


def test_refused_with_a_reason_that_the_volunteer_reads(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    row = claim(who)
    address = reverse("volunteers:claim_one", args=[row.pk])
    client = client_as(cast.volunteer_manager)
    assert "Say why it is not paid" in client.post(address, {"do": "refuse"}).content.decode()
    client.post(address, {"do": "refuse", "because": "The receipt is of another day"})
    row.refresh_from_db()
    assert row.state == "refused"
    own = client_as(cast.nobody).get(reverse("volunteers:my_claims")).content.decode()
    assert "The receipt is of another day" in own
    with pytest.raises(NotPossible):
        approve_expense(expense=row, by=cast.volunteer_manager)


def test_nobody_decides_on_their_own(cast: Cast, ours: Any) -> None:
    me = volunteer(organisation=ours, user=cast.volunteer_manager)
    with pytest.raises(SameSide):
        approve_expense(expense=claim(me), by=cast.volunteer_manager)


# --- Two pairs of eyes --------------------------------------------------------------------------------


def test_whoever_wrote_it_down_decides_nothing_and_reads_who_can(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    other = UserFactory(
        name="Second Pair", role="volunteer_manager", role__organisation_id=cast.organisation_id
    )
    # Not of this organisation, gone, or without the right: nobody to ask.
    cast.stranger("volunteer_manager")
    UserFactory(
        name="Gone Away", role="volunteer_manager", role__organisation_id=cast.organisation_id,
        is_active=False,
    )  # fmt: skip
    row = claim(who, by=cast.volunteer_manager)
    address = reverse("volunteers:claim_one", args=[row.pk])
    client = client_as(cast.volunteer_manager)
    page = client.get(address).content.decode()
    assert "You wrote this claim down: somebody else has to approve or refuse it." in page
    assert "Second Pair" in page
    assert "Gone Away" not in page
    assert cast.stranger("volunteer_manager").name not in page
    # The buttons of a page from before.
    for button, typed_in in (("approve", {}), ("refuse", {"because": "Not in my view"})):
        assert f'value="{button}"' not in page
        said = client.post(address, {"do": button, **typed_in}, follow=True).content.decode()
        assert "You wrote this claim down" in said
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == ("claimed", cast.volunteer_manager)
    approve_expense(expense=row, by=other)
    page = client.get(address).content.decode()
    assert "Written down by" in page
    # Nor do they pay what another approved, or take that yes back.
    assert "somebody else has to pay it and write that down" in page
    assert "it waits under “To pay”" in page
    day = timezone.localdate()
    paid = {
        "do": "pay", "paid_on_day": day.day, "paid_on_month": day.month,
        "paid_on_year": day.year, "how": "bank",
    }  # fmt: skip
    for button, typed_in in (("pay", paid), ("refuse", {"because": "Not in my view"})):
        assert f'value="{button}"' not in page
        said = client.post(address, {**typed_in, "do": button}, follow=True).content.decode()
        assert "You wrote this claim down" in said
    row.refresh_from_db()
    assert (row.state, ExpensePayment.objects.count()) == ("approved", 0)
    # Whoever approved it pays it: with the writer these are two.
    pay_expense(expense=row, paid_on=day, how="bank", by=other)
    row.refresh_from_db()
    assert row.state == "paid"
    assert "You wrote this claim down" not in client.get(address).content.decode()


def test_what_was_typed_wrong_is_taken_back_until_somebody_has_decided(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    other = UserFactory(
        role="volunteer_manager", role__organisation_id=cast.organisation_id, second_factor=True
    )
    row, approved = (claim(who, by=cast.volunteer_manager) for _number in range(2))
    address = reverse("volunteers:claim_one", args=[row.pk])
    client = client_as(cast.volunteer_manager)
    assert 'value="take-back"' in client.get(address).content.decode()
    wrong = client.post(address, {"do": "take-back", "because": " "})
    assert wrong.status_code == 422
    assert "Say why you take it back" in wrong.content.decode()
    # Of somebody else it is asked as a refusal, with another button.
    assert 'value="take-back"' not in client_as(other).get(address).content.decode()
    typed_in = {"do": "take-back", "because": "Typed twice"}
    assert client_as(other).post(address, typed_in).status_code == 403
    for _press in range(2):
        client.post(address, typed_in)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("refused", cast.volunteer_manager)
    assert row.refused_because == "Taken back by whoever wrote it down: Typed twice"
    assert Event.objects.filter(type="expense:decided").count() == 1
    assert "Typed twice" in client_as(cast.nobody).get(
        reverse("volunteers:my_claims")
    ).content.decode()  # fmt: skip
    approve_expense(expense=approved, by=other)
    said = client.post(
        reverse("volunteers:claim_one", args=[approved.pk]), typed_in, follow=True
    ).content.decode()
    assert "Somebody has approved this claim" in said
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_where_nobody_else_can_the_page_says_what_to_do(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    row = claim(who, by=cast.volunteer_manager)
    address = reverse("volunteers:claim_one", args=[row.pk])
    client = client_as(cast.volunteer_manager)
    assert "Ask an administrator of the portal" in client.get(address).content.decode()
    centre = UserFactory(name="At The Centre", role="volunteer_coordinator")
    page = client.get(address).content.decode()
    assert centre.name in page
    # One manager, and the volunteer centre behind them: it is approved and paid.
    approve_expense(expense=row, by=centre)
    pay_expense(expense=row, paid_on=timezone.localdate(), how="bank", by=centre)
    row.refresh_from_db()
    assert row.state == "paid"


def test_one_s_own_claim_says_so_and_names_another(cast: Cast, ours: Any, client_as: Any) -> None:
    me = volunteer(organisation=ours, user=cast.volunteer_manager)
    row = claim(me, by=cast.volunteer_manager)
    page = client_as(cast.volunteer_manager).get(
        reverse("volunteers:claim_one", args=[row.pk])
    ).content.decode()  # fmt: skip
    assert "It is your own claim" in page
    for button in ("approve", "refuse", "pay"):
        assert f'value="{button}"' not in page
    with pytest.raises(SameSide):
        refuse_expense(expense=row, because="No", by=cast.volunteer_manager)
    approve_expense(expense=row, by=UserFactory(role="volunteer_coordinator"))
    with pytest.raises(SameSide):
        pay_expense(
            expense=row, paid_on=timezone.localdate(), how="bank", by=cast.volunteer_manager
        )
    page = client_as(cast.volunteer_manager).get(
        reverse("volunteers:claim_one", args=[row.pk])
    ).content.decode()  # fmt: skip
    assert 'value="pay"' not in page


def test_the_database_refuses_a_writer_who_approves(cast: Cast, who: Volunteer) -> None:
    row = claim(who, by=cast.volunteer_manager)
    decided = {"decided_at": timezone.now(), "decided_by": cast.volunteer_manager}
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        Expense.objects.filter(pk=row.pk).update(state="approved", **decided)
    # Rows of before, of which nobody wrote down who wrote them, stand.
    assert Expense.objects.filter(pk=row.pk).update(state="approved", claimed_by=None, **decided)


def test_claims_of_before_learn_from_the_audit_trail_who_wrote_them(
    cast: Cast, who: Volunteer
) -> None:
    from importlib import import_module

    from django.apps import apps

    theirs, own = claim(who, by=cast.volunteer_manager), claim(who)
    decided = claim(who, by=cast.volunteer_manager)
    Expense.objects.filter(pk=decided.pk).update(
        state="approved", claimed_by=None, decided_at=timezone.now(),
        decided_by=cast.volunteer_manager,
    )  # fmt: skip
    Expense.objects.update(claimed_by=None)
    migration = import_module("volunteers.migrations.0010_claims_two_pairs_of_eyes")
    for _time in range(2):
        migration.name_who_wrote_it(apps, None)
    wrote = dict(Expense.objects.values_list("pk", "claimed_by"))
    assert wrote == {theirs.pk: cast.volunteer_manager.pk, own.pk: None, decided.pk: None}


@pytest.mark.django_db(transaction=True)
def test_the_writer_and_another_approve_at_once_and_it_is_the_other_s() -> None:
    who = volunteer()
    writer, other = (UserFactory(role="volunteer_coordinator") for _number in range(2))
    row = claim(who, by=writer)
    came = at_once(*(lambda u=u: approve_expense(expense=row, by=u) for u in (writer, other)))  # type: ignore[misc]
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("approved", other)
    assert all(isinstance(one, SameSide) for one in refusals(came))


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_approved_at_once_it_ends_one_way() -> None:
    writer, other = (UserFactory(role="volunteer_coordinator") for _number in range(2))
    row = claim(volunteer(), by=writer)
    came = at_once(
        lambda: take_back_expense(expense=row, because="Typed twice", by=writer),
        lambda: approve_expense(expense=row, by=other),
    )
    assert len(refusals(came)) == 1
    row.refresh_from_db()
    assert (row.state, row.decided_by) in (("refused", writer), ("approved", other))


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_claim_on_paper(cast: Cast, who: Volunteer, client_as: Any, size: int) -> None:
    row = claim(who, receipts_pence=340)
    address = reverse("volunteers:my_claim_sheet", args=[row.pk]) + f"?size={size}"
    with pdfplumber.open(io.BytesIO(client_as(cast.nobody).get(address).content)) as opened:
        text = " ".join(" ".join(p.extract_text() for p in opened.pages).split())
    assert "10 miles at 45p" in text
    assert "£7.90" in text
    assert "Signed by the volunteer, and the date" in text


def test_twice_the_rows_take_as_many_queries(cast: Cast, who: Volunteer, client_as: Any) -> None:
    desk, own = client_as(cast.volunteer_manager), client_as(cast.nobody)

    def queries(client: Client, name: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"volunteers:{name}")).status_code == 200
        return len(caught)

    def both() -> list[int]:
        return [queries(desk, "claims_desk"), queries(own, "my_claims")]

    for _number in range(3):
        claim(who)
        claim(volunteer(organisation=who.organisation))
    both()
    few = both()
    for _number in range(3):
        claim(who)
        claim(volunteer(organisation=who.organisation))
    assert both() == few


@pytest.mark.django_db(transaction=True)
def test_two_people_pay_at_once_and_two_claims_cross_the_line_at_once() -> None:
    who = volunteer()
    row = claim(who, day=date(2026, 5, 1))
    both = [UserFactory(role="volunteer_coordinator", second_factor=True) for _n in range(2)]
    approve_expense(expense=row, by=both[0])
    today = timezone.localdate()
    came = at_once(
        *(lambda u=u: pay_expense(expense=row, paid_on=today, how="bank", by=u) for u in both)  # type: ignore[misc]
    )
    assert len(refusals(came)) == 1
    assert ExpensePayment.objects.count() == 1
    claim(who, day=date(2026, 5, 1), miles=9_980)
    crossing = lambda: claim(who, day=date(2026, 5, 1), miles=10)  # noqa: E731
    came = at_once(crossing, crossing)
    assert sorted(one.pence for one in came) == [250, 450]


# --- Rates --------------------------------------------------------------------------------------------


def test_an_administrator_adds_a_rate(cast: Cast, client_as: Any) -> None:
    load_rates(by=TESTS)
    client, address = client_as(cast.administrator), reverse("volunteers:rates")
    data = {
        "do": "miles", "miles-vehicle": "bicycle", "miles-from_on_day": "6",
        "miles-from_on_month": "4", "miles-from_on_year": "2027", "miles-pence": "22",
        "miles-source": "Example",
    }  # fmt: skip
    answer = client.post(address, {**data, "miles-after_miles": "100"})
    assert answer.status_code == 422
    assert "Enter both, or neither" in answer.content.decode()
    client.post(address, data)
    assert MileageRate.objects.on(date(2027, 4, 6), "bicycle").pence == 22
    assert "There is a rate from that day already" in client.post(address, data).content.decode()
    hour = {
        "do": "hour", "hour-from_on_day": "1", "hour-from_on_month": "4",
        "hour-from_on_year": "2027", "hour-pence": "13.10", "hour-source": "Example",
    }  # fmt: skip
    client.post(address, hour)
    assert HourValueRate.objects.on(date(2027, 4, 1)).pence == 1310
