"""The clock: what is due is done once, however late, however many run; and nothing is turned down."""

from __future__ import annotations

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from referrals import notices
from referrals.actions.clock import due_reminders, run_clock
from referrals.actions.moving import Saying, move_referral
from referrals.clocks import due_on, late_since
from referrals.models import Referral, Reminder
from referrals.states import Party, Via
from referrals.working_days import add_working_days
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point
from tests.factories.referral import TESTS, referral

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
# A Wednesday: two days of grace are over on Friday the 13th, and a weekend follows.
SENT = datetime(2026, 11, 11, 15, 30, tzinfo=LONDON)


def sent(**facts):
    facts.setdefault("owner", OrganisationFactory(name="Bathing help", email="baths@example.org"))
    return referral(state="requested", **facts)


def sweep(*day):
    with time_machine.travel(datetime(*day, 6, 5, tzinfo=LONDON), tick=False):
        return dict(run_clock())


@pytest.fixture
def waiting():
    with time_machine.travel(SENT, tick=False):
        requester = access_point(name="Access point")
        type(requester).objects.filter(pk=requester.pk).update(email="desk@example.org")
        requester.refresh_from_db()
        return sent(requester=requester)


def test_each_thing_is_done_on_its_working_day_and_once(waiting):
    done = {day: sweep(2026, 11, day) for day in range(12, 27)}
    assert {day: what for day, what in done.items() if what} == {
        14: {"acknowledge": 1},  # the day after the second working day, a Saturday
        19: {"remind": 1},
        24: {"escalate": 1},
        26: {"overdue": 1},  # the tenth working day, the 25th, is over
    }
    assert sorted(waiting.reminders.values_list("kind", flat=True)) == [
        "acknowledge", "escalate", "overdue", "remind",
    ]  # fmt: skip
    assert not waiting.reminders.filter(done_at=None).exists()
    assert Referral.objects.get().state == "requested"


def test_christmas_and_new_year_are_not_counted():
    with time_machine.travel(datetime(2026, 12, 23, 10, tzinfo=LONDON), tick=False):
        row = sent()
    # Christmas Day, the Monday in place of Boxing Day and New Year's Day are holidays.
    assert row.reminders.get(kind="remind").due_on == date(2027, 1, 5)
    assert sweep(2027, 1, 4) == {"acknowledge": 1}
    assert sweep(2027, 1, 5) == {"remind": 1}


def test_a_worker_that_was_off_for_five_days_catches_up(waiting):
    assert sweep(2026, 11, 18) == {"acknowledge": 1}
    # Off from the 19th, when the reminder was due, until the 24th.
    assert sweep(2026, 11, 24) == {"remind": 1, "escalate": 1}
    assert sweep(2026, 11, 24) == {}
    assert sweep(2026, 11, 25) == {}


def test_after_a_month_everything_is_done_at_once_and_still_once(waiting):
    assert sweep(2026, 12, 14) == {"acknowledge": 1, "remind": 1, "escalate": 1, "overdue": 1}
    assert sweep(2026, 12, 14) == {}
    assert Message.objects.filter(key=f"escalated:{waiting.id}").count() == 1


def test_the_hub_is_told_by_reference_alone(waiting):
    sweep(2026, 11, 24)
    told = Message.objects.get(key=f"escalated:{waiting.id}")
    assert told.to_address == "desk@example.org"
    assert waiting.reference in told.subject
    words = f"{told.subject} {told.body}"
    for secret in (
        waiting.person.given_name,
        waiting.person.family_name,
        waiting.service.name,
        waiting.owner.name,
        waiting.reason_text,
    ):
        assert secret not in words
    assert told.about is None


def test_a_hub_without_an_address_is_told_by_its_first_page():
    with time_machine.travel(SENT, tick=False):
        row = sent()
    assert sweep(2026, 11, 24)["escalate"] == 1
    assert not Message.objects.filter(key=f"escalated:{row.id}").exists()


def test_an_answer_settles_what_is_left(waiting):
    sweep(2026, 11, 14)
    with time_machine.travel(datetime(2026, 11, 16, 9, tzinfo=LONDON), tick=False):
        move_referral(
            referral=waiting, to="accepted", by=TESTS, saying=Saying(Party.RECEIVER, via=Via.LINK)
        )
    assert sweep(2026, 12, 14) == {}
    assert waiting.reminders.filter(not_needed_at=None).count() == 1


def test_seen_but_not_decided_is_reminded_all_the_same(waiting):
    with time_machine.travel(datetime(2026, 11, 12, 9, tzinfo=LONDON), tick=False):
        move_referral(
            referral=waiting, to="received", by=TESTS, saying=Saying(Party.RECEIVER, via=Via.LINK)
        )
    assert sweep(2026, 11, 24) == {"remind": 1, "escalate": 1}


def test_one_that_fails_holds_up_no_other(waiting, monkeypatch):
    with time_machine.travel(SENT, tick=False):
        other = sent()
    remind = notices.remind_receiver

    def broken(reminder):
        if reminder.referral_id == waiting.id:
            raise RuntimeError("no")
        return remind(reminder)

    monkeypatch.setattr(notices, "remind_receiver", broken)
    assert sweep(2026, 11, 19) == {"acknowledge": 2, "remind": 1, "failed": 1}
    assert other.reminders.get(kind="remind").done_at is not None
    assert waiting.reminders.get(kind="remind").done_at is None
    monkeypatch.setattr(notices, "remind_receiver", remind)
    assert sweep(2026, 11, 19) == {"remind": 1}


def test_it_is_in_the_persons_trail(waiting):
    sweep(2026, 11, 19)
    event = Event.objects.get(type="referral:reminded", details__kind="remind")
    assert (event.subject, event.actor_job) == (waiting.person_id, "referral clock")


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_each_thing_once():
    with time_machine.travel(SENT, tick=False):
        requester = access_point()
        type(requester).objects.filter(pk=requester.pk).update(email="desk@example.org")
        requester.refresh_from_db()
        owner = OrganisationFactory(email="baths@example.org")
        rows = [sent(requester=requester, owner=owner) for _number in range(6)]
    results, failures = [], []
    start = threading.Barrier(3)

    def run():
        try:
            start.wait(10)
            results.append(run_clock(today=date(2026, 12, 14)))
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    total = {kind: sum(result[kind] for result in results) for kind in Reminder.Kind.values}
    assert total == dict.fromkeys(Reminder.Kind.values, len(rows))
    assert Message.objects.filter(key__startswith="escalated:").count() == len(rows)
    assert Event.objects.filter(type="referral:reminded").count() == 4 * len(rows)


@pytest.mark.django_db(transaction=True)
def test_a_referral_that_is_being_answered_right_now_is_left_to_the_next_sweep():
    with time_machine.travel(SENT, tick=False):
        row = sent()
    held, release = threading.Event(), threading.Event()

    def answering():
        from django.db import transaction

        with transaction.atomic():
            Referral.objects.select_for_update().get(pk=row.pk)
            held.set()
            release.wait(20)
        connections.close_all()

    thread = threading.Thread(target=answering)
    thread.start()
    assert held.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        assert run_clock(today=date(2026, 12, 14)) == {}
    finally:
        release.set()
        thread.join(20)
    assert sum(run_clock(today=date(2026, 12, 14)).values()) == 4


@pytest.mark.parametrize("days", [2, 6, 9, 10])
@pytest.mark.parametrize("on_the_day", [True, False])
def test_the_search_by_index_finds_what_the_calendar_says(days, on_the_day):
    """Over Christmas and the change of the clocks: sent at the first and last moment of each day."""
    for today in (date(2026, 10, 26), date(2026, 12, 29), date(2027, 1, 4), date(2027, 3, 29)):
        border = late_since(today, days, on_the_day=on_the_day)
        for number in range(1, 40):
            day = date.fromordinal(today.toordinal() - number)
            for hour, minute in ((0, 0), (23, 59)):
                moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
                last = due_on(moment, days)
                late = last <= today if on_the_day else last < today
                assert (moment < border) is late, (today, moment)
                assert last == add_working_days(day, days)


def test_beat_runs_it_each_hour_of_the_day():
    entry = settings.CELERY_BEAT_SCHEDULE["referrals that nobody answers"]
    assert entry["task"] == "referrals.clock"
    assert len(entry["schedule"].hour) >= 12


def test_what_is_not_due_is_not_found(waiting):
    assert due_reminders(date(2026, 11, 12)) == []
