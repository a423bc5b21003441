"""The invented plans and members: something in every state, with rules kept on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from dcsn.audit import SystemJob
from directory.actions.demonstration import NotADemonstration
from members.cards.validity import membership_good_until
from members.membership.demonstration import load_everybody, load_plans
from members.models import (
    Banking,
    Card,
    Concession,
    JournalLine,
    LetterRun,
    Membership,
    Payment,
    Plan,
    PlanTerms,
    Status,
    Term,
)
from tests.directory.importing import kept_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            call_command("load_demonstration", stdout=StringIO())
        yield


@pytest.fixture
def loaded(loaded_once: None, db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True


def test_nobody_is_invented_among_real_members(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_plans()
    with pytest.raises(NotADemonstration):
        load_everybody(by=SystemJob("tests"))
    assert not Plan.objects.exists()


def test_there_is_a_member_in_every_state_and_a_question_in_most(loaded: None) -> None:
    today = timezone.localdate()
    found = {row.status_then for row in Membership.objects.with_status(today)}
    assert found == set(Status) - {Status.DECEASED}
    states = set(Concession.objects.values_list("state", flat=True))
    assert states == {"asked", "granted", "not-granted", "appealed"}
    assert Concession.objects.to_tell().exists()
    assert Concession.objects.to_review(today).exists()


def test_prices_have_a_past_and_a_future(loaded: None) -> None:
    today = timezone.localdate()
    standard = Plan.objects.get(code="standard")
    assert standard.terms_on(today).price_pence == 1000
    assert standard.terms.filter(valid_from__gt=today).exists()
    assert PlanTerms.objects.filter(period="fixed").exists()
    assert Plan.objects.filter(offered=False).exists()


def test_what_was_moved_back_still_adds_up(loaded: None) -> None:
    assert JournalLine.objects.aggregate(sum=Sum("pence"))["sum"] == 0
    for row in Membership.objects.filter(stored="").prefetch_related("terms"):
        terms = row.counting_terms()
        assert row.joined_on == terms[0].starts_on
        assert row.joined_on <= timezone.localdate()
        for one, following in pairwise(terms):
            assert (following.starts_on - one.ends_on).days == 1, "no gap"


def test_there_is_something_at_every_step_of_the_desks_work(loaded: None) -> None:
    today = timezone.localdate()
    assert {
        (row.checked_at is None, row.reconciled_at is None) for row in Banking.objects.all()
    } == {
        (True, True),
        (False, False),
    }
    assert Payment.objects.to_bank().exists()
    assert LetterRun.objects.get().letters.exists()
    # Nobody has waited for a card since before last month, and a card says the month of its membership.
    assert not Card.objects.to_print().filter(requested_at__date__lt=today - timedelta(days=60))
    issued = Card.objects.filter(state=Card.State.ISSUED, membership__stored="").select_related(
        "membership"
    )
    assert issued.count() > 5
    for card in issued:
        assert card.printed_until == membership_good_until(card.membership)


def test_a_second_load_makes_nothing(loaded: None) -> None:
    before = Term.objects.count(), Membership.objects.count(), Plan.objects.count()
    assert (load_plans(), load_everybody(by=SystemJob("tests"))) == (0, 0)
    assert before == (Term.objects.count(), Membership.objects.count(), Plan.objects.count())
