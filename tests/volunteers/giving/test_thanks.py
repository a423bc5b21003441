"""Thanks that reach the volunteer, certificates and references, and what hours are worth."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pdfplumber
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.actions import send_message
from dcsn.messages.models import Channel, Message
from dcsn.network import network
from members.models import ContactBy, Person
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    given_hours,
    given_reference,
    given_thanks,
    volunteer,
)
from tests.volunteers.test_races import at_once
from volunteers.actions.references import give_reference
from volunteers.actions.thanks import thank, thank_for_help
from volunteers.giving.links import token_of
from volunteers.giving.rates import load_rates
from volunteers.giving.thanking import follow_thanks
from volunteers.giving.value import value_of, without_small
from volunteers.models import Hours, Reference, Thanks, Volunteer
from volunteers.models.rate import value_pence
from volunteers.refusals import SameSide

pytestmark = pytest.mark.django_db
WORDS = "You made the garden a joy."


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return " ".join(" ".join(p.extract_text() for p in opened.pages).split())


def reached_by(who: Volunteer, **facts: Any) -> None:
    Person.objects.filter(pk=who.person_id).update(**{"email": "", "contact_by": "", **facts})
    who.refresh_from_db()


# --- Thanks -------------------------------------------------------------------------------------------


def test_thanks_go_by_e_mail_once_and_their_arrival_is_seen(
    cast: Cast, who: Volunteer, client_as: Any, mailoutbox: list[Any]
) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:thank", args=[who.pk])
    assert "Write a word of thanks" in client.post(address, {"key": uuid.uuid4()}).content.decode()
    typed = {"words": WORDS, "signed": "Ivy at the desk", "key": str(uuid.uuid4())}
    for _press in range(2):
        client.post(address, typed)
    # Back to the page that was sent, and other words on it: they are not taken for sent.
    again = client.post(address, {**typed, "words": "And the hedge."})
    assert again.status_code == 422
    assert "And the hedge." in again.content.decode()
    thanks = Thanks.objects.get()
    message = Message.objects.get(pk=thanks.message)
    assert (thanks.way, message.to_address) == ("email", "robin@example.org")
    send_message(message.pk)
    assert len(mailoutbox) == 1
    assert WORDS in mailoutbox[0].body
    assert "Ivy at the desk" in mailoutbox[0].body
    desk = reverse("volunteers:thanks_desk")
    assert WORDS in client.get(desk + "?show=on-the-way").content.decode()
    assert (follow_thanks(), follow_thanks()) == (1, 0)
    assert WORDS in client.get(desk + "?show=reached").content.decode()
    assert WORDS in client_as(cast.nobody).get(reverse("volunteers:my_hours")).content.decode()


@pytest.mark.parametrize("state", ["failed", "bounced"])
def test_what_does_not_arrive_becomes_a_letter(who: Volunteer, state: str, cast: Cast) -> None:
    Person.objects.filter(pk=who.person_id).update(
        address_1="1 Example Terrace", postcode="DL3 7XX"
    )
    thanks = _thank(who, cast)
    first = thanks.message
    Message.objects.filter(pk=first).update(state=state)
    assert (follow_thanks(), follow_thanks()) == (1, 0)
    thanks.refresh_from_db()
    letter = Message.objects.get(pk=thanks.message)
    assert (thanks.way, letter.channel, thanks.reached_at) == ("letter", Channel.LETTER, None)
    assert WORDS in letter.body
    # A letter that cannot be posted is told by somebody.
    Message.objects.filter(pk=letter.pk).update(state="failed")
    follow_thanks()
    thanks.refresh_from_db()
    assert (thanks.way, thanks.message) == ("by-hand", None)


def test_what_came_back_later_had_not_arrived(who: Volunteer, cast: Cast) -> None:
    thanks = _thank(who, cast)
    Message.objects.filter(pk=thanks.message).update(state="sent", sent_at=timezone.now())
    follow_thanks()
    Message.objects.filter(pk=thanks.message).update(state="bounced")
    follow_thanks()
    thanks.refresh_from_db()
    assert (thanks.way, thanks.reached_at) == ("by-hand", None)


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        ({"contact_by": ContactBy.PHONE, "phone": "01632 960 321"}, "by-hand"),
        ({"contact_by": ContactBy.NOT_AT_ALL}, "by-hand"),
        (
            {"contact_by": ContactBy.POST, "address_1": "1 Example Row", "postcode": "DL3 7XX"},
            "letter",
        ),
    ],
)
def test_by_the_way_that_they_chose(
    who: Volunteer, cast: Cast, facts: dict[str, str], way: str
) -> None:
    reached_by(who, **facts)
    assert _thank(who, cast).way == way


def test_who_gets_no_messages_is_told_and_a_stranger_notes_nothing(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    thanks, theirs = given_thanks(who), given_thanks(volunteer())
    client = client_as(cast.volunteer_manager)
    assert client.post(reverse("volunteers:thanks_told", args=[theirs.pk])).status_code == 404
    for _press in range(2):
        client.post(reverse("volunteers:thanks_told", args=[thanks.pk]))
    thanks.refresh_from_db()
    theirs.refresh_from_db()
    assert thanks.reached_at is not None
    assert theirs.reached_at is None


def _thank(who: Volunteer, cast: Cast) -> Thanks:
    return thank(
        volunteer=who, organisation=who.organisation, words=WORDS, by=cast.volunteer_manager
    )


# --- Certificates and references ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [14, 18, 24])
def test_a_certificate_counts_what_both_agreed_on(
    cast: Cast, who: Volunteer, client_as: Any, size: int
) -> None:
    address = reverse("volunteers:my_certificate") + f"?size={size}"
    client = client_as(cast.nobody)
    given_hours(who, minutes=600)
    assert client.get(address).status_code == 404
    given_hours(who, minutes=90, state="confirmed", day=date(2026, 3, 2))
    given_hours(who, minutes=60, state="settled", day=date(2026, 5, 4))
    text = words_of(client.get(address).content)
    assert "2 hours 30 minutes" in text
    assert "from 2 March 2026 to 4 May 2026" in text
    assert who.person.name in text
    assert who.organisation.name in text


def test_the_desk_certifies_its_own_hours_alone(cast: Cast, who: Volunteer, client_as: Any) -> None:
    given_hours(who, state="confirmed")
    given_hours(who, minutes=600, state="confirmed", organisation=OrganisationFactory())
    address = reverse("volunteers:certificate", args=[who.pk])
    assert "1 hour 30 minutes" in words_of(client_as(cast.volunteer_manager).get(address).content)
    assert "11 hours 30 minutes" in words_of(
        client_as(cast.volunteer_coordinator).get(address).content
    )


def test_a_reference_is_signed_version_by_version_and_stays(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    given_hours(who, state="confirmed")
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:reference_new", args=[who.pk])
    typed = {
        "role": "Gardener", "from_on_day": "5", "from_on_month": "1", "from_on_year": "2026",
        "text": "Always there on Fridays.", "signed": "A. Example, manager",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    answer = client.post(address, {**typed, "signed": "", "text": "Kept words"})
    assert answer.status_code == 422
    assert "Say who signs" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    for _press in range(2):
        client.post(address, typed)
    first = Reference.objects.get()
    given_hours(who, minutes=30, state="confirmed")
    client.post(address, {**typed, "key": str(uuid.uuid4())})
    assert [(one.number, one.minutes) for one in Reference.objects.order_by("number")] == [
        (1, 90),
        (2, 120),
    ]
    own = client_as(cast.nobody).get(reverse("volunteers:my_reference", args=[first.pk]))
    text = words_of(own.content)
    assert "1 hour 30 minutes" in text
    assert "Always there on Fridays" in text
    assert "version 1" in text


def test_nobody_prints_another_s_or_signs_their_own(
    cast: Cast, ours: Any, who: Volunteer, client_as: Any
) -> None:
    theirs = given_reference(volunteer())
    own = reverse("volunteers:my_reference", args=[theirs.pk])
    assert client_as(cast.nobody).get(own).status_code == 404
    by_link = reverse("volunteers:link_reference", args=[token_of(who.pk), theirs.pk])
    assert Client().get(by_link).status_code == 404
    desk = reverse("volunteers:reference", args=[theirs.pk])
    assert client_as(cast.volunteer_manager).get(desk).status_code == 404
    me = volunteer(organisation=ours, user=cast.volunteer_manager)
    with pytest.raises(SameSide):
        give_reference(
            volunteer=me, organisation=ours, role="x", from_on=date(2026, 1, 1), signed="me",
            by=cast.volunteer_manager,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_get_two_numbers() -> None:
    who = volunteer()
    both = [UserFactory(role="volunteer_coordinator", second_factor=True) for _n in range(2)]
    came = at_once(
        *(
            lambda u=u: give_reference(
                volunteer=who, organisation=who.organisation, role="Gardener",
                from_on=date(2026, 1, 5), signed="A. Example", by=u,
            )
            for u in both
        )  # type: ignore[misc]
    )  # fmt: skip
    assert sorted(one.number for one in came) == [1, 2]


# --- What it is worth ---------------------------------------------------------------------------------


def test_half_a_penny_goes_up() -> None:
    assert value_pence(60, 1221) == 1221
    assert value_pence(30, 1221) == 611  # 610.5
    assert value_pence(1, 1221) == 20  # 20.35
    assert value_pence(0, 1221) == 0


def test_each_day_counts_at_its_rate(who: Volunteer) -> None:
    load_rates(by=TESTS)
    for day, minutes in (
        (date(2025, 3, 31), 60),
        (date(2025, 4, 1), 60),
        (date(2026, 3, 31), 30),
        (date(2026, 4, 1), 60),
        (date(2026, 7, 1), 0),
    ):
        given_hours(who, day=day, minutes=minutes or 1, state="confirmed" if minutes else "logged")
    value = value_of(
        Hours.objects.all(), begins=date(2025, 1, 1), ends=date(2026, 12, 31), name_of_total="All"
    )
    # 90 minutes at £12.21 are £18.315, and an hour at £12.71.
    assert (value.total.minutes, value.total.pence) == (210, 1832 + 1271)
    assert (value.unpriced_minutes, value.total.volunteers) == (60, 1)


def test_small_numbers_of_the_network_are_not_shown_nor_what_gives_them_away() -> None:
    load_rates(by=TESTS)
    places = [OrganisationFactory(name=name) for name in ("Alder", "Birch", "Cedar")]
    for place, people in zip(places, (6, 5, 2), strict=True):
        for _number in range(people):
            given_hours(volunteer(organisation=place), state="confirmed")
    year = {"begins": date(2026, 1, 1), "ends": timezone.localdate() + timedelta(days=1)}
    exact = value_of(Hours.objects.all(), **year, name_of_total="All")
    shown = without_small(exact)
    # Cedar alone could be worked out from the total: Birch goes too.
    assert [line.is_hidden for line in shown.lines] == [False, True, True]
    assert shown.total.volunteers == 13
    few = value_of(Hours.objects.filter(organisation=places[2]), **year, name_of_total="All")
    assert without_small(few).total.is_hidden
    assert not few.total.is_hidden


def test_the_page_and_its_file_say_the_same(cast: Cast, who: Volunteer, client_as: Any) -> None:
    load_rates(by=TESTS)
    given_hours(who, state="confirmed", day=date(2026, 5, 1))
    days = "?begins_day=1&begins_month=5&begins_year=2026&ends_day=2&ends_month=5&ends_year=2026"
    page, file = reverse("volunteers:hours_value"), reverse("volunteers:hours_value_csv")
    manager = client_as(cast.volunteer_manager)
    assert "£19.07" in manager.get(page + days).content.decode()
    assert f"{who.organisation.name},1,90,1907" in manager.get(file + days).content.decode()
    centre = client_as(cast.volunteer_coordinator)
    assert "£19.07" not in centre.get(page + days).content.decode()
    assert "1907" not in centre.get(file + days).content.decode()
    # The page's own flag must not hide what every page says of the network.
    assert (
        "What fewer than five people gave is not shown" in centre.get(page + days).content.decode()
    )
    assert centre.get(page + days).context["network"].name == network().name
    wrong = manager.get(page + "?begins_day=40&begins_month=5&begins_year=2026")
    assert wrong.status_code == 422


def test_twice_the_rows_take_as_many_queries(cast: Cast, who: Volunteer, client_as: Any) -> None:
    client = client_as(cast.volunteer_manager)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    def more() -> None:
        for _number in range(3):
            other = volunteer(organisation=who.organisation)
            with transaction.atomic():
                _thank(other, cast)
            given_thanks(other)
            given_reference(who, number=Reference.objects.count() + 1)
            given_hours(other, state="confirmed")

    pages = [
        reverse("volunteers:thanks_desk"),
        reverse("volunteers:thanks_desk") + "?show=on-the-way",
        reverse("volunteers:hours_value"),
        reverse("volunteers:given", args=[who.pk]),
    ]
    more()
    [queries(page) for page in pages]
    few = [queries(page) for page in pages]
    more()
    assert [queries(page) for page in pages] == few


def test_a_person_without_an_account_is_thanked_by_whom_they_helped(who: Volunteer) -> None:
    """The person's own thanks go the same way."""
    from tests.factories.volunteering import help_request

    neighbour = UserFactory()
    person = PersonFactory(organisation=who.organisation, user=neighbour)
    row = help_request(state="done", organisation=who.organisation, who=who, person=person)
    done = row.offers.get(state="done")
    said = thank_for_help(offer=done, words=WORDS, by=neighbour)
    assert said.way == "email"
