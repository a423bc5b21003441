"""What would tip somebody off is in no copy, and no table two steps away from a person is forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcsn.audit import EventType, SystemJob, record, types
from dcsn.audit.models import Event
from dcsn.privacy import checks, export_person, registry
from members.models import PaperItem, PaperRequest
from tests.conftest import Cast
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret_event(monkeypatch: pytest.MonkeyPatch) -> EventType:
    monkeypatch.setattr(types, "_types", dict(types._types))
    return types.register(
        EventType("worry:raised", sentence="%(actor)s raised a worry", left_out_of_copy=True)
    )


def test_a_table_that_is_left_out_is_in_no_copy(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = PersonFactory()
    PaperRequestFactory(person=person, name="Only in the request")
    assert "Only in the request" in export_person(person.id, by=cast.data_protection_lead).as_json()

    links = dict(registry._links)
    links[PaperRequest] = replace(links[PaperRequest], left_out_of_copy=True)
    monkeypatch.setattr(registry, "_links", links)

    text = export_person(person.id, by=cast.data_protection_lead).as_json()
    assert "Only in the request" not in text
    assert "PaperRequest" not in text, "not even that there is such a table"


def test_an_event_that_is_left_out_is_in_no_copy(cast: Cast, secret_event: EventType) -> None:
    person = PersonFactory()
    record(secret_event, by=SystemJob("test"), subject=person.id)
    assert Event.objects.about(person.id).filter(type="worry:raised").exists()
    assert not Event.objects.for_the_person(person.id).filter(type="worry:raised").exists()
    assert "worry" not in export_person(person.id, by=cast.data_protection_lead).as_json()


def test_a_table_two_steps_away_is_missed_when_nothing_includes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links = dict(registry._links)
    links[PaperRequest] = replace(links[PaperRequest], includes=())
    monkeypatch.setattr(registry, "_links", links)
    assert checks.unregistered() == [PaperItem]
