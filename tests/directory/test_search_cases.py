"""Every case of ``search_cases.py``, asked as a person asks: through the address of the page.

Three networks: a small one of our own, the demonstration, and a real directory where its data lie
beside the project. What is printed at the end is the share of cases with a right answer among the
first three.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings

from directory.filters import ServiceFilter
from directory.models import Service
from directory.results_page import showing_for
from directory.search import Results, search
from directory.search.matching import Stage
from directory.search.nearest import nearest_topics
from tests.directory.search_cases import DEMONSTRATION, HOUNSLOW, SMALL, Case
from tests.directory.search_network import TODAY, make_network

pytestmark = pytest.mark.django_db
FIRST = 3
SHARED = Path(os.environ.get("DCSN_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
HOUNSLOW_DATA = SHARED / "hounslow_connect_uk"
# network: [cases that ask for an answer, those that got it]
SCORES: dict[str, list[int]] = defaultdict(lambda: [0, 0])


@contextmanager
def filled(blocker: Any, fill: Callable[[], object]) -> Iterator[None]:
    """A network written once for all of a class's cases, which only read."""
    with blocker.unblock(), time_machine.travel(TODAY, tick=False), transaction.atomic():
        fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def small_network(django_db_setup: None, django_db_blocker: Any) -> Iterable[None]:
    with filled(django_db_blocker, make_network):
        yield


@pytest.fixture(scope="class")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterable[None]:
    def load() -> None:
        with override_settings(DEMONSTRATION=True):
            call_command("load_demonstration", stdout=StringIO())

    with filled(django_db_blocker, load):
        yield


@pytest.fixture(scope="class")
def hounslow(django_db_setup: None, django_db_blocker: Any) -> Iterable[None]:
    if not HOUNSLOW_DATA.exists():
        pytest.skip(f"The real directory is not here: {HOUNSLOW_DATA}")
    if "import_services" not in get_commands():
        pytest.skip("There is no command to import it with")

    def load() -> None:
        call_command("import_services", str(HOUNSLOW_DATA), stdout=StringIO(), stderr=StringIO())

    with filled(django_db_blocker, load):
        yield


@pytest.fixture(scope="module", autouse=True)
def score(pytestconfig: pytest.Config) -> Iterable[None]:
    """Printed whether or not anything failed."""
    yield
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        for network, (asked, answered) in SCORES.items():
            print(
                f"\nsearch, {network}: a right answer in the first {FIRST} for "
                f"{answered} of {asked} ({answered / asked:.0%})"
            )


def ask(case: Case) -> Results:
    data = QueryDict(mutable=True)
    for name, value in case.ask.items():
        data.setlist(name, [value] if isinstance(value, str) else value)
    return search(ServiceFilter(data).search_query)


def names(results: Results, section: str = "") -> list[list[str]]:
    """The names in each list of the page, or in one."""
    known = dict(Service.objects.filter(id__in=results.service_ids).values_list("id", "name"))
    return [
        [known[hit.service_id] for hit in one.hits]
        for key, one in results.sections.items()
        if not section or key == section
    ]


def has_a_right_answer(case: Case, listed: list[list[str]]) -> bool:
    """Among the first three of one of the page's lists; ``first`` is first in the first of them."""
    lists = [part for part in listed if part]
    if case.first and (not lists or lists[0][0] != case.first):
        return False
    return not case.right or any({*case.right} & {*part[:FIRST]} for part in lists)


def check(network: str, case: Case) -> None:
    results = ask(case)
    listed = names(results, case.section)
    if case.nothing:
        assert results.total == 0, listed
        if network != "Hounslow":  # the source has no topics
            assert nearest_topics(results.query.words)
        return
    if case.right or case.first:
        right = has_a_right_answer(case, listed)
        SCORES[network][0] += 1
        SCORES[network][1] += right
        assert right, (listed, results.stage, results.understood)
    everything = {name for part in names(results) for name in part}
    assert not everything & {*case.never}, listed
    if case.stage:
        assert results.stage == Stage(case.stage)
    if case.total is not None:
        assert results.total == case.total, listed
    assert case.shows_for.casefold() in showing_for(results).casefold()


class TestSmallNetwork:
    @pytest.mark.parametrize("case", SMALL, ids=str)
    def test_case(self, case: Case, small_network: None) -> None:
        check("small network", case)


class TestDemonstration:
    @pytest.mark.parametrize("case", DEMONSTRATION, ids=str)
    def test_case(self, case: Case, demonstration: None) -> None:
        check("demonstration", case)


@pytest.mark.shared_data
class TestRealDirectory:
    @pytest.mark.parametrize("case", HOUNSLOW, ids=str)
    def test_case(self, case: Case, hounslow: None) -> None:
        check("Hounslow", case)


def test_there_are_enough_cases_of_every_kind() -> None:
    assert len(SMALL) >= 60
    kinds = {case.kind.split(":")[0] for case in SMALL}
    for kind in (
        "exact",
        "stem",
        "typo",
        "synonym",
        "own words",
        "many filters",
        "near",
        "hostile",
    ):
        assert kind in kinds
