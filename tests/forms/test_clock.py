"""Times on pages read like the times of services: "10am", never "10 a.m."."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 3, 10, 5, tzinfo=UTC), "Tuesday 3 March 2026, 10:05am"),
        (datetime(2026, 3, 3, 12, 0, tzinfo=UTC), "Tuesday 3 March 2026, noon"),
        # London's summer time
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Thursday 2 July 2026, 12:30am"),
        (None, ""),
    ],
)
def test_a_moment(at: datetime | None, said: str) -> None:
    assert Template("{{ at|moment }}").render(Context({"at": at})) == said


def test_a_shorter_day_and_the_time_alone() -> None:
    at = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    assert Template('{{ at|moment:"j F" }}').render(Context({"at": at})) == "3 March, 2pm"
    assert (
        Template("{{ at|clock }} {{ t|clock }}").render(Context({"at": at, "t": time(9, 30)}))
        == "2pm 9:30am"
    )


def test_no_template_writes_times_in_djangos_way() -> None:
    from django.conf import settings

    wrong = [
        str(path.relative_to(settings.BASE_DIR))
        for path in (settings.BASE_DIR / "templates").rglob("*")
        if path.is_file() and re.search(r'date:"[^"]*[PgGhH]', path.read_text())
    ]
    assert wrong == []
