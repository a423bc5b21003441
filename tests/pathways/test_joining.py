"""Plans, referrals and requests for help meet: nothing that was asked for ends in silence."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pathways.actions.plans import write_words
from pathways.joining.actions import ask_for_volunteer, link_referral, refer
from pathways.joining.section import joined_of
from pathways.models import Action, Source
from pathways.refusals import NotPossible
from pathways.timeline import moments_of, say
from referrals.models import Enquiry, Referral
from tests.conftest import Cast
from tests.factories.pathways import PathwayFactory, PlanFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.factories.service import ServiceFactory
from tests.factories.volunteering import TESTS, help_request
from volunteers.actions.help import leave_unfilled, pass_on
from volunteers.models import HelpRequest

pytestmark = pytest.mark.django_db


def action(cast: Cast, **facts: Any) -> Action:
    person = PersonFactory(
        organisation=access_point(cast.organisation_id), coordinator=cast.coordinator
    )
    plan = PlanFactory(pathway=PathwayFactory(person=person, coordinator=cast.coordinator))
    return Action.objects.create(
        plan=plan, words="A walk on Fridays", source=Source.VOLUNTEER, **facts
    )


def asking(cast: Cast, one: Action, key: uuid.UUID | None = None) -> HelpRequest:
    return ask_for_volunteer(
        action=one, kind="befriending", what="A walk", key=key or uuid.uuid4(), by=cast.coordinator
    )


# --- From a request for help to an enquiry ---


def test_what_volunteers_cannot_do_becomes_an_enquiry(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    asked = help_request(organisation=hub, what="Help in the bath")
    for _click in range(2):
        pass_on(
            help_request=asked, passed_to="enquiry", reason_code="personal-care", by=TESTS,
            note="Ring after ten",
        )  # fmt: skip
    enquiry = Enquiry.objects.get()
    assert (enquiry.origin, enquiry.person, enquiry.organisation) == (
        Enquiry.Origin.HELP_REQUEST, asked.person, hub,
    )  # fmt: skip
    assert asked.reference in enquiry.words
    assert "Ring after ten" in enquiry.words
    assert enquiry.promised_on is not None


@pytest.mark.parametrize("passed_to", ["paid-service", "adult-social-care"])
def test_what_was_passed_elsewhere_is_there(cast: Cast, passed_to: str) -> None:
    asked = help_request(organisation=access_point(cast.organisation_id))
    pass_on(help_request=asked, passed_to=passed_to, reason_code="trade", by=TESTS)
    assert not Enquiry.objects.exists()


def test_when_nobody_is_found_somebody_looks_for_something_else_by_the_day_that_was_promised(
    cast: Cast,
) -> None:
    asked = help_request(organisation=access_point(cast.organisation_id), state="triaged")
    day = timezone.localdate() + timedelta(days=3)
    leave_unfilled(help_request=asked, by=TESTS, follow_up_on=day)
    enquiry = Enquiry.objects.get()
    assert (enquiry.promised_on, enquiry.origin) == (day, Enquiry.Origin.HELP_REQUEST)
    assert "No volunteer was found" in enquiry.promise


# --- From an action to a request for help ---


def test_an_action_asks_for_a_volunteer_once_and_shows_how_it_stands(cast: Cast) -> None:
    one, key = action(cast), uuid.uuid4()
    first = asking(cast, one, key)
    assert asking(cast, one, key) == first
    assert asking(cast, one) == first  # another's click, while it goes on
    assert first.channel == HelpRequest.Channel.PATHWAY
    (joined,) = joined_of(cast.coordinator, one.plan)
    assert first.reference in joined.states[0].words
    assert (joined.may_ask, one.plan.versions.count()) == (False, 0)


def test_the_page_says_who_could_help_without_a_name(cast: Cast, client_as: Any) -> None:
    from tests.factories.volunteering import volunteer

    one = action(cast)
    helper = volunteer(organisation=access_point(cast.organisation_id))
    client = client_as(cast.coordinator)
    address = reverse("pathways:action_volunteer", args=[one.pk])
    form = client.get(address).context["form"]
    assert form.initial["what"] == "A walk on Fridays"
    answer = client.post(
        address,
        {"kind": "befriending", "what": "A walk", "minutes": "60", "repeats": "once",
         "key": uuid.uuid4()},
        follow=True,
    )  # fmt: skip
    page = answer.content.decode()
    assert "Who could help" in page
    assert helper.person is not None
    assert helper.person.family_name not in page
    assert "1 volunteer" in page or "volunteers" in page


# --- From an action to a referral ---


def test_whoever_sends_referrals_gets_a_draft_and_is_asked_for_the_agreement(
    cast: Cast, client_as: Any
) -> None:
    one = action(cast, service=ServiceFactory())
    client = client_as(cast.hub_lead)
    answer = client.post(reverse("pathways:action_refer", args=[one.pk]))
    draft = Referral.objects.get()
    assert answer["Location"] == reverse("referrals:enquiry_consent", args=[draft.enquiry_id])
    one.refresh_from_db()
    assert (one.referral, draft.reason_text) == (draft, "A walk on Fridays")
    (joined,) = joined_of(cast.hub_lead, one.plan)
    assert draft.reference in joined.states[0].words


def test_a_coordinator_puts_it_on_the_access_points_list_of_today(
    cast: Cast, client_as: Any
) -> None:
    one = action(cast, service=ServiceFactory())
    for _click in range(2):
        page = client_as(cast.coordinator).post(
            reverse("pathways:action_refer", args=[one.pk]), follow=True
        )
    enquiry = Enquiry.objects.get()
    assert (enquiry.origin, enquiry.promised_on) == (
        Enquiry.Origin.PATHWAY, timezone.localdate(),
    )  # fmt: skip
    assert enquiry.choices.get().service == one.service
    assert not Referral.objects.exists()
    assert enquiry.reference in page.content.decode()


def test_only_a_referral_of_the_same_person_is_joined(cast: Cast) -> None:
    one = action(cast)
    theirs = referral(
        state="requested",
        requester=access_point(cast.organisation_id),
        person=one.plan.pathway.person,
    )
    link_referral(action=one, referral=theirs, by=cast.coordinator)
    one.refresh_from_db()
    assert one.referral == theirs
    with pytest.raises(NotPossible):
        link_referral(action=one, referral=referral(state="requested"), by=cast.coordinator)


def test_what_is_there_already_is_joined_on_the_pages(cast: Cast, client_as: Any) -> None:
    one, client = action(cast), client_as(cast.coordinator)
    hub, person = access_point(cast.organisation_id), one.plan.pathway.person
    sent = referral(state="requested", requester=hub, person=person)
    asked = help_request(organisation=hub, person=person)
    elsewhere = help_request(organisation=hub)
    for name, row in (("action_refer", sent), ("action_volunteer", asked)):
        address = reverse(f"pathways:{name}", args=[one.pk])
        assert row.reference in client.get(address).content.decode()
        client.post(address, {"join": str(row.pk)})
    one.refresh_from_db()
    assert (one.referral, one.help_request) == (sent, asked)
    page = client.get(one.plan.pathway.get_absolute_url()).content.decode()
    assert sent.reference in page
    assert asked.reference in page
    client.post(reverse("pathways:action_volunteer", args=[one.pk]), {"join": str(elsewhere.pk)})
    one.refresh_from_db()
    assert one.help_request == asked


def test_the_list_costs_the_same_for_ten_actions(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    one = action(cast)
    asking(cast, one)
    for number in range(10):
        Action.objects.create(plan=one.plan, words=f"Number {number}", source=Source.OWN)
    with django_assert_max_num_queries(4):
        assert len(joined_of(cast.coordinator, one.plan)) == 11


# --- And back ---


def test_a_referral_a_request_and_an_enquiry_lead_back_to_the_plan(
    cast: Cast, client_as: Any
) -> None:
    one = action(cast, service=ServiceFactory())
    hub, plan = access_point(cast.organisation_id), reverse("pathways:plan", args=[one.plan_id])
    lead = client_as(cast.hub_lead)
    lead.post(reverse("pathways:action_refer", args=[one.pk]))
    asked = help_request(organisation=hub, person=one.plan.pathway.person, taken_at=hub)
    Action.objects.filter(pk=one.pk).update(help_request=asked)
    draft = Referral.objects.get()
    for address in (
        draft.get_absolute_url(),
        draft.enquiry.get_absolute_url(),
        reverse("volunteers:help_taken_one", args=[asked.pk]),
    ):
        page = lead.get(address).content.decode()
        assert f'href="{plan}#goals"' in page, address
        assert "Their plan: A walk on Fridays" in page


def test_the_access_points_referral_for_a_coordinator_leads_back_too(
    cast: Cast, client_as: Any
) -> None:
    """The coordinator may not send it: who does finds the plan from what came of the enquiry."""
    one = action(cast)
    enquiry = refer(action=one, by=cast.coordinator)
    sent = referral(state="requested", requester=enquiry.organisation, person=enquiry.person)
    Referral.objects.filter(pk=sent.pk).update(enquiry=enquiry)
    page = client_as(cast.hub_lead).get(sent.get_absolute_url()).content.decode()
    assert "Their plan: A walk on Fridays" in page


def test_whoever_does_not_see_the_plan_is_not_told_that_there_is_one(
    cast: Cast, client_as: Any
) -> None:
    one = action(cast)
    hub = access_point(cast.organisation_id)
    asked = help_request(organisation=hub, person=one.plan.pathway.person, taken_at=hub)
    sent = referral(state="requested", requester=hub, person=one.plan.pathway.person)
    Action.objects.filter(pk=one.pk).update(help_request=asked, referral=sent)
    client = client_as(cast.access_point_staff)
    for address in (
        sent.get_absolute_url(),
        reverse("volunteers:help_taken_one", args=[asked.pk]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Their plan" not in answer.content.decode()


# --- What has happened, over all organisations ---


def test_the_timeline_holds_what_the_user_may_see(cast: Cast) -> None:
    one = action(cast)
    person = one.plan.pathway.person
    assert person is not None
    asked = asking(cast, one)
    refer(action=one, by=cast.hub_lead, service=ServiceFactory())

    def told(user: Any) -> str:
        return "\n".join(say(row, user).what for row in moments_of(user, person, [person.pk]))

    mine = told(cast.coordinator)
    assert asked.reference in mine
    assert "An enquiry at" in mine
    assert ": an action of a support plan." in mine
    assert "They asked at" not in mine, "nobody came or rang"
    assert asked.reference not in told(cast.stranger("hub_lead"))
    assert told(cast.stranger("hub_lead")) == ""


def test_a_morning_of_writing_is_one_moment(cast: Cast) -> None:
    plan = action(cast).plan
    person = plan.pathway.person
    assert person is not None
    words = ""
    for number in range(4):
        row = write_words(
            plan=plan,
            part="about-me",
            words=f"{words}Line {number}\n",
            base=words,
            by=cast.coordinator,
        )
        words = row.words
    written = [
        row for row in moments_of(cast.coordinator, person, [person.pk]) if "pathway-plan" in row
    ]
    plan.refresh_from_db()
    assert plan.version > 3
    assert len(written) == 1
    assert str(plan.version) in say(written[0], cast.coordinator).what


@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_ask_once(cast: Cast) -> None:
    one = action(cast)

    def click(_number: int) -> uuid.UUID:
        try:
            return asking(cast, one).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        assert len(set(threads.map(click, range(5)))) == 1


def test_what_can_be_asked_for_is_a_quiet_line_below_each_action(
    cast: Cast, client_as: Any
) -> None:
    one = action(cast)
    page = client_as(cast.coordinator).get(one.plan.pathway.get_absolute_url()).content.decode()
    row = page[page.index('id="joined-up"') :].split("</li>")[0]
    line = row[row.index('<p class="govuk-body-s') :]
    assert "work-list__action" not in row
    for name in ("action_volunteer", "action_refer"):
        assert f'href="{reverse(f"pathways:{name}", args=[one.pk])}"' in line
    # Heard by itself, each link says of what.
    assert line.count(f": {one.words}</span>") == 2
