"""The demonstration's desk: something of everything, and nothing that could be mistaken for real."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from dcsn.accounts.models import User
from directory.actions.demonstration import NotADemonstration
from members.finding import Typed, find_people
from members.models import Consent, Person, PossibleDuplicate, SharingAgreement
from referrals.clocks import OVERDUE_AFTER, due_on
from referrals.demonstration import load_casework
from referrals.models import Enquiry, FollowUp, Referral, Reminder, StateChange
from referrals.states import FINAL, Loop, State
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


def test_nobody_is_invented_among_real_people(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_casework()
    assert not Person.objects.exists()


def test_there_is_a_referral_in_every_state(loaded):
    assert set(Referral.objects.values_list("state", flat=True)) == set(State.values)


def test_a_second_load_writes_nothing(loaded):
    models = (Person, Consent, Enquiry, Referral, StateChange, Reminder, FollowUp, SharingAgreement)
    before = [model.objects.count() for model in models]
    call_command("load_demonstration", "--refresh", stdout=StringIO())
    assert [model.objects.count() for model in models] == before


def test_the_hub_has_something_late_something_to_ask_and_something_that_did_not_help(loaded):
    hub = Referral.objects.filter(requester__name="Darlington Association on Disability")
    today = timezone.localdate()
    assert any(due_on(one.requested_at, OVERDUE_AFTER) < today for one in hub.unanswered())
    assert hub.filter(follow_ups__state="waiting", follow_ups__next_try_on__lte=today).exists()
    assert hub.filter(unhelped_since__isnull=False, unhelped_settled_at=None).exists()
    assert hub.filter(loop=Loop.GOT_HELP, closed_at__isnull=False).exists()
    assert Enquiry.objects.filter(person=None, state="answered", unmet=True).exists()


def test_what_was_sent_went_with_consent_and_agrees_with_its_history(loaded):
    for row in Referral.objects.prefetch_related("changes").select_related("consent"):
        steps = list(row.changes.all())
        assert steps[-1].to_state == row.state
        assert (row.ended_at is not None) == (row.state in FINAL)
        if row.state != State.DRAFT:
            assert row.consent.person_id == row.person_id
            assert row.requested_at <= timezone.now()
            assert SharingAgreement.objects.in_force(
                row.owner, timezone.localdate(row.requested_at)
            ), f"{row.owner} on {row.requested_at}"


def test_the_people_pass_the_models_own_checks_and_have_nobodys_phone_number(loaded):
    for person in Person.objects.all():
        person.full_clean(exclude=["sort_key"])
        assert person.phone.startswith("01632 960 ")
    for enquiry in Enquiry.objects.all():
        enquiry.full_clean()


def test_somebody_is_there_twice_and_somebody_is_known_at_both_hubs(loaded):
    lead = User.objects.get(email="lead@dad.example")
    pair = PossibleDuplicate.objects.open().mergeable_by(lead).get()
    assert {pair.first.name, pair.second.name} == {"Margaret Larkmere", "Peggy Larkmeer"}
    found = find_people(lead, Typed.from_text("ken fallowden 21 1 1947"))
    assert [match.person.name for match in found.own] == ["Kenneth Fallowden"]
    assert [masked.initials for masked in found.elsewhere] == ["K. F."]
