"""``record()`` and the table's promise that nothing is changed or taken away."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from dcsn.access.actions import end_role, grant_role
from dcsn.access.events import ROLE_GRANTED
from dcsn.access.models import RoleAssignment
from dcsn.accounts.models import User
from dcsn.audit import (
    AnonymousAuditError,
    EventType,
    NotInTransactionError,
    OnErasure,
    SystemJob,
    UnknownEventTypeError,
    record,
)
from dcsn.audit.models import AppendOnlyError, Event
from dcsn.audit.types import _types, all_types
from tests.conftest import Cast
from tests.factories.user import UserFactory

JOB = SystemJob("nightly check")


@pytest.fixture
def tested_type(monkeypatch: pytest.MonkeyPatch) -> EventType:
    event_type = EventType(
        "lamp:lit",
        sentence="%(actor)s lit lamp %(lamp)s for %(room)s",
        details={"lamp": OnErasure.KEEP, "room": OnErasure.DROP},
    )
    monkeypatch.setitem(_types, event_type.name, event_type)
    return event_type


@pytest.mark.django_db
def test_records_who_what_and_about_whom(tested_type: EventType) -> None:
    user, subject, room = UserFactory(), uuid.uuid4(), uuid.uuid4()

    event = record(
        tested_type, by=user, subject=subject, fields=["wick"], details={"lamp": 3, "room": room}
    )

    stored = Event.objects.about(subject).get()
    assert stored == event
    assert (stored.type, stored.actor_user, stored.actor_job) == ("lamp:lit", user.pk, "")
    assert stored.fields == ["wick"]
    assert stored.details == {"lamp": 3, "room": str(room)}
    assert stored.sentence("Jo") == f"Jo lit lamp 3 for {room}"


@pytest.mark.django_db
def test_a_job_can_be_the_actor(tested_type: EventType) -> None:
    record(tested_type, by=JOB)
    assert Event.objects.by(JOB).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("nobody", [None, AnonymousUser(), "system", User(email="x@example.org")])
def test_refuses_nobody(tested_type: EventType, nobody: object) -> None:
    with pytest.raises(AnonymousAuditError):
        record(tested_type, by=nobody)  # type: ignore[arg-type]
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_refuses_an_unknown_type() -> None:
    with pytest.raises(UnknownEventTypeError):
        record(EventType("lamp:lost", sentence="x"), by=JOB)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", ["Mary Smith", "mary@example.org", "12 High Street", {"name": "x"}, 1.5]
)
def test_refuses_what_looks_personal(tested_type: EventType, value: object) -> None:
    with pytest.raises(ValueError, match="lamp"):
        record(tested_type, by=JOB, details={"lamp": value})


@pytest.mark.django_db
def test_refuses_a_detail_that_is_not_declared(tested_type: EventType) -> None:
    with pytest.raises(ValueError, match="shade"):
        record(tested_type, by=JOB, details={"shade": 1})


@pytest.mark.django_db(transaction=True)
def test_refuses_a_change_outside_its_transaction(tested_type: EventType) -> None:
    with pytest.raises(NotInTransactionError):
        record(tested_type, by=JOB)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_event_is_neither_changed_nor_deleted(tested_type: EventType) -> None:
    event = record(tested_type, by=JOB)
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.update(actor_job="someone else")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_event",
        "UPDATE audit_event SET details = '{}'",
        "UPDATE audit_event SET actor_job = 'someone else'",
    ],
)
def test_the_database_itself_refuses(tested_type: EventType, statement: str) -> None:
    record(tested_type, by=JOB, details={"lamp": 1})
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.get().details == {"lamp": 1}


@pytest.mark.django_db
def test_redaction_keeps_what_the_type_keeps(tested_type: EventType) -> None:
    subject = uuid.uuid4()
    record(tested_type, by=JOB, subject=subject, details={"lamp": 1, "room": uuid.uuid4()})
    other = record(tested_type, by=JOB, subject=uuid.uuid4(), details={"room": uuid.uuid4()})

    assert Event.objects.about(subject).redact() == 1

    event = Event.objects.about(subject).get()
    assert event.details == {"lamp": 1}
    assert event.redacted_at is not None
    assert event.sentence("Jo") == "Jo lit lamp 1 for –"
    assert Event.objects.get(pk=other.pk).redacted_at is None
    assert Event.objects.about(subject).redact() == 0


@pytest.mark.django_db
def test_after_a_redaction_the_database_refuses_again(tested_type: EventType) -> None:
    record(tested_type, by=JOB, subject=uuid.uuid4())
    Event.objects.all().redact()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE audit_event SET details = '{\"lamp\": 9}'")


@pytest.mark.django_db(transaction=True)
def test_when_the_audit_cannot_be_written_nothing_changes(cast: Cast) -> None:
    """The promise itself: no role is given, and none ended, without the row that says so."""
    user, administrator = UserFactory(), cast.administrator
    held = grant_role(user=user, role="commissioner", by=administrator)
    events = Event.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        with pytest.raises(DatabaseError):
            grant_role(user=user, role="coordinator", by=administrator)
        with pytest.raises(DatabaseError):
            end_role(assignment=held, by=administrator)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_event DROP CONSTRAINT broken")

    assert list(RoleAssignment.objects.filter(user=user).current()) == [held]
    assert Event.objects.count() == events


@pytest.mark.parametrize("event_type", all_types(), ids=str)
def test_every_type_can_be_read_as_a_sentence(event_type: EventType) -> None:
    event = Event(type=event_type.name, details=dict.fromkeys(event_type.details, 1))
    sentence = event.sentence("Jo")
    assert len(sentence) > 10
    assert "%(" not in sentence
    assert event_type.in_words()


def test_two_types_of_one_name_are_refused() -> None:
    from dcsn.audit import register

    with pytest.raises(ValueError, match="twice"):
        register(EventType(ROLE_GRANTED.name, sentence="x"))
