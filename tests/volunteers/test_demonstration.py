"""The volunteers of the demonstration: every state is there, and a second load writes nothing."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from directory.actions.demonstration import NotADemonstration
from tests.directory.importing import kept_for_all
from volunteers.access import released_contact
from volunteers.demonstration import load_volunteers
from volunteers.models import Check, HelpRequest, Offer, Opportunity, Visit, Volunteer
from volunteers.states import HelpState, OfferState, OpportunityState, Party, VolunteerState

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


def test_refused_where_the_portal_is_not_a_demonstration(settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_volunteers(by=SystemJob("tests"))
    assert not Volunteer.objects.exists()


def test_there_is_something_in_every_state(loaded) -> None:
    assert set(Volunteer.objects.values_list("state", flat=True)) == set(VolunteerState.values)
    assert set(HelpRequest.objects.values_list("state", flat=True)) == set(HelpState.values)
    assert set(Opportunity.objects.values_list("state", flat=True)) == set(OpportunityState.values)
    assert set(Offer.objects.values_list("state", flat=True)) == set(OfferState.values)
    missed = Visit.objects.get(outcome=Visit.Outcome.VOLUNTEER_MISSED)
    assert missed.offer.state == OfferState.NO_SHOW
    assert missed.offer.help_request.state == HelpState.TRIAGED, "somebody else is looked for"
    assert Volunteer.objects.count() == 25
    assert Volunteer.objects.values("organisation").distinct().count() >= 5
    assert not Volunteer.objects.without_next_step().exists()


def test_checks_are_in_date_soon_due_and_over(loaded) -> None:
    today = timezone.localdate()
    decided = Check.objects.exclude(next_due_on=None)
    assert decided.filter(next_due_on__gt=today + timedelta(days=60)).exists()
    assert Check.objects.all().running_out(today).exists()
    assert decided.filter(next_due_on__lt=today).exists()


def test_the_one_with_an_account_is_asked_and_will_visit(loaded) -> None:
    user = User.objects.get(email="volunteer@support.example")
    mine = Offer.objects.own(user)
    assert {OfferState.OFFERED, OfferState.ACCEPTED, OfferState.DONE} <= set(
        mine.values_list("state", flat=True)
    )
    assert Visit.objects.filter(offer__in=mine, starts_at__gt=timezone.now()).exists()
    assert released_contact(mine.get(state=OfferState.OFFERED), Party.VOLUNTEER) is None


def test_a_second_load_writes_nothing(loaded) -> None:
    events = Event.objects.count()
    assert load_volunteers(by=SystemJob("tests")) == 0
    assert (Volunteer.objects.count(), Event.objects.count()) == (25, events)
