"""The pathways of the demonstration: plans that were written over weeks, and a person who sees their own."""

from __future__ import annotations

from datetime import timedelta
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
from pathways.models import Plan, PlanVersion, Review
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


def test_a_review_can_be_held_today_and_the_person_can_see_why_there_are_fewer_hours(
    loaded, client_as
) -> None:
    """Seven weeks after the plan was agreed: whoever tries the demonstration need not wait for the day."""
    today = timezone.localdate()
    theirs = User.objects.get(email=OWNERS_SIGN_IN)
    review = Review.objects.get(pathway__person__user=theirs, state="booked")
    assert review.opens_on <= today <= review.closes_on
    assert review.plan.agreements.first().agreed_on == today - timedelta(weeks=7)
    coordinator = client_as(review.pathway.coordinator)
    page = reverse("pathways:review_write", args=[review.pk])
    form = coordinator.get(page).context["form"]
    assert form.initial["minutes_before"] == 45
    typed = {
        "better": "Hannah comes on Mondays now.",
        "minutes_before": "0.75",
        "minutes_after": "0",
        "fewer_because": "Hannah helps on Mondays.",
        "held_on_day": today.day,
        "held_on_month": today.month,
        "held_on_year": today.year,
        "version": form.initial["version"],
    }
    refused = coordinator.post(page, typed)
    assert "until the person has seen why" in refused.content.decode()
    review.refresh_from_db()
    assert review.state == "booked"
    kept = coordinator.post(page, {**typed, "do": "keep"})
    assert kept.status_code == 302, kept.context["form"].errors
    assert (
        "Hannah helps on Mondays."
        in client_as(theirs).get(reverse("pathways:my_reviews")).content.decode()
    )


def test_a_second_load_writes_nothing(loaded) -> None:
    events = Event.objects.count()
    assert load_pathways(by=SystemJob("tests")) == {}
    assert Event.objects.count() == events
