"""Closing the loop: what the person says, the tries to ask them, and what happens when help did not come."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from dcsn.messages.models import Message
from members.actions.people import withdraw_consent
from members.models import Consent, Purpose
from referrals.actions.asking import (
    ask_by,
    ask_those_due,
    give_up_asking,
    record_answer,
    record_attempt,
    record_signpost_answer,
    settle_unhelped,
)
from referrals.actions.moving import Saying, move_referral
from referrals.actions.promises import keep_promise
from referrals.models import Enquiry, FollowUp, PersonalLink, Referral, Signpost
from referrals.refusals import FinishedAlready, NotPossible, Refused
from referrals.states import Party
from tests.factories.person import PersonFactory, access_point
from tests.factories.place import LocationFactory
from tests.factories.referral import TESTS, EnquiryFactory, agree, referral
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
ENDED = datetime(2026, 11, 2, 11, tzinfo=LONDON)
LINK = SystemJob("answer page")


@pytest.fixture
def hub(cast):
    return access_point(cast.organisation_id)


@pytest.fixture
def ended(hub):
    with time_machine.travel(ENDED, tick=False):
        return referral(
            state="completed",
            requester=hub,
            person=PersonFactory(organisation=hub, with_everything=True),
        )


def asking(row, days=14):
    return row.follow_ups.get(after_days=days)


def answer(row, said, by, *, days=14, **facts):
    facts = {"answered_by": "person", "via": "phone"} | facts
    return record_answer(follow_up=asking(row, days), answer=said, by=by, **facts)


def fresh(row):
    return Referral.objects.get(pk=row.pk)


def test_their_answer_closes_it(cast, ended):
    assert not ended.is_closed
    answer(ended, "got-help", cast.access_point_staff, helpfulness=5, words=" It was lovely. ")
    row, asked = fresh(ended), asking(ended)
    assert (row.loop, row.is_closed, row.unhelped_since) == ("got-help", True, None)
    assert (asked.state, asked.words, asked.helpfulness) == ("answered", "It was lovely.", 5)
    assert asked.attempts.get().result == "answered"
    event = Event.objects.get(type="referral:answered")
    assert event.subject == ended.person_id
    assert event.details["answered_by"] == "person"
    assert "lovely" not in str(event.details)


def test_the_state_stays_the_receivers_word(cast, ended):
    answer(ended, "did-not-get-help", cast.access_point_staff)
    assert fresh(ended).state == "completed"


@pytest.mark.parametrize("said", ["did-not-get-help", "got-some-help"])
def test_no_and_some_make_it_the_hubs_again(cast, ended, said):
    answer(ended, said, cast.access_point_staff)
    row = fresh(ended)
    assert row.unhelped_since is not None
    assert row.unhelped_settled_at is None


def test_what_the_organisation_says_closes_nothing_and_the_person_is_asked_all_the_same(
    cast, ended
):
    answer(ended, "got-help", cast.access_point_staff, answered_by="provider")
    row, asked = fresh(ended), asking(ended)
    assert (row.loop, row.closed_at) == ("awaiting-person", None)
    assert (asked.state, asked.answered_by) == ("due", "provider")
    assert FollowUp.objects.due(ended.ended_at.date() + timedelta(days=14)).filter(pk=asked.pk)
    answer(ended, "did-not-get-help", cast.access_point_staff)
    assert fresh(ended).loop == "did-not-get-help"
    with pytest.raises(FinishedAlready):
        answer(ended, "got-help", cast.access_point_staff, answered_by="provider", correcting=True)


def test_a_carer_speaks_for_the_person(cast, ended):
    answer(ended, "got-help", cast.access_point_staff, answered_by="carer")
    assert fresh(ended).is_closed


def test_the_database_itself_wants_the_persons_word(ended):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(referral=ended, after_days=14).update(
            state="answered", answer="got-help", answered_by="provider", answered_at=timezone.now()
        )


def test_ninety_days_later_they_are_asked_anew_and_the_newest_word_counts(cast, ended):
    answer(ended, "got-help", cast.access_point_staff)
    first_closed = fresh(ended).closed_at
    assert asking(ended, 90).state == "due"
    answer(ended, "did-not-get-help", cast.access_point_staff, days=90)
    row = fresh(ended)
    assert (row.loop, row.closed_at) == ("did-not-get-help", first_closed)
    assert row.unhelped_since is not None
    assert asking(ended, 14).answer == "got-help"


def test_help_that_came_after_all_settles_the_matter(cast, ended):
    answer(ended, "did-not-get-help", cast.access_point_staff)
    answer(ended, "got-help", cast.access_point_staff, days=90)
    assert fresh(ended).unhelped_settled_at is not None


def test_an_answer_stands_unless_staff_put_it_right(cast, ended):
    answer(ended, "got-help", cast.access_point_staff)
    with pytest.raises(FinishedAlready):
        answer(ended, "did-not-get-help", cast.access_point_staff)
    answer(ended, "did-not-get-help", cast.access_point_staff, correcting=True)
    assert fresh(ended).loop == "did-not-get-help"
    assert Event.objects.filter(type="referral:answered").count() == 2


@pytest.mark.parametrize(
    ("said", "answered_by", "via"),
    [
        ("awaiting-person", "person", "phone"),
        ("could-not-reach", "person", "phone"),
        ("yes", "person", "phone"),
        ("got-help", "neighbour", "phone"),
        ("got-help", "person", "pigeon"),
    ],
)
def test_only_what_can_be_said_is_written_down(cast, ended, said, answered_by, via):
    with pytest.raises(Refused):
        answer(ended, said, cast.access_point_staff, answered_by=answered_by, via=via)
    assert fresh(ended).loop == "awaiting-person"


def test_nobody_else_may_answer(cast, ended):
    for user in (
        cast.stranger("access_point_staff"),
        cast.administrator,
        cast.referral_receiver,
        cast.coordinator,
        cast.nobody,
    ):
        with pytest.raises(PermissionDenied):
            answer(ended, "got-help", user)
    type(ended.person).objects.filter(pk=ended.person_id).update(coordinator=cast.coordinator)
    answer(ended, "got-help", cast.coordinator)


def test_nothing_happens_when_the_trail_cannot_be_written(cast, ended, monkeypatch):
    def broken(*_arguments, **_facts):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("referrals.actions.asking.record", broken)
    with pytest.raises(RuntimeError):
        answer(ended, "got-help", cast.access_point_staff)
    assert fresh(ended).loop == "awaiting-person"
    assert asking(ended).state == "due"
    assert not asking(ended).attempts.exists()


# --- Tries ---


def attempt(row, way, result="no-answer", by=None, **facts):
    return record_attempt(follow_up=asking(row), way=way, result=result, by=by, **facts)


def on(day):
    return time_machine.travel(datetime(2026, 11, day, 10, tzinfo=LONDON), tick=False)


def test_three_tries_in_two_ways_before_they_could_not_be_reached(cast, ended):
    staff = cast.access_point_staff
    with on(16):
        attempt(ended, "phone", by=staff)
    with on(18):
        attempt(ended, "phone", "left-message", by=staff)
        with pytest.raises(NotPossible, match="once more"):
            give_up_asking(follow_up=asking(ended), by=staff)
    with on(20):
        attempt(ended, "phone", by=staff)
        with pytest.raises(NotPossible, match="another way"):
            give_up_asking(follow_up=asking(ended), by=staff)
        attempt(ended, "letter", "sent", by=staff)
    with on(30):
        give_up_asking(follow_up=asking(ended), by=staff)
    row = fresh(ended)
    assert (row.loop, row.is_closed) == ("could-not-reach", True)
    # They are asked once more after ninety days, and may well answer.
    assert asking(ended, 90).state == "due"
    answer(ended, "got-help", staff, days=90)
    assert fresh(ended).loop == "got-help"


def test_ringing_three_times_in_an_hour_is_one_try(cast, ended):
    with on(16):
        for _number in range(3):
            attempt(ended, "phone", by=cast.access_point_staff)
        attempt(ended, "sms", "sent", by=cast.access_point_staff)
        with pytest.raises(NotPossible, match="once more"):
            give_up_asking(follow_up=asking(ended), by=cast.access_point_staff)


def test_could_not_reach_does_not_undo_what_they_said_before(cast, ended):
    staff = cast.access_point_staff
    answer(ended, "got-help", staff)
    later = asking(ended, 90)
    for day, way in ((16, "phone"), (17, "email"), (18, "letter")):
        with on(day):
            record_attempt(follow_up=later, way=way, result="no-answer", by=staff)
    give_up_asking(follow_up=later, by=staff)
    assert fresh(ended).loop == "got-help"


def test_a_try_is_repeated_after_a_while_and_on_the_day_they_named(cast, ended):
    with on(16):  # a Monday
        attempt(ended, "phone", by=cast.access_point_staff)
        assert asking(ended).next_try_on.isoformat() == "2026-11-18"
        attempt(
            ended,
            "phone",
            "later",
            by=cast.access_point_staff,
            again_on=datetime(2026, 11, 27).date(),
        )
        assert asking(ended).next_try_on.isoformat() == "2026-11-27"
        attempt(ended, "phone", "wrong-details", by=cast.access_point_staff)
        assert asking(ended).next_try_on.isoformat() == "2026-11-16"
        assert asking(ended).state == "waiting"


def test_who_asks_not_to_be_contacted_is_not_asked_again_about_anything(cast, hub, ended):
    other = referral(state="completed", requester=hub, person=ended.person)
    elsewhere = referral(state="completed", person=ended.person)
    answered = referral(state="completed", requester=hub, person=ended.person)
    answer(answered, "got-help", cast.access_point_staff)
    attempt(ended, "phone", "refused", by=cast.access_point_staff)
    for row in (ended, other):
        row = fresh(row)
        assert (row.loop, row.is_closed) == ("asked-not-to-be-contacted", True)
        assert set(row.follow_ups.values_list("state", flat=True)) == {"not-asked"}
    assert fresh(answered).loop == "got-help"
    assert fresh(elsewhere).loop == "awaiting-person"
    assert not Consent.objects.allows(ended.person, Purpose.CONTACT, hub)
    with pytest.raises(NotPossible):
        attempt(ended, "phone", by=cast.access_point_staff)
    with pytest.raises(NotPossible):
        answer(ended, "got-help", cast.access_point_staff)


def test_taking_back_the_agreement_on_their_record_stops_the_asking_too(cast, hub, ended):
    ask_by(follow_up=asking(ended), way="letter", by=cast.access_point_staff)
    withdraw_consent(
        person=ended.person, organisation=hub, purpose="contact", how="spoken", by=cast.hub_lead
    )
    assert fresh(ended).loop == "asked-not-to-be-contacted"
    assert PersonalLink.objects.get().ended_at is not None


# --- Asking by letter, e-mail and text message ---


def ask_on(day):
    with on(day):
        return dict(ask_those_due())


def chose(row, way, **facts):
    person = row.person
    for name, value in {"contact_by": way, "safe_contact_note": "", **facts}.items():
        setattr(person, name, value)
    person.save()
    return person


def test_who_chose_email_is_asked_by_it_on_the_day_and_once(ended):
    person = chose(ended, "email")
    assert ask_on(15) == {}
    assert ask_on(16) == {"email": 1}
    assert ask_on(16) == {}
    assert ask_on(30) == {}
    message = Message.objects.get(about=person.id)
    assert message.to_address == person.email
    assert ended.reference in message.subject
    for secret in (
        person.given_name,
        person.family_name,
        person.known_as,
        ended.service.name,
        ended.owner.name,
        ended.reason_text,
        person.postcode,
    ):
        assert secret not in f"{message.subject} {message.body}"
    assert PersonalLink.objects.get().code in message.body
    assert asking(ended).attempts.get().message == message.id


def test_a_text_message_holds_a_link_and_a_number_alone(ended, settings):
    settings.SMS_ADAPTER = "dcsn.messages.adapters.sms.LocalStub"
    person = chose(ended, "sms")
    assert ask_on(16) == {"sms": 1}
    message = Message.objects.get(about=person.id)
    assert message.subject == ""
    for secret in (
        person.given_name,
        person.family_name,
        ended.service.name,
        ended.owner.name,
        "help",
    ):
        assert secret not in message.body.replace(settings.NETWORK_NAME, "")


def test_without_text_messages_it_is_left_to_staff(ended, settings):
    settings.SMS_ADAPTER = ""
    chose(ended, "sms")
    assert ask_on(16) == {}
    assert asking(ended).state == "due"


def test_a_letter_waits_to_be_printed(ended):
    person = chose(ended, "post")
    assert ask_on(16) == {"letter": 1}
    letter = Message.objects.get(about=person.id)
    assert (letter.channel, letter.state) == ("letter", "queued")
    assert letter.to_address.splitlines() == person.address_lines
    assert ended.service.name in letter.body


def test_a_refuge_is_not_named_in_a_letter(hub):
    service = ServiceFactory(name="A safe house", places=[LocationFactory(is_confidential=True)])
    with time_machine.travel(ENDED, tick=False):
        row = referral(
            state="completed",
            requester=hub,
            service=service,
            person=PersonFactory(organisation=hub, with_everything=True),
        )
    chose(row, "post")
    assert ask_on(16) == {"letter": 1}
    letter = Message.objects.get(about=row.person_id)
    assert "A safe house" not in letter.body
    assert row.owner.name not in letter.body


def test_who_rings_or_has_a_note_about_safe_contact_is_left_to_staff(hub, ended):
    chose(ended, "phone")
    assert ask_on(16) == {}
    chose(ended, "email", safe_contact_note="Never by e-mail: he reads it.")
    assert ask_on(16) == {}
    chose(ended, "email")
    SafetyFlagFactory(person=ended.person, kind="abuse")
    assert ask_on(16) == {}
    assert not Message.objects.exists()


def test_who_asked_not_to_be_contacted_meanwhile_is_not_written_to(ended):
    chose(ended, "none")
    assert ask_on(16) == {"stopped": 1}
    assert not Message.objects.exists()
    assert fresh(ended).loop == "asked-not-to-be-contacted"


def test_nobody_is_written_to_after_they_answered(cast, ended):
    chose(ended, "email")
    answer(ended, "got-help", cast.access_point_staff)
    assert ask_on(16) == {}
    with pytest.raises(FinishedAlready):
        ask_by(follow_up=asking(ended), way="email", by=cast.access_point_staff)


def test_an_answer_ends_the_links(cast, ended):
    ask_by(follow_up=asking(ended), way="letter", by=cast.access_point_staff)
    answer(ended, "got-help", LINK, via="link")
    assert PersonalLink.objects.get().ended_at is not None
    assert asking(ended).asked_by is None


# --- What is done about it ---


def test_help_that_did_not_come_is_dealt_with_once(cast, ended):
    staff = cast.access_point_staff
    with pytest.raises(NotPossible):
        settle_unhelped(referral=ended, by=staff)
    answer(ended, "did-not-get-help", staff)
    settle_unhelped(referral=ended, by=staff, note="Her daughter does it now.")
    settled = fresh(ended).unhelped_settled_at
    settle_unhelped(referral=ended, by=staff, note="Again")
    row = fresh(ended)
    assert (row.unhelped_settled_at, row.unhelped_note) == (settled, "Her daughter does it now.")
    assert Event.objects.filter(type="referral:settled").count() == 1


def test_a_promise_is_kept_once(cast, hub):
    enquiry = EnquiryFactory(
        organisation=hub, promised_on=timezone.localdate(), promise="Ring back about the stairlift"
    )
    keep_promise(enquiry=enquiry, by=cast.access_point_staff)
    kept = Enquiry.objects.get().promise_kept_at
    keep_promise(enquiry=enquiry, by=cast.access_point_staff)
    assert Enquiry.objects.get().promise_kept_at == kept
    with pytest.raises(PermissionDenied):
        keep_promise(enquiry=enquiry, by=cast.stranger("hub_lead"))


def test_a_signpost_that_was_agreed_to_be_asked_about(cast, hub):
    enquiry = EnquiryFactory(organisation=hub, person=PersonFactory(organisation=hub))
    signpost = Signpost.objects.create(
        enquiry=enquiry,
        service=ServiceFactory(),
        follow_up="due",
        follow_up_on=timezone.localdate(),
    )
    with pytest.raises(PermissionDenied):
        record_signpost_answer(
            signpost=signpost, answer="got-help", by=cast.stranger("access_point_staff")
        )
    record_signpost_answer(signpost=signpost, answer="got-help", by=cast.access_point_staff)
    signpost.refresh_from_db()
    assert (signpost.follow_up, signpost.answer) == ("done", "got-help")
    with pytest.raises(FinishedAlready):
        record_signpost_answer(signpost=signpost, answer="got-help", by=cast.access_point_staff)


# --- Links ---


def test_a_code_is_found_however_it_is_typed_and_nothing_else_is(cast, ended):
    ask_by(follow_up=asking(ended), way="letter", by=cast.access_point_staff)
    link = PersonalLink.objects.get()
    assert len(link.code) == 14
    for typed in (link.code, link.code.lower(), link.code.replace("-", " "), f" {link.code} "):
        assert PersonalLink.objects.with_code(typed).get() == link
    changed = ("A" if link.code[0] != "A" else "C") + link.code[1:]
    assert not PersonalLink.objects.with_code(changed).exists()
    assert link.code not in (link.code_hash, link.number_hash)
    # The same row gives the same code, so that a letter can be printed again.
    assert PersonalLink.objects.get().code == link.code


def test_no_agreement_to_be_asked_means_no_asking(hub):
    row = referral(state="completed", requester=hub, may_ask=False)
    assert not row.follow_ups.exists()
    assert row.loop == "asked-not-to-be-contacted"
    agree(row.person, hub, Purpose.CONTACT)
    assert fresh(row).is_closed


def test_nobody_is_asked_about_what_was_done_to_protect_them(hub):
    row = referral(state="accepted", requester=hub)
    Referral.objects.filter(pk=row.pk).update(basis="safeguarding", basis_note="At risk")
    row = move_referral(
        referral=row,
        to="failed",
        by=TESTS,
        saying=Saying(Party.RECEIVER, via="link", reason_code="no-capacity"),
    )
    assert (row.loop, row.follow_ups.count()) == ("not-asked", 0)
