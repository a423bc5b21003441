"""Whoever was helped thanks the volunteer: on their own page, by their link, or through the desk."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, help_request, offer, volunteer
from tests.volunteers.test_races import at_once, refusals
from volunteers.actions.offers import accept
from volunteers.actions.thanks import LONGEST, thank_for_help
from volunteers.giving.thanking import follow_thanks
from volunteers.helping.request_links import token_of_request
from volunteers.models import HelpRequest, Thanks
from volunteers.privacy import empty_help
from volunteers.refusals import NotPossible
from volunteers.states import Party

pytestmark = pytest.mark.django_db
WORDS = "The bulb shines, and so did you."


@pytest.fixture
def neighbour() -> Any:
    return UserFactory()


@pytest.fixture
def who(cast: Cast) -> Any:
    found = volunteer(organisation=access_point(cast.organisation_id), user=UserFactory())
    found.person.email, found.person.contact_by = "helper@example.org", "email"
    found.person.save()
    return found


@pytest.fixture
def helped(cast: Cast, who: Any, neighbour: Any) -> HelpRequest:
    ours = access_point(cast.organisation_id)
    person = PersonFactory(
        organisation=ours, user=neighbour, given_name="Ottilie", family_name="Brackenbury",
        address_1="7 Example Terrace", postcode="DL3 7XX", phone="01632 960 321",
    )  # fmt: skip
    return help_request(state="done", organisation=ours, person=person, who=who, taken_at=ours)


def link(row: HelpRequest) -> str:
    return reverse("volunteers:asked_link", args=[token_of_request(row.pk)])


def typed(**more: Any) -> dict[str, Any]:
    return {"do": "thank", "thanks-words": WORDS, "thanks-key": str(uuid.uuid4()), **more}


def test_from_their_own_page_the_words_reach_the_volunteer(
    helped: HelpRequest, who: Any, neighbour: Any, client_as: Any
) -> None:
    client = client_as(neighbour)
    address = reverse("volunteers:my_help_one", args=[helped.pk])
    assert f"{address}#thank" in client.get(reverse("volunteers:my_help")).content.decode()
    data = typed()
    for _press in range(2):
        page = client.post(address, data, follow=True).content.decode()
        assert "We send your words to the volunteer" in page
        assert WORDS in page
    said = Thanks.objects.get()
    assert (said.volunteer, said.signed, said.way) == (who, "Somebody whom you helped", "email")
    message = Message.objects.get(about=who.person_id, subject="Thank you")
    assert WORDS in message.body
    assert message.to_address == "helper@example.org"
    # Nothing says who they are, where they live, or what it was about.
    for hidden in ("Ottilie", "Brackenbury", "Example Terrace", "960 321", helped.reference):
        assert hidden not in message.subject + message.body
    own = client_as(who.person.user).get(reverse("volunteers:my_hours")).content.decode()
    assert WORDS in own


def test_by_their_link_and_signed_as_they_are_called(helped: HelpRequest, who: Any) -> None:
    client = Client()
    assert "Sign it “Ottilie”" in client.get(link(helped)).content.decode()
    client.post(link(helped), typed(**{"thanks-named": "on"}))
    assert Thanks.objects.get().signed == "Ottilie"
    assert "Brackenbury" not in Message.objects.get(about=who.person_id, subject="Thank you").body
    # In the trail of who thanked: a copy of the volunteer's does not say that they thanked themself.
    event = Event.objects.get(type="thanks:given_for_help")
    assert event.subject == helped.person_id


def test_nothing_is_lost_and_too_long_is_said(helped: HelpRequest) -> None:
    client = Client()
    empty = client.post(link(helped), typed(**{"thanks-words": "  "}))
    assert empty.status_code == 422
    assert "Write a word of thanks" in empty.content.decode()
    long = client.post(link(helped), typed(**{"thanks-words": "joy " * 300}))
    assert f"Use {LONGEST} characters or fewer" in long.content.decode()
    assert "joy joy joy" in long.content.decode()
    assert not Thanks.objects.exists()


def test_only_who_was_helped_and_only_by_who_helped(
    helped: HelpRequest, who: Any, neighbour: Any, client_as: Any
) -> None:
    address = reverse("volunteers:my_help_one", args=[helped.pk])
    assert client_as(UserFactory()).post(address, typed()).status_code == 404
    with pytest.raises(PermissionDenied):
        thank_for_help(offer=helped.offers.get(), words=WORDS, by=UserFactory())
    # Said yes by one side alone: neither knows the other yet.
    row = help_request(organisation=who.organisation, person=helped.person)
    asked = accept(offer=offer(row, volunteer()), by=TESTS, side=Party.VOLUNTEER)
    page = client_as(neighbour).get(reverse("volunteers:my_help_one", args=[row.pk]))
    assert "Thank the volunteer" not in page.content.decode()
    for one in (asked, helped.offers.get()):
        one.help_request = row
        with pytest.raises(NotPossible):
            thank_for_help(offer=one, words=WORDS, by=neighbour)
    assert not Thanks.objects.exists()


def test_once_a_day_and_again_tomorrow(helped: HelpRequest) -> None:
    done = helped.offers.get()
    thank_for_help(offer=done, words=WORDS, by=TESTS)
    with pytest.raises(NotPossible, match="again tomorrow"):
        thank_for_help(offer=done, words="And again", by=TESTS)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        thank_for_help(offer=done, words="And again", by=TESTS)
    assert Thanks.objects.count() == 2


def test_the_desk_that_took_it_passes_on_what_was_said_on_the_telephone(
    helped: HelpRequest, who: Any, cast: Cast, client_as: Any
) -> None:
    Person.objects.filter(pk=who.person_id).update(
        contact_by="phone", email="", phone="01632 960 778"
    )
    client = client_as(cast.access_point_staff)
    address = reverse("volunteers:help_taken_one", args=[helped.pk])
    assert "Pass on their thanks" in client.get(address).content.decode()
    assert client.post(address, typed(**{"thanks-words": ""})).status_code == 422
    data = typed()
    for _press in range(2):
        page = client.post(address, data, follow=True).content.decode()
    assert "for somebody to tell them" in page
    said = Thanks.objects.get()
    assert (said.way, said.by) == ("by-hand", cast.access_point_staff)
    # Somebody is owed: it stands on the list of those who must be told.
    desk = client_as(cast.volunteer_manager).get(reverse("volunteers:thanks_desk"))
    assert WORDS in desk.content.decode()


def test_staff_who_are_refused_lose_nothing_of_what_they_typed(
    helped: HelpRequest, cast: Cast, client_as: Any
) -> None:
    thank_for_help(offer=helped.offers.get(), words=WORDS, by=TESTS)
    again = "And she says that the hinge holds."
    for user, name in (
        (cast.access_point_staff, "volunteers:help_taken_one"),
        (cast.volunteer_manager, "volunteers:help_thanks"),
    ):
        address = reverse(name, args=[helped.pk])
        page = client_as(user).post(address, typed(**{"thanks-words": again}))
        assert page.status_code == 409
        assert "write again tomorrow" in page.content.decode()
        assert again in page.content.decode()
    # A page from before: there is nobody to thank, and that is said.
    row = help_request(organisation=helped.organisation, taken_at=helped.organisation)
    address = reverse("volunteers:help_taken_one", args=[row.pk])
    page = client_as(cast.access_point_staff).post(address, typed(), follow=True)
    assert "This is over" in page.content.decode()


def test_whoever_coordinates_passes_it_on_and_a_stranger_finds_nothing(
    helped: HelpRequest, cast: Cast, client_as: Any
) -> None:
    address = reverse("volunteers:help_thanks", args=[helped.pk])
    stranger = client_as(cast.stranger("volunteer_manager"))
    assert stranger.post(address, typed()).status_code == 404
    client = client_as(cast.volunteer_manager)
    wrong = client.post(address, typed(**{"thanks-words": ""}))
    assert wrong.status_code == 422
    assert "Write a word of thanks" in wrong.content.decode()
    page = client.post(address, typed(), follow=True).content.decode()
    assert "The thanks are on their way" in page
    assert Thanks.objects.get().by == cast.volunteer_manager


def test_who_is_forgotten_leaves_no_words(helped: HelpRequest) -> None:
    thank_for_help(offer=helped.offers.get(), words=WORDS, named=True, by=TESTS)
    empty_help(HelpRequest.objects.all())
    said = Thanks.objects.get()
    assert (said.words, said.signed) == ("", "")


def test_who_is_forgotten_leaves_no_words_in_the_message_either(
    helped: HelpRequest, who: Any, cast: Cast, client_as: Any
) -> None:
    """Not in the outbox, and no letter or errand without words follows what had not arrived."""
    thank_for_help(offer=helped.offers.get(), words=WORDS, named=True, by=TESTS)
    message = Message.objects.get(about=who.person_id, subject="Thank you")
    Message.objects.filter(pk=message.pk).update(state=Message.State.BOUNCED)
    empty_help(HelpRequest.objects.all())
    message.refresh_from_db()
    assert (message.body, message.to_address) == ("", "")
    follow_thanks()
    assert not Message.objects.exclude(pk=message.pk).filter(key__startswith="thanks:").exists()
    desk = client_as(cast.volunteer_manager).get(reverse("volunteers:thanks_desk"))
    assert "They were told" not in desk.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_and_two_helpers_of_the_desk_at_once() -> None:
    done = help_request(state="done").offers.get()
    key = uuid.uuid4()
    once = lambda: thank_for_help(offer=done, words=WORDS, key=key, by=TESTS)  # noqa: E731
    first, second = at_once(once, once)
    assert first == second
    other = help_request(state="done").offers.get()
    came = at_once(
        *(lambda w=w: thank_for_help(offer=other, words=w, by=TESTS) for w in ("Thanks", "Ta"))  # type: ignore[misc]
    )
    assert len(refusals(came)) == 1
    assert other.thanks.count() == 1
