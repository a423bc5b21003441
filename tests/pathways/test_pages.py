"""A pathway is asked for, begun, looked at and moved on its pages."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from members.models import Person
from pathways.models import Pathway, PathwayKind, Route
from pathways.person_page import SHOWN, pathways_of
from pathways.starter import KINDS, load_kinds
from referrals.models import Enquiry
from tests.conftest import Cast
from tests.factories.pathways import KindFactory, PathwayFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast) -> Person:
    return PersonFactory(
        organisation=access_point(cast.organisation_id), coordinator=cast.coordinator
    )


@pytest.fixture
def mine(cast: Cast, person: Person) -> Pathway:
    return PathwayFactory(person=person, coordinator=cast.coordinator)


def beginning(cast: Cast, kind: PathwayKind, **facts: Any) -> dict[str, Any]:
    return {
        "route": Route.ACCESS_POINT.value,
        "kind": kind.pk,
        "coordinator": cast.coordinator.pk,
        "key": uuid.uuid4(),
        **facts,
    }


def do(client: Client, pathway: Pathway, what: str, **facts: Any) -> Any:
    return client.post(reverse("pathways:change", args=[pathway.pk]), {"do": what, **facts})


# --- By which doors ---


def test_the_kinds_are_loaded_once_and_keep_what_was_changed() -> None:
    assert load_kinds() == len(KINDS)
    PathwayKind.objects.filter(code="reablement").update(name="Getting going again")
    assert load_kinds() == 0
    changed = PathwayKind.objects.get(code="reablement")
    assert (changed.name, changed.lasts_at_most_weeks) == ("Getting going again", 12)
    assert changed.stages.count() == 4


def test_it_begins_from_a_persons_page(cast: Cast, client_as: Any, person: Person) -> None:
    client, kind = client_as(cast.coordinator), KindFactory()
    page = client.get(person.get_absolute_url()).content.decode()
    assert reverse("pathways:begin", args=[person.pk]) in page
    sent = beginning(cast, kind)
    for _click in range(2):
        answer = client.post(reverse("pathways:begin", args=[person.pk]), sent)
    begun = Pathway.objects.get()
    assert answer["Location"] == begun.get_absolute_url()
    assert begun.reference in client.get(person.get_absolute_url()).content.decode()


def test_not_eligible_makes_an_enquiry_of_the_access_point(
    cast: Cast, client_as: Any, person: Person
) -> None:
    client, kind = client_as(cast.hub_lead), KindFactory()
    sent = beginning(
        cast, kind, route=Route.ASSESSMENT.value, eligibility="not-eligible",
        assessed_on_day="2", assessed_on_month="11", assessed_on_year="2026",
    )  # fmt: skip
    page = client.post(reverse("pathways:begin", args=[person.pk]), sent, follow=True)
    enquiry = Enquiry.objects.get()
    assert (enquiry.person, enquiry.is_open) == (person, True)
    assert "has an enquiry from today" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"route": ""}, "Choose how they came"),
        ({"route": Route.ASSESSMENT.value}, "Say what the assessment found"),
        ({"eligibility": "eligible"}, "Choose the council’s assessment"),
        ({"coordinator": ""}, "Choose who goes with them"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, client_as: Any, person: Person, wrong: dict[str, str], words: str
) -> None:
    sent = {**beginning(cast, KindFactory(), contact_name="A neighbour"), **wrong}
    answer = client_as(cast.coordinator).post(reverse("pathways:begin", args=[person.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(words) >= 2  # by the field and in the summary
    assert "A neighbour" in page
    assert not Pathway.objects.exists()


def test_asked_for_at_home_it_is_on_the_access_points_list_and_begins_there(
    cast: Cast, client_as: Any
) -> None:
    hub = access_point(cast.organisation_id)
    sent = {
        "family_name": "Example", "on_behalf_of": "self", "contact_by": "phone",
        "phone": "01632 960 778", "words": "Everything at once", "key": uuid.uuid4(),
    }  # fmt: skip
    visitor = Client()
    for _click in range(2):
        answer = visitor.post(reverse("pathways:ask"), sent, follow=True)
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in answer.content.decode()
    assert (enquiry.organisation, enquiry.origin) == (hub, Enquiry.Origin.COORDINATOR)
    assert (enquiry.promised_on, Person.objects.count()) == (timezone.localdate(), 1)

    lead = client_as(cast.hub_lead)
    begin = f"{reverse('pathways:begin', args=[enquiry.person_id])}?enquiry={enquiry.pk}"
    assert begin in lead.get(enquiry.get_absolute_url()).content.decode()
    form = lead.get(begin).context["form"]
    assert form.initial["route"] == Route.HOME_INTERNET
    # An enquiry without a name, and somebody who may not begin one, get no button.
    nameless = EnquiryFactory(organisation=hub, person=None)
    assert "Begin a pathway" not in lead.get(nameless.get_absolute_url()).content.decode()
    staff = client_as(cast.access_point_staff)
    assert "Begin a pathway" not in staff.get(enquiry.get_absolute_url()).content.decode()


def test_who_asks_says_how_to_be_reached(cast: Cast) -> None:
    access_point(cast.organisation_id)
    page = Client().post(reverse("pathways:ask"), {"contact_by": "phone", "words": "Tired"})
    text = page.content.decode()
    assert text.count("Enter the number on which we can ring you") >= 2
    assert text.count("Enter your last name") >= 2
    assert "Tired" in text


# --- One pathway ---


def test_it_is_moved_noted_and_ended(cast: Cast, client_as: Any, mine: Pathway) -> None:
    client = client_as(cast.coordinator)
    stage = mine.kind.stages.get(name="Planning")
    do(client, mine, "stage", stage=stage.pk, version=1)
    key = uuid.uuid4()
    today = timezone.localdate()
    for _click in range(2):
        do(client, mine, "contact", way="phone", note="She is well", key=key,
           on_day=today.day, on_month=today.month, on_year=today.year)  # fmt: skip
    do(client, mine, "ring", name="A daughter", phone="01632 960 779")
    do(client, mine, "pause", because="In hospital")
    page = client.get(mine.get_absolute_url()).content.decode()
    for words in ("She is well", "A daughter", "In hospital", "Planning"):
        assert words in page
    do(client, mine, "resume")
    do(client, mine, "end", end="goals-reached")
    mine.refresh_from_db()
    assert (mine.stage, mine.contacts.count(), mine.is_open) == (stage, 1, False)
    ended = client.get(mine.get_absolute_url()).content.decode()
    assert "the person has reached what they wanted" in ended
    assert "We spoke" not in ended


def test_two_who_move_it_at_once_are_told(cast: Cast, client_as: Any, mine: Pathway) -> None:
    client = client_as(cast.coordinator)
    _new, planning, in_place = mine.kind.stages.order_by("position")
    do(client, mine, "stage", stage=planning.pk, version=1)
    answer = do(client, mine, "stage", stage=in_place.pk, version=1)
    assert answer.status_code == 422
    assert "Somebody else has moved this" in answer.content.decode()


@pytest.mark.parametrize("what", ["contact", "hand-over", "pause", "end", "stage"])
def test_an_empty_form_is_shown_again(cast: Cast, client_as: Any, mine: Pathway, what: str) -> None:
    answer = do(client_as(cast.coordinator), mine, what)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_handed_over_it_is_the_others(cast: Cast, client_as: Any, mine: Pathway) -> None:
    client = client_as(cast.coordinator)
    answer = do(client, mine, "hand-over", to=cast.hub_lead.pk)
    assert answer["Location"] == reverse("pathways:caseload")
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert client_as(cast.hub_lead).get(mine.get_absolute_url()).status_code == 200


def test_strangers_move_nothing(cast: Cast, client_as: Any, mine: Pathway) -> None:
    stranger = client_as(cast.stranger("hub_lead"))
    assert do(stranger, mine, "end", end="died").status_code == 404
    assert do(client_as(cast.commissioner), mine, "end", end="died").status_code == 403
    mine.refresh_from_db()
    assert mine.is_open


def test_a_look_is_recorded(cast: Cast, client_as: Any, mine: Pathway) -> None:
    client_as(cast.coordinator).get(mine.get_absolute_url())
    seen = Event.objects.get(type="pathway:viewed")
    assert seen.subject == mine.person_id


# --- Kinds ---


def test_a_kind_is_changed_and_what_cannot_be_is_said(cast: Cast, client_as: Any) -> None:
    client, kind = client_as(cast.administrator), KindFactory(name="Steps")
    address = reverse("pathways:kind", args=[kind.pk])
    facts = {
        "name": "Small steps", "offered": "on", "first_after_weeks": 9, "first_within_weeks": 8,
        "then_within_months": 6,
    }  # fmt: skip
    wrong = client.post(address, facts)
    assert wrong.status_code == 422
    assert "A review’s window" in wrong.content.decode() or "window opens" in wrong.content.decode()
    assert "Small steps" in wrong.content.decode()
    client.post(address, {**facts, "first_after_weeks": 4})
    kind.refresh_from_db()
    assert (kind.name, kind.first_after_weeks, kind.then_within_months) == ("Small steps", 4, 6)
    assert Event.objects.filter(type="pathway:kind").count() == 1
    assert "Small steps" in client.get(reverse("pathways:kinds")).content.decode()


def test_of_many_pathways_the_person_s_page_shows_the_one_that_goes_on(
    cast: Cast, person: Person, mine: Pathway
) -> None:
    """Somebody who came back again and again: what goes on comes first, then what ended last."""
    over = [
        PathwayFactory(
            person=person,
            coordinator=cast.coordinator,
            end=Pathway.End.GOALS_REACHED,
            ended_at=timezone.now() - timedelta(days=30 * number),
        )
        for number in range(1, SHOWN + 3)
    ]
    found = pathways_of(cast.coordinator, person)
    assert found is not None
    assert found["pathways"] == [mine, *over[: SHOWN - 1]]
