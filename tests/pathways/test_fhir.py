"""The FHIR file: real rows, judged by the standard's own models, and no more than was agreed to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class

from dcsn.audit.models import Event
from members.actions.copies import read_rows, release
from members.models import Category, Person, Purpose
from pathways.fhir import codes
from pathways.fhir.bundle import NotAgreed, bundle_for_organisation, bundle_for_person
from pathways.models import Action, Goal, Plan, PlanShare
from pathways.plans.states import Achievement, LifeCycle, PlanState
from referrals.models import Referral
from referrals.states import State
from tests.access.samples.pathways import own_pathway
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.consent import ConsentFactory
from tests.factories.copy_request import gathered_copy, read_through, released_copy
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import PathwayFactory, PlanFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def of_kind(text: str, kind: str) -> list[dict[str, Any]]:
    whole = json.loads(text)
    return [one["resource"] for one in whole["entry"] if one["resource"]["resourceType"] == kind]


def planned(person: Person) -> Plan:
    plan = PlanFactory(pathway=PathwayFactory(person=person), in_place=True)
    goal = Goal.objects.create(
        plan=plan, words="Walk to the market", measure="Twice a week", life_cycle="active",
        achievement="improving", due_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    Action.objects.create(
        plan=plan, goal=goal, words="Go with Doreen", who="Doreen", source="family-friends"
    )
    return plan


def test_every_state_of_ours_is_a_code_of_the_standard() -> None:
    """Vector 18: the ten codes of SDOH Clinical Care and two of base FHIR; the library checks none."""
    assert set(State.values) == codes.TASK_STATUS - {"ready"}
    assert set(State.values) == set(codes.REQUEST_OF)
    assert set(codes.REQUEST_OF.values()) <= codes.REQUEST_STATUS
    assert set(PlanState.values) <= codes.REQUEST_STATUS
    assert set(LifeCycle.values) <= codes.GOAL_STATUS
    assert set(Achievement.values) == codes.ACHIEVEMENT_CODES
    today = timezone.localdate()
    actions = Action(), Action(done_on=today), Action(stopped_on=today)
    said = {codes.activity_status(action, today) for action in actions}
    assert len(said) == 3
    assert said <= codes.ACTIVITY_STATUS


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_a_referral_in_each_state(state: State) -> None:
    person = PersonFactory()
    row = referral(person=person, state=state)
    text = bundle_for_person(row.person).text
    tasks, requests = of_kind(text, "Task"), of_kind(text, "ServiceRequest")
    if state == State.ENTERED_IN_ERROR:
        assert tasks == []
        return
    [task], [request] = tasks, requests
    assert task["status"] == state.value
    assert request["status"] == codes.REQUEST_OF[state]
    assert task["focus"]["reference"].removeprefix("urn:uuid:") == request["id"]
    assert task["lastModified"] >= task["authoredOn"]
    back = get_fhir_model_class("Task").model_validate(task)
    assert back.for_fhir.reference == f"urn:uuid:{row.person_id}"


@pytest.mark.parametrize("state", PlanState)
def test_a_plan_in_each_state(state: PlanState) -> None:
    person = PersonFactory()
    plan = planned(person)
    ended = timezone.now() if state in ("completed", "revoked", "entered-in-error") else None
    Plan.objects.filter(pk=plan.pk).update(state=state, ended_at=ended)
    found = of_kind(bundle_for_person(person).text, "CarePlan")
    if state == PlanState.ENTERED_IN_ERROR:
        assert found == []
        return
    assert found[0]["status"] == state.value
    assert found[0]["activity"][0]["detail"]["performer"] == [{"display": "Doreen"}]


def test_all_that_is_theirs_and_every_reference_is_in_it() -> None:
    row = referral(state="accepted")
    person = row.person
    plan = planned(person)
    Action.objects.create(plan=plan, words="Lunch club", source="community", referral=row)
    planned(PersonFactory())
    exported = bundle_for_person(person)
    get_fhir_model_class("Bundle").model_validate_json(exported.text)
    whole = json.loads(exported.text)
    addresses = {one["fullUrl"] for one in whole["entry"]}
    assert len(addresses) == len(whole["entry"]) == exported.resources
    assert set(_references(whole)) <= addresses
    kinds = {one["resource"]["resourceType"] for one in whole["entry"]}
    assert {"Task", "ServiceRequest", "Consent", "CarePlan", "Goal"} <= kinds
    [care_plan] = of_kind(exported.text, "CarePlan")
    assert [sorted(one) for one in care_plan["activity"]] == [["detail"], ["reference"]]
    [goal] = of_kind(exported.text, "Goal")
    assert goal["achievementStatus"]["coding"][0]["code"] == "improving"
    assert goal["target"][0]["measure"]["text"] == "Twice a week"


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _references(inner)]
    return []


def test_nothing_on_the_ground_of_safeguarding() -> None:
    row = referral(state="accepted")
    Referral.objects.filter(pk=row.pk).update(
        basis=Referral.Basis.SAFEGUARDING, basis_note="Told to the council."
    )
    assert of_kind(bundle_for_person(row.person).text, "Task") == []


def test_an_organisation_gets_what_was_agreed_to_and_no_more() -> None:
    row = referral(state="accepted")
    person = row.person
    Person.objects.filter(pk=person.pk).update(email="p@example.org", phone="01632 960 001")
    person.refresh_from_db()
    plan, unshared = planned(person), planned(person)
    other = referral(state="accepted", person=person)
    receiver = row.owner
    SharingAgreementFactory(organisation=receiver, categories=[Category.NAME, Category.NEEDS])
    share = ConsentFactory(person=person, organisation=receiver)
    PlanShare.objects.create(plan=plan, organisation=receiver, part="goals", consent=share)
    PlanShare.objects.create(plan=unshared, organisation=receiver, part="about-me", consent=share)
    text = bundle_for_organisation(person, receiver).text
    assert [one["id"] for one in of_kind(text, "Task")] == [str(row.id)]
    assert other.reference not in text
    assert [one["id"] for one in of_kind(text, "CarePlan")] == [str(plan.id)]
    [patient] = of_kind(text, "Patient")
    assert set(patient) == {"resourceType", "id", "name"}
    assert {one["organization"][0]["reference"] for one in of_kind(text, "Consent")} == {
        f"urn:uuid:{receiver.pk}"
    }


@pytest.mark.parametrize("ends", ["run out", "for less"])
def test_a_plan_goes_no_longer_than_it_may_be_seen(ends: str) -> None:
    """Another consent with them stands, for what they must know of an enquiry."""
    person, receiver = PersonFactory(), OrganisationFactory()
    SharingAgreementFactory(organisation=receiver)
    yesterday, week_ago = (timezone.now() - timedelta(days=days) for days in (1, 7))
    until = yesterday if ends == "run out" else None
    given = ConsentFactory(person=person, organisation=receiver, at=week_ago, until=until)
    plan = planned(person)
    PlanShare.objects.create(plan=plan, organisation=receiver, part="goals", consent=given)
    less = [Category.NAME] if ends == "for less" else [Category.NAME, Category.NEEDS]
    ConsentFactory(person=person, organisation=receiver, categories=less)
    text = bundle_for_organisation(person, receiver).text
    assert of_kind(text, "CarePlan") == of_kind(text, "Goal") == []


@pytest.mark.parametrize("missing", ["consent", "agreement", "withdrawn"])
def test_without_both_nothing_goes(missing: str) -> None:
    person, receiver = PersonFactory(), OrganisationFactory()
    if missing != "agreement":
        SharingAgreementFactory(organisation=receiver)
    if missing != "consent":
        given = ConsentFactory(person=person, organisation=receiver)
        if missing == "withdrawn":
            ConsentFactory(person=person, organisation=receiver, withdraws=given, categories=[])
    with pytest.raises(NotAgreed):
        bundle_for_organisation(person, receiver)


def test_a_consent_that_was_taken_back_is_inactive() -> None:
    given = ConsentFactory()
    ConsentFactory(
        person=given.person, organisation=given.organisation, withdraws=given, categories=[]
    )
    [shown] = of_kind(bundle_for_person(given.person).text, "Consent")
    assert shown["status"] == "inactive"
    assert shown["provision"]["purpose"][0]["code"] == Purpose.SHARE


def test_the_person_gets_their_own_and_it_is_written_down(client_as: ClientAs) -> None:
    user = UserFactory()
    person = PersonFactory(user=user)
    planned(person)
    answer = client_as(user).get(reverse("pathways:my_fhir"))
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert [one["id"] for one in of_kind(answer.content.decode(), "Patient")] == [str(person.pk)]
    assert Event.objects.get(type="pathway:exported").subject == person.pk


def test_my_plan_leads_to_the_file(client_as: ClientAs) -> None:
    user = UserFactory()
    plan = planned(PersonFactory(user=user))
    page = client_as(user).get(reverse("pathways:my_plan", args=[plan.pk])).content.decode()
    assert f'href="{reverse("pathways:my_fhir")}"' in page
    assert f'href="{reverse("pathways:my_reviews")}"' in page


def test_the_desk_sends_only_to_those_who_were_agreed_to(cast: Cast, client_as: ClientAs) -> None:
    pathway = own_pathway(cast)
    receiver, stranger = OrganisationFactory(), OrganisationFactory()
    for one in (receiver, stranger):
        SharingAgreementFactory(organisation=one)
    ConsentFactory(person=pathway.person, organisation=receiver)
    client, address = client_as(cast.coordinator), reverse("pathways:fhir", args=[pathway.pk])
    refused = client.post(address, {"organisation": stranger.pk})
    assert "has not agreed" in refused.content.decode()
    assert not Event.objects.filter(type="pathway:exported").exists()
    given = client.post(address, {"organisation": receiver.pk})
    assert of_kind(given.content.decode(), "Consent")[0]["status"] == "active"
    event = Event.objects.get(type="pathway:exported")
    assert event.details["receiver"] == str(receiver.pk)


def test_as_many_queries_for_many_rows_as_for_few(django_assert_max_num_queries: Any) -> None:
    row = referral(state="accepted")
    planned(row.person)
    for _n in range(2):
        referral(state="accepted", person=row.person)
        planned(row.person)
    with django_assert_max_num_queries(9):
        bundle_for_person(row.person)


# --- Beside a copy of everything (members.copy_files) ---------------------------------------------------


def test_a_copy_of_everything_has_the_file_beside_it(cast: Cast, client_as: ClientAs) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    planned(person)
    copy = released_copy(person, by=cast.data_protection_lead)
    client = client_as(cast.hub_lead)
    address = reverse("members:copy_file", args=[copy.pk, "fhir"])
    assert address in client.get(copy.get_absolute_url()).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    bundle = get_fhir_model_class("Bundle").model_validate_json(text)
    assert bundle.get_resource_type() == "Bundle"
    assert [one["description"]["text"] for one in of_kind(text, "Goal")] == ["Walk to the market"]
    event = Event.objects.get(type="copy:fetched")
    assert (event.subject, event.details["how"]) == (person.pk, "fhir")
    # What was read is what is given, and it does not stand twice in the other files.
    Goal.objects.update(words="Something else since")
    assert client.get(address).content.decode() == text
    machine = client.get(reverse("members:copy_json", args=[copy.pk])).content.decode()
    assert "resourceType" not in machine
    assert client.get(reverse("members:copy_file", args=[copy.pk, "other"])).status_code == 404


@pytest.mark.parametrize("table", ["file:fhir", "pathways.Pathway"])
def test_what_was_left_out_of_a_copy_does_not_leave_by_the_file(
    cast: Cast, client_as: ClientAs, table: str
) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    planned(person)
    lead = cast.data_protection_lead
    copy = gathered_copy(person, by=lead)
    read_through(copy, by=lead)
    assert copy.gathered_at is not None
    read_rows(
        part=copy.parts.get(table=table),
        start=0,
        left_out={"0:0": "somebody_else"},
        seen=copy.gathered_at.isoformat(),
        by=lead,
    )
    released = release(copy=copy, version=copy.version, by=lead)
    client = client_as(cast.hub_lead)
    address = reverse("members:copy_file", args=[released.pk, "fhir"])
    assert address not in client.get(released.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 404


def test_who_reviews_a_copy_decides_about_its_file(cast: Cast, client_as: ClientAs) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    planned(person)
    copy = gathered_copy(person, by=cast.data_protection_lead)
    part = copy.parts.get(table="file:fhir")
    client = client_as(cast.data_protection_lead)
    address = reverse("members:copy_part", args=[copy.pk, part.position])
    page = client.get(address).content.decode()
    assert "this file is not given" in page
    assert "resourceType" not in page
    early = reverse("members:copy_file", args=[copy.pk, "fhir"])
    assert client.get(early).status_code == 302, "nobody has let it go"


def test_without_a_plan_or_a_request_there_is_no_file(cast: Cast) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    copy = gathered_copy(person, by=cast.data_protection_lead)
    assert not copy.parts.filter(table__startswith="file:").exists()


def test_the_file_has_a_heading_and_place_of_its_own(cast: Cast, client_as: ClientAs) -> None:
    pathway = own_pathway(cast)
    page = client_as(cast.coordinator).get(pathway.get_absolute_url()).content.decode()
    section = page[page.index('id="another-system"') :].split("</section>")[0]
    assert "A copy for another system" in section
    assert reverse("pathways:fhir", args=[pathway.pk]) in section
    assert page.count(reverse("pathways:fhir", args=[pathway.pk])) == 1
