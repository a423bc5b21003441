"""The page of a job and its file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from dcsn.jobs import Job, cancel_job, start_job
from dcsn.jobs.askers import SESSION_KEY, remember_asking
from dcsn.jobs.runner import claim, run_job
from tests.factories.job import finished_job, waiting_job

pytestmark = pytest.mark.django_db


def test_a_finished_job_offers_its_file_to_whoever_has_the_address(client):
    job = finished_job()
    page = client.get(job.get_absolute_url())
    assert "It is ready." in page.text
    assert "no-store" in page["Cache-Control"]
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    assert b"".join(answer.streaming_content) == b"0\n1\n"
    assert answer["Content-Disposition"] == 'attachment; filename="counted.txt"'


def test_a_file_is_gone_when_it_has_expired(client):
    from dcsn.jobs.actions import sweep_jobs

    job = finished_job()
    Job.objects.update(expires_at=Now())
    sweep_jobs()
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404
    assert "has been deleted" in client.get(job.get_absolute_url()).text


@pytest.mark.parametrize("name", ["job", "file"])
def test_a_users_job_is_theirs_alone(name, cast, client_as, client):
    job = finished_job(by=cast.coordinator)
    address = reverse(f"jobs:{name}", args=[job.pk])
    answer = client_as(cast.coordinator).get(address)
    assert answer.status_code == 200
    if answer.streaming:
        assert list(answer) == [b"0\n1\n"]
    assert client_as(cast.administrator).get(address).status_code == 404
    assert client.get(address).status_code == 404


def test_a_password_alone_does_not_fetch_a_file_made_for_staff(cast, client_as):
    job = finished_job(by=cast.coordinator)
    half = client_as(cast.coordinator, with_second_factor=False)
    answer = half.get(reverse("jobs:file", args=[job.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def test_progress_is_told_in_words(client):
    job = claim(waiting_job().pk)
    job.report(1, 2)
    page = client.get(job.get_absolute_url()).text
    assert "1 of 2 done." in page
    assert 'value="1"' in page


def test_a_failed_job_says_why(client):
    job = run_job(start_job("tests.refusing", by=None, parameters={}, key="r").pk)
    assert "so there is nothing to print" in client.get(job.get_absolute_url()).text


def asked_by(client, job: Job) -> None:
    session = client.session
    session[SESSION_KEY] = [str(job.pk)]
    session.save()


def test_stopping_takes_a_post_of_whoever_asked(client):
    job = waiting_job()
    asked_by(client, job)
    address = reverse("jobs:cancel", args=[job.pk])
    assert client.get(address).status_code == 405
    assert address in client.get(job.get_absolute_url()).text
    answer = client.post(address, follow=True)
    assert "It was stopped." in answer.text


def test_a_reader_who_shares_a_print_cannot_stop_it(client):
    job = waiting_job()
    address = reverse("jobs:cancel", args=[job.pk])
    page = client.get(job.get_absolute_url())
    assert "Look again" in page.text
    assert address not in page.text
    assert client.post(address).status_code == 403
    job.refresh_from_db()
    assert job.state == "queued"


def test_staff_may_stop_what_a_reader_asked_for(cast, client_as):
    job = waiting_job()
    answer = client_as(cast.administrator).post(reverse("jobs:cancel", args=[job.pk]), follow=True)
    assert "It was stopped." in answer.text


def test_only_the_first_to_ask_is_remembered(rf, client):
    first, second = (start_job("tests.refusing", by=None, parameters={}, key="s") for _ in "12")
    assert first.pk == second.pk
    request = rf.get("/")
    request.session = client.session
    remember_asking(request, second)
    assert SESSION_KEY not in request.session
    remember_asking(request, first)
    assert request.session[SESSION_KEY] == [str(first.pk)]


def test_a_strangers_job_cannot_be_stopped(cast, client):
    job = waiting_job(by=cast.coordinator)
    assert client.post(reverse("jobs:cancel", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == "queued"


def test_stopping_what_is_over_changes_nothing():
    job = cancel_job(job=finished_job(), by=None)
    assert job.state == "done"


def test_who_looks_after_the_machine_sees_what_is_stuck_and_stops_it(cast, client_as):
    waiting = waiting_job(by=cast.coordinator)
    run_job(start_job("tests.refusing", by=None, parameters={}, key="r").pk)
    client = client_as(cast.administrator)
    page = client.get(reverse("jobs:jobs")).text
    assert "Counting" in page
    assert "Coordinator" in page
    assert "so there is nothing to print" in page
    answer = client.post(reverse("jobs:stop", args=[waiting.pk]), follow=True)
    assert "It is stopped." in answer.text
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_running_one_stops_at_its_next_step(cast, client_as):
    job = claim(waiting_job(by=cast.coordinator).pk)
    client = client_as(cast.directory_editor)
    answer = client.post(reverse("jobs:stop", args=[job.pk]), follow=True)
    assert "It will stop at its next step." in answer.text
    assert "is being stopped" in answer.text


def test_who_deals_with_people_neither_sees_nor_stops_others_work(cast, client_as):
    job = waiting_job(by=cast.coordinator)
    client = client_as(cast.hub_lead)
    assert client.get(reverse("jobs:jobs")).status_code == 403
    assert client.post(reverse("jobs:stop", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == "queued"


def test_what_failed_long_ago_is_off_the_list(cast, client_as):
    run_job(start_job("tests.refusing", by=None, parameters={}, key="r").pk)
    Job.objects.update(ended_at=Now() - timedelta(days=8))
    assert "nothing to print" not in client_as(cast.administrator).get(reverse("jobs:jobs")).text
