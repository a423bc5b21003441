"""Rows handed out by hand are the same as those that ``prefetch_related`` fetches."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from directory.cards import card_of
from directory.hours import all_rules_of, load_calendars
from directory.loading import load_for_index, services_for_cards
from directory.models import Event, OpeningRule, ScheduleException, Service, TaxonomyTerm
from tests.directory.search_network import TODAY, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> dict[str, Service]:
    with time_machine.travel(TODAY, tick=False):
        services = make_network()
        one = services["Nail cutting at the hall"]
        link = one.service_at_locations.get()
        OpeningRule.objects.create(service_at_location=link, weekday=3)
        OpeningRule.objects.create(location=link.location, weekday=4)
        for owner in ({"service": one}, {"service_at_location": link}, {"location": link.location}):
            ScheduleException.objects.create(
                starts_on=TODAY, ends_on=TODAY, reason=next(iter(owner)), **owner
            )
        Event.objects.create(service=one, starts_at=timezone.now(), title="Open day")
        yield services


def all_of(service: Service) -> dict[str, Any]:
    links = list(service.service_at_locations.all())
    return {
        "phones": list(service.phones.all()),
        "organisation": list(service.organisation.phones.all()),
        "costs": list(service.cost_options.all()),
        "rules": list(service.openingrules.all()),
        "days": list(service.scheduleexceptions.all()),
        "events": list(service.upcoming_events),
        "links": links,
        "places": [link.location for link in links],
        "link rules": [list(link.openingrules.all()) for link in links],
        "link days": [list(link.scheduleexceptions.all()) for link in links],
        "place rules": [list(link.location.openingrules.all()) for link in links],
        "place days": [list(link.location.scheduleexceptions.all()) for link in links],
    }


def test_cards_are_loaded_as_prefetch_loads_them(network: dict[str, Service]) -> None:
    ids = [service.id for service in network.values()]
    by_django = {service.id: service for service in Service.objects.for_list_of(ids)}
    by_hand = {service.id: service for service in services_for_cards(ids)}
    assert by_hand.keys() == by_django.keys()
    calendars, now = load_calendars(), timezone.now()
    for key, service in by_hand.items():
        assert all_of(service) == all_of(by_django[key])
        assert card_of(service, calendars, now) == card_of(by_django[key], calendars, now)


def test_cards_need_seven_queries_for_any_number(
    network: dict[str, Service], django_assert_num_queries: Any
) -> None:
    ids = [service.id for service in network.values()]
    for some in (ids[:3], ids):
        with django_assert_num_queries(7):
            services = services_for_cards(some)
        with django_assert_num_queries(0):
            for service in services:
                all_of(service)


def test_the_index_is_loaded_as_prefetch_loads_it(
    network: dict[str, Service], django_assert_num_queries: Any
) -> None:
    topics = {term.id: term for term in TaxonomyTerm.objects.all()}
    by_hand = list(Service.objects.select_related("organisation"))
    load_for_index(by_hand, topics)
    by_django = {
        service.id: service
        for service in Service.objects.with_hours().prefetch_related(
            "terms", "languages", "access_facts", "eligibility_rules__terms"
        )
    }
    with django_assert_num_queries(0):
        facts = {
            service.id: (
                {*service.terms.all()},
                {*service.languages.all()},
                [*service.access_facts.all()],
                [(r, {*r.terms.all()}) for r in service.eligibility_rules.all()],
                all_rules_of(service),
                [
                    (*link.location.addresses.all(), *link.location.access_facts.all())
                    for link in service.service_at_locations.all()
                ],
            )
            for service in by_hand
        }
    for key, service in by_django.items():
        assert facts[key] == (
            {*service.terms.all()},
            {*service.languages.all()},
            [*service.access_facts.all()],
            [(r, {*r.terms.all()}) for r in service.eligibility_rules.all()],
            all_rules_of(service),
            [
                (*link.location.addresses.all(), *link.location.access_facts.all())
                for link in service.service_at_locations.all()
            ],
        )


def test_nothing_asked_for_is_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert services_for_cards([]) == []
