"""Registered contacts: who may change them, who is told, and what that stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages import Message
from referrals.models import DeskChange, OneTimeCode, ReceivingDesk
from tests.factories.organisation import OrganisationFactory
from tests.factories.user import UserFactory
from tests.referrals.receiving.conftest import Scene, names_nobody

pytestmark = pytest.mark.django_db
DESKS = reverse("referrals:desks")


@pytest.fixture
def lead(scene: Scene, client_as):
    user = UserFactory(role="hub_lead", role__organisation_id=scene.hub.id, second_factor=True)
    client = client_as(user)
    client.user = user
    return client


def desk_of(organisation) -> str:
    return reverse("referrals:desk", args=[organisation.id])


def typed(desk: ReceivingDesk | None = None, **facts) -> dict:
    known = {
        "how": desk.how if desk else "email",
        "email": desk.email if desk else "",
        "mobile": desk.mobile if desk else "",
        "phone": desk.phone if desk else "",
        "address": desk.address if desk else "",
        "version": desk.version if desk else 0,
        "why": "Rang from the number in the directory",
    }
    return known | facts


def test_an_attacker_who_changes_the_address_is_noticed_and_waits(lead, scene: Scene):
    row = scene.send()
    old = scene.address()
    # When the registered address is changed
    answer = lead.post(desk_of(scene.receiver), typed(scene.desk, email="thief@elsewhere.example"))
    assert answer.status_code == 302
    # Then the old address is told
    told = Message.objects.get(key__startswith="desk-changed:", to_address="desk@brook.example")
    assert "another contact was registered" in told.body
    assert "thief" not in told.body
    names_nobody(told.body)
    # the link that was out opens nothing, a new one went to the new address
    assert Client().get(old).status_code == 404
    scene.desk.refresh_from_db()
    address = scene.address()
    assert Client().get(address).status_code == 200
    # and no code goes there for a day
    page = Client().post(f"{address}who/")
    assert "changed a short while ago" in page.text
    assert not OneTimeCode.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Client().post(f"{address}who/").status_code == 302
    # and it is written down who did it, and why
    change = DeskChange.objects.get()
    assert (change.by, change.fields) == (lead.user, ["email"])
    event = Event.objects.get(type="receiving_desk:changed")
    assert "thief" not in str(event.details) + str(event.fields)
    assert row.reference


def test_details_opened_before_the_change_are_shut_by_it(lead, scene: Scene, client):
    scene.send()
    address = scene.address()
    client.post(f"{address}who/")
    client.post(f"{address}code/", {"code": scene.code()})
    assert client.get(f"{address}details/").status_code == 200
    lead.post(desk_of(scene.receiver), typed(scene.desk, email="new@brook.example"))
    scene.desk.refresh_from_db()
    assert client.get(f"{scene.address()}details/").status_code == 302


def test_taking_it_out_and_putting_another_in_is_no_way_round(lead, scene: Scene):
    scene.send()
    lead.post(
        desk_of(scene.receiver), typed(scene.desk, how="phone", phone="01632 960 200", email="")
    )
    scene.desk.refresh_from_db()
    lead.post(desk_of(scene.receiver), typed(scene.desk, how="email", email="thief@else.example"))
    scene.desk.refresh_from_db()
    scene.send()
    assert "changed a short while ago" in Client().post(f"{scene.address()}who/").text


def test_another_phone_number_ends_no_link_and_tells_nobody(lead, scene: Scene):
    scene.send()
    address = scene.address()
    lead.post(desk_of(scene.receiver), typed(scene.desk, phone="01632 960 201"))
    assert Client().get(address).status_code == 200
    assert not Message.objects.filter(key__startswith="desk-changed:").exists()
    assert DeskChange.objects.get().fields == ["phone"]


def test_an_address_put_where_there_was_only_a_telephone_waits_too(lead, scene: Scene):
    ReceivingDesk.objects.filter(pk=scene.desk.pk).update(
        how="phone", email="", phone="01632 960 200"
    )
    scene.receiver.email = "office@brook.example"
    scene.receiver.save(update_fields=["email"])
    scene.desk.refresh_from_db()
    scene.send()
    lead.post(desk_of(scene.receiver), typed(scene.desk, how="email", email="thief@else.example"))
    told = Message.objects.get(key__startswith="desk-changed:")
    assert told.to_address == "office@brook.example"
    scene.desk.refresh_from_db()
    scene.send()
    assert "changed a short while ago" in Client().post(f"{scene.address()}who/").text
    assert not OneTimeCode.objects.exists()


def test_letters_sent_elsewhere_are_told_to_the_old_contact(lead, scene: Scene):
    # When somebody has the slips, with people's names on them, posted to themselves
    lead.post(
        desk_of(scene.receiver), typed(scene.desk, how="post", address="1 Thieves Row\nDL1 1AA")
    )
    told = Message.objects.get(key__startswith="desk-changed:")
    assert told.to_address == "desk@brook.example"
    assert "Thieves" not in told.body
    # and again, when only the address is another
    scene.desk.refresh_from_db()
    lead.post(desk_of(scene.receiver), typed(scene.desk, address="2 Thieves Row\nDL1 1AA"))
    assert Message.objects.filter(key__startswith="desk-changed:").count() == 2


def test_a_first_registration_is_told_to_the_address_in_the_directory(lead):
    organisation = OrganisationFactory(email="office@paper.example")
    lead.post(desk_of(organisation), typed(email="someone@else.example"))
    assert Message.objects.get().to_address == "office@paper.example"
    desk = ReceivingDesk.objects.get(organisation=organisation)
    assert (desk.email, desk.version, desk.contact_changed_at) == ("someone@else.example", 1, None)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"why": ""}, "who asked for it"),
        ({"email": ""}, "Enter the e-mail address"),
        ({"email": "not an address"}, "valid"),
        ({"how": "post"}, "address for letters"),
        ({"how": "phone"}, "number to ring"),
        ({"phone": "12"}, "phone number"),
        ({"version": 7}, "changed this a moment ago"),
        ({"why": "x" * 301}, "at most 300"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(lead, scene: Scene, facts, problem):
    page = lead.post(desk_of(scene.receiver), typed(scene.desk, **facts))
    assert page.status_code == 200
    assert problem in page.text
    assert not DeskChange.objects.exists()


def test_only_who_may_change_them(scene: Scene, client_as):
    staff = client_as(
        UserFactory(
            role="access_point_staff", role__organisation_id=scene.hub.id, second_factor=True
        )
    )
    assert staff.get(desk_of(scene.receiver)).status_code == 403
    changed = typed(scene.desk, email="x@y.example")
    assert staff.post(desk_of(scene.receiver), changed).status_code == 403
    scene.desk.refresh_from_db()
    assert scene.desk.email == "desk@brook.example"


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(lead):
    def queries() -> int:
        lead.get(DESKS)
        with CaptureQueriesContext(connection) as caught:
            assert lead.get(DESKS).status_code == 200
        return len(caught)

    few = queries()
    for number in range(20):
        ReceivingDesk.objects.create(
            organisation=OrganisationFactory(), email=f"desk{number}@example.org"
        )
    assert queries() == few


def test_an_organisation_is_chosen_first(lead, scene: Scene):
    other = OrganisationFactory(name="Paper Friends")
    page = reverse("referrals:desk_new")
    text = lead.get(page).text
    assert "Paper Friends" in text
    assert ">Brook House<" not in text
    assert lead.get(page, {"organisation": other.id})["Location"] == desk_of(other)
    assert lead.get(page, {"organisation": "nonsense"}).status_code == 200
