"""Two at once, on real connections: what is pressed twice is done once, and nothing is written over."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.volunteering import TESTS, OpportunityFactory, volunteer
from tests.volunteers.test_races import at_once, refusals
from volunteers.actions.known import change_volunteer
from volunteers.actions.policies import agree_policy
from volunteers.actions.redirecting import suggest_more
from volunteers.actions.volunteers import Suggestion, move_volunteer, redirect
from volunteers.becoming.suggestions import take_up
from volunteers.models import Agreement, Application, PolicyVersion, Redirection, Volunteer
from volunteers.refusals import ChangedMeanwhile
from volunteers.starter import load_starter

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_suggestion_taken_up_twice_is_one_application() -> None:
    role = OpportunityFactory()
    who = redirect(
        volunteer=volunteer(state="applied"), suggestions=[Suggestion(opportunity=role)], by=TESTS
    )
    came = at_once(*(lambda: take_up(volunteer=who, role=role, by=TESTS) for _twice in range(2)))
    assert refusals(came) == []
    assert Application.objects.get().opportunity == role
    assert Volunteer.objects.get().changes.filter(to_state="applied").count() == 2


def test_of_two_who_change_what_is_known_the_second_is_told() -> None:
    who = volunteer()
    came = at_once(
        *(
            lambda said=said: change_volunteer(  # type: ignore[misc]
                volunteer=who, by=TESTS, version=who.version, facts={"hopes": said}
            )
            for said in ("Company", "To learn")
        )
    )
    assert [type(one) for one in refusals(came)] == [ChangedMeanwhile]
    who.refresh_from_db()
    assert who.hopes in ("Company", "To learn")


def test_two_who_suggest_the_same_write_it_once() -> None:
    who = volunteer(state="redirected")
    role = OpportunityFactory()
    at_once(
        *(
            lambda: suggest_more(
                volunteer=who, suggestions=[Suggestion(opportunity=role)], by=TESTS
            )
            for _twice in range(2)
        )
    )
    assert Redirection.objects.filter(opportunity=role).count() == 1


def test_a_policy_agreed_to_twice_and_a_break_begun_twice() -> None:
    load_starter(by=TESTS)
    who, policy = volunteer(), PolicyVersion.objects.in_force(timezone.localdate())[0]
    agree = lambda: agree_policy(volunteer=who, policy=policy, how="online", by=TESTS)  # noqa: E731
    pause = lambda: move_volunteer(volunteer=who, to="paused", by=TESTS)  # noqa: E731
    assert refusals(at_once(agree, agree, pause, pause)) == []
    assert Agreement.objects.count() == 1
    assert who.changes.filter(to_state="paused").count() == 1
