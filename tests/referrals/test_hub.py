"""The hub's first page: four short lists, the oldest first, each row one action."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from referrals.actions.asking import record_answer, record_attempt
from referrals.actions.moving import Saying, move_referral
from referrals.hub import Desk
from referrals.models import Signpost
from referrals.states import Party
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import TESTS, EnquiryFactory, referral
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
# A Wednesday.
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=LONDON)
ADDRESS = "/desk/hub/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hub(cast):
    return access_point(cast.organisation_id)


def at(*moment):
    return time_machine.travel(datetime(*moment, 10, tzinfo=LONDON), tick=False)


def named(hub, name):
    return PersonFactory(organisation=hub, given_name=name, family_name="Example")


def sent(hub, name, *day, state="requested", **facts):
    with at(*day):
        return referral(state=state, requester=hub, person=named(hub, name), **facts)


def names(text):
    return re.findall(r'work-list__what">\s*<p[^>]*><a[^>]*>(\w+) Example', text)


def part(text, key):
    return text.split(f'id="list-{key}"')[1].split("</section>")[0]


def page(client_as, user, query=""):
    return client_as(user).get(ADDRESS + query).text


def test_four_lists_oldest_first_each_row_one_action(cast, client_as, hub):
    for name, day in (("Later", 25), ("Earlier", 20)):
        EnquiryFactory(
            organisation=hub,
            person=named(hub, name),
            promised_on=date(2026, 11, day),
            promise="Ring back about the stairlift",
        )
    EnquiryFactory(organisation=hub, promised_on=date(2026, 11, 26), promise="Tomorrow")
    sent(hub, "Unseen", 2026, 11, 20)
    sent(hub, "Forgotten", 2026, 11, 2)
    sent(hub, "Fresh", 2026, 11, 24)
    sent(hub, "Asked", 2026, 11, 10, state="completed")
    sent(hub, "Early", 2026, 11, 18, state="completed")
    unhelped = sent(hub, "Alone", 2026, 11, 3, state="completed")
    record_answer(
        follow_up=unhelped.follow_ups.get(after_days=14),
        answer="did-not-get-help",
        answered_by="person",
        via="phone",
        by=TESTS,
    )
    text = page(client_as, cast.access_point_staff)
    assert names(part(text, "today")) == ["Earlier", "Later"]
    assert names(part(text, "unanswered")) == ["Forgotten", "Unseen"]
    assert names(part(text, "ask")) == ["Asked"]
    assert names(part(text, "unhelped")) == ["Alone"]
    assert "Ring back about the stairlift" in part(text, "today")
    for row in re.findall(r'<li class="work-list__row">.*?</li>', text, re.S):
        assert len(re.findall(r"govuk-button\b(?!--)", row.split("work-list__action")[1])) >= 1
        assert row.count('class="govuk-button') == 1


def test_the_numbers_are_links_to_their_lists(cast, client_as, hub):
    sent(hub, "Unseen", 2026, 11, 20)
    sent(hub, "Asked", 2026, 11, 10, state="completed")
    text = page(client_as, cast.hub_lead)
    counts = dict(re.findall(r'href="\?show=(\w+)"><strong class="numbers__count">(\d+)', text))
    assert counts == {"today": "0", "unanswered": "1", "ask": "1", "unhelped": "0"}
    for key in counts:
        assert client_as(cast.hub_lead).get(f"{ADDRESS}?show={key}").status_code == 200


@pytest.mark.parametrize(
    ("day", "tag"),
    [
        (23, ""),  # two working days are not over yet
        (20, "Not seen yet"),
        (17, "No answer"),  # the sixth working day is today
        (13, "No answer"),
        (12, "For the hub lead"),  # the ninth
        (11, "For the hub lead"),  # the tenth is today
        (10, "Overdue"),
    ],
)
def test_how_late_it_is_in_a_word(cast, client_as, hub, day, tag):
    sent(hub, "Somebody", 2026, 11, day)
    shown = part(page(client_as, cast.hub_lead), "unanswered")
    assert re.findall(r"govuk-tag--\w+\">([^<]+)<", shown) == ([tag] if tag else [])


def test_escalated_ones_stand_first(cast, client_as, hub):
    """A word that was missed long ago stands behind a referral that nobody has answered."""
    waiting = sent(hub, "Waiting", 2026, 9, 1, state="on-hold", expected_on=date(2026, 10, 1))
    assert waiting.next_due_on < NOW.date()
    sent(hub, "Escalated", 2026, 11, 12)
    sent(hub, "Unseen", 2026, 11, 19)
    shown = part(page(client_as, cast.hub_lead), "unanswered")
    assert names(shown) == ["Escalated", "Waiting", "Unseen"]
    assert "on a waiting list until about Thursday 1 October; no word since" in " ".join(
        shown.replace("On a", "on a").split()
    )


def test_a_planned_first_contact_that_passed_without_a_word_is_shown(cast, client_as, hub):
    sent(hub, "Promised", 2026, 11, 12, state="accepted", expected_on=date(2026, 11, 23))
    assert names(part(page(client_as, cast.hub_lead), "unanswered")) == []
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        shown = part(page(client_as, cast.hub_lead), "unanswered")
    assert names(shown) == ["Promised"]
    assert "First contact was planned for Monday 23 November; no word since" in shown


def test_an_answer_takes_it_off_the_list(cast, client_as, hub):
    row = sent(hub, "Forgotten", 2026, 11, 2)
    move_referral(referral=row, to="accepted", by=TESTS, saying=Saying(Party.RECEIVER, via="link"))
    assert names(part(page(client_as, cast.hub_lead), "unanswered")) == []


def test_the_page_hides_nothing_while_no_worker_runs(cast, client_as, hub):
    row = sent(hub, "Forgotten", 2026, 11, 2)
    assert not row.reminders.exclude(done_at=None).exists()
    assert "Overdue" in part(page(client_as, cast.hub_lead), "unanswered")


def test_a_signpost_that_they_agreed_to_be_asked_about(cast, client_as, hub):
    enquiry = EnquiryFactory(organisation=hub, person=named(hub, "Told"))
    Signpost.objects.create(
        enquiry=enquiry, service=ServiceFactory(), follow_up="due", follow_up_on=date(2026, 11, 24)
    )
    anonymous = EnquiryFactory(organisation=hub)
    Signpost.objects.create(
        enquiry=anonymous,
        service=ServiceFactory(),
        follow_up="due",
        follow_up_on=date(2026, 11, 24),
    )
    sent(hub, "Asked", 2026, 11, 2, state="completed")
    text = page(client_as, cast.access_point_staff)
    assert names(part(text, "ask")) == ["Asked", "Told"]
    assert names(part(page(client_as, cast.access_point_staff, "?show=ask"), "ask") + "") in (
        [],
        ["Asked", "Told"],
    )


def test_who_is_asked_by_the_provider_alone_is_asked_all_the_same(cast, client_as, hub):
    row = sent(hub, "Asked", 2026, 11, 10, state="completed")
    record_answer(
        follow_up=row.follow_ups.get(after_days=14),
        answer="got-help",
        answered_by="provider",
        via="phone",
        by=TESTS,
    )
    assert names(part(page(client_as, cast.hub_lead), "ask")) == ["Asked"]


def test_filters_due_today_and_overdue(cast, client_as, hub):
    EnquiryFactory(organisation=hub, person=named(hub, "Today"), promised_on=date(2026, 11, 25))
    EnquiryFactory(organisation=hub, person=named(hub, "Before"), promised_on=date(2026, 11, 24))
    sent(hub, "Sixth", 2026, 11, 17)
    sent(hub, "Tenth", 2026, 11, 10)
    sent(hub, "Asktoday", 2026, 11, 11, state="completed")
    sent(hub, "Askbefore", 2026, 11, 10, state="completed")
    today = page(client_as, cast.hub_lead, "?due=today")
    assert set(names(today)) == {"Today", "Sixth", "Asktoday"}
    overdue = page(client_as, cast.hub_lead, "?due=overdue")
    assert set(names(overdue)) == {"Before", "Tenth", "Askbefore"}
    front = page(client_as, cast.hub_lead)
    assert "due today (3)" in front
    assert "overdue (3)" in front
    # Another number than that of everything due today, so another name.
    assert ">2</strong> Promised by today<" in front


def test_filters_waiting_for_the_receiver_and_for_the_person(cast, client_as, hub):
    sent(hub, "Fresh", 2026, 11, 24)
    sent(hub, "Helped", 2026, 11, 20, state="in-progress")
    asked = sent(hub, "Asked", 2026, 11, 10, state="completed")
    record_attempt(
        follow_up=asked.follow_ups.get(after_days=14), way="letter", result="sent", by=TESTS
    )
    receiver = page(client_as, cast.hub_lead, "?show=receiver")
    assert re.findall(r">(\w+) Example</a>", receiver) == ["Helped", "Fresh"]
    person = page(client_as, cast.hub_lead, "?show=person")
    assert re.findall(r">(\w+) Example</a>", person) == ["Asked"]
    # It is not to be asked again today.
    assert names(part(page(client_as, cast.hub_lead), "ask")) == []


def test_other_access_points_are_not_seen_and_a_coordinator_sees_their_people(cast, client_as, hub):
    row = sent(hub, "Forgotten", 2026, 11, 2)
    other = access_point(cast.other_organisation_id)
    sent(other, "Stranger", 2026, 11, 2)
    assert re.findall(r">(\w+) Example</a>", page(client_as, cast.hub_lead)) == ["Forgotten"]
    assert "Example</a>" not in page(client_as, cast.coordinator)
    row.person.coordinator = cast.coordinator
    row.person.save()
    assert re.findall(r">(\w+) Example</a>", page(client_as, cast.coordinator)) == ["Forgotten"]
    stranger = client_as(cast.stranger("hub_lead")).get(ADDRESS).text
    assert re.findall(r">(\w+) Example</a>", stranger) == ["Stranger"]


def test_who_was_on_the_page_is_in_the_trail(cast, client_as, hub):
    row = sent(hub, "Forgotten", 2026, 11, 2)
    enquiry = EnquiryFactory(
        organisation=hub, person=named(hub, "Promised"), promised_on=date(2026, 11, 25)
    )
    page(client_as, cast.hub_lead)
    details = Event.objects.get(type="referral:listed").details
    assert details["list"] == "hub"
    assert details["referrals"] == [str(row.id)]
    assert details["enquiries"] == [str(enquiry.id)]
    assert set(details["people"]) == {str(row.person_id), str(enquiry.person_id)}


def test_an_empty_page_leaves_no_trace(cast, client_as, hub):
    text = page(client_as, cast.hub_lead)
    assert "Everybody has answered in time." in text
    assert not Event.objects.filter(type="referral:listed").exists()


def test_a_promise_is_ticked_off_from_the_page(cast, client_as, hub):
    enquiry = EnquiryFactory(
        organisation=hub, person=named(hub, "Promised"), promised_on=date(2026, 11, 25)
    )
    address = reverse("referrals:promise_kept", args=[enquiry.id])
    assert client_as(cast.stranger("hub_lead")).post(address).status_code == 404
    client = client_as(cast.access_point_staff)
    assert client.post(address).url == ADDRESS
    assert names(part(client.get(ADDRESS).text, "today")) == []


@pytest.mark.parametrize("query", ["?show=everything", "?due=never", "?show=ask&due=soon"])
def test_what_is_not_a_list_is_not_found(cast, client_as, query):
    assert client_as(cast.hub_lead).get(ADDRESS + query).status_code == 404


def fill(hub, times):
    for _number in range(times):
        EnquiryFactory(
            organisation=hub, person=PersonFactory(organisation=hub), promised_on=date(2026, 11, 24)
        )
        sent(hub, "Unseen", 2026, 11, 2)
        row = sent(hub, "Asked", 2026, 11, 2, state="completed")
        told = EnquiryFactory(organisation=hub, person=PersonFactory(organisation=hub))
        Signpost.objects.create(
            enquiry=told, service=ServiceFactory(), follow_up="due", follow_up_on=date(2026, 11, 24)
        )
        record_answer(
            follow_up=row.follow_ups.get(after_days=14),
            answer="got-some-help",
            answered_by="person",
            via="phone",
            by=TESTS,
        )
        sent(hub, "Another", 2026, 11, 2, state="completed")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?due=overdue",
        "?show=today",
        "?show=unanswered",
        "?show=ask",
        "?show=unhelped",
        "?show=receiver",
    ],
)
def test_twice_the_work_takes_as_many_queries_and_at_most_twelve(cast, client_as, hub, query):
    client = client_as(cast.hub_lead)
    fill(hub, 2)
    client.get(ADDRESS + query)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(ADDRESS + query)
    fill(hub, 10)
    with CaptureQueriesContext(connection) as many:
        response = client.get(ADDRESS + query)
    assert response.status_code == 200
    assert len(many) == len(few)
    assert len(many) <= 12, [query["sql"][:150] for query in many.captured_queries]


def test_long_lists_are_paged(cast, client_as, hub):
    for number in range(27):
        EnquiryFactory(
            organisation=hub,
            person=named(hub, f"P{number:02}"),
            promised_on=date(2026, 10, 1) + timedelta(days=number),
        )
    client = client_as(cast.hub_lead)
    front = client.get(ADDRESS).text
    assert len(names(part(front, "today"))) == 8
    assert "All 27" in front
    first = client.get(f"{ADDRESS}?show=today").text
    assert "Page 1 of 2" in first
    second = client.get(f"{ADDRESS}?show=today&page=2").text
    assert re.findall(r">(P\d\d) Example</a>", second) == ["P25", "P26"]


def test_counts_agree_with_the_lists(cast, hub):
    fill(hub, 3)
    desk = Desk(cast.hub_lead, timezone.localdate())
    counts = desk.counts()
    assert counts["today"] == desk.promised().count() == 3
    assert counts["unanswered"] == desk.unanswered().count() == 3
    assert counts["ask"] == desk.ask().count() + desk.ask_about_signposts().count() == 6
    assert counts["unhelped"] == desk.unhelped().count() == 3
    assert counts["receiver"] == desk.waiting_for_receiver().count() == 3
    assert counts["person"] == 0


def test_staff_begin_here_after_signing_in(cast, client_as, rf):
    from dcsn.access.doors import landing_for

    assert landing_for(cast.access_point_staff) == ADDRESS
    assert landing_for(cast.hub_lead) == ADDRESS
    for other in (cast.coordinator, cast.administrator, cast.directory_editor, cast.nobody):
        assert landing_for(other) is None
    home = client_as(cast.hub_lead).get(reverse("accounts:home")).text
    assert f'href="{ADDRESS}"' in home
