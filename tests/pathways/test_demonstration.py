"""The pathways of the demonstration: plans that were written over weeks, and a person who sees their own."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from pathways.demonstration import OWNERS_SIGN_IN, load_pathways
from pathways.models import Plan, PlanVersion
from tests.directory.importing import kept_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            call_command("load_demonstration", stdout=StringIO())
        yield


@pytest.fixture
def loaded(loaded_once, db, settings) -> None:
    settings.DEMONSTRATION = True


def test_plans_were_written_over_weeks_and_in_order(loaded) -> None:
    today = timezone.localdate()
    written = [plan for plan in Plan.objects.all() if plan.versions.count() > 1]
    assert len(written) == 3
    for plan in written:
        moments = list(plan.versions.order_by("number").values_list("at", flat=True))
        days = {timezone.localdate(at) for at in moments}
        assert moments == sorted(moments)
        assert len(days) >= 2
        assert today not in days
        assert plan.created_at == moments[0]
        for agreement in plan.agreements.all():
            assert agreement.agreed_on == max(days), "nobody agreed to what was not there"
    assert not PlanVersion.objects.filter(at__gt=timezone.now()).exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pathways:my_plans", "People call me Peggy"),
        ("pathways:my_reviews", "At home"),
        ("pathways:my_outcomes", "Satisfied with life"),
        ("pathways:my_budget", "£"),
        ("volunteers:my_help", "Company: a visit"),
        ("referrals:mine", "R-"),
        ("members:my_membership", "membership"),
        ("pathways:my_caring", "Start"),
    ],
)
def test_the_person_with_a_sign_in_finds_something_on_each_page(
    loaded, client_as, name: str, words: str
) -> None:
    client = client_as(User.objects.get(email=OWNERS_SIGN_IN))
    answer = client.get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_second_load_writes_nothing(loaded) -> None:
    events = Event.objects.count()
    assert load_pathways(by=SystemJob("tests")) == {}
    assert Event.objects.count() == events
