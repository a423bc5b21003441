"""Every case of ``search_cases.py``, asked as a person asks: through the address of the page."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import time_machine
from django.http import QueryDict

from directory.filters import ServiceFilter
from directory.models import Service
from directory.search import Results, search
from directory.search.matching import Stage
from directory.search.nearest import nearest_topics
from tests.directory.search_cases import SMALL, Case
from tests.directory.search_network import TODAY, make_network

pytestmark = pytest.mark.django_db
FIRST = 3


@pytest.fixture(scope="module")
def small_network(django_db_setup: None, django_db_blocker: object) -> Iterable[None]:
    """Written once for all cases, which only read."""
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):  # type: ignore[attr-defined]
        from django.db import transaction

        with transaction.atomic():
            make_network()
            yield
            transaction.set_rollback(True)


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


def has_a_right_answer(case: Case, results: Results) -> bool:
    """Among the first three of one of the page's lists."""
    if case.first:
        return names(results)[0][:1] == [case.first] or (
            not names(results)[0] and names(results)[1][:1] == [case.first]
        )
    return any(set(case.right) & set(listed[:FIRST]) for listed in names(results, case.section))


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_case(case: Case, small_network: None) -> None:
    results = ask(case)
    listed = names(results)
    everything = {name for part in listed for name in part}
    if case.nothing:
        assert results.total == 0, listed
        assert nearest_topics(results.query.words)
        return
    if case.right or case.first:
        assert has_a_right_answer(case, results), (listed, results.stage, results.understood)
    assert not everything & set(case.never), listed
    if case.stage:
        assert results.stage == Stage(case.stage)
    if case.total is not None:
        assert results.total == case.total, listed
    if case.shows_for:
        from directory.results_page import _showing_for

        assert case.shows_for.casefold() in _showing_for(results).casefold()
