"""The pages of letters to members, from "due today" to "they are in the post"."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dcsn.jobs.runner import run_job
from dcsn.messages.models import Message
from members.letters.actions import make_run
from members.models import Letter, LetterKind, LetterRun, Membership
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PAGE = "/desk/members/letters/"
Member = Callable[..., Membership]


@pytest.fixture
def officer(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.membership_officer)


def job_of(response: object) -> str:
    """The id of the job that a button leads to."""
    return response["Location"].rstrip("/").rpartition("/")[2]  # type: ignore[index]


@pytest.mark.django_db(transaction=True)
def test_from_due_today_to_in_the_post(officer: Client, member: Member) -> None:
    # Given two members to be written to, one to be e-mailed and one who needs another way
    for size in (14, 24):
        member(formats=[f"print_{size}"])
    member(contact_by="email", email="w@example.org")
    member(formats=["bsl"])
    # When the officer puts the letters together
    page = officer.get(PAGE)
    assert [count for _kind, count, _alone in page.context["kinds"]] == [0, 4, 0]
    officer.post(f"{PAGE}make/", {"kind": "renewal", "key": page.context["key"]})
    run = LetterRun.objects.get()
    here = run.get_absolute_url()
    page = officer.get(here)
    # Then the paper is known about before it is printed
    assert (page.context["letters"], page.context["is_exact"]) == (2, False)
    assert page.context["sheets"] == 3
    assert officer.get(f"{here}one.pdf?size=24")["Content-Type"] == "application/pdf"
    # And nothing can be posted yet
    officer.post(f"{here}posted/")
    assert run.letters.filter(state="sent").count() == 0
    # When they are printed, the paper is known exactly: the list of the envelopes is a sheet more
    run_job(job_of(officer.post(f"{here}print/")))
    page = officer.get(here)
    assert (page.context["sheets"], page.context["is_exact"]) == (4, True)
    assert "Get the file" in page.content.decode()
    officer.post(f"{here}posted/")
    # And the e-mail is sent, once however often it is asked for
    for _time in range(2):
        run_job(job_of(officer.post(f"{here}emails/")))
    assert Message.objects.count() == 1
    # And somebody tells the fourth as they need it
    by_hand = run.letters.get(way="by-hand")
    officer.post(f"{here}{by_hand.id}/", {"becomes": "sent"})
    # Then nobody is left
    assert set(run.letters.values_list("state", flat=True)) == {"sent"}
    assert [count for _kind, count, _alone in officer.get(PAGE).context["kinds"]] == [0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_printed_again_who_is_in_it_stays(officer: Client, member: Member, cast: Cast) -> None:
    member(formats=["print_14"])
    run = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    sheets = []
    for _time in range(2):
        run_job(job_of(officer.post(f"{run.get_absolute_url()}print/")))
        run.refresh_from_db()
        sheets.append(run.pages)
        member(formats=["print_14"])
    assert sheets[0] == sheets[1] == {"14": 4}
    assert run.letters.count() == 1


def test_a_letter_by_post_is_not_ticked_off_alone_but_can_be_left_out(
    officer: Client, member: Member, cast: Cast
) -> None:
    member()
    run = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    letter = run.letters.get()
    address = f"{run.get_absolute_url()}{letter.id}/"
    officer.post(address, {"becomes": "sent"})
    letter.refresh_from_db()
    assert letter.state == "waiting"
    officer.post(address, {"becomes": "left-out"})
    letter.refresh_from_db()
    assert letter.state == "left-out"


@pytest.mark.parametrize("data", [{}, {"kind": "nonsense", "key": "x"}, {"kind": "renewal"}])
def test_a_broken_form_makes_no_run(officer: Client, member: Member, data: dict[str, str]) -> None:
    member()
    assert officer.post(f"{PAGE}make/", data).status_code == 302
    assert not LetterRun.objects.exists()


def test_a_letter_of_another_run_is_not_found(officer: Client, member: Member, cast: Cast) -> None:
    member()
    one = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    member()
    other = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    address = f"{one.get_absolute_url()}{other.letters.get().id}/"
    assert officer.post(address, {"becomes": "left-out"}).status_code == 404


def count_of(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught)


def test_more_members_are_no_more_queries(officer: Client, member: Member, cast: Cast) -> None:
    """The list of runs, a run's page, and putting a run together."""

    def make() -> LetterRun:
        return make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)

    counts = []
    # The first also reads the officer's roles.
    for members in (1, 2, 12):
        for _number in range(members):
            member()
        made: list[LetterRun] = []
        making = count_of(lambda made=made: made.append(make()))
        run = made[0]
        officer.get(PAGE)
        counts.append(
            (
                making,
                count_of(lambda: officer.get(PAGE)),
                count_of(lambda run=run: officer.get(run.get_absolute_url())),
            )
        )
    assert counts[1] == counts[2]
    assert Letter.objects.count() == 15
