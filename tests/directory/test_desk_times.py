"""Changing when a service is given."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.forms.clock import read_time, write_time
from directory.models import OpeningRule, ScheduleException, Service, ServiceAtLocation
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10am", time(10)),
        ("10.30 am", time(10, 30)),
        ("2:30pm", time(14, 30)),
        ("2 p.m.", time(14)),
        ("12pm", time(12)),
        ("12am", time(0)),
        ("14:30", time(14, 30)),
        ("1430", time(14, 30)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("10", time(10)),
        ("2", None),  # two in the night, or in the afternoon? Ask.
        ("25:00", None),
        ("13pm", None),
        ("10m", None),
        ("soon", None),
        ("10:75", None),
    ],
)
def test_times_are_read_as_people_write_them(text, at):
    assert read_time(text) == at


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 7))
def test_what_is_written_is_read_back(minutes):
    at = time(minutes // 60, minutes % 60)
    assert read_time(write_time(at)) == at


@pytest.fixture
def service(cast):
    return ServiceFactory(
        organisation=OrganisationFactory(id=cast.organisation_id, name="Riverside Trust")
    )


def rows(prefix, *given, initial=0):
    """The rows of a formset, as a browser posts them."""
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(given):
        for name, value in row.items():
            data[f"{prefix}-{number}-{name}"] = value
    return data


def posted(service, sessions=(), closures=()):
    return {
        "seen": service.last_modified.isoformat(),
        **rows("sessions", *sessions),
        **rows("closures", *closures),
    }


def session(weekday=1, repeats="w1", opens_at="10am", closes_at="noon", **more):
    return {
        "weekday": weekday,
        "repeats": repeats,
        "opens_at": opens_at,
        "closes_at": closes_at,
        **more,
    }


def post(client, service, *args, **kwargs):
    return client.post(
        reverse("directory_desk:times", args=[service.pk]), posted(service, *args, **kwargs)
    )


def test_sessions_and_closed_days_are_added(cast, client_as, client, service):
    response = post(
        client_as(cast.provider_editor),
        service,
        [session(), session(weekday=3, repeats="m-1", by_appointment="on"), {"repeats": "w1"}],
        [
            {
                "starts_on_day": "24",
                "starts_on_month": "12",
                "starts_on_year": "2026",
                "reason": "Christmas",
            }
        ],
    )

    assert response.status_code == 302
    weekly, monthly = OpeningRule.objects.filter(service=service).order_by("weekday")
    assert (weekly.freq, weekly.opens_at, weekly.closes_at) == ("WEEKLY", time(10), time(12))
    assert (monthly.freq, monthly.nth, monthly.by_appointment) == ("MONTHLY", -1, True)
    closure = ScheduleException.objects.get(service=service)
    assert (closure.starts_on, closure.ends_on) == (date(2026, 12, 24), date(2026, 12, 24))
    assert Event.objects.filter(type="service:times_changed", subject=service.pk).count() == 1
    page = client.get(service.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Tuesday, 10am to noon" in page
    assert "ast Thursday of the month" in page


def test_saving_what_is_shown_changes_nothing(cast, client_as, service):
    """The page's own rows, posted back, keep every id and write no event."""
    link = ServiceAtLocation.objects.create(service=service, location=LocationFactory())
    OpeningRule.objects.create(
        service=service, weekday=1, interval=2, anchor=date(2026, 11, 24), opens_at=time(10),
        closes_at=time(12, 30), term_time_only=True,
    )  # fmt: skip
    OpeningRule.objects.create(
        service_at_location=link, freq="MONTHLY", weekday=4, nth=2, opens_at=time(22),
        closes_at=time(2),
    )  # fmt: skip
    OpeningRule.objects.create(service=service, freq="MONTHLY", monthday=15)
    ScheduleException.objects.create(
        service=service, starts_on=date(2026, 12, 24), ends_on=date(2027, 1, 2), reason="Christmas"
    )
    before = list(OpeningRule.objects.order_by("pk").values())
    client = client_as(cast.directory_editor)
    address = reverse("directory_desk:times", args=[service.pk])
    page = client.get(address)

    data = {}
    for formset in (page.context["sessions"], page.context["closures"]):
        for field in formset.management_form:
            data[field.html_name] = field.value()
        for form in formset:
            for field in form:
                value = field.field.prepare_value(field.value())
                if isinstance(value, date):
                    parts = (value.day, value.month, value.year)
                    names = ("day", "month", "year")
                    data |= {f"{field.html_name}_{n}": p for n, p in zip(names, parts, strict=True)}
                elif value not in (None, False):
                    data[field.html_name] = value
    data["seen"] = page.context["seen"]["seen"].value()
    response = client.post(address, data)

    assert response.status_code == 302, response.context and response.context["sessions"].errors
    assert list(OpeningRule.objects.order_by("pk").values()) == before
    assert not Event.objects.filter(type="service:times_changed").exists()


def test_no_session_takes_it_away(cast, client_as, service):
    rule = OpeningRule.objects.create(service=service, weekday=1, opens_at=time(10))

    post(
        client_as(cast.directory_editor), service, [{"id": rule.pk, "weekday": "", "repeats": "w1"}]
    )

    assert not OpeningRule.objects.filter(service=service).exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (session(opens_at="soonish"), "Enter a time, like 10am"),
        (session(closes_at=""), "Give both times"),
        (session(repeats="w2"), "Give a date on which it takes place."),
        (
            session(repeats="w2", anchor_day="25", anchor_month="11", anchor_year="2026"),
            "That date is a Wednesday.",
        ),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(cast, client_as, service, row, words):
    response = post(client_as(cast.directory_editor), service, [session(weekday=5), row])

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'value="10am"' in page
    assert page.index('id="error-summary"') < page.index("<h1")
    assert not OpeningRule.objects.exists()


def test_the_second_of_two_editors_is_told(cast, client_as, service):
    data = posted(service, [session()])
    Service.objects.filter(pk=service.pk).update(
        last_modified=service.last_modified + timedelta(seconds=5)
    )
    client = client_as(cast.directory_editor)
    address = reverse("directory_desk:times", args=[service.pk])

    response = client.post(address, data)

    assert response.status_code == 409
    assert 'value="10am"' in response.content.decode()
    assert not OpeningRule.objects.exists()
    again = {**data, "seen": response.context["seen"]["seen"].value()}
    assert client.post(address, again).status_code == 302
    assert OpeningRule.objects.count() == 1


def test_a_place_of_another_service_is_refused(cast, client_as, service):
    foreign = ServiceAtLocation.objects.create(service=ServiceFactory(), location=LocationFactory())

    response = post(client_as(cast.directory_editor), service, [session(place=str(foreign.pk))])

    assert response.status_code == 422
    assert not OpeningRule.objects.exists()
