"""Carers' pages: without an account, at the desk, in an emergency; and never with the one cared for."""

from __future__ import annotations

import io
import json
import uuid
from datetime import date, timedelta
from typing import Any

import pdfplumber
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.limits.rates import Rate
from dcsn.privacy import registry
from members.cards.number import as_printed
from members.models import Card, Person, Plan, SafetyFlag
from pathways.actions.carers import FirstStage
from pathways.carers.views import public
from pathways.models import CarerAssessment, CarerEstimate, EmergencyPlan
from tests.conftest import Cast
from tests.factories.membership import PlanFactory
from tests.factories.pathways import carer_at
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def typed(ours: Any, **more: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "given_name": "Joan",
        "family_name": "Example",
        "contact_by": "phone",
        "phone": "01632 960 123",
        "organisation": str(ours.pk),
        "hours_a_week": "35",
        "effects": "I never sleep through",
        "ring_first": "Ann Neighbour, 01632 960 777",
        "must_know": "Tablets at eight",
        **more,
    }


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return " ".join(page.extract_text() for page in document.pages)


# --- Without an account -------------------------------------------------------------------------------


def test_the_form_gives_the_card_and_the_plan_at_once(ours: Any) -> None:
    PlanFactory(kind=Plan.Kind.CARER, terms__price_pence=0)
    client, data = Client(), typed(ours)
    for _time in range(2):
        answer = client.post(reverse("pathways:carer_start"), data)
        assert answer.status_code == 302
        assert answer.url == reverse("pathways:carer_granted")
    made, card = CarerAssessment.objects.get(), Card.objects.get()
    plan = EmergencyPlan.objects.get()
    assert (made.by_carer, made.trigger, Person.objects.count()) == (True, "substantial", 1)
    page = client.get(answer.url).content.decode()
    assert plan.reference in page
    assert as_printed(card.number) in page
    assert "Example" not in page, "a shared computer shows no name"
    wallet = words_of(client.get(reverse("pathways:carer_granted_wallet")).content)
    assert plan.reference in wallet
    assert "Tablets" not in wallet, "the card may be lost"
    sheet = client.get(reverse("pathways:carer_granted_plan"), {"size": 24})
    assert "Tablets at eight" in words_of(sheet.content)
    client.post(reverse("pathways:carer_finished"))
    for name in ("carer_granted", "carer_granted_plan", "carer_granted_wallet"):
        assert client.get(reverse(f"pathways:{name}")).url == reverse("pathways:carers")


def test_nothing_typed_is_lost(ours: Any) -> None:
    data = typed(ours, phone="", hours_a_week="200")
    answer = Client().post(reverse("pathways:carer_start"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not CarerAssessment.objects.exists()
    assert "Enter the phone number to ring" in page
    assert page.count("A week has 168 hours") == 2, "by the field and in the summary"
    for kept in ("Joan", "I never sleep through", "Ann Neighbour", "Tablets at eight", "200"):
        assert kept in page


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_form_on_paper_asks_what_the_screen_asks(ours: Any, size: int) -> None:
    pdf = Client().get(reverse("pathways:carer_form"), {"size": size})
    said = " ".join(words_of(pdf.content).split())
    assert "Whom shall we ring first?" in said
    assert "My own health suffers" in said


def test_somebody_signed_in_says_it_as_themselves(ours: Any, cast: Cast, client_as: Any) -> None:
    person = PersonFactory(organisation=ours, user=cast.member)
    client = client_as(cast.member)
    assert client.get(reverse("pathways:carer_start")).url == reverse("pathways:my_caring_first")
    answer = client.post(
        reverse("pathways:my_caring_first"),
        {"key": str(uuid.uuid4()), "ring_first": "Ann", "hours_a_week": "5"},
    )
    assert answer.url == reverse("pathways:my_caring")
    assert CarerAssessment.objects.get().carer == person
    assert "Ann" in client.get(answer.url).content.decode()
    plan = EmergencyPlan.objects.get()
    client.post(
        reverse("pathways:my_emergency_plan"), {"ring_first": "Bill", "version": plan.version}
    )
    clash = client.post(
        reverse("pathways:my_emergency_plan"), {"ring_first": "Carl", "version": plan.version}
    )
    assert clash.status_code == 422
    assert "Bill" in clash.content.decode()
    assert "Carl" in clash.content.decode()
    for name in ("my_emergency_plan_pdf", "my_wallet_card"):
        assert client.get(reverse(f"pathways:{name}"))["Content-Type"] == "application/pdf"


def test_the_share_that_is_known_is_oxfordshires(ours: Any) -> None:
    CarerEstimate.objects.create(
        area="Oxfordshire", carers=60_000, known_elsewhere=9_000, as_of=date(2009, 1, 1), source="S"
    )
    page = Client().get(reverse("pathways:carers")).content.decode()
    assert "about 15% are known, 9,000 of 60,000" in page
    for _number in range(4):
        carer_at(ours)
    assert "9,000 of 60,000" in Client().get(reverse("pathways:carers")).content.decode()
    for _number in range(3):
        carer_at(ours)
    assert "9,005 of 60,000" in Client().get(reverse("pathways:carers")).content.decode()


def test_fewer_than_five_are_not_told(ours: Any) -> None:
    CarerEstimate.objects.create(area="Here", carers=10_000, as_of=date(2026, 1, 1), source="S")
    for _number in range(4):
        carer_at(ours)
    assert "fewer than five" in Client().get(reverse("pathways:carers")).content.decode()


# --- At the desk --------------------------------------------------------------------------------------


def test_the_desk_takes_both_stages(ours: Any, cast: Cast, client_as: Any) -> None:
    person = PersonFactory(organisation=ours)
    client = client_as(cast.access_point_staff)
    assert "They look after somebody" in client.get(person.get_absolute_url()).content.decode()
    client.post(
        reverse("pathways:carer_first", args=[person.pk]),
        {"key": str(uuid.uuid4()), "touched": "health", "telecare": "on"},
    )
    made = CarerAssessment.objects.get()
    assert (made.by_carer, made.assessed_by) == (False, cast.access_point_staff)
    board = client.get(reverse("pathways:carer_board")).content.decode()
    assert person.name in board
    assert "Not yet" in board
    client.post(reverse("pathways:carer_to_council", args=[made.pk]))
    client.post(reverse("pathways:carer_told", args=[made.pk]))
    address = reverse("pathways:carer_second", args=[made.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    wrong = client.post(
        address,
        {
            "assessed_on_day": tomorrow.day,
            "assessed_on_month": tomorrow.month,
            "assessed_on_year": tomorrow.year,
            "wants": "A break",
        },
    )
    assert wrong.status_code == 422
    assert "This day has not come yet" in wrong.content.decode()
    assert "A break" in wrong.content.decode()
    today = timezone.localdate()
    client.post(
        address,
        {
            "assessed_on_day": today.day,
            "assessed_on_month": today.month,
            "assessed_on_year": today.year,
            "outcome": "budget",
        },
    )
    page = client.get(reverse("pathways:carer", args=[person.pk])).content.decode()
    assert "A carer&#x27;s budget" in page or "A carer's budget" in page
    assert person.name not in client.get(reverse("pathways:carer_board")).content.decode()
    assert Event.objects.filter(type="carer:viewed", subject=person.pk).exists()


def test_strangers_change_nothing(ours: Any, cast: Cast, client_as: Any) -> None:
    made = carer_at(ours)
    client = client_as(cast.stranger("access_point_staff"))
    for name in ("carer_to_council", "carer_told", "carer_second"):
        assert client.post(reverse(f"pathways:{name}", args=[made.pk])).status_code == 404
    made.refresh_from_db()
    assert made.referred_on is None


@pytest.mark.parametrize("show", ["council", "telecare", "all"])
def test_the_list_costs_the_same_for_twice_as_many(
    ours: Any, cast: Cast, client_as: Any, show: str
) -> None:
    client = client_as(cast.access_point_staff)
    address = f"{reverse('pathways:carer_board')}?show={show}"
    counts = []
    for _time in range(2):
        for _number in range(4):
            made = carer_at(ours, FirstStage(asks_council=True, telecare=True))
            CarerAssessment.objects.filter(pk=made.pk).update(
                telecare_until=timezone.localdate() + timedelta(days=3)
            )
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- In an emergency ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["access_point_staff", "hub_lead", "coordinator"])
@pytest.mark.parametrize("by", ["reference", "name"])
def test_duty_staff_open_a_plan_in_two_clicks(
    ours: Any, cast: Cast, client_as: Any, role: str, by: str
) -> None:
    made = carer_at(ours, given_name="Joan", family_name="Example", postcode="DL3 7XX")
    plan = EmergencyPlan.objects.get()
    # Of another access point: an emergency knows no desk.
    client = client_as(cast.stranger(role))
    asked = plan.reference.lower().replace("-", " ") if by == "reference" else "example joan"
    # First click
    found = client.get(reverse("pathways:emergency"), {"q": asked}).content.decode()
    address = reverse("pathways:emergency_plan", args=[plan.pk])
    assert f'action="{address}"' in found
    # With a figure: three letters alone may stand in a token of a form.
    assert "Ann, 01632" not in found
    assert "Ann, 01632" not in client.get(address).content.decode(), "not without a reason"
    # Second click
    page = client.post(address, {"why": "emergency"}, follow=True).content.decode()
    assert "Ann, 01632 960 777" in page
    event = Event.objects.get(type="emergency_plan:opened")
    assert (event.subject, event.details["reason"]) == (made.carer_id, "emergency")
    searched = Event.objects.get(type="emergency_plan:searched")
    assert searched.details["people"] == [str(made.carer_id)]
    assert "example" not in json.dumps(searched.details), "what was typed is not kept"
    sheet = client.get(reverse("pathways:emergency_sheet", args=[plan.pk]))
    assert sheet["Content-Type"] == "application/pdf"


def test_an_hour_later_a_reason_is_asked_again(ours: Any, cast: Cast, client_as: Any) -> None:
    carer_at(ours)
    address = reverse("pathways:emergency_plan", args=[EmergencyPlan.objects.get().pk])
    client = client_as(cast.access_point_staff)
    client.post(address, {"why": "practice"})
    assert "Ann" in client.get(address).content.decode()
    session = client.session
    opened = session["emergency_plans_opened"]
    session["emergency_plans_opened"] = {
        plan: (timezone.now() - timedelta(minutes=61)).isoformat() for plan in opened
    }
    session.save()
    assert "Ann, 01632" not in client.get(address).content.decode()
    sheet = reverse("pathways:emergency_sheet", args=[EmergencyPlan.objects.get().pk])
    assert client.get(sheet).status_code == 302


def test_who_hides_is_found_by_the_card_and_not_by_name_from_elsewhere(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    made = carer_at(ours, given_name="Joan", family_name="Example")
    SafetyFlag.objects.create(
        person=made.carer,
        kind=SafetyFlag.Kind.DOMESTIC_ABUSE,
        what_to_do="Ring no landline",
        review_on=timezone.localdate() + timedelta(days=30),
        expires_on=timezone.localdate() + timedelta(days=60),
        set_by=cast.coordinator,
    )
    plan = EmergencyPlan.objects.get()
    address = reverse("pathways:emergency")
    elsewhere = client_as(cast.stranger("access_point_staff"))
    by_name = elsewhere.get(address, {"q": "Joan Example"}).content.decode()
    assert str(plan.pk) not in by_name
    assert str(plan.pk) in elsewhere.get(address, {"q": plan.reference}).content.decode()
    own = client_as(cast.access_point_staff)
    assert str(plan.pk) in own.get(address, {"q": "Joan Example"}).content.decode()


# --- Never with the person who is cared for -----------------------------------------------------------


def test_nothing_of_a_carer_is_with_the_one_they_care_for(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    """Their page, their own page, their copy and their audit trail are as they were before."""
    cared_for = PersonFactory(
        organisation=ours,
        given_name="Harold",
        family_name="Caredfor",
        user=cast.member,
        coordinator=cast.coordinator,
    )
    secrets = ("never sleeps", "Ann Secret", "Tablets at eight", "Joan")
    made = carer_at(
        ours,
        FirstStage(
            hours_a_week=60,
            effects="never sleeps",
            emergency={
                "ring_first": "Ann Secret",
                "who_is_cared_for": "Harold Caredfor",
                "must_know": "Tablets at eight",
            },
        ),
        given_name="Joan",
        family_name="Caredfor",
    )
    shown = []
    for role in ("access_point_staff", "hub_lead", "coordinator", "membership_officer"):
        client = client_as(cast.with_role(role))
        shown.append(client.get(cared_for.get_absolute_url()).content.decode())
        shown.append(client.get(reverse("pathways:carer", args=[cared_for.pk])).content.decode())
    own = client_as(cast.member)
    shown += [
        own.get(reverse(name)).content.decode()
        for name in ("pathways:my_caring", "members:my_membership", "referrals:mine")
    ]
    for _model, link in registry.links():
        shown.append(json.dumps(list(link.export(cared_for.pk)), default=str))
    shown += [
        json.dumps(event.details) + event.type
        for event in Event.objects.filter(subject=cared_for.pk)
    ]
    for secret in (*secrets, str(made.pk), str(made.carer_id)):
        for page in shown:
            assert secret not in page
    # And the carer's copy holds all of it.
    assert made.carer_id is not None
    copy = json.dumps(
        [list(link.export(made.carer_id)) for _model, link in registry.links()], default=str
    )
    assert all(secret in copy for secret in secrets)


@pytest.mark.parametrize(
    "role", ["membership_officer", "data_protection_lead", "referral_receiver"]
)
def test_seeing_people_is_not_seeing_carers(
    ours: Any, cast: Cast, client_as: Any, role: str
) -> None:
    made = carer_at(ours)
    client = client_as(cast.with_role(role))
    answer = client.get(reverse("pathways:carer", args=[made.carer_id]))
    assert answer.status_code in (403, 404)
    assert client.get(reverse("pathways:emergency")).status_code in (403, 404)


def test_the_paper_form_is_not_printed_without_end(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "SHEETS_AT_ONCE", Rate(1, timedelta(minutes=10)))
    monkeypatch.setattr(public, "form_pdf", lambda size: b"%PDF-1.7")
    address = reverse("pathways:carer_form")
    assert [client.get(address).status_code for _press in range(2)] == [200, 429]
