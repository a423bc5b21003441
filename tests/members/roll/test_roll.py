"""The roll of members: found by name, reference and card; nothing on it says who pays; every look noted."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from directory.models import Organisation
from members.cards.number import as_printed
from members.finding.keys import write_keys
from members.models import Card, Membership, MembershipShare, Person, Plan, Status, Term
from members.models.membership import status_of
from members.roll.finding import Wanted, memberships
from tests.conftest import Cast
from tests.factories.concession import granted
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
ROLL = "members:members"


def member(desk: Any, **names: Any) -> Membership:
    person = PersonFactory(organisation=desk, **names)
    write_keys(person.pk)
    return membership(person=person)


def shown(client: Client, words: str = "", **filters: Any) -> list[str]:
    """The references on the page, in their order."""
    if words:
        client.post(reverse(ROLL), {"q": words})
    text = client.get(reverse(ROLL), filters).content.decode()
    return re.findall(r"</a><br>(M-\w{4}-\w{4})", text)


def many(desk: Organisation, plan: Plan, count: int, *, offset: int = 0) -> None:
    """So many members at once, by the database: some run out, some pending, some cancelled."""
    today = timezone.localdate()
    terms = plan.terms.get()
    people = Person.objects.bulk_create(
        Person(
            organisation=desk,
            given_name=f"Given{n}",
            family_name=f"Family{n % 997}",
            sort_key=f"family{n % 997:03} given{n}",
        )
        for n in range(offset, offset + count)
    )
    stored = ["", "", "", "", "", "", "", "", "pending", "cancelled"]
    rows = Membership.objects.bulk_create(
        Membership(
            person=person,
            organisation=desk,
            plan=plan,
            plan_terms=terms,
            stored=stored[n % 10],
            joined_on=today - timedelta(days=n % 1500),
            ended_on=today if stored[n % 10] == "cancelled" else None,
        )
        for n, person in enumerate(people)
    )
    Term.objects.bulk_create(
        Term(
            membership=row,
            plan_terms=terms,
            starts_on=today - timedelta(days=400 - n % 500),
            ends_on=today - timedelta(days=400 - n % 500) + timedelta(days=364),
            source="payment",
            source_id=uuid.uuid4(),
        )
        for n, row in enumerate(rows)
        if row.stored != "pending"
    )


# --- Finding --------------------------------------------------------------------------------------------


def test_by_name_reference_and_card_however_it_is_written(
    cast: Cast, client_as: Any, desk: Any
) -> None:
    mine = member(desk, given_name="Dorothy", family_name="Ackroyd")
    other = member(desk, given_name="Percy", family_name="Zimmer")
    card = Card.objects.filter(membership=mine).first() or Card.objects.create(
        membership=mine, person=mine.person, organisation=desk, number="1234567890"
    )
    client = client_as(cast.access_point_staff)
    assert shown(client) == [mine.reference, other.reference], "by last name"
    for words in (
        "Ackroyd", "dorothy ackroyd", "Dot Ackroyd", "ackro", mine.reference,
        mine.reference.lower().replace("-", " "), card.number, as_printed(card.number),
    ):  # fmt: skip
        assert shown(client, words) == [mine.reference], words
    assert shown(client, "nobody of this name") == []


def test_a_name_stands_in_no_address(cast: Cast, client_as: Any, desk: Any) -> None:
    member(desk, family_name="Ackroyd")
    client = client_as(cast.access_point_staff)
    response = client.post(reverse(ROLL), {"q": "Ackroyd"})
    assert response["Location"] == reverse(ROLL)
    assert 'value="Ackroyd"' in client.get(reverse(ROLL)).content.decode()
    client.post(reverse(ROLL), {"q": "Ackroyd", "all": "yes"})
    assert 'value="Ackroyd"' not in client.get(reverse(ROLL)).content.decode()


def test_who_shares_a_membership_is_found_by_their_name(
    cast: Cast, client_as: Any, desk: Any
) -> None:
    mine = member(desk, family_name="Ackroyd")
    other = PersonFactory(organisation=desk, given_name="Olive", family_name="Quimby")
    write_keys(other.pk)
    MembershipShare.objects.create(membership=mine, person=other)
    assert shown(client_as(cast.access_point_staff), "Quimby") == [mine.reference]


def test_filters(cast: Cast, client_as: Any, desk: Any) -> None:
    today = timezone.localdate()
    new, soon, out, waits = (member(desk, family_name=f"F{n}") for n in range(4))
    Term.objects.filter(membership=soon).update(ends_on=today + timedelta(days=20))
    Membership.objects.filter(pk=soon.pk).update(joined_on=today - relativedelta(months=8))
    Term.objects.filter(membership=out).update(
        starts_on=today - timedelta(days=500), ends_on=today - timedelta(days=100)
    )
    waits.terms.all().delete()
    Membership.objects.filter(pk=waits.pk).update(stored="pending")
    client = client_as(cast.membership_officer)
    assert shown(client, status="new") == [new.reference]
    assert shown(client, status="current") == [soon.reference]
    assert shown(client, status="expired") == [out.reference]
    assert shown(client, status="pending") == [waits.reference]
    assert shown(client, ends="30") == [soon.reference]
    assert shown(client, ends="14") == []
    assert shown(client, plan=out.plan.code) == [out.reference]
    assert len(shown(client, plan="none", status="nonsense", ends="x", desk="y")) == 4


# --- Who sees what --------------------------------------------------------------------------------------


def test_a_desk_sees_its_own_members(cast: Cast, client_as: Any, desk: Any) -> None:
    mine = member(desk)
    there = member(access_point(cast.other_organisation_id, name="Another"))
    assert shown(client_as(cast.hub_lead)) == [mine.reference]
    assert shown(client_as(cast.stranger("hub_lead"))) == [there.reference]
    assert shown(client_as(cast.hub_lead), there.reference) == []
    assert len(shown(client_as(cast.membership_officer))) == 2


def test_the_list_does_not_say_who_pays_and_the_officer_may_ask(
    cast: Cast, client_as: Any, desk: Any
) -> None:
    plan = PlanFactory()
    paid = membership(person=PersonFactory(organisation=desk), plan=plan)
    free = granted(by=cast.hub_lead, person=PersonFactory(organisation=desk), plan=plan).membership
    staff = client_as(cast.access_point_staff)
    text = staff.get(reverse(ROLL)).content.decode()
    rows = re.findall(r"<tr class=\"govuk-table__row\">\s*<td.*?</tr>", text, re.S)
    alike = []
    for one in (paid, free):
        row = next(row for row in rows if one.reference in row)
        for mine in (one.reference, one.person.name, str(one.pk)):
            row = row.replace(mine, "")
        alike.append(row)
    assert alike[0] == alike[1]
    assert "Safety net" not in text.split("<table")[0].split("</h1>")[1]
    assert len(shown(staff, by="free")) == 2, "no way round by the address"
    officer = client_as(cast.membership_officer)
    assert shown(officer, by="free") == [free.reference]
    assert shown(officer, by="paying") == [paid.reference]


def test_every_look_names_whom_it_showed(cast: Cast, client_as: Any, desk: Any) -> None:
    mine = member(desk)
    client_as(cast.access_point_staff).get(reverse(ROLL))
    event = Event.objects.get(type="members:listed")
    assert event.details == {"memberships": [str(mine.pk)], "count": 1}


def test_the_file_is_the_list_and_fetching_it_is_written_down(
    cast: Cast, client_as: Any, desk: Any
) -> None:
    mine = member(desk, family_name="=cmd()", given_name="Percy")
    granted(by=cast.hub_lead, person=PersonFactory(organisation=desk))
    client = client_as(cast.membership_officer)
    text = client.get(reverse("members:members_csv")).content.decode("utf-8-sig")
    assert text.splitlines()[0].split(",")[:3] == ["Reference", "Last name", "First name"]
    assert len(text.splitlines()) == 3
    assert f"{mine.reference},'=cmd(),Percy," in text
    assert not re.search("concession|safety|paid|free", text, re.I)
    assert Event.objects.get(type="members:exported").details["count"] == 2
    assert client_as(cast.hub_lead).get(reverse("members:members_csv")).status_code == 403


# --- At size --------------------------------------------------------------------------------------------


def test_the_database_and_the_dates_say_the_same(desk: Any) -> None:
    many(desk, PlanFactory(), 600)
    today = timezone.localdate()
    seen = set()
    for day in (today, today + timedelta(days=31), date(2027, 2, 28), date(2028, 2, 29)):
        rows = Membership.objects.with_status(day).select_related("plan_terms")
        for row in rows:
            assert row.status_then == status_of(
                row.stored, row.joined_on, row.last_day, row.plan_terms, day
            )
            seen.add(row.status_then)
        for status in Status:
            assert set(Membership.objects.of_status(status, day)) == {
                row for row in rows if row.status_then == status
            }
        until = day + timedelta(days=40)
        assert set(Membership.objects.ending(day, until)) == {
            row
            for row in rows
            if row.stored == "" and row.last_day and day <= row.last_day <= until
        }
    assert seen == set(Status) - {Status.DECEASED}


def test_twenty_thousand_members_cost_no_more_queries(
    cast: Cast, client_as: Any, desk: Any
) -> None:
    client = client_as(cast.membership_officer)
    plan = PlanFactory()
    asked = (
        {},
        {"status": "current"},
        {"ends": "30"},
        {"page": "9"},
        {"status": "expired", "plan": plan.code, "by": "paying"},
    )

    def queries(filters: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert "<table" in client.get(reverse(ROLL), filters).content.decode()
        return len(caught)

    many(desk, plan, 600)
    client.get(reverse(ROLL))
    few = [queries(filters) for filters in asked]
    many(desk, plan, 19_400, offset=600)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert [queries(filters) for filters in asked] == few


def test_a_page_is_fifty(desk: Any, cast: Cast, client_as: Any) -> None:
    many(desk, PlanFactory(), 120)
    client = client_as(cast.membership_officer)
    pages = [shown(client, page=str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({reference for page in pages for reference in page}) == 120


def test_what_is_asked_for_nobody_is_nobody(cast: Cast) -> None:
    assert not memberships(cast.nobody, Wanted(), timezone.localdate()).exists()
