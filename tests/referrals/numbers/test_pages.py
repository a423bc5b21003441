"""The three pages and their files."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Organisation
from referrals.numbers.reporting import QUERIES
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point
from tests.factories.service import ServiceFactory
from tests.referrals.numbers.sending import asked, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2026, 7, 6)
HUB, NETWORK, PUBLIC = "/desk/numbers/", "/desk/numbers/network/", "/figures/"
LAST_QUARTER = {"period": "quarter-2026-07"}


@pytest.fixture
def today():
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=True):
        yield


@pytest.fixture
def hub(cast) -> Organisation:
    return access_point(cast.organisation_id)


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("address", [HUB, NETWORK, PUBLIC])
def test_a_new_portal_says_that_there_is_nothing_to_show_yet(address, cast, client_as, hub):
    user = {HUB: cast.hub_lead, NETWORK: cast.commissioner}.get(address)
    client = client_as(user) if user else Client()
    response = client.get(address)
    assert response.status_code == 200
    assert "There is nothing to show yet for this period." in words(response)


def test_the_hub_lead_sees_exact_numbers_and_who_does_not_answer(cast, client_as, hub):
    service = ServiceFactory(organisation=OrganisationFactory(name="Quiet & Co"))
    for _number in range(3):
        sent(hub, DAY, service=service)
    page = words(client_as(cast.hub_lead).get(HUB, LAST_QUARTER))
    assert "July to September 2026" in page
    assert "Quiet &amp; Co" in page
    assert "<title" in page  # a picture
    assert "Only you see this." in page
    assert "style=" not in page
    assert "<style" not in page


def test_the_period_that_runs_is_offered_to_the_hub_as_so_far(cast, client_as, hub):
    page = words(client_as(cast.hub_lead).get(HUB))
    assert "October to December 2026 (so far)" in page
    assert "October to December 2026 (so far)" not in words(Client().get(PUBLIC))


def test_another_hub_is_404_and_nonsense_too(cast, client_as, hub):
    other = access_point(cast.other_organisation_id)
    client = client_as(cast.hub_lead)
    for asked_for in (other.id, "nonsense", "0"):
        assert client.get(HUB, {"hub": asked_for}).status_code == 404
        assert client.get(reverse("numbers:hub_csv"), {"hub": asked_for}).status_code == 404
    assert client.get(HUB, {"hub": hub.id}).status_code == 200


def test_another_hubs_referrals_are_in_nobody_elses_numbers(cast, client_as, hub):
    other = access_point(cast.other_organisation_id)
    sent(other, DAY, service=ServiceFactory(name="Never to be read here"))
    page = words(client_as(cast.hub_lead).get(HUB, LAST_QUARTER))
    assert "There is nothing to show yet for this period." in page
    assert "Never to be read here" not in page


@pytest.mark.parametrize("address", [NETWORK, PUBLIC])
def test_the_network_is_rounded_and_names_nobody(address, cast, client_as, hub):
    service = ServiceFactory(organisation=OrganisationFactory(name="Quiet & Co"))
    sent(hub, DAY, service=service)
    for _number in range(12):
        asked(hub, DAY, channel="phone")
    client = client_as(cast.commissioner) if address == NETWORK else Client()
    response = client.get(address, LAST_QUARTER)
    page = words(response)
    assert "Quiet" not in page
    assert service.name not in page
    assert "hidden" in page
    assert response.context["report"].is_protected
    counts = {figure.key: figure.now_said for figure in response.context["report"].figures}
    assert (counts["enquiries"], counts["sent"]) == ("15", "hidden")


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("month-2026-12", "This period has not begun yet. Choose an earlier one."),
        ("quarter-2031-01", "This period has not begun yet. Choose an earlier one."),
        ("quarter-2026-10", "This period is not over yet. Choose an earlier one."),
        ("🙂", "Choose a period from the list."),
        ("x" * 500, "Choose a period from the list."),
        ("'; DROP TABLE referrals_referral; --", "Choose a period from the list."),
    ],
)
def test_a_period_that_cannot_be_is_answered_with_a_sentence(period, sentence):
    response = Client().get(PUBLIC, {"period": period})
    assert response.status_code == 200
    assert words(response).count(sentence) == 2  # above, and at the field
    assert Client().get(reverse("numbers:public_csv"), {"period": period}).status_code == 404


def test_the_public_page_opens_on_the_last_whole_quarter():
    page = words(Client().get(PUBLIC))
    assert "July to September 2026</h2>" in page
    assert 'value="quarter-2026-07" selected' in page


def test_the_public_figures_are_worked_out_once_an_hour(hub):
    cache.clear()
    client = Client()
    with CaptureQueriesContext(connection) as first:
        client.get(PUBLIC, LAST_QUARTER)
    with CaptureQueriesContext(connection) as second:
        client.get(PUBLIC, LAST_QUARTER)
    assert len(first) - len(second) >= QUERIES
    assert not [query for query in second if "referrals_" in query["sql"]]


def test_the_file_has_every_number_with_how_it_was_counted(cast, client_as, hub):
    service = ServiceFactory(name="=HYPERLINK(1)", organisation=OrganisationFactory(name="@evil"))
    sent(hub, DAY, service=service)
    response = client_as(cast.hub_lead).get(reverse("numbers:hub_csv"), LAST_QUARTER)
    assert response["Content-Disposition"] == 'attachment; filename="numbers-quarter-2026-07.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    said = {(row[0], row[1]): row[3] for row in rows}
    assert said["Referrals sent", ""] == "1"
    assert said["How people got in touch", "Came in"] == "1"
    assert said["Organisations that have never answered", "'@evil"] == "1"
    assert ("Services that owe an answer", "'=HYPERLINK(1) (@evil)") in said
    assert all(row[5] for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "-"))]


def test_the_public_file_hides_what_the_page_hides(hub):
    asked(hub, DAY)
    response = Client().get(reverse("numbers:public_csv"), LAST_QUARTER)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]
    assert {row[3] for row in rows} <= {"hidden", "–"}


def test_a_lead_of_two_hubs_chooses(cast, client_as, hub):
    from dcsn.access.actions import grant_role
    from dcsn.audit import SystemJob

    second = access_point()
    grant_role(
        user=cast.hub_lead, role="hub_lead", organisation_id=second.id, by=SystemJob("tests")
    )
    client = client_as(cast.hub_lead)
    asked(second, DAY)
    page = client.get(HUB, {**LAST_QUARTER, "hub": second.id})
    assert page.context["report"].of == second.name
    assert not page.context["report"].is_empty
    assert f'<option value="{second.id}" selected>' in words(page)
    assert f"hub={second.id}" in page.context["file"]
