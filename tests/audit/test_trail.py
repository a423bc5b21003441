"""The administrator's page about what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dcsn.access.actions import end_role, grant_role
from dcsn.access.models import RoleAssignment
from dcsn.audit import EventType, OnErasure, SystemJob
from dcsn.audit.views import PAGE_SIZE
from tests.conftest import Cast
from tests.factories.user import UserFactory

TRAIL = reverse("audit:trail")
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.administrator)


def rows(page: str) -> list[str]:
    return re.findall(r'<tr class="govuk-table__row">\s*<td.*?</tr>', page, re.DOTALL)


def test_who_did_what_but_not_to_whom(cast: Cast, admin: Client) -> None:
    subject = UserFactory(name="Wilhelmina Subject")
    grant_role(user=subject, role="commissioner", by=cast.administrator)
    page = admin.get(TRAIL).content.decode()
    assert f"{cast.administrator} gave the role commissioner" in page
    assert "The portal (tests) gave the role administrator" in page
    assert "Wilhelmina" not in page


def test_narrowed_down(cast: Cast, admin: Client) -> None:
    user = UserFactory()
    assignment = grant_role(user=user, role="commissioner", by=cast.administrator)
    end_role(assignment=assignment, by=SystemJob("tests"))

    def shown(**query: Any) -> list[str]:
        return re.findall(r"(gave|ended) the role", " ".join(rows(
            admin.get(TRAIL, query).content.decode())))  # fmt: skip

    assert shown(about=user.pk) == ["ended", "gave"]
    assert shown(account=cast.administrator.pk) == ["gave"]
    assert shown(type="role:ended") == ["ended"]
    assert shown(type="role:ended", account=cast.administrator.pk) == []


@pytest.mark.parametrize("query", [{"type": "no:such"}, {"about": "x"}, {"before": "x"}])
def test_nonsense_shows_the_page(admin: Client, query: dict[str, str]) -> None:
    assert admin.get(TRAIL, query).status_code == 200


def test_page_by_page_nothing_is_missed(cast: Cast, admin: Client) -> None:
    user = UserFactory()
    for _ in range(PAGE_SIZE):
        end_role(
            assignment=grant_role(user=user, role="commissioner", by=cast.administrator),
            by=cast.administrator,
        )
    first = admin.get(TRAIL, {"about": user.pk}).content.decode()
    link = re.search(r'href="(\?[^"]*before=[^"]*)"', first)
    assert link
    second = admin.get(TRAIL + link[1].replace("&amp;", "&")).content.decode()
    assert (
        len(rows(first)) + len(rows(second)) == RoleAssignment.objects.filter(user=user).count() * 2
    )
    assert "before=" not in second
    assert ">Newest</a>" in second


def test_the_same_queries_for_many_actors(cast: Cast, admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get(TRAIL)
        return len(captured)

    grant_role(user=UserFactory(), role="commissioner", by=UserFactory())
    admin.get(TRAIL)
    few = queries()
    for _ in range(10):
        grant_role(user=UserFactory(), role="commissioner", by=UserFactory())
    assert queries() == few


def test_a_code_is_shown_in_words_and_one_without_words_as_it_is() -> None:
    kind = EventType(
        "consent:tried",
        sentence="%(actor)s wrote it down (%(purpose)s)",
        details={"purpose": OnErasure.KEEP},
        labels={"purpose": {"share": "pass it on"}},
    )
    assert kind.say(actor="Ann", details={"purpose": "share"}) == "Ann wrote it down (pass it on)"
    assert kind.say(actor="Ann", details={"purpose": "new"}) == "Ann wrote it down (new)"
