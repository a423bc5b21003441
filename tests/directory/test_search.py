"""What search promises: order, counts, sections, and that nothing hidden is in the index.

The behaviours that the tests of Connected Places (32 cases of its search) hold are here or in
``search_cases.py``; where ours differs on purpose, the test says so.
"""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection

from directory.models import (
    AccessFact,
    Address,
    DirectoryWord,
    EligibilityRule,
    EligibilityTerm,
    OpeningRule,
    SearchEntry,
    Service,
    TopicPhrase,
)
from directory.nearby import Position
from directory.search import Choices, FreeTime, Query, SectionKey, ranking, reindex, search
from directory.search.matching import Stage
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
HERE = Position("AB1 2CD", "AB1 2CD", "unit", 54.5, -1.5)


def place(miles_north: float) -> object:
    """A hall so many miles from HERE (69.1 miles are a degree of latitude)."""
    return LocationFactory(latitude=54.5 + miles_north / 69.093, longitude=-1.5)


def found(query: Query, section: SectionKey = SectionKey.MAIN) -> list[str]:
    results = search(query)
    names = dict(Service.objects.values_list("id", "name"))
    return [names[hit.service_id] for hit in results.sections[section].hits]


def ask(words: str = "", **more: object) -> Query:
    return Query(words=words, on=TODAY, **more)  # type: ignore[arg-type]


# --- Where the words stand ---------------------------------------------------------------------------


@pytest.fixture
def everywhere() -> None:
    """The same three words in each field of a different service, and five without them."""
    topic = TopicFactory(name="Copper pipe lace", slug="copper")
    ServiceFactory(name="In the description", description="… copper pipes and lace …")
    ServiceFactory(name="In the summary", summary="Copper, pipe, lace.")
    ServiceFactory(name="In the topic", terms=[topic])
    ServiceFactory(
        name="In the organisation", organisation=OrganisationFactory(name="Copper Pipe Lace")
    )
    ServiceFactory(name="Copper pipe lace")
    ServiceFactory(name="In the other name", alternate_name="The copper pipe lace people")
    ServiceFactory.create_batch(5)
    reindex()


def test_names_before_topics_before_summary_before_description(everywhere: None) -> None:
    names = found(ask("copper pipe lace"))
    assert names[0] == "Copper pipe lace"
    assert set(names[1:3]) == {"In the organisation", "In the other name"}
    assert names[3:] == ["In the topic", "In the summary", "In the description"]


@pytest.mark.parametrize(
    "words", ["copper", "pipes", "laces copper", "COPPER  Pipe", "copper, pipe; lace!"]
)
def test_any_form_and_order_of_the_words(everywhere: None, words: str) -> None:
    assert len(found(ask(words))) == 6


def test_one_word_of_a_topic_is_enough(everywhere: None) -> None:
    assert "In the topic" in found(ask("pipe"))


def test_word_for_word_before_the_same_stems() -> None:
    ServiceFactory(name="Plan Avoids")
    ServiceFactory(name="Could Avoid Plans")
    reindex()
    assert found(ask("could avoid plans")) == ["Could Avoid Plans", "Plan Avoids"]


def test_who_it_is_for_is_found_by_its_name() -> None:
    term = EligibilityTerm.objects.create(group="caring", name="Grandparents", slug="grand")
    service = ServiceFactory(name="Tea and talk")
    EligibilityRule.objects.create(service=service, group="caring", openness="these").terms.add(
        term
    )
    reindex()
    assert found(ask("grandparent")) == ["Tea and talk"]


# --- What is never found -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "inactive"},
        {"status": "defunct"},
        {"published": False},
        {"organisation__published": False},
    ],
)
def test_only_publishable_services(hidden: dict[str, object]) -> None:
    ServiceFactory(name="Zebra club")
    ServiceFactory(name="Zebra rides", **hidden)
    assert reindex() == 1
    assert found(ask("zebra")) == ["Zebra club"]


def test_one_taken_away_after_indexing_is_not_found() -> None:
    service = ServiceFactory(name="Zebra club")
    reindex()
    Service.objects.filter(id=service.id).update(published=False)
    assert search(ask("zebra")).total == 0
    reindex([service.id])
    assert not SearchEntry.objects.exists()


def test_nothing_confidential_is_in_the_index() -> None:
    refuge = LocationFactory(is_confidential=True, address=False, name="Rosewood")
    # The table refuses a position; an address could be there from an import that went wrong.
    Address.objects.create(location=refuge, address_1="Hidden Lane", postal_code="ZZ9 9ZZ")
    AccessFact.objects.create(location=refuge, kind="lift", value="yes")
    service = ServiceFactory(name="A safe place", places=[refuge], delivery=["at_place"])
    reindex()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(e::text, ' ') FROM directory_searchentry e)"
            " || ' ' || (SELECT string_agg(w::text, ' ') FROM directory_directoryword w)"
        )
        everything = cursor.fetchone()[0].casefold()
    for secret in ("hidden", "lane", "zz9", "9zz", "rosewood", "lift"):
        assert secret not in everything
    entry = SearchEntry.objects.get(service=service)
    assert entry.latitudes == entry.longitudes == []


# --- Filters and counts ------------------------------------------------------------------------------


@pytest.fixture
def costs() -> None:
    for name, cost, how in (
        ("Free here", "free", ["at_place"]),
        ("Free by phone", "free", ["phone"]),
        ("Paid here", "paid", ["at_place"]),
        ("Nobody knows", "not_known", ["phone", "online"]),
    ):
        ServiceFactory(name=name, cost=cost, delivery=how, summary="A zebra.")
    ServiceFactory(name="No stripes", cost="free", delivery=["at_place"])
    reindex()


def test_counts_are_of_what_was_found_and_leave_out_their_own_group(costs: None) -> None:
    counts = search(ask("zebra", choices=Choices({"cost": ["free"]}))).counts
    # Another cost would add these; another way of giving help is counted among the free.
    assert {k: v for k, v in counts.items() if k.startswith("cost:")} == {
        "cost:free": 2,
        "cost:paid": 1,
        "cost:not_known": 1,
    }
    assert counts["how:at_place"] == 1
    assert counts["how:phone"] == 1
    assert "how:online" not in counts


def test_counts_with_two_groups_chosen(costs: None) -> None:
    choices = Choices({"cost": ["paid"], "how": ["phone"]})
    results = search(ask("zebra", choices=choices))
    assert results.total == 0
    assert results.stage == Stage.WORDS
    assert results.counts["cost:free"] == 1  # "Free by phone" fails in cost only
    assert results.counts["cost:not_known"] == 1
    assert results.counts["how:at_place"] == 1  # "Paid here" fails in how only


def test_a_choice_of_every_count_gives_that_many(costs: None) -> None:
    """The number beside a box is what ticking it gives."""
    counts = search(ask("zebra")).counts
    for fact, number in counts.items():
        key, _colon, value = fact.partition(":")
        if key in {"cost", "how"}:
            assert search(ask("zebra", choices=Choices({key: [value]}))).total == number, fact


def test_not_known_cost_is_not_free(costs: None) -> None:
    assert found(ask("zebra", choices=Choices({"cost": ["free"]}))) == [
        "Free by phone",
        "Free here",
    ]


def test_a_filter_that_leaves_nothing_does_not_widen_the_words(costs: None) -> None:
    """Connected Places: query and filter where the query does not match finds nothing."""
    results = search(ask("zebra stripes", choices=Choices({"cost": ["not_known"]})))
    assert results.stage == Stage.SOME
    assert found(ask("giraffe", choices=Choices({"cost": ["free"]}))) == []


def test_words_that_the_directory_has_not_do_not_drown_one_that_it_has(costs: None) -> None:
    """Somebody tells their story: one word of it is known, six are not."""
    story = "my aunt cannot sleep since the quagga trampled her petunias and ate the zebra"
    assert search(ask(story)).total == search(ask("zebra")).total > 0


@pytest.fixture
def ages() -> None:
    terms = {
        slug: EligibilityTerm.objects.create(
            group="age", name=slug, slug=slug, minimum_age=low, maximum_age=high
        )
        for slug, low, high in (("teens", 12, 15), ("youth", 16, 18), ("twenties", 19, 29))
    }

    def rule(name: str, *slugs: str, openness: str = "these") -> None:
        made = EligibilityRule.objects.create(
            service=ServiceFactory(name=name), group="age", openness=openness
        )
        made.terms.add(*(terms[slug] for slug in slugs))

    rule("Teens", "teens")
    rule("Teens and youth", "teens", "youth")
    rule("All ages", openness="all")
    rule("Twenties", "twenties")
    ServiceFactory(name="Ages in figures", minimum_age=10, maximum_age=14)
    ServiceFactory(name="Nothing said")
    reindex()


def test_the_term_or_open_to_all_and_the_exact_one_first(ages: None) -> None:
    names = found(ask(choices=Choices({"who-age": ["teens"]})))
    assert set(names[:3]) == {"Teens", "Teens and youth", "Ages in figures"}
    assert names[3:] == ["All ages"]


def test_more_of_what_is_asked_for_comes_first(ages: None) -> None:
    names = found(ask(choices=Choices({"who-age": ["teens", "youth"]})))
    assert names[0] == "Teens and youth"
    assert "Twenties" not in names


def test_who_not_known_stands_apart(ages: None) -> None:
    """Connected Places counts "nothing said" as open to all; here it is not known: ask."""
    choices = Choices({"who-age": ["teens"]})
    assert found(ask(choices=choices), SectionKey.NOT_KNOWN) == ["Nothing said"]


def test_access_needs_all_and_only_yes() -> None:
    for name, facts in (
        ("Both", {"step_free": "yes", "toilet": "yes"}),
        ("One", {"step_free": "yes", "toilet": "no"}),
        ("Not known", {"step_free": "yes", "toilet": "not_known"}),
        ("Nothing said", {}),
    ):
        hall = LocationFactory()
        for kind, value in facts.items():
            AccessFact.objects.create(location=hall, kind=kind, value=value)
        ServiceFactory(name=name, places=[hall])
    reindex()
    assert found(ask(choices=Choices({"access": ["step_free", "toilet"]}))) == ["Both"]


@pytest.fixture
def times() -> None:
    for name, rules in (
        ("Morning", [(1, time(10), time(12))]),
        ("Evening", [(1, time(19), time(21)), (3, time(19), time(21))]),
        ("Past midnight", [(4, time(22), time(2))]),
        ("Some time", [(2, None, None)]),
        ("Not known", []),
    ):
        service = ServiceFactory(name=name)
        for weekday, opens_at, closes_at in rules:
            OpeningRule.objects.create(
                service=service, weekday=weekday, opens_at=opens_at, closes_at=closes_at
            )
    reindex()


@pytest.mark.parametrize(
    ("free", "names"),
    [
        (FreeTime(days=(1,)), ["Evening", "Morning"]),
        (FreeTime(days=(3, 1)), ["Evening", "Morning"]),
        (FreeTime(days=(1,), end=time(10)), []),
        (FreeTime(days=(1,), start=time(11, 30), end=time(18)), ["Morning"]),
        (FreeTime(days=(1,), start=time(12), end=time(19)), []),
        (FreeTime(start=time(18)), ["Evening", "Past midnight", "Some time"]),
        (FreeTime(days=(5,), end=time(6)), ["Past midnight"]),
        (FreeTime(days=(4,), start=time(23)), ["Past midnight"]),
        (FreeTime(days=(2,), start=time(15), end=time(16)), ["Some time"]),
        (FreeTime(days=(6,)), []),
    ],
)
def test_when_i_am_free(times: None, free: FreeTime, names: list[str]) -> None:
    assert found(ask(free=free)) == names
    assert found(ask(free=free), SectionKey.NOT_KNOWN) == ["Not known"]


# --- Places and distance -----------------------------------------------------------------------------


@pytest.fixture
def places() -> None:
    for name, miles, how in (
        ("Next door", 0.2, ["at_place"]),
        ("Two miles", 2.0, ["at_place"]),
        ("Nine miles", 9.0, ["at_place"]),
        ("Nine miles or by phone", 9.0, ["at_place", "phone"]),
    ):
        ServiceFactory(name=name, delivery=how, places=[place(miles)], checked_on=TODAY)
    ServiceFactory(name="Comes to you", delivery=["comes_to_you"], checked_on=TODAY)
    ServiceFactory(
        name="Comes from two miles",
        delivery=["comes_to_you"],
        places=[place(2.0)],
        checked_on=TODAY,
    )
    ServiceFactory(name="Two places", places=[place(50), place(1.0)], checked_on=TODAY)
    reindex()


def test_the_nearest_first_and_those_without_a_place_apart(places: None) -> None:
    assert found(ask(near=HERE)) == [
        "Next door",
        "Two places",
        "Two miles",
        "Nine miles",
        "Nine miles or by phone",
    ]
    assert found(ask(near=HERE), SectionKey.ELSEWHERE) == ["Comes from two miles", "Comes to you"]


def test_a_distance_cuts_places_only(places: None) -> None:
    query = ask(near=HERE, within=3)
    assert found(query) == ["Next door", "Two places", "Two miles"]
    assert found(query, SectionKey.ELSEWHERE) == [
        "Comes from two miles",
        "Comes to you",
        "Nine miles or by phone",
    ]


def test_the_distance_is_to_the_nearest_place_in_miles(places: None) -> None:
    results = search(ask(near=HERE))
    names = dict(Service.objects.values_list("id", "name"))
    miles = {names[hit.service_id]: hit.miles for hit in results.sections[SectionKey.MAIN].hits}
    assert miles["Next door"] == pytest.approx(0.2, abs=0.01)
    assert miles["Two places"] == pytest.approx(1.0, abs=0.01)
    assert miles["Nine miles"] == pytest.approx(9.0, abs=0.02)


def test_an_unknown_postcode_level_needs_no_place() -> None:
    ServiceFactory(name="Zebra club", delivery=["at_place"])
    reindex()
    assert found(ask("zebra", near=HERE, within=1), SectionKey.ELSEWHERE) == ["Zebra club"]


def test_words_matter_more_than_a_little_distance(places: None) -> None:
    ServiceFactory(name="Zebra club", places=[place(2.0)], checked_on=TODAY)
    ServiceFactory(name="Other club", description="zebra", places=[place(0.1)], checked_on=TODAY)
    reindex()
    assert found(ask("zebra", near=HERE)) == ["Zebra club", "Other club"]


# --- Freshness, ties, pages --------------------------------------------------------------------------


def test_what_was_checked_lately_comes_first() -> None:
    """Connected Places ignores freshness; here a record that nobody checks sinks."""
    for name, days in (("Old", 500), ("Due", 200), ("Fresh", 10)):
        ServiceFactory(name=f"Zebra {name}", checked_on=TODAY - timedelta(days=days))
    ServiceFactory(name="Zebra Never", checked_on=None)
    ServiceFactory(name="Zebra Closed", checked_on=TODAY, status="temporarily closed")
    reindex()
    assert found(ask("zebra")) == [
        "Zebra Fresh",
        "Zebra Due",
        "Zebra Never",
        "Zebra Old",
        "Zebra Closed",
    ]


def test_ties_are_in_the_order_of_names_and_pages_do_not_overlap() -> None:
    for number in range(25):
        ServiceFactory(name=f"Zebra {number:02}")
    reindex()
    pages = [found(ask("zebra", pages={SectionKey.MAIN: page})) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [name for page in pages for name in page] == [f"Zebra {n:02}" for n in range(25)]


def test_the_score_is_text_times_distance_times_freshness() -> None:
    ServiceFactory(name="Zebra", places=[place(4.0)], checked_on=TODAY - timedelta(days=200))
    reindex()
    near = search(ask("zebra", near=HERE)).sections[SectionKey.MAIN].hits[0]
    plain = search(ask("zebra")).sections[SectionKey.MAIN].hits[0]
    assert float(near.score) == pytest.approx(float(plain.score) / 2, abs=0.002)
    Service.objects.update(checked_on=TODAY)
    fresh = search(ask("zebra")).sections[SectionKey.MAIN].hits[0]
    assert float(plain.score) == pytest.approx(float(fresh.score) * ranking.DUE, abs=0.001)


# --- The index ---------------------------------------------------------------------------------------


def test_indexing_again_changes_nothing(everywhere: None) -> None:
    def rows() -> list[object]:
        return [
            *SearchEntry.objects.order_by("service").values_list(
                "service", "vector", "facets", "half_hours", "titles"
            ),
            *DirectoryWord.objects.order_by("word").values_list(),
            *TopicPhrase.objects.order_by("term", "text").values_list("term", "text", "stems"),
        ]

    before = rows()
    assert reindex() == 11
    assert rows() == before


def test_one_service_changed_is_found_by_its_new_words(everywhere: None) -> None:
    service = Service.objects.get(name="In the summary")
    service.summary = "Okapi feeding."
    service.save()
    assert reindex([service.id]) == 1
    assert found(ask("okapi")) == ["In the summary"]
    assert "In the summary" not in found(ask("copper"))
    # The new word helps with mistakes at once.
    assert found(ask("okappi")) == ["In the summary"]


def test_new_words_for_a_topic_are_understood_at_once() -> None:
    topic = TopicFactory(name="Zebras", slug="zebras")
    ServiceFactory(name="Stripes", terms=[topic])
    reindex()
    assert found(ask("nags")) == []
    topic.synonyms = ["nags"]
    topic.save()
    reindex([])
    assert found(ask("nags")) == ["Stripes"]
