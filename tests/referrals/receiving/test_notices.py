"""Who is told what, and that no e-mail or text names anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dcsn.messages import Channel, Message
from members.models import ContactBy, Person, SafetyFlag
from referrals.actions.moving import Saying, move_referral
from referrals.actions.sending import withdraw_sharing
from referrals.models import Referral, Reminder, ReplyLink, Telling
from referrals.notices import remind_receiver
from referrals.states import Party, Reason, State, Via
from tests.factories.place import LocationFactory
from tests.factories.referral import TESTS
from tests.factories.user import UserFactory
from tests.referrals.receiving.conftest import Scene, names_nobody

pytestmark = pytest.mark.django_db


def moves(row: Referral, to: str, **saying) -> Referral:
    return move_referral(
        referral=row,
        to=to,
        by=TESTS,
        saying=Saying(saying.pop("party", Party.RECEIVER), via=Via.SYSTEM, **saying),
    )


def to_person(person: Person) -> list[Message]:
    return list(Message.objects.filter(about=person.id).order_by("queued_at"))


def prefers(scene: Scene, way: str, **facts) -> None:
    Person.objects.filter(pk=scene.person.pk).update(contact_by=way, **facts)
    scene.person.refresh_from_db()


# --- E-mail and text names nobody, whatever happens -----------------------------------------------------


@pytest.mark.parametrize("way", [ContactBy.EMAIL, ContactBy.SMS])
def test_no_e_mail_or_text_names_anybody(scene: Scene, way, settings):
    settings.SMS_ADAPTER = "dcsn.messages.adapters.sms.LocalStub"
    from referrals.models import ReceivingDesk

    ReceivingDesk.objects.create(organisation=scene.hub, email="hub@riverside.example")
    prefers(scene, way)
    day = timezone.localdate() + timedelta(days=5)
    row = moves(scene.send(), State.ACCEPTED, expected_on=day)
    row = moves(row, State.ON_HOLD, reason_code=Reason.OTHER, reason_text="Zebedee is away")
    moves(row, State.CANCELLED, party=Party.REQUESTER, reason_code=Reason.NO_LONGER_NEEDED)
    moves(scene.send(), State.REJECTED, reason_code=Reason.NOT_ELIGIBLE)
    remind_receiver(Reminder.objects.filter(referral=scene.send()).earliest("due_on"))
    sent = Message.objects.exclude(channel=Channel.LETTER)
    assert sent.filter(about=None).count() >= 6
    assert sent.filter(about=scene.person.id).count() >= 3
    for message in sent:
        names_nobody(message.subject + message.body)
        # The person's own address and name are where it goes, and nowhere else
        if message.about is None:
            names_nobody(message.to_address + message.to_name)


def test_a_text_says_only_whom_to_ring(scene: Scene, settings):
    settings.SMS_ADAPTER = "dcsn.messages.adapters.sms.LocalStub"
    settings.HELPLINE_NUMBER = "01632 960 100"
    settings.NETWORK_NAME = "Example Network"
    prefers(scene, ContactBy.SMS)
    row = moves(scene.send(), State.ACCEPTED)
    (text,) = to_person(scene.person)
    assert text.body == "Please ring Example Network on 01632 960 100."
    assert row.reference not in text.body
    assert text.subject == ""


# --- The receiver -----------------------------------------------------------------------------------------


def test_each_is_told_in_the_way_they_want(scene: Scene):
    desk = scene.desk
    for how, facts, expected in [
        ("post", {"address": "Brook House\nDL1 5QU"}, Telling.How.POST),
        ("phone", {"phone": "01632 960 200"}, Telling.How.PHONE),
    ]:
        type(desk).objects.filter(pk=desk.pk).update(how=how, **facts)
        row = scene.send()
        telling = Telling.objects.get(referral=row)
        assert (telling.whom, telling.how) == (Telling.Whom.RECEIVER, expected)
        assert not Message.objects.filter(to_address=desk.email).exists()
    type(desk).objects.filter(pk=desk.pk).update(how="signed-in")
    scene.send()
    (mail,) = scene.mail_to_receiver()
    assert "/desk/referrals/received/" in mail.body
    assert not ReplyLink.objects.exists()


def test_who_is_not_registered_is_rung(scene: Scene):
    scene.desk.delete()
    row = scene.send()
    assert Telling.objects.get(referral=row).how == Telling.How.PHONE


def test_a_referral_within_one_organisation_writes_to_nobody_outside(scene: Scene):
    prefers(scene, ContactBy.NOT_AT_ALL)
    row = scene.send(owner=scene.hub, service=scene.service)
    moves(row, State.ACCEPTED)
    assert not Message.objects.exists()
    assert not Telling.objects.exists()


def test_withdrawal_tells_every_receiver_to_stop_and_ends_their_links(scene: Scene):
    one, other = scene.send(), scene.send()
    lead = UserFactory(role="hub_lead", role__organisation_id=scene.hub.id, second_factor=True)
    withdraw_sharing(person=scene.person, organisation=scene.receiver, how="spoken", by=lead)
    stops = Message.objects.filter(key__endswith=":stop")
    assert stops.count() == 2
    for message, row in zip(
        stops.order_by("subject"), sorted([one, other], key=lambda r: r.reference), strict=True
    ):
        assert row.reference in message.subject
        assert "no longer agrees" in message.body
        assert "delete what you have" in message.body
        names_nobody(message.subject + message.body)
    assert not ReplyLink.objects.filter(superseded_at=None).exists()


def test_who_was_never_told_is_not_told_to_stop(scene: Scene):
    scene.desk.delete()
    row = scene.send()
    moves(row, State.CANCELLED, party=Party.REQUESTER, reason_code=Reason.NO_LONGER_NEEDED)
    assert not Telling.objects.waiting().exists()


def test_who_was_told_by_hand_is_told_to_stop_by_hand(scene: Scene):
    scene.desk.delete()
    row = scene.send()
    Telling.objects.update(done_at=timezone.now())
    moves(row, State.CANCELLED, party=Party.REQUESTER, reason_code=Reason.NO_LONGER_NEEDED)
    assert Telling.objects.waiting().get().change.to_state == State.CANCELLED


def test_a_draft_thrown_away_tells_nobody(scene: Scene):
    row = scene.send(state="draft")
    moves(row, State.ENTERED_IN_ERROR, party=Party.REQUESTER)
    assert not Message.objects.exists()
    assert not Telling.objects.exists()


def test_a_reminder_brings_the_same_link_again_once(scene: Scene):
    row = scene.send()
    first = scene.address()
    reminder = Reminder.objects.get(referral=row, kind=Reminder.Kind.REMIND)
    remind_receiver(reminder)
    remind_receiver(reminder)
    assert len(scene.mail_to_receiver()) == 2
    assert scene.address() == first
    names_nobody(scene.mail_to_receiver()[1].body)


# --- The access point -------------------------------------------------------------------------------------


def test_the_hub_hears_of_each_word_but_not_of_what_it_wrote_down_itself(scene: Scene):
    from referrals.models import ReceivingDesk

    ReceivingDesk.objects.create(organisation=scene.hub, email="hub@riverside.example")
    row = moves(scene.send(), State.RECEIVED)
    mail = Message.objects.get(to_address="hub@riverside.example")
    assert row.reference in mail.subject
    assert "seen by them" in mail.subject
    staff = UserFactory(role="hub_lead", role__organisation_id=scene.hub.id, second_factor=True)
    move_referral(
        referral=row,
        to=State.ACCEPTED,
        by=staff,
        saying=Saying(Party.RECEIVER, via=Via.PHONE, by_name="Ms Example"),
    )
    assert Message.objects.filter(to_address="hub@riverside.example").count() == 1


# --- The person -------------------------------------------------------------------------------------------


def test_a_letter_in_their_size_says_what_happens_next_and_then_what_happened(scene: Scene):
    prefers(scene, ContactBy.POST, formats=["print_24"])
    row = scene.send()
    day = timezone.localdate() + timedelta(days=5)
    moves(row, State.ACCEPTED, expected_on=day)
    first, second = to_person(scene.person)
    assert {first.channel, second.channel} == {Channel.LETTER}
    assert (first.size, second.size) == (24, 24)
    assert first.to_address.splitlines() == ["9 Marzipan Mews", "Exampleton", "DL3 7XX"]
    assert "Dear Zeb" in first.body
    assert "Brook House: Brook House Bathing" in first.body
    assert row.reference in first.body
    assert "What happens next" in first.body
    assert "Brook House (Brook House Bathing) will help you." in second.body
    assert f"{day:%A}" in second.body


def test_several_sent_together_are_one_letter(scene: Scene):
    prefers(scene, ContactBy.POST)
    first = scene.send()
    second = scene.send(enquiry=first.enquiry)
    (letter,) = to_person(scene.person)
    assert first.reference in letter.body
    assert second.reference in letter.body


def test_one_who_asked_not_to_be_contacted_hears_nothing(scene: Scene):
    prefers(scene, ContactBy.NOT_AT_ALL)
    row = moves(scene.send(), State.ACCEPTED)
    moves(row, State.ON_HOLD, reason_code=Reason.NO_CAPACITY)
    moves(scene.send(), State.REJECTED, reason_code=Reason.NO_CAPACITY)
    assert to_person(scene.person) == []
    assert not Telling.objects.filter(whom=Telling.Whom.PERSON).exists()


@pytest.mark.parametrize("way", [ContactBy.PHONE, ""])
def test_one_who_chose_the_phone_or_nothing_is_rung(scene: Scene, way):
    prefers(scene, way)
    moves(scene.send(), State.ACCEPTED)
    assert to_person(scene.person) == []
    assert Telling.objects.waiting().get(whom=Telling.Whom.PERSON).how == Telling.How.PHONE


@pytest.mark.parametrize("what", ["note", "flag", "interpreter", "phone only", "refuge"])
def test_where_somebody_should_think_first_nothing_is_written_by_itself(scene: Scene, what):
    prefers(scene, ContactBy.EMAIL)
    match what:
        case "note":
            prefers(scene, ContactBy.EMAIL, safe_contact_note="He reads her e-mail.")
        case "flag":
            SafetyFlag.objects.create(
                person=scene.person,
                kind=SafetyFlag.Kind.DOMESTIC_ABUSE,
                what_to_do="Ring at work only",
                review_on=timezone.localdate(),
                expires_on=timezone.localdate() + timedelta(days=30),
                set_by=UserFactory(),
            )
        case "interpreter":
            prefers(scene, ContactBy.EMAIL, formats=["interpreter"])
        case "phone only":
            prefers(scene, ContactBy.EMAIL, formats=["phone_only"])
        case "refuge":
            from directory.models import ServiceAtLocation

            place = LocationFactory(is_confidential=True, latitude=None, longitude=None)
            ServiceAtLocation.objects.create(service=scene.service, location=place)
    moves(scene.send(), State.ACCEPTED)
    assert to_person(scene.person) == []
    assert Telling.objects.waiting().filter(whom=Telling.Whom.PERSON).count() == 1


def test_only_the_last_news_waits_to_be_told(scene: Scene):
    prefers(scene, ContactBy.PHONE)
    row = moves(scene.send(), State.ACCEPTED)
    moves(row, State.ON_HOLD, reason_code=Reason.NO_CAPACITY)
    waiting = Telling.objects.waiting().get(whom=Telling.Whom.PERSON)
    assert waiting.change.to_state == State.ON_HOLD


def test_what_came_in_one_transaction_goes_with_it_or_not_at_all(scene: Scene):
    from django.db import transaction

    row = scene.send()
    before = Message.objects.count()

    @transaction.atomic
    def something_fails_later() -> None:
        moves(row, State.ACCEPTED)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        something_fails_later()
    row.refresh_from_db()
    assert row.state == State.REQUESTED
    assert Message.objects.count() == before
