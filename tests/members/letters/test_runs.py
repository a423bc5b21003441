"""Runs of letters: who is due one, each once, in the way that they chose."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from dcsn.privacy import erase_person
from members.actions.memberships import apply_source, end_membership, void_source
from members.letters.actions import (
    NobodyDue,
    NotReady,
    drop_overtaken,
    make_run,
    mark_posted,
    queue_emails,
    settle_letter,
)
from members.letters.due import due, left_alone
from members.models import (
    ContactBy,
    Format,
    Letter,
    LetterKind,
    LetterRun,
    Membership,
    Status,
    Term,
)
from tests.conftest import Cast
from tests.factories.membership import TESTS
from tests.factories.safety_flag import SafetyFlagFactory

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]


def run_of(cast: Cast, kind: str = LetterKind.RENEWAL, **facts: object) -> LetterRun:
    return make_run(kind=kind, key=uuid.uuid4(), by=cast.membership_officer, **facts)


def renew(row: Membership) -> uuid.UUID:
    source = uuid.uuid4()
    apply_source(membership=row, source=Term.Source.PAYMENT, source_id=source, by=TESTS)
    return source


@pytest.mark.parametrize(
    ("kind", "days", "is_due"),
    [
        (LetterKind.RENEWAL, 43, False),
        (LetterKind.RENEWAL, 42, True),
        (LetterKind.RENEWAL, 0, True),
        (LetterKind.RENEWAL, -1, False),
        (LetterKind.LAPSED, 0, False),
        (LetterKind.LAPSED, -1, True),
        (LetterKind.LAPSED, -92, True),
        (LetterKind.LAPSED, -93, False),
    ],
)
def test_the_day_decides_who_is_due(member: Member, kind: str, days: int, is_due: bool) -> None:
    row = member(ends_in=days)
    assert row.ends_on == timezone.localdate() + timedelta(days=days)
    assert due(kind, timezone.localdate()).filter(pk=row.pk).exists() is is_due


@pytest.mark.parametrize(("ago", "is_due"), [(0, True), (60, True), (61, False)])
def test_a_welcome_is_for_those_who_joined_lately(member: Member, ago: int, is_due: bool) -> None:
    row = member(joined_ago=ago)
    assert due(LetterKind.WELCOME, timezone.localdate()).filter(pk=row.pk).exists() is is_due


def test_whoever_asked_not_to_be_contacted_is_left_alone(cast: Cast, member: Member) -> None:
    member(contact_by=ContactBy.NOT_AT_ALL)
    with pytest.raises(NobodyDue):
        run_of(cast)
    assert LetterRun.objects.count() == 0
    assert left_alone(LetterKind.RENEWAL, timezone.localdate()) == 1


@pytest.mark.parametrize("stored", [Status.CANCELLED, Status.DECEASED])
def test_an_ended_membership_gets_no_letter(cast: Cast, member: Member, stored: str) -> None:
    end_membership(membership=member(), stored=stored, by=TESTS)
    with pytest.raises(NobodyDue):
        run_of(cast)


def test_each_is_told_once_a_term(cast: Cast, member: Member) -> None:
    # Given somebody who was told that their year ends
    row = member()
    assert run_of(cast).letters.get().membership == row
    # Then they are not told again
    with pytest.raises(NobodyDue):
        run_of(cast)
    # But when a year later the next term ends, they are
    renew(row)
    later = timezone.localdate() + timedelta(days=365)
    again = run_of(cast, on=later).letters.get()
    assert again.term == row.terms.get(starts_on__gt=timezone.localdate())


def test_the_table_itself_refuses_a_second_letter(cast: Cast, member: Member) -> None:
    member()
    first = run_of(cast).letters.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(
            run=first.run, membership=first.membership, term=first.term, kind=first.kind, way="post"
        )


def test_a_welcome_comes_once_whatever_becomes_of_the_terms(cast: Cast, member: Member) -> None:
    row = member(joined_ago=3)
    run_of(cast, LetterKind.WELCOME)
    term = row.terms.get()
    renew(row)
    void_source(source=term.source, source_id=term.source_id, by=TESTS)
    with pytest.raises(NobodyDue):
        run_of(cast, LetterKind.WELCOME)


def test_the_same_form_twice_is_one_run(cast: Cast, member: Member) -> None:
    member()
    key = uuid.uuid4()
    officer = cast.membership_officer
    first = make_run(kind=LetterKind.RENEWAL, key=key, by=officer)
    assert make_run(kind=LetterKind.RENEWAL, key=key, by=officer) == first
    assert Event.objects.filter(type="letters:made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_tell_nobody_twice(cast: Cast, member: Member) -> None:
    # Given twenty members and two officers who press at the same moment
    rows = {member().pk for _number in range(20)}
    officer, start = cast.membership_officer, threading.Barrier(2)
    outcomes: list[object] = []

    def press() -> None:
        try:
            start.wait(10)
            outcomes.append(make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=officer))
        except NobodyDue as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # Then each member has one letter, and no run is empty
    assert len(outcomes) == 2
    letters = Letter.objects.values_list("membership", flat=True)
    assert sorted(letters) == sorted(rows)
    assert all(run.letters.exists() for run in LetterRun.objects.all())


@pytest.mark.parametrize(
    ("facts", "way", "why"),
    [
        ({}, "post", ""),
        ({"contact_by": "email", "email": "w@example.org"}, "email", ""),
        # An address that is there is no choice of e-mail.
        ({"email": "w@example.org"}, "post", ""),
        ({"contact_by": "phone", "phone": "01632 960 321"}, "post", ""),
        ({"address_1": "", "email": "w@example.org"}, "email", ""),
        ({"address_1": ""}, "by-hand", "no-address"),
        ({"safe_contact_note": "Never by post."}, "by-hand", "ask-first"),
        ({"formats": [Format.PHONE_ONLY]}, "by-hand", "format"),
        ({"formats": [Format.PRINT_24, Format.BSL]}, "by-hand", "format"),
    ],
)
def test_the_way_is_theirs(
    cast: Cast, member: Member, facts: dict[str, object], way: str, why: str
) -> None:
    member(**facts)
    letter = run_of(cast).letters.get()
    assert (letter.way, letter.why_by_hand) == (way, why)


def test_where_contact_can_do_harm_somebody_asks_first(cast: Cast, member: Member) -> None:
    """And which warning it is, the list does not say: it reads like any other note."""
    SafetyFlagFactory(person=member(contact_by="email", email="w@example.org").person, kind="abuse")
    letter = run_of(cast).letters.get()
    assert (letter.way, letter.why_by_hand) == ("by-hand", "ask-first")


@pytest.mark.parametrize(
    ("formats", "size"),
    [([], 18), (["print_14"], 14), (["print_24"], 24), (["print_14", "print_24"], 24)],
)
def test_the_size_is_theirs(cast: Cast, member: Member, formats: list[str], size: int) -> None:
    member(formats=formats)
    assert run_of(cast).letters.get().size == size


def test_who_renewed_meanwhile_drops_out(cast: Cast, member: Member) -> None:
    rows = [member() for _number in range(4)]
    run = run_of(cast)
    renew(rows[0])
    end_membership(membership=rows[1], stored=Status.DECEASED, by=TESTS)
    assert rows[2].person is not None
    erase_person(rows[2].person.pk, by=TESTS, reason="asked")
    assert drop_overtaken(run) == 3
    assert [letter.membership for letter in run.letters.filter(state="waiting")] == [rows[3]]
    assert drop_overtaken(run) == 0


def test_posting_counts_each_once(cast: Cast, member: Member) -> None:
    for _number in range(3):
        member()
    run = run_of(cast)
    with pytest.raises(NotReady):
        mark_posted(run=run, by=cast.membership_officer)
    LetterRun.objects.update(pages={"18": 12})
    left = run.letters.order_by("id")[0]
    settle_letter(letter=left, state="left-out", by=cast.membership_officer)
    assert mark_posted(run=run, by=cast.membership_officer) == 2
    assert mark_posted(run=run, by=cast.membership_officer) == 0
    assert Event.objects.filter(type="letter:sent").count() == 2
    assert Event.objects.filter(type="letter:left_out").count() == 1
    # And what is sent is not left out afterwards
    sent = run.letters.filter(state="sent")[0]
    settle_letter(letter=sent, state="left-out", by=cast.membership_officer)
    assert run.letters.filter(state="sent").count() == 2


def test_an_email_goes_once_and_its_subject_says_nothing(cast: Cast, member: Member) -> None:
    row = member(contact_by="email", email="winifred@example.org")
    letter = run_of(cast).letters.get()
    officer = cast.membership_officer
    assert queue_emails([letter.pk], by=officer) == 1
    assert queue_emails([letter.pk], by=officer) == 0
    message = Message.objects.get()
    assert message.to_address == "winifred@example.org"
    assert "member" not in message.subject.lower()
    assert row.reference in message.body
    assert "£10" in message.body
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize("code", ["access_point_staff", "hub_lead", "coordinator"])
def test_only_the_officer_makes_runs(cast: Cast, member: Member, code: str) -> None:
    member()
    with pytest.raises(PermissionDenied):
        make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.with_role(code))


def test_the_day_of_a_run_stays(cast: Cast, member: Member) -> None:
    member(ends_in=30)
    run = run_of(cast, on=timezone.localdate())
    assert run.as_of == timezone.localdate()
    assert isinstance(run.as_of, date)
