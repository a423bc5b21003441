"""Checks at the desk: written down, decided, warned of; never uploaded, and shown to nobody else."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import volunteers
from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import TESTS, OpportunityFactory, passed_check, volunteer
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.checks import decide_check, need_check
from volunteers.becoming.clock import warn
from volunteers.models import Application, Check
from volunteers.refusals import CheckMissing
from volunteers.states import CheckState

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def every_form() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(volunteers.__path__, "volunteers."):
        if ".migrations" in module.name:
            continue
        for _name, thing in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(thing, forms.BaseForm) and thing.__module__ == module.name:
                yield thing


def test_no_form_of_volunteering_takes_a_file() -> None:
    """The tables are walked in tests/volunteers/test_checks.py."""
    found = list(every_form())
    assert {"RecordForm", "DecideForm", "ApplyForm", "KnownForm"} <= {one.__name__ for one in found}
    for form in found:
        for name, field in form.base_fields.items():  # type: ignore[attr-defined]
            assert not isinstance(field, forms.FileField), f"{form.__name__}.{name}"
            assert not isinstance(field.widget, forms.FileInput), f"{form.__name__}.{name}"


def test_no_page_of_checks_takes_a_file(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(state="checking", organisation=here)
    check = need_check(volunteer=who, organisation=here, kind="dbs", level="basic", by=TESTS)
    client = client_as(cast.volunteer_manager)
    for name, pk in (("desk_checks", who.pk), ("desk_check", check.pk)):
        text = client.get(reverse(f"volunteers:{name}", args=[pk])).content.decode()
        assert 'type="file"' not in text
        assert "multipart" not in text


def test_from_needed_to_decided(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(state="checking", organisation=here)
    client = client_as(cast.volunteer_manager)
    checks = reverse("volunteers:desk_checks", args=[who.pk])
    sent = {"kind": "dbs", "level": "", "organisation": str(here.pk)}
    response = client.post(checks, sent)
    assert response.status_code == 422
    assert "Choose the level" in response.content.decode()
    client.post(checks, {**sent, "level": "enhanced"})
    client.post(checks, {**sent, "level": "enhanced"})
    check = Check.objects.get()
    address = reverse("volunteers:desk_check", args=[check.pk])
    seen = {"what": "record", "to": "seen", "was": "needed", "level": "enhanced"}
    response = client.post(address, {**seen, "certificate_number": "12345"})
    text = response.content.decode()
    assert "has 12 figures" in text
    assert "Enter the certificate’s date of issue" in text
    assert 'value="12345"' in text
    issued = timezone.localdate() - timedelta(days=40)
    whole = {**seen, "certificate_number": "0012 3456 7890", **on("issued_on", issued)}
    early = client.post(address, {**whole, **on("seen_on", issued - timedelta(days=1))})
    assert "It cannot be seen before its date of issue" in early.content.decode()
    # It was seen on an earlier day than that on which it is written down.
    last_week = timezone.localdate() - timedelta(days=7)
    client.post(address, {**whole, **on("seen_on", last_week)})
    check.refresh_from_db()
    assert timezone.localdate(check.seen_at) == last_week
    assert (check.state, check.certificate_number) == (CheckState.SEEN, "001234567890")
    assert check.seen_by == cast.volunteer_manager
    client.post(address, {"what": "decide", "decision": "suitable"})
    check.refresh_from_db()
    assert check.decision == "suitable"
    assert check.next_due_on is not None
    # A second decision changes nothing, and says why.
    response = client.post(address, {"what": "decide", "decision": "not-suitable"})
    assert "A decision stays as it was made" in response.content.decode()
    looked = {"what": "look", "unchanged": "no", **on("on", timezone.localdate())}
    client.post(address, looked)
    check.refresh_from_db()
    assert not check.stands(timezone.localdate())
    assert "out of date" in client.get(checks).content.decode()


def test_the_second_of_two_is_told_what_the_first_wrote(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(state="checking", organisation=here)
    check = need_check(volunteer=who, organisation=here, kind="training", title="Fire", by=TESTS)
    address = reverse("volunteers:desk_check", args=[check.pk])
    client = client_as(cast.volunteer_manager)
    client.post(address, {"what": "record", "to": "requested", "was": "needed"})
    response = client.post(address, {"what": "record", "to": "not-needed", "was": "needed"})
    assert response.status_code == 422
    assert "Somebody else has written down meanwhile" in response.content.decode()
    check.refresh_from_db()
    assert check.state == "requested"


def test_strangers_and_the_volunteer_do_not_handle_checks(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    check = passed_check(volunteer(organisation=here), organisation=here)
    address = reverse("volunteers:desk_check", args=[check.pk])
    assert client_as(cast.stranger("volunteer_manager")).get(address).status_code == 404
    # A manager who volunteers too records nothing of their own.
    manager = cast.volunteer_manager
    own = volunteer(organisation=here, user=manager)
    mine = need_check(volunteer=own, organisation=here, kind="references", by=TESTS)
    with pytest.raises(PermissionDenied):
        decide_check(check=mine, decision="suitable", by=manager)
    answer = client_as(manager).post(
        reverse("volunteers:desk_check", args=[mine.pk]),
        {"what": "record", "to": "requested", "was": "needed"},
    )
    assert answer.status_code == 403


def test_an_expired_check_stops_a_place_and_is_shown(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(state="cleared", organisation=here)
    passed_check(who, organisation=here, issued_on=timezone.localdate() - timedelta(days=4 * 365))
    role = OpportunityFactory(organisation=here, checks_needed=["dbs"], dbs_level="enhanced")
    application = apply(person=who.person, opportunity=role, by=TESTS)
    with pytest.raises(CheckMissing):
        place_volunteer(application=application, by=cast.volunteer_manager)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_application", args=[application.pk])
    text = client.get(address).content.decode()
    assert "out of date" in text
    assert "Give them a place" not in text
    response = client.post(address, {"place": "yes"})
    assert response.status_code == 422
    assert Application.objects.get().outcome == "waiting"
    page = client.get(reverse("volunteers:desk_volunteer", args=[who.pk])).content.decode()
    assert "Out of date: DBS check" in page


def test_managers_are_warned_60_30_and_7_days_before_each_once(cast: Cast) -> None:
    manager = cast.volunteer_manager
    here = access_point(cast.organisation_id)
    check = passed_check(volunteer(organisation=here), organisation=here)
    last = check.next_due_on
    assert last is not None

    def told() -> int:
        return Message.objects.filter(to_address=manager.email).count()

    for days, number in ((61, 0), (60, 1), (59, 1), (30, 2), (7, 3), (6, 3), (0, 3)):
        warn(last - timedelta(days=days))
        warn(last - timedelta(days=days))
        assert told() == number, days
    said = Message.objects.filter(to_address=manager.email).latest("queued_at")
    assert check.volunteer.reference in said.body
    assert check.volunteer.person.family_name not in said.body


def test_a_place_once_given_and_ended(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(state="cleared", organisation=here)
    role = OpportunityFactory(organisation=here, places=1)
    application = apply(person=who.person, opportunity=role, by=TESTS)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_application", args=[application.pk])

    def outcome(**sent: Any) -> str:
        client.post(address, sent)
        return str(Application.objects.get().outcome)

    assert outcome(place="yes") == "placed"
    assert outcome(place="yes") == "placed"
    assert outcome(end="yes") == "ended"
