"""The volunteer's own page, and what was suggested: by link and signed in; never somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.messages.models import Message
from dcsn.messages.sealed import opened
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    InterestFactory,
    OpportunityFactory,
    passed_check,
    volunteer,
)
from volunteers.actions.applications import apply
from volunteers.actions.known import change_volunteer, joined
from volunteers.actions.standing import share_volunteer
from volunteers.actions.volunteers import Suggestion, redirect
from volunteers.becoming.clock import leave_nobody_waiting
from volunteers.becoming.forms.known import KnownForm
from volunteers.becoming.links import redirected_by, token_of
from volunteers.models import (
    Agreement,
    Application,
    Availability,
    NextStep,
    PolicyVersion,
    Redirection,
    Volunteer,
)
from volunteers.refusals import ChangedMeanwhile

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
MINE = "volunteers:my_volunteering"


@pytest.fixture
def helper() -> User:
    return UserFactory(email="helper@example.org")


def answers(form: KnownForm, **changes: Any) -> dict[str, Any]:
    """What the page would send back, with some of it changed."""
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def redirected(*suggestions: Suggestion, **facts: Any) -> Volunteer:
    who = volunteer(state="applied", **facts)
    person = who.person
    person.email, person.contact_by = "nia@example.org", "email"
    person.save()
    who = Volunteer.objects.get(pk=who.pk)
    return redirect(volunteer=who, suggestions=suggestions, by=TESTS)


def link_of(who: Volunteer) -> str:
    change = redirected_by(who)
    assert change is not None
    return reverse("volunteers:suggested", args=[token_of(change.pk)])


# --- My page ------------------------------------------------------------------------------------------


def test_my_page_says_how_it_stands_and_nothing_of_anybody_else(
    client_as: ClientAs, helper: User
) -> None:
    mine = volunteer(state="checking", user=helper, hopes="To meet people")
    other = volunteer(state="checking")
    passed_check(mine, certificate_number="001234567890")
    passed_check(other)
    role = OpportunityFactory(name="Tea and company")
    apply(person=mine.person, opportunity=role, by=TESTS)
    text = client_as(helper).get(reverse(MINE)).content.decode()
    step = NextStep.objects.open().get(volunteer=mine)
    assert mine.reference in text
    assert "We are doing the checks with you" in text
    assert f"{step.due_on:%A}" in text
    assert "Tea and company" in text
    assert other.reference not in text
    assert other.person.name not in text
    # Neither the number nor what was decided stands here.
    assert "001234567890" not in text
    assert "Suitable" not in text


def test_whoever_is_no_volunteer_is_shown_how_to_become_one(client_as: ClientAs) -> None:
    volunteer(state="applied")
    client = client_as(UserFactory())
    assert "You are not a volunteer yet" in client.get(reverse(MINE)).content.decode()
    for name in ("my_known", "my_policies", "my_leaving", "my_suggested"):
        assert client.get(reverse(f"volunteers:{name}")).status_code == 302
    for name in ("my_move", "my_unshare", "my_take_back"):
        client.post(reverse(f"volunteers:{name}"), {"to": "left"})
    assert Volunteer.objects.get().state == "applied"


def test_a_break_and_back_and_gone_without_a_reason(client_as: ClientAs, helper: User) -> None:
    who = volunteer(user=helper)
    client = client_as(helper)
    leaving, move = reverse("volunteers:my_leaving"), reverse("volunteers:my_move")
    yesterday = timezone.localdate() - timedelta(days=1)
    bad = {f"paused_until_{part}": getattr(yesterday, part) for part in ("day", "month", "year")}
    assert client.post(leaving, bad).status_code == 422
    client.post(leaving, {})
    who.refresh_from_db()
    assert (who.state, who.state_reason) == ("paused", "")
    for _twice in range(2):
        client.post(move, {"to": "active"})
    who.refresh_from_db()
    assert who.state == "active"
    for _twice in range(2):
        client.post(move, {"to": "left"})
    who.refresh_from_db()
    assert who.state == "left"
    assert [change.to_state for change in who.changes.all()][-3:] == ["paused", "active", "left"]
    # Nobody declares themself checked.
    client.post(move, {"to": "cleared"})
    who.refresh_from_db()
    assert who.state == "left"


def test_only_ones_own_application_is_taken_back(client_as: ClientAs, helper: User) -> None:
    mine, other = volunteer(state="applied", user=helper), volunteer(state="applied")
    role = OpportunityFactory()
    own = apply(person=mine.person, opportunity=role, by=TESTS)
    theirs = apply(person=other.person, opportunity=role, by=TESTS)
    client = client_as(helper)
    for one in (theirs.pk, own.pk, "nonsense"):
        client.post(reverse("volunteers:my_take_back"), {"application": str(one)})
    outcomes = dict(Application.objects.values_list("pk", "outcome"))
    assert outcomes == {own.pk: "withdrawn", theirs.pk: "waiting"}


def test_being_shared_is_taken_back(client_as: ClientAs, helper: User) -> None:
    mine = volunteer(user=helper)
    place = share_volunteer(
        volunteer=mine, organisation=OrganisationFactory(), how="asked", by=TESTS
    )
    client = client_as(helper)
    own = mine.standings.get(standing="own")
    for one in (own, place):
        client.post(reverse("volunteers:my_unshare"), {"place": str(one.pk)})
    assert list(mine.standings.current()) == [own]


def test_policies_are_read_and_agreed_to(client_as: ClientAs, helper: User) -> None:
    mine = volunteer(user=helper)
    rule = PolicyVersion.objects.create(
        key="safe", number=1, title="Keeping people safe", text="Be kind.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    client = client_as(helper)
    assert "1 policy to read" in client.get(reverse(MINE)).content.decode()
    address = reverse("volunteers:my_policies")
    assert "Be kind." in client.get(address).content.decode()
    for _twice in range(2):
        client.post(address, {"policy": str(rule.pk)})
    agreed = Agreement.objects.get()
    assert (agreed.volunteer, agreed.how, agreed.recorded_by) == (mine, "online", None)


def test_links_to_other_parts_stand_only_where_they_are(client_as: ClientAs, helper: User) -> None:
    volunteer(user=helper)
    text = client_as(helper).get(reverse(MINE)).content.decode()
    assert reverse("volunteers:my_offers") in text


def test_my_page_takes_as_many_queries_for_twice_as_much(client_as: ClientAs, helper: User) -> None:
    mine = volunteer(user=helper)
    client = client_as(helper)

    def more() -> None:
        apply(person=mine.person, opportunity=OpportunityFactory(), by=TESTS)
        passed_check(mine, kind="training")
        share_volunteer(volunteer=mine, organisation=OrganisationFactory(), how="x", by=TESTS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(MINE)).status_code == 200
        return len(seen)

    more()
    queries()
    few = queries()
    more()
    assert queries() == few


# --- What is known ------------------------------------------------------------------------------------


def test_changing_what_is_known(client_as: ClientAs, helper: User) -> None:
    mine = volunteer(user=helper, minutes_a_week=90, hopes="To meet people")
    InterestFactory(slug="tea", name="Tea")
    for starts, ends in (("09:00", "12:00"), ("18:30", "19:15")):
        Availability.objects.create(volunteer=mine, weekday=2, starts=starts, ends=ends)
    form = KnownForm(volunteer=Volunteer.objects.get())
    assert form.initial["free"] == ["2-morning"]
    assert form.initial["other_times"] == ["2-18:30-19:15"]
    client = client_as(helper)
    address = reverse("volunteers:my_known")
    assert "6:30pm" in client.get(address).content.decode()
    sent = answers(
        form, interests=["tea"], free=["2-morning", "2-afternoon"], more_day="6",
        more_from="10am", more_until="11:30am", emergency_name="A sister",
        emergency_phone="01632 960 444", languages="Polish, Polish",
    )  # fmt: skip
    response = client.post(address, {**sent, "more_until": "9am", "emergency_phone": ""})
    text = response.content.decode()
    assert response.status_code == 422
    assert "It must end after it begins" in text
    assert "Enter their phone number" in text
    assert 'value="A sister"' in text
    client.post(address, sent)
    row = Volunteer.objects.get()
    assert [str(one) for one in row.availability.all()] == [
        "2 09:00–17:00", "2 18:30–19:15", "6 10:00–11:30",
    ]  # fmt: skip
    # An hour and a half stays an hour and a half.
    assert (row.minutes_a_week, row.languages, row.hopes) == (90, ["Polish"], "To meet people")
    assert [one.name for one in row.interests.all()] == ["Tea"]
    assert row.emergency_contacts.get().phone
    # An old page, or somebody else's meanwhile: nothing is written over.
    response = client.post(address, {**sent, "languages": "Urdu", "free": []})
    assert response.status_code == 422
    assert "Somebody else has changed this" in response.content.decode()
    assert Volunteer.objects.get().languages == ["Polish"]


def test_times_away(client_as: ClientAs, helper: User) -> None:
    mine = volunteer(user=helper)
    client, address = client_as(helper), reverse("volunteers:my_known")
    first = timezone.localdate() + timedelta(days=3)
    last = first + timedelta(days=7)

    def on(name: str, day: date) -> dict[str, Any]:
        return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}

    base = answers(KnownForm(volunteer=mine))
    response = client.post(address, {**base, **on("away_from", last), **on("away_until", first)})
    assert "must not be before the first" in response.content.decode()
    client.post(address, {**base, **on("away_from", first), **on("away_until", last)})
    away = mine.away.get()
    assert (away.from_on, away.until_on) == (first, last)
    fresh = answers(KnownForm(volunteer=Volunteer.objects.get()), away=[])
    client.post(address, fresh)
    assert not mine.away.exists()


def test_staff_change_it_too_and_strangers_do_not(cast: Cast, client_as: ClientAs) -> None:
    who = volunteer(organisation=access_point(cast.organisation_id))
    address = reverse("volunteers:desk_known", args=[who.pk])
    sent = answers(KnownForm(volunteer=who), travel_miles="4")
    assert client_as(cast.stranger("volunteer_manager")).post(address, sent).status_code == 404
    client_as(cast.volunteer_manager).post(address, sent)
    who.refresh_from_db()
    assert who.travel_miles == 4


def test_times_that_touch_become_one() -> None:
    day = [(1, time(9), time(12)), (1, time(12), time(0)), (2, time(8), time(10)),
           (2, time(9), time(9, 30))]  # fmt: skip
    assert joined(day) == [(1, time(9), time(0)), (2, time(8), time(10))]


def test_nothing_is_written_when_nothing_differs() -> None:
    who = volunteer()
    for version in (1, who.version + 1):
        if version == who.version:
            continue
        with pytest.raises(ChangedMeanwhile):
            change_volunteer(volunteer=who, by=TESTS, version=version, facts={})
    same = change_volunteer(volunteer=who, by=TESTS, version=who.version, facts={"hopes": ""})
    assert same.version == who.version


# --- What was suggested -------------------------------------------------------------------------------


def test_a_message_with_roles_and_a_link_and_one_button_applies(client: Client) -> None:
    role = OpportunityFactory(name="Try baking", organisation=OrganisationFactory(published=True))
    who = redirected(Suggestion(opportunity=role, note="You like cake"))
    message = Message.objects.get()
    assert message.to_address == "nia@example.org"
    assert "Try baking" in message.body
    # Why it suits them stands on the page, not in an e-mail; nor does their name or the link itself.
    assert "You like cake" not in message.body
    assert who.person.name not in message.body
    address = link_of(who)
    assert address in opened(message.body)
    assert address not in message.body
    page = client.get(address)
    text = page.content.decode()
    assert "You like cake" in text
    assert who.person.name not in text
    assert "no-store" in page["Cache-Control"]
    assert Volunteer.objects.get().state == "redirected", "looking changes nothing"
    response = client.post(address, {"role": str(role.pk)})
    assert response.url == reverse("volunteers:applied")
    assert Volunteer.objects.get().state == "applied"
    assert Application.objects.get(opportunity=role).volunteer == who
    assert Redirection.objects.get().taken_up_at is not None
    assert not Volunteer.objects.all().without_next_step().exists()
    # The link is over; pressed again it applies for nothing.
    assert client.post(address, {"role": str(role.pk)}).status_code == 404
    assert Application.objects.count() == 1


def test_an_altered_link_opens_nothing(client: Client) -> None:
    who = redirected(Suggestion(organisation=OrganisationFactory()))
    address = link_of(who)
    for wrong in (address[:-3] + "aa/", reverse("volunteers:suggested", args=["nonsense"])):
        assert client.get(wrong).status_code == 404


def test_only_what_was_suggested_is_taken_up(client: Client) -> None:
    place = OrganisationFactory(published=True)
    suggested, other = OpportunityFactory(organisation=place), OpportunityFactory()
    who = redirected(Suggestion(organisation=place, note="Near you"))
    address = link_of(who)
    assert suggested.name in client.get(address).content.decode()
    for wrong in (str(other.pk), "nonsense", ""):
        assert client.post(address, {"role": wrong}).status_code == 422
    client.post(address, {"role": str(suggested.pk)})
    assert Application.objects.get().opportunity == suggested


def test_an_organisations_own_policy_is_read_first(client: Client) -> None:
    place = OrganisationFactory(published=True)
    role = OpportunityFactory(organisation=place)
    rule = PolicyVersion.objects.create(
        organisation=place, key="hush", number=1, title="What stays between us", text="Hush.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    address = link_of(redirected(Suggestion(opportunity=role)))
    text = client.post(address, {"role": str(role.pk)}).content.decode()
    assert "Hush." in text
    sent = {"role": str(role.pk), "apply": "yes"}
    assert client.post(address, sent).status_code == 422
    assert not Application.objects.exists()
    client.post(address, {**sent, f"policy_{rule.pk.hex}": "on"})
    assert Application.objects.get().opportunity == role
    assert Agreement.objects.get().policy == rule


def test_too_young_is_said_and_nothing_is_sent(client: Client) -> None:
    role = OpportunityFactory(minimum_age=18)
    who = redirected(
        Suggestion(opportunity=role), born=timezone.localdate() - timedelta(days=17 * 365)
    )
    response = client.post(link_of(who), {"role": str(role.pk)})
    assert response.status_code == 422
    assert "18 or over" in response.content.decode()
    assert Volunteer.objects.get().state == "redirected"


def test_signed_in_the_same_page_and_never_anothers(client_as: ClientAs, helper: User) -> None:
    role, theirs = OpportunityFactory(name="Try baking"), OpportunityFactory(name="Try sewing")
    redirected(Suggestion(opportunity=theirs))
    mine = redirected(Suggestion(opportunity=role), user=helper)
    client, address = client_as(helper), reverse("volunteers:my_suggested")
    assert address in client.get(reverse(MINE)).content.decode()
    text = client.get(address).content.decode()
    assert "Try baking" in text
    assert "Try sewing" not in text
    assert client.post(address, {"role": str(theirs.pk)}).status_code == 422
    client.post(address, {"role": str(role.pk)})
    mine.refresh_from_db()
    assert mine.state == "applied"


def test_suggested_again_they_are_told_again_and_once(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    first, second = OpportunityFactory(name="Try baking"), OpportunityFactory(name="Try sewing")
    who = redirected(Suggestion(opportunity=first), organisation=here)
    client = client_as(cast.volunteer_manager)
    sent = {"version": who.version, "opportunities": [str(second.pk)], "note": "Quiet"}
    for _twice in range(2):
        client.post(reverse("volunteers:desk_suggest", args=[who.pk]), sent)
    assert Redirection.objects.count() == 2
    bodies = list(Message.objects.order_by("queued_at").values_list("body", flat=True))
    assert len(bodies) == 2
    assert "Try sewing" in bodies[1]


def test_a_letter_lists_the_roles_and_has_no_link() -> None:
    role = OpportunityFactory(name="Try baking")
    who = volunteer(state="applied")
    person = who.person
    person.address_1, person.town, person.postcode = "1 Example Terrace", "Exampleton", "DL3 7XX"
    person.contact_by = "post"
    person.save()
    who = Volunteer.objects.get()
    redirect(volunteer=who, suggestions=[Suggestion(opportunity=role)], by=TESTS)
    letter = Message.objects.get()
    assert letter.channel == "letter"
    assert "Try baking" in letter.body
    assert who.reference in letter.body
    assert not re.search(r"\[\[|http", letter.body)


def test_nobody_is_left_without_a_next_step(settings: Any) -> None:
    settings.VOLUNTEER_NEXT_STEP_DAYS = 5
    who = volunteer(state="redirected")
    assert NextStep.objects.open().get().due_on == timezone.localdate() + timedelta(days=5)
    NextStep.objects.update(done_at=timezone.now())
    assert leave_nobody_waiting() == 1
    assert NextStep.objects.open().get().volunteer == who
    assert leave_nobody_waiting() == 0
