"""Starting, cancelling and sweeping, without a worker."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from dcsn.jobs import Job, cancel_job, start_job
from dcsn.jobs.actions import sweep_jobs
from dcsn.jobs.refusals import NotIdsOnly
from dcsn.jobs.runner import claim, run_job

pytestmark = pytest.mark.django_db


def start(key="one", by=None, **parameters) -> Job:
    return start_job("tests.counting", by=by, parameters={"steps": 3, **parameters}, key=key)


def user(email="staff@example.org"):
    return get_user_model().objects.create_user(email)


def test_the_same_key_is_the_same_live_job():
    first = start()
    assert start() == first
    run_job(first.pk)
    assert start() != first


def test_two_people_with_the_same_key_have_a_job_each():
    ann, bob = user("ann@example.org"), user("bob@example.org")
    assert start(by=ann) != start(by=bob)
    assert start(by=ann) == start(by=ann)
    assert start(by=None) not in (start(by=ann), start(by=bob))


def test_a_job_of_the_public_is_seen_by_its_address_and_one_of_a_user_by_them_alone():
    ann, bob = user("ann@example.org"), user("bob@example.org")
    theirs, public = start(by=ann), start(by=AnonymousUser())
    assert theirs.may_be_seen_by(ann)
    assert not theirs.may_be_seen_by(bob)
    assert not theirs.may_be_seen_by(AnonymousUser())
    assert public.may_be_seen_by(bob)
    assert public.may_be_seen_by(AnonymousUser())


def test_a_job_of_the_portal_itself_is_seen_by_nobody():
    job = start(by=object())
    assert not job.may_be_seen_by(user())
    assert not job.may_be_seen_by(AnonymousUser())


@pytest.mark.parametrize("value", ["Mrs Example of Mill Lane", {"a": ["two words"]}, 1.5])
def test_parameters_hold_ids_only(value):
    with pytest.raises(NotIdsOnly):
        start(note=value)
    assert not Job.objects.exists()


def test_an_unknown_kind_is_refused_at_once():
    with pytest.raises(KeyError):
        start_job("tests.nothing", by=None, parameters={}, key="x")


def test_a_job_runs_and_offers_its_file():
    job = run_job(start().pk)
    assert (job.state, job.done, job.total, job.percent) == ("done", 3, 3, 100)
    assert job.ended_at
    assert job.expires_at > timezone.now() + timedelta(hours=23)
    assert job.result_path.read_text() == "0\n1\n2\n"
    assert job.result_path.name == "counted.txt"


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again():
    job = run_job(start_job("tests.refusing", by=None, parameters={}, key="r").pk)
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.error == "Nothing matches, so there is nothing to print."


def test_a_failure_is_tried_again_later_and_then_given_up():
    job = run_job(start_job("tests.failing", by=None, parameters={}, key="f").pk)
    assert (job.state, job.attempts) == ("queued", 1)
    assert run_job(job.pk) is None, "not before its time"
    Job.objects.update(not_before=None)
    job = run_job(job.pk)
    assert (job.state, job.attempts) == ("failed", 2)
    assert "trying again did not help" in job.error
    assert "bug" not in job.error


def test_a_waiting_job_is_cancelled_at_once_and_never_runs():
    job = cancel_job(job=start(), by=None)
    assert job.state == "cancelled"
    assert run_job(job.pk) is None


def test_a_running_job_stops_at_its_next_report():
    job = claim(start().pk)
    cancel_job(job=job, by=None)
    from dcsn.jobs import JobCancelled

    with pytest.raises(JobCancelled):
        job.report(1, 3)


def test_a_worker_that_was_thought_dead_cannot_write_over_its_successor():
    from dcsn.jobs import JobLost

    slow = claim(start().pk)
    Job.objects.update(heartbeat=Now() - timedelta(minutes=5))
    assert sweep_jobs()["restarted"] == 1
    successor = run_job(slow.pk)
    assert successor.state == "done"
    with pytest.raises(JobLost):
        slow.report(1, 3)
    slow.refresh_from_db()
    assert (slow.state, slow.done) == ("done", 3)


def test_a_job_whose_worker_speaks_is_left_alone():
    job = claim(start().pk)
    assert sweep_jobs()["restarted"] == 0
    job.refresh_from_db()
    assert job.state == "running"


def test_a_job_that_kills_its_worker_every_time_is_given_up():
    job = start()
    for _attempt in range(3):
        assert claim(job.pk) is not None
        Job.objects.update(heartbeat=Now() - timedelta(minutes=5))
        sweep_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)
    assert claim(job.pk) is None


def test_a_job_whose_message_was_lost_is_offered_once_a_minute(django_capture_on_commit_callbacks):
    start()
    assert sweep_jobs()["offered"] == 1
    assert sweep_jobs()["offered"] == 0
    Job.objects.update(nudged_at=Now() - timedelta(minutes=2))
    assert sweep_jobs()["offered"] == 1


def test_files_go_after_a_day_and_rows_after_a_month():
    job = run_job(start().pk)
    Job.objects.update(expires_at=Now() - timedelta(minutes=1))
    assert sweep_jobs()["expired"] == 1
    job.refresh_from_db()
    assert job.result_path is None
    assert not job.folder.exists()
    Job.objects.update(ended_at=Now() - timedelta(days=31))
    assert sweep_jobs()["forgotten"] == 1
    assert not Job.objects.exists()


def test_a_folder_whose_row_is_gone_is_removed():
    job = run_job(start().pk)
    kept = run_job(start(key="two").pk)
    Job.objects.filter(pk=job.pk).delete()
    sweep_jobs()
    assert not job.folder.exists()
    assert kept.result_path.exists()


@pytest.mark.parametrize("name", ["../out.pdf", "a/b.pdf", ".hidden"])
def test_a_result_cannot_be_put_outside_its_folder(name, tmp_path):
    job = claim(start().pk)
    made = tmp_path / "made"
    made.write_text("x")
    with pytest.raises(ValueError, match="plain file name"):
        job.attach(made, name)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "done"},
        {"state": "running"},
        {"done": 4, "total": 3},
        {"state": "queued", "ended_at": Now()},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(columns):
    job = start()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**columns)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_ask_at_once_one_gets_the_job():
    job = start()
    barrier = threading.Barrier(2)
    won = []

    def ask() -> None:
        try:
            barrier.wait()
            if claim(job.pk):
                won.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.django_db(transaction=True)
def test_two_askers_at_once_share_one_live_job():
    barrier = threading.Barrier(2)
    jobs = []

    def ask() -> None:
        try:
            barrier.wait()
            jobs.append(start().pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs) == 2
    assert len(set(jobs)) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_sweep_passes_over_a_row_that_another_sweep_holds():
    job = claim(start().pk)
    Job.objects.update(heartbeat=Now() - timedelta(minutes=5))
    counts = []

    def sweep() -> None:
        try:
            counts.append(sweep_jobs())
        finally:
            connections.close_all()

    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        other = threading.Thread(target=sweep)
        other.start()
        other.join(timeout=20)
        assert not other.is_alive(), "it waited for the lock"
    assert counts[0]["restarted"] == 0
    assert sweep_jobs()["restarted"] == 1
    assert connection.is_usable()


@pytest.mark.parametrize("end", ["done", "cancelled", "failed"])
def test_what_the_public_asked_for_is_forgotten_when_it_is_over(end):
    """A reader's postcode, say; it is needed until then, also by the next attempt."""
    kind = "tests.refusing" if end == "failed" else "tests.counting"
    asked = {"steps": 3, "near": "DL37XX"}
    public = start_job(kind, by=None, parameters=asked, key="p")
    own = start_job(kind, by=user(), parameters=asked, key="o")
    for job in (public, own):
        assert job.parameters == asked
        if end == "cancelled":
            cancel_job(job=job, by=None)
        else:
            run_job(job.pk)
        job.refresh_from_db()
        assert job.state == end
    assert public.parameters == {}
    assert own.parameters == asked
