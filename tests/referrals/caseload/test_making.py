"""An invented caseload: as large as was asked, the same each time, and true to the rules of the portal."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.audit.types import all_types
from dcsn.references import normal_reference
from members.models import Consent, Person, Purpose, SharingAgreement
from referrals.caseload.ledger import Ledger
from referrals.clocks import OVERDUE_AFTER, due_on
from referrals.models import Attempt, Enquiry, FollowUp, Referral, Reminder, StateChange
from referrals.states import FINAL, NEEDS_REASON, TRANSITIONS, Loop, State, Via
from tests.directory.importing import kept_for_all

pytestmark = pytest.mark.django_db

# Near today: the agreements that are made along with it are for some weeks after its last day.
UNTIL = timezone.localdate() - timedelta(days=3)
SIZE = ("--people", "60", "--enquiries", "500", "--referrals", "900", "--until", UNTIL.isoformat())


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            call_command("load_demonstration", stdout=StringIO())
            kept = Counter(
                {model: model.objects.count() for model in (Person, Enquiry, Referral, StateChange)}
            )
            make()
        yield kept


@pytest.fixture
def before(made_once, db, settings) -> Counter:
    """What the demonstration had already; the caseload is there too."""
    settings.DEMONSTRATION = True
    return made_once


def make(*args: str) -> str:
    out = StringIO()
    call_command("make_caseload", *SIZE, *args, stdout=out)
    return out.getvalue()


def rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.reference, r.state, r.requested_at, p.family_name, c.at, c.to_state "
            "FROM referrals_referral r JOIN members_person p ON p.id = r.person_id "
            "JOIN referrals_statechange c ON c.referral_id = r.id ORDER BY r.id, c.number"
        )
        return cursor.fetchall()


def test_it_is_refused_where_the_portal_is_not_a_demonstration(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        make()
    assert not Person.objects.exists()


def test_it_is_refused_without_a_network_to_make_it_in(settings):
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError, match="load_demonstration first"):
        make()


def test_there_is_as_much_as_was_asked_for(before):
    assert Person.objects.count() - before[Person] == 60
    assert Enquiry.objects.count() - before[Enquiry] == 500
    assert Referral.objects.count() - before[Referral] == 900


def test_every_state_of_a_referral_and_of_an_enquiry_occurs(before):
    call_command("make_caseload", "--people", "60", "--enquiries", "900", "--referrals", "2500",
                 "--seed", "8", stdout=StringIO())  # fmt: skip
    assert set(Referral.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Enquiry.objects.values_list("state", flat=True)) >= {
        "answered", "signposted", "referred", "passed-to-adult-social-care", "abandoned",
    }  # fmt: skip
    assert set(Referral.objects.values_list("loop", flat=True)) == set(Loop.values)
    assert set(StateChange.objects.values_list("via", flat=True)) >= set(Via.values) - {"system"}


def test_the_same_seed_again_makes_nothing_and_another_makes_others(before):
    count = Referral.objects.count()
    assert "made before" in make()
    assert Referral.objects.count() == count
    make("--seed", "2")
    assert Referral.objects.count() == count + 900


def test_the_same_seed_makes_the_same_caseload(before):
    made = []
    for _time in range(2):
        savepoint = transaction.savepoint()
        make("--seed", "5")
        made.append(rows())
        transaction.savepoint_rollback(savepoint)
    assert len(made[0]) > 900
    assert made[0] == made[1]


def test_what_is_interrupted_leaves_nothing(before, monkeypatch):
    count = Person.objects.count()
    written = []

    def stop(ledger: Ledger, *arguments: object) -> None:
        written.append(ledger)
        if len(written) > 40:
            raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "_keep_reminders", stop)
    with pytest.raises(KeyboardInterrupt):
        make("--seed", "3")
    assert Person.objects.count() == count


def test_every_way_from_state_to_state_is_one_that_the_table_has(before):
    ways = set(StateChange.objects.exclude(number=0).values_list("from_state", "to_state"))
    assert ways <= {(here, to) for here, following in TRANSITIONS.items() for to in following}
    assert len(ways) > 12


def test_the_columns_of_a_referral_agree_with_its_history(before):
    for row in Referral.objects.prefetch_related("changes", "reminders", "follow_ups"):
        steps = list(row.changes.all())
        assert [step.number for step in steps] == list(range(len(steps)))
        assert steps[-1].to_state == row.state
        assert all(one.at <= two.at for one, two in pairwise(steps))
        assert row.status_reason == steps[-1].reason_code
        assert bool(row.status_reason) == (row.state in NEEDS_REASON)
        assert (row.ended_at is not None) == (row.state in FINAL)
        said = [step for step in steps if step.party == "receiver"]
        assert row.acknowledged_at == (said[0].at if said else None)
        if row.state == State.DRAFT:
            assert not row.reminders.all()
            continue
        assert {one.kind for one in row.reminders.all()} == set(Reminder.Kind.values)
        overdue = row.reminders.get(kind="overdue")
        assert overdue.due_on == due_on(row.requested_at, OVERDUE_AFTER)
        if row.closed_at:
            assert row.loop != Loop.AWAITING_PERSON
        assert len(row.follow_ups.all()) in ((0, 2) if row.state in FINAL else (0,))


def test_nothing_lies_in_the_future(before):
    now = timezone.now()
    for model, field in (
        (Person, "created_at"), (Enquiry, "started_at"), (Referral, "created_at"),
        (StateChange, "at"), (Attempt, "at"), (Consent, "at"), (Event, "happened_at"),
    ):  # fmt: skip
        assert not model.objects.filter(**{f"{field}__gt": now}).exists(), model


def test_nobody_is_recorded_as_unreachable_after_fewer_than_three_tries_by_two_ways(before):
    given_up = FollowUp.objects.filter(state=FollowUp.State.COULD_NOT_REACH)
    assert given_up.exists()
    for row in given_up.prefetch_related("attempts"):
        tries = list(row.attempts.all())
        assert len(tries) >= 3
        assert len({one.way for one in tries}) >= 2


def test_nothing_went_without_consent_or_without_an_agreement(before):
    sent = Referral.objects.exclude(requested_at=None).select_related("consent")
    for row in sent:
        assert row.consent.purpose == Purpose.SHARE
        assert (row.consent.person_id, row.consent.organisation_id) == (row.person_id, row.owner_id)
        assert row.consent.at <= row.requested_at
    owners = set(sent.values_list("owner_id", flat=True))
    assert owners == set(SharingAgreement.objects.in_force_for(owners, timezone.localdate()))


def test_phone_numbers_and_addresses_are_nobodys(before):
    drama = re.compile(r"^(01632 960 \d{3}|07700 900 \d{3})$")
    for person in Person.objects.all():
        assert not person.phone or drama.match(person.phone)
        assert not person.email or person.email.endswith(".example")
        person.full_clean(exclude=["sort_key"])
        key = person.sort_key
        person.save()
        assert person.sort_key == key


def test_enquiries_pass_the_models_own_checks(before):
    for enquiry in Enquiry.objects.all()[:200]:
        enquiry.full_clean()
        assert normal_reference(enquiry.reference) == enquiry.reference
        if enquiry.finished_at:
            assert timedelta(0) < enquiry.finished_at - enquiry.started_at <= timedelta(hours=4)
    assert Enquiry.objects.exclude(ward="").exists()


def test_the_audit_trail_reads_like_any_other(before):
    known = {one.name: one for one in all_types()}
    events = list(Event.objects.filter(actor_job="made caseload")[:300])
    assert events
    for event in events:
        assert set(event.details) <= set(known[event.type].details)
        assert known[event.type].sentence % {"actor": "Somebody", **event.details}


def test_too_many_referrals_for_so_few_enquiries_is_a_sentence(settings, before):
    with pytest.raises(CommandError, match="too few enquiries"):
        call_command("make_caseload", "--people=1", "--enquiries=2", "--referrals=900", "--seed=99")
