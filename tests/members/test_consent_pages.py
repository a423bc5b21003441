"""Writing down what somebody agreed to, at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.actions.people import record_consent
from members.models import Consent, ConsentNote
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def person(desk):
    return PersonFactory(organisation=desk)


@pytest.fixture
def receiver(db):
    return OrganisationFactory(name="Bathing at Home")


@pytest.fixture
def staff(cast, client_as):
    return client_as(cast.access_point_staff)


def address(person, name="person_consent"):
    return reverse(f"members:{name}", args=[person.id])


def days(name, day):
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


@pytest.fixture
def filled_in(receiver):
    return {
        "purpose": "share",
        "organisation": str(receiver.id),
        "categories": ["name", "contact", "needs"],
        "how": "spoken",
        "given_by": "themselves",
        "read_out": "on",
    }


def test_a_yes_for_one_receiver_and_what_was_named_is_written_down(
    staff, person, receiver, filled_in
):
    form = staff.get(address(person)).text
    assert "You may tell [the organisation] the following about me" in form
    page = staff.post(address(person), filled_in, follow=True)
    assert "It is recorded." in page.text
    allows = Consent.objects.allows
    assert allows(person, "share", receiver, category="needs")
    assert not allows(person, "share", receiver, category="address")
    assert not allows(person, "share", person.organisation)
    assert (
        "“You may tell Bathing at Home the following about me: my name; my phone number and "
        "e-mail address; what I need help with." in page.text
    )


def test_it_ends_after_the_day_that_was_named(staff, person, receiver, filled_in):
    staff.post(address(person), filled_in | days("until", TODAY + timedelta(days=10)))
    until = timezone.localtime(Consent.objects.get().until)
    assert until.date() == TODAY + timedelta(days=11)
    assert (until.hour, until.minute) == (0, 0)


def test_one_for_the_access_point_itself_names_no_receiver(staff, person, receiver, filled_in):
    staff.post(address(person), filled_in | {"purpose": "contact"})
    assert Consent.objects.get().organisation == person.organisation


def test_an_attorney_says_it_and_the_note_is_erasable(staff, person, filled_in):
    page = staff.post(
        address(person),
        filled_in | {"given_by": "attorney", "who": "Marjorie Sample, daughter",
                     "capacity": "Cannot keep in mind\r\nwhat sharing means."},
        follow=True,
    )  # fmt: skip
    note = ConsentNote.objects.get()
    assert note.capacity == "Cannot keep in mind\nwhat sharing means."
    assert "Their attorney (lasting power of attorney)" in page.text
    assert "Marjorie Sample, daughter" in page.text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"purpose": ""}, "purpose", "Choose what they agree to"),
        ({"organisation": ""}, "organisation", "Choose the organisation that may be told"),
        ({"categories": []}, "categories", "Tick what they agree to"),
        ({"how": ""}, "how", "Choose how they said it"),
        ({"read_out": ""}, "read_out", "Read the words out first"),
        (days("said_on", TODAY + timedelta(days=1)), "said_on", "in the future"),
        (days("said_on", TODAY - timedelta(days=500)), "said_on", "more than a year ago"),
        (days("until", TODAY - timedelta(days=1)), "until", "over already"),
        ({"given_by": "deputy"}, "who", "Say who agreed for them"),
        ({"given_by": "carer", "who": "A"}, "best_interests", "A carer cannot agree for an adult"),
        ({"given_by": "themselves", "capacity": "x" * 10_000}, "capacity", "this has 10000"),
    ],
)
def test_what_cannot_be_is_said_by_the_field_and_nothing_is_written(
    staff, person, filled_in, changes, field, words
):
    answer = staff.post(address(person), filled_in | changes)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "There is a problem" in answer.text
    assert not Consent.objects.exists()


def test_a_parent_of_an_adult_is_told(staff, desk, filled_in):
    adult = PersonFactory(organisation=desk, age_band="35_49")
    sent = filled_in | {"given_by": "parent", "who": "A"}
    answer = staff.post(address(adult), sent)
    assert "They are an adult" in " ".join(answer.context["form"].errors["given_by"])


def test_it_is_withdrawn_for_that_receiver_only(staff, person, receiver, filled_in, cast):
    staff.post(address(person), filled_in)
    record_consent(person=person, organisation=person.organisation, purpose="share",
                   categories=["name"], how="spoken", by=cast.hub_lead)  # fmt: skip
    withdraw = address(person, "person_withdraw")
    page = staff.post(withdraw, {"purpose": "share", "organisation": receiver.id}, follow=True)
    assert "no longer agree" in page.text
    assert not Consent.objects.allows(person, "share", receiver)
    assert Consent.objects.allows(person, "share", person.organisation)


def test_an_organisation_that_they_never_agreed_to_is_not_named(staff, person, receiver):
    for organisation in (receiver.id, "nonsense"):
        answer = staff.post(
            address(person, "person_withdraw"), {"purpose": "share", "organisation": organisation}
        )
        assert answer.status_code == 302
    assert not Consent.objects.exists()


def test_a_stranger_writes_nothing(cast, client_as, person, filled_in):
    client = client_as(cast.stranger("access_point_staff"))
    assert client.post(address(person), filled_in).status_code == 404
    assert not Consent.objects.exists()
