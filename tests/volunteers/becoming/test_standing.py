"""Who sees a volunteer, from whom they are kept apart, what they agreed to, and a parent's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, help_request, volunteer
from volunteers.actions.not_with import keep_apart, lift_keep_apart
from volunteers.actions.parents import ask_parent
from volunteers.actions.volunteers import move_volunteer
from volunteers.models import (
    Agreement,
    NextStep,
    NotWith,
    ParentConfirmation,
    PolicyVersion,
    Volunteer,
)
from volunteers.refusals import NotPossible
from volunteers.rules import may_be_contacted

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def policy(**facts: Any) -> PolicyVersion:
    values = {
        "key": "safe", "number": 1, "title": "Keeping people safe", "text": "Be kind.",
        "in_force_from": timezone.localdate(), **facts,
    }  # fmt: skip
    return PolicyVersion.objects.create(**values)


def young(here: Any) -> Volunteer:
    return volunteer(
        state="applied", organisation=here, born=timezone.localdate() - timedelta(days=15 * 365)
    )


def test_another_organisation_sees_them_only_when_they_agreed(
    cast: Cast, client_as: ClientAs
) -> None:
    here = access_point(cast.organisation_id)
    there = access_point(cast.other_organisation_id)
    there.published = True
    there.save()
    who = volunteer(organisation=here)
    client, stranger = (
        client_as(cast.volunteer_manager),
        client_as(cast.stranger("volunteer_manager")),
    )
    address = reverse("volunteers:desk_share", args=[who.pk])
    page = reverse("volunteers:desk_volunteer", args=[who.pk])
    assert stranger.get(page).status_code == 404
    response = client.post(address, {"organisation": str(there.pk), "how": ""})
    assert response.status_code == 422
    assert "Ask the volunteer first" in response.content.decode()
    assert stranger.get(page).status_code == 404
    client.post(address, {"organisation": str(there.pk), "how": "on the phone, 3 March"})
    assert stranger.get(page).status_code == 200
    # They may not take the volunteer away from their own organisation.
    own = who.standings.get(organisation=here)
    stranger.post(address, {"end": str(own.pk)})
    assert who.standings.current().filter(pk=own.pk).exists()
    shared = who.standings.get(organisation=there)
    client.post(address, {"end": str(shared.pk)})
    assert stranger.get(page).status_code == 404


def test_kept_apart_by_a_reference_that_one_may_see(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who, other = volunteer(organisation=here), volunteer()
    asked = help_request(organisation=here)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_not_with", args=[who.pk])
    for reference in (other.reference, who.reference, "H-AAAA-AAA"):
        response = client.post(address, {"reference": reference, "said_by": "person"})
        assert response.status_code == 422, reference
    sent = {"reference": asked.reference.lower().replace("-", " "), "said_by": "person"}
    client.post(address, sent)
    client.post(address, sent)
    row = NotWith.objects.get()
    assert row.person == asked.person
    assert asked.person.name in client.get(address).content.decode()
    client.post(address, {"lift": str(row.pk)})
    assert not NotWith.objects.exists()
    assert client_as(cast.stranger("volunteer_manager")).get(address).status_code == 404


def test_policies_by_version(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(organisation=here)
    first, elsewhere = policy(), policy(key="far", organisation=OrganisationFactory())
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_policies", args=[who.pk])
    assert client.post(address, {"policies": [elsewhere.pk], "how": "spoken"}).status_code == 422
    client.post(address, {"policies": [first.pk], "how": "paper"})
    agreed = Agreement.objects.get()
    assert (agreed.policy, agreed.how, agreed.recorded_by) == (
        first, "paper", cast.volunteer_manager,
    )  # fmt: skip
    assert "agreed to all that is in force" in client.get(address).content.decode()
    policy(number=2)
    assert "not agreed to yet" in client.get(address).content.decode()


def test_a_parent_with_a_telephone_only(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = young(here)
    ask_parent(volunteer=who, name="A parent", phone="01632 960 445", by=TESTS)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_parent", args=[who.pk])
    text = client.get(address).content.decode()
    assert "01632 960 445" in text
    assert "ring them" in text
    # Nobody answers for a parent whom they have not spoken with.
    assert client.post(address, {"what": "answer", "answer": "yes"}).status_code == 422
    assert not may_be_contacted(who)
    client.post(address, {"what": "answer", "answer": "yes", "spoken_to": "on"})
    assert may_be_contacted(who)
    row = ParentConfirmation.objects.get()
    assert row.recorded_by == cast.volunteer_manager
    # The first answer holds.
    client.post(address, {"what": "answer", "answer": "no", "spoken_to": "on"})
    row.refresh_from_db()
    assert row.refused_at is None


def test_another_parent_is_asked_by_email_and_nobody_else_is_told(
    cast: Cast, client_as: ClientAs
) -> None:
    who = young(access_point(cast.organisation_id))
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_parent", args=[who.pk])
    assert client.post(address, {"what": "ask", "name": "A parent"}).status_code == 422
    client.post(address, {"what": "ask", "name": "A parent", "email": "parent@example.org"})
    assert list(Message.objects.values_list("to_address", flat=True)) == ["parent@example.org"]
    assert client_as(cast.stranger("volunteer_manager")).get(address).status_code == 404


def test_not_suitable_for_a_reason_that_few_may_read(cast: Cast, client_as: ClientAs) -> None:
    who = volunteer(state="applied", organisation=access_point(cast.organisation_id))
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_not_suitable", args=[who.pk])
    assert client.post(address, {"version": who.version}).status_code == 422
    sent = {"version": who.version, "reason_code": "conduct", "reason_text": "Shouted at a child"}
    client.post(address, sent)
    who.refresh_from_db()
    assert who.state == "not-suitable"
    assert "Shouted at a child" in client.get(address).content.decode()
    page = client.get(reverse("volunteers:desk_volunteer", args=[who.pk])).content.decode()
    assert "Shouted" not in page
    # Whoever does not handle checks reads no reason.
    change = who.changes.latest("number")
    assert change.why_for(cast.access_point_staff) == ("", "")


def test_nothing_yet_is_said_with_a_day(cast: Cast, client_as: ClientAs, settings: Any) -> None:
    settings.VOLUNTEER_NEXT_STEP_DAYS = 10
    here = access_point(cast.organisation_id)
    who = volunteer(state="applied", organisation=here)
    who.person.email, who.person.contact_by = "nia@example.org", "email"
    who.person.save()
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_nothing_yet", args=[who.pk])

    def on(days: int) -> dict[str, str]:
        day = timezone.localdate() + timedelta(days=days)
        return {f"due_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}

    response = client.post(address, on(11))
    assert response.status_code == 422
    assert "Nobody is to wait longer" in response.content.decode()
    client.post(address, on(9))
    step = NextStep.objects.open().get()
    assert step.due_on == timezone.localdate() + timedelta(days=9)
    message = Message.objects.get()
    assert message.to_address == "nia@example.org"
    assert f"{step.due_on:%A}" in message.body
    assert who.person.name not in message.body


def test_a_child_is_told_nothing_before_a_parent_says_yes(cast: Cast, client_as: ClientAs) -> None:
    who = young(access_point(cast.organisation_id))
    who.person.email, who.person.contact_by = "child@example.org", "email"
    who.person.save()
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_nothing_yet", args=[who.pk])
    day = timezone.localdate() + timedelta(days=2)
    client.post(
        address, {f"due_on_{part}": getattr(day, part) for part in ("day", "month", "year")}
    )
    other = OrganisationFactory(published=True)
    client.post(
        reverse("volunteers:desk_suggest", args=[who.pk]),
        {"version": who.version, "organisation": str(other.pk)},
    )
    who.refresh_from_db()
    assert who.state == "redirected"
    assert not Message.objects.exists()


@pytest.mark.parametrize("role", ["volunteer_manager", "volunteer_coordinator"])
def test_whoever_manages_volunteers_and_is_one_clears_not_themself(
    role: str, client_as: ClientAs
) -> None:
    here = OrganisationFactory()
    place = here.id if role == "volunteer_manager" else None
    user = UserFactory(role=role, role__organisation_id=place, second_factor=True)
    own = volunteer(state="applied", organisation=here, user=user)
    for to in ("checking", "cleared", "active"):
        with pytest.raises(NotPossible):
            move_volunteer(volunteer=own, to=to, by=user, catch_up=True)
    client = client_as(user)
    neighbour = PersonFactory(organisation=here)
    keep_apart(volunteer=own, person=neighbour, said_by="person", by=TESTS, reason="Loud")
    for page in ("desk_not_with", "desk_not_suitable"):
        answer = client.get(reverse(f"volunteers:{page}", args=[own.pk]))
        assert answer.status_code == 403
        assert "Loud" not in answer.content.decode()
    with pytest.raises(PermissionDenied):
        lift_keep_apart(row=own.not_with.get(), by=user)
    other = volunteer(state="applied", organisation=here)
    assert client.get(reverse("volunteers:desk_not_with", args=[other.pk])).status_code == 200
