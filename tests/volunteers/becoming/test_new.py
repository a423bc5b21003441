"""Applying with staff, or typed in from paper: nobody twice, nobody hinted at, nothing asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.volunteering import OpportunityFactory, passed_check, volunteer
from tests.volunteers.opportunities.test_applying import answers, born
from volunteers.models import Agreement, Application, PolicyVersion, Volunteer
from volunteers.rules import may_be_contacted

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
NEW, FORM = "volunteers:desk_new", "volunteers:desk_new_form"


def form_for(role: Any = None) -> str:
    return reverse(FORM) + (f"?role={role.pk}" if role else "")


def known(here: Any, **facts: Any) -> Volunteer:
    person = PersonFactory(
        organisation=here, given_name="Nia", family_name="Exampleton", postcode="DL3 7XX",
        date_of_birth="1980-04-03", **facts,
    )  # fmt: skip
    from members.finding import write_keys

    write_keys(person.pk)
    return volunteer(organisation=here, person=Person.objects.get(pk=person.pk))


def test_found_are_volunteers_whom_one_sees_and_nobody_else(
    cast: Cast, client_as: ClientAs
) -> None:
    here, there = access_point(cast.organisation_id), access_point(cast.other_organisation_id)
    mine = known(here)
    elsewhere = known(there, known_as="Ninnie")
    nobody = PersonFactory(organisation=here, given_name="Nia", family_name="Exampleton")
    client = client_as(cast.volunteer_manager)
    response = client.post(reverse(NEW), {"q": "Nia Exampleton 3 4 1980"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse(NEW), "what was typed is in no address"
    text = response.content.decode()
    assert mine.reference in text
    assert elsewhere.reference not in text
    assert str(nobody.pk) not in text
    assert "1 volunteer may be meant" in text
    assert client.post(reverse(NEW), {"q": ""}).status_code == 422
    # What was looked for stands in the form.
    assert 'value="Exampleton"' in client.get(form_for()).content.decode()


def test_typed_in_from_paper(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    role = OpportunityFactory(organisation=here)
    rule = PolicyVersion.objects.create(
        key="safe", number=1, title="Keeping people safe", text="Be kind.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    client = client_as(cast.volunteer_manager)
    sent = answers(**{f"policy_{rule.pk.hex}": "on"})
    response = client.post(form_for(role), sent)
    assert response.status_code == 422
    assert "Choose how they apply" in response.content.decode()
    assert 'value="Nia"' in response.content.decode()
    for _twice in range(2):
        client.post(form_for(role), {**sent, "route": "paper"})
    application = Application.objects.get()
    assert (application.route, application.opportunity) == ("paper", role)
    agreed = Agreement.objects.get()
    assert (agreed.how, agreed.recorded_by) == ("paper", cast.volunteer_manager)


def test_no_role_yet_is_interest_and_once(cast: Cast, client_as: ClientAs) -> None:
    access_point(cast.organisation_id)
    client, sent = client_as(cast.volunteer_manager), answers(route="desk")
    for _twice in range(2):
        assert client.post(form_for(), sent).status_code == 302
    row = Volunteer.objects.get()
    assert (row.state, row.route) == ("interested", "desk")
    assert row.organisation_id == cast.organisation_id


def test_somebody_very_like_is_shown_before_anybody_is_recorded_twice(
    cast: Cast, client_as: ClientAs
) -> None:
    here = access_point(cast.organisation_id)
    mine = known(here)
    client, sent = client_as(cast.volunteer_manager), answers(route="desk", postcode="DL3 7XX")
    response = client.post(form_for(), sent)
    assert response.status_code == 422
    assert mine.reference in response.content.decode()
    assert client.post(form_for(), {**sent, "shown": "yes"}).status_code == 422
    assert Volunteer.objects.count() == 1
    client.post(form_for(), {**sent, "shown": "yes", "although": "on"})
    assert Volunteer.objects.count() == 2


def test_a_known_volunteer_is_asked_nothing_twice(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who, role = volunteer(organisation=here, hopes="Company"), OpportunityFactory(organisation=here)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_apply", args=[who.pk])
    text = client.get(f"{address}?role={role.pk}").content.decode()
    assert "Date of birth" not in text
    assert "How many hours" not in text
    assert "Why this role" in text
    assert 'name="why"' in text
    key = answers()["key"]
    for _twice in range(2):
        client.post(f"{address}?role={role.pk}", {"key": key, "route": "desk", "why": "Tea"})
    application = Application.objects.get()
    assert (application.volunteer, application.why) == (who, "Tea")
    who.refresh_from_db()
    assert who.hopes == "Company"
    assert client_as(cast.stranger("volunteer_manager")).get(address).status_code == 404


def test_a_role_of_another_organisation_is_not_taken_for(cast: Cast, client_as: ClientAs) -> None:
    access_point(cast.organisation_id)
    far = OpportunityFactory()
    client = client_as(cast.volunteer_manager)
    client.post(form_for(far), answers(route="desk"))
    assert not Application.objects.exists()


def test_a_child_at_the_desk_waits_for_a_parent(cast: Cast, client_as: ClientAs) -> None:
    role = OpportunityFactory(organisation=access_point(cast.organisation_id), minimum_age=14)
    client = client_as(cast.volunteer_manager)
    sent = {**answers(route="desk"), **born(15)}
    assert client.post(form_for(role), sent).status_code == 422
    sent |= {"parent_name": "A parent", "parent_phone": "01632 960 445"}
    client.post(form_for(role), sent)
    who = Volunteer.objects.get()
    assert not may_be_contacted(who)
    text = client.get(reverse("volunteers:desk_volunteer", args=[who.pk])).content.decode()
    assert reverse("volunteers:desk_parent", args=[who.pk]) in text


def test_the_board_shows_who_should_have_heard_and_checks_that_run_out(
    cast: Cast, client_as: ClientAs
) -> None:
    here = access_point(cast.organisation_id)
    late, soon = (
        volunteer(state="applied", organisation=here),
        volunteer(state="applied", organisation=here),
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    late.next_steps.update(due_on=yesterday)
    client, board = client_as(cast.volunteer_manager), reverse("volunteers:board")
    assert "1 volunteer should have heard from us" in client.get(board).content.decode()
    text = client.get(board + "?late=1").content.decode()
    assert late.reference in text
    assert soon.reference not in text

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(board).status_code == 200
        return len(seen)

    def more() -> None:
        passed_check(volunteer(organisation=here), organisation=here,
                     issued_on=timezone.localdate().replace(year=timezone.localdate().year - 3)
                     + timedelta(days=20))  # fmt: skip

    more()
    assert "Checks that run out" in client.get(board).content.decode()
    few = queries()
    more()
    assert queries() == few
