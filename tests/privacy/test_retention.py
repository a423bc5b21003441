"""What is kept long enough goes, once, in batches; what is not, and what fails, stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn import checks
from dcsn.audit import SystemJob, record
from dcsn.audit.models import Event
from dcsn.jobs.models import Job
from dcsn.jobs.runner import run_job
from dcsn.privacy import last_contact, merge_people, retention
from dcsn.privacy.models import RetentionRun
from dcsn.privacy.retention import RetentionClass, count_due, run_retention
from dcsn.privacy.tasks import retention as nightly
from members.events import PAPER_VIEWED
from members.models import PaperRequest, Person
from tests.conftest import Cast
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db


def aged(days: int, **facts: Any) -> Person:
    person = PersonFactory(**facts)
    day = timezone.now() - timedelta(days=days)
    Person.objects.filter(pk=person.pk).update(created_at=day, changed_at=day)
    return person


def is_forgotten(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).erased_at is not None


@pytest.mark.parametrize(("days", "forgotten"), [(729, False), (731, True)])
def test_two_years_after_the_last_contact_they_are_forgotten(days: int, forgotten: bool) -> None:
    person = aged(days)
    run_retention()
    assert is_forgotten(person) is forgotten


def test_a_later_contact_counts_and_so_does_a_later_merge(cast: Cast) -> None:
    asked, merged, old = aged(900), aged(900), aged(900)
    PaperRequestFactory(person=asked)
    merge_people(old=old.id, current=merged.id, by=cast.coordinator)
    run_retention()
    assert not is_forgotten(asked)
    assert not is_forgotten(merged)


def test_somebody_who_was_helped_is_kept_eight_years(monkeypatch: pytest.MonkeyPatch) -> None:
    helped, long_ago = aged(2000), aged(2930)
    for person, days in ((helped, 2000), (long_ago, 2930)):
        PaperRequestFactory(person=person)
        PaperRequest.objects.filter(person=person).update(
            created_at=timezone.now() - timedelta(days=days)
        )
    monkeypatch.setattr(
        last_contact,
        "_contacts",
        {
            "paper": last_contact.Contact(
                "paper",
                rows=lambda since: PaperRequest.objects.filter(created_at__gte=since),
                is_case=True,
            )
        },
    )
    run = run_retention()
    assert not is_forgotten(helped)
    assert is_forgotten(long_ago)
    assert run.counts["members.people_helped"]["done"] == 1


def test_it_is_written_down_in_counts_and_a_second_run_finds_nothing() -> None:
    aged(900, given_name="Winifred")
    run = run_retention()
    assert run.finished_at is not None
    assert run.counts["members.people_informed"] == {"done": 1, "held": 0, "failed": 0}
    events = Event.objects.filter(type="retention:applied")
    assert [event.details for event in events] == [{"what": "members.people_informed", "rows": 1}]
    again = run_retention()
    assert again.counts["members.people_informed"]["done"] == 0
    assert "Winifred" not in str(RetentionRun.objects.values_list())


def test_one_that_fails_hinders_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from members import retention as of_people

    people = sorted((aged(900) for _number in range(3)), key=lambda person: person.pk)
    real = of_people.erase_person

    def fail_for_the_first(person: Any, **other: Any) -> Any:
        if person == people[0].pk:
            raise RuntimeError("a row that cannot be dealt with")
        return real(person, **other)

    monkeypatch.setattr(of_people, "erase_person", fail_for_the_first)
    run = run_retention()
    assert run.counts["members.people_informed"] == {"done": 2, "held": 0, "failed": 1}
    assert [is_forgotten(person) for person in people] == [False, True, True]
    assert "Retention of members.people_informed failed" in caplog.text

    monkeypatch.setattr(of_people, "erase_person", real)
    run_retention()
    assert is_forgotten(people[0])


class Stopped(Exception):
    """The worker was killed."""


def test_a_run_that_was_broken_off_goes_on_where_it_stopped() -> None:
    people = [aged(900) for _number in range(4)]

    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        run_retention(key="job:1", progress=stop_after_two)
    assert sum(is_forgotten(person) for person in people) == 2

    run = run_retention(key="job:1")
    assert all(is_forgotten(person) for person in people)
    assert RetentionRun.objects.get() == run
    assert run.counts["members.people_informed"]["done"] == 4


def test_somebody_who_comes_back_meanwhile_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Due when the list was made, not when the row was locked."""
    person = aged(900)
    real, calls = retention._classes["members.people_informed"].due, []

    def due(before: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:  # counted, listed, and now about to be locked
            PaperRequestFactory(person=person)
        return real(before)

    one = retention._classes["members.people_informed"]
    monkeypatch.setattr(
        retention, "_classes", {one.name: RetentionClass(**{**vars(one), "due": due})}
    )
    run = run_retention()
    assert len(calls) >= 3
    assert not is_forgotten(person)
    assert run.counts[one.name]["done"] == 0


def test_what_an_event_was_about_is_forgotten_after_eight_years() -> None:
    for _time in range(2):
        record(PAPER_VIEWED, by=SystemJob("test"), details={"request": "x1"})
    moment = timezone.now() + timedelta(days=2922 - 1)
    run = run_retention(now=moment)
    assert run.counts["audit.events"]["done"] == 0
    run_retention(now=moment + timedelta(days=2))
    assert Event.objects.filter(type="paper:viewed", redacted_at=None).count() == 0


def test_the_dry_run_tells_numbers_and_changes_nothing() -> None:
    person = aged(900, given_name="Winifred")
    out = io.StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "members.people_informed: 1 older than 730 days" in out.getvalue()
    assert "Winifred" not in out.getvalue()
    assert not is_forgotten(person)
    call_command("retention", stdout=out)
    assert is_forgotten(person)


def test_every_night_a_job_does_it_and_a_second_night_adds_none_beside_it() -> None:
    person = aged(900)
    nightly()
    nightly()
    job = Job.objects.get(kind="privacy.retention")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert is_forgotten(person)


def test_the_page_shows_numbers_and_no_names(cast: Cast, client_as: Callable[..., Client]) -> None:
    aged(900, given_name="Winifred", family_name="Shownnowhere")
    run_retention(now=timezone.now() - timedelta(days=400))
    text = client_as(cast.administrator).get(reverse("privacy:retention")).content.decode()
    assert "DCSN_KEEP_INFORMATION_DAYS" in text
    counts = {count.retention_class.name: count.due for count in count_due()}
    assert counts["members.people_informed"] == 1
    assert "Winifred" not in text
    assert "Shownnowhere" not in text


def test_starting_it_by_hand_is_noted(cast: Cast, client_as: Callable[..., Client]) -> None:
    client_as(cast.data_protection_lead).post(reverse("privacy:retention_run"))
    assert Job.objects.filter(kind="privacy.retention").count() == 1
    assert Event.objects.get(type="retention:started").actor_user == cast.data_protection_lead.pk


@pytest.mark.parametrize(
    ("name", "days", "error"),
    [
        ("KEEP_AUDIT_DAYS", 100, "dcsn.E026"),
        ("KEEP_COPY_DAYS", 0, "dcsn.E025"),
        ("KEEP_CASE_DAYS", 10, "dcsn.E027"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(
    name: str, days: int, error: str, settings: Any
) -> None:
    assert list(checks.keeping()) == []
    setattr(settings, name, days)
    assert [found.id for found in checks.keeping()] == [error]
