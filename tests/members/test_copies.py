"""A copy of everything: its month, what is left out, and nobody fetches what nobody has read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy import erase_person, export_person, merge_people, undo_merge
from dcsn.privacy.registry import links
from dcsn.privacy.retention import run_retention
from members.actions.copies import (
    ROWS_AT_ONCE,
    as_json,
    begin_review,
    close_copy,
    confirm_identity,
    extend,
    read_rows,
    release,
    start_clock,
    stop_clock,
)
from members.copy_clock import add_months, due_on
from members.models import CopyPart, CopyRequest, EmergencyContact, Person, SafetyFlag
from members.refusals import CopyChanged, NotReadYet, Refused
from tests.conftest import Cast
from tests.factories.copy_request import asked_copy, gathered_copy, read_through, released_copy
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.relations import EmergencyContactFactory
from tests.factories.safety_flag import SafetyFlagFactory
from tests.printing.reading import page_texts, ua1_failures

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast) -> Person:
    desk = access_point(cast.organisation_id)
    person = PersonFactory(organisation=desk, with_everything=True, family_name="Example")
    EmergencyContactFactory(person=person, name="Norman Neighbour", note="Has a key")
    return person


# --- The clock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "months", "day"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_are_calendar_months(asked: date, months: int, day: date) -> None:
    assert add_months(asked, months) == day


@pytest.mark.parametrize(
    ("asked", "options", "day"),
    [
        (date(2026, 9, 3), {}, date(2026, 10, 5)),  # 3 October is a Saturday (the ICO's example)
        (date(2026, 11, 25), {}, date(2026, 12, 29)),  # Christmas, Boxing Day in lieu on Monday
        (date(2026, 3, 31), {}, date(2026, 4, 30)),  # no 31 April
        (date(2026, 9, 3), {"extended": True}, date(2026, 12, 3)),
        (date(2026, 9, 3), {"stopped": 10}, date(2026, 10, 13)),
    ],
)
def test_the_last_day(asked: date, options: dict[str, Any], day: date) -> None:
    assert due_on(asked, **options) == day


def test_the_clock_stands_still_while_they_are_asked_something(person: Person, cast: Cast) -> None:
    with time_machine.travel("2026-09-10T12:00:00+00:00", tick=False):
        by = cast.data_protection_lead
        copy = asked_copy(person, by=by, received_on=date(2026, 9, 3))
        assert copy.due_on == date(2026, 10, 5)
        copy = stop_clock(copy=copy, why="Which years?", version=copy.version, by=by)
        assert not copy.is_overdue(date(2027, 1, 1))
    with time_machine.travel("2026-09-20T12:00:00+00:00", tick=False):
        copy = start_clock(copy=copy, version=copy.version, by=by)
    assert (copy.stopped_days, copy.due_on) == (10, date(2026, 10, 13))
    with pytest.raises(CopyChanged):
        start_clock(copy=copy, version=copy.version, by=by)


def test_it_is_extended_once_with_a_reason_and_in_time(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    with time_machine.travel("2026-10-06T12:00:00+00:00", tick=False):
        copy = asked_copy(person, by=by, received_on=date(2026, 9, 3))
        assert copy.is_overdue(timezone.localdate())
        with pytest.raises(Refused, match="month is over"):
            extend(copy=copy, why="Complex", version=copy.version, by=by)
    with time_machine.travel("2026-10-05T12:00:00+00:00", tick=False):
        copy = extend(copy=copy, why="Complex", version=copy.version, by=by)
        assert copy.due_on == date(2026, 12, 3)
        with pytest.raises(Refused, match="twice"):
            extend(copy=copy, why="Again", version=copy.version, by=by)


# --- Reading through ---------------------------------------------------------------------------------


def test_who_may_not_review_neither_gathers_nor_lets_go(person: Person, cast: Cast) -> None:
    copy = asked_copy(person, by=cast.hub_lead)
    for user in (cast.hub_lead, cast.coordinator):
        with pytest.raises(PermissionDenied):
            begin_review(copy=copy, version=copy.version, by=user)
        with pytest.raises(PermissionDenied):
            export_person(person.id, by=user)
    copy = begin_review(copy=copy, version=copy.version, by=cast.data_protection_lead)
    with pytest.raises(PermissionDenied):
        release(copy=copy, version=copy.version, by=cast.coordinator)
    part = copy.parts.exclude(rows=[]).first()
    assert part is not None
    with pytest.raises(PermissionDenied):
        read_rows(part=part, start=0, left_out={}, seen="", by=cast.coordinator)
    with pytest.raises((PermissionDenied, Http404)):
        asked_copy(person, by=cast.stranger("hub_lead"))


def test_what_nobody_has_let_go_cannot_be_fetched(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    copy = gathered_copy(person, by=cast.data_protection_lead)
    for user in (cast.hub_lead, cast.coordinator, cast.data_protection_lead):
        for name in ("copy_pdf", "copy_json"):
            response = client_as(user).get(reverse(f"members:{name}", args=[copy.pk]))
            assert response.status_code == 302
            assert response.url == copy.get_absolute_url()
    assert not Event.objects.filter(type="copy:fetched").exists()


def test_nothing_is_gathered_before_it_is_known_who_asks(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = asked_copy(person, by=by, identity="")
    with pytest.raises(Refused, match="Make sure who is asking"):
        begin_review(copy=copy, version=copy.version, by=by)
    copy = confirm_identity(copy=copy, identity="document", version=copy.version, by=by)
    begin_review(copy=copy, version=copy.version, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        CopyRequest.objects.update(state="released", closed_at=timezone.now(), identity="")


def test_it_is_not_let_go_before_every_row_was_read(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    for number in range(ROWS_AT_ONCE + 5):
        PaperRequestFactory(person=person, name=f"Request {number}")
    copy = gathered_copy(person, by=by)
    seen = copy.gathered_at.isoformat()
    with pytest.raises(NotReadYet):
        release(copy=copy, version=copy.version, by=by)
    part = copy.parts.get(table="members.PaperRequest")
    # The second page first: a page that was skipped does not count as read.
    read_rows(part=part, start=ROWS_AT_ONCE, left_out={}, seen=seen, by=by)
    part.refresh_from_db()
    assert not part.is_read
    read_through(copy, by=by)
    assert release(copy=copy, version=copy.version, by=by).is_released


def test_what_is_left_out_is_in_neither_copy_and_the_rest_is_in_both(
    person: Person, cast: Cast, client_as: Callable[..., Client], tmp_path: Path
) -> None:
    by = cast.data_protection_lead
    copy = gathered_copy(person, by=by)
    read_through(copy, by=by)
    part = copy.parts.get(table="members.EmergencyContact")
    places = {field["key"]: place for place, field in enumerate(part.rows[0])}
    read_rows(
        part=part,
        start=0,
        left_out={f"0:{places['name']}": "somebody_else", f"0:{places['note']}": "harm"},
        seen=copy.gathered_at.isoformat(),
        by=by,
    )
    copy = release(copy=copy, version=copy.version, by=by)

    client = client_as(cast.hub_lead)
    machine = client.get(reverse("members:copy_json", args=[copy.pk]))
    pdf = client.get(reverse("members:copy_pdf", args=[copy.pk])).content
    read = " ".join("".join(page_texts(pdf)).split())
    for text in (machine.content.decode(), read):
        assert "Norman" not in text
        assert "Has a key" not in text
        assert "Winifred" in text
        assert "Exampleton" in text
        assert "left out: it is about somebody else" in text
        assert "left out, as the law allows" in text, "and not why: harm"
        assert "seriously harm" not in text
    assert "29 February 1944" in read
    assert "given_name" not in read
    assert json.loads(machine.content)["person"] == str(person.id)
    assert ua1_failures(pdf, tmp_path) == []
    assert {e.details["how"] for e in Event.objects.filter(type="copy:fetched")} == {"pdf", "json"}
    assert Event.objects.get(type="copy:released").details["left_out"] == 2


def test_the_print_is_in_their_size(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    copy = released_copy(person, by=cast.data_protection_lead, size=24)
    response = client_as(cast.hub_lead).get(reverse("members:copy_pdf", args=[copy.pk]))
    assert "giant-print" in response["Content-Disposition"]


def test_what_tips_somebody_off_is_neither_in_the_copy_nor_in_its_review(
    person: Person, cast: Cast
) -> None:
    SafetyFlagFactory(person=person, what_to_do="Never visit alone")
    secret = {model._meta.label for model, link in links() if link.left_out_of_copy}
    assert SafetyFlag._meta.label in secret
    copy = released_copy(person, by=cast.data_protection_lead)
    assert not secret & set(copy.parts.values_list("table", flat=True))
    assert "Never visit alone" not in as_json(copy)
    assert "left_out" not in as_json(copy)


def test_it_opens_with_what_is_known_of_them_and_its_tag_has_a_capital(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    copy = gathered_copy(person, by=cast.data_protection_lead)
    assert next(part.heading for part in copy.parts.all()) == "What is known about you"
    page = client_as(cast.data_protection_lead).get(copy.get_absolute_url()).text
    assert ">Being read through</strong>" in page
    assert page.index("What is known about you") < page.index("Spellings, sounds and dates")


def test_what_came_after_the_reading_is_not_in_it(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = gathered_copy(person, by=by)
    PaperRequestFactory(person=person, name="Came later")
    read_through(copy, by=by)
    copy = release(copy=copy, version=copy.version, by=by)
    assert "Came later" not in as_json(copy)


def test_gathered_anew_the_old_page_decides_nothing(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = gathered_copy(person, by=by)
    part = copy.parts.get(table="members.EmergencyContact")
    old = copy.gathered_at.isoformat()
    copy = begin_review(copy=copy, version=copy.version, by=by)
    with pytest.raises(CopyChanged):
        read_rows(part=part, start=0, left_out={}, seen=old, by=by)
    anew = copy.parts.get(table="members.EmergencyContact")
    with pytest.raises(CopyChanged):
        read_rows(part=anew, start=0, left_out={}, seen=old, by=by)


def test_two_at_once_are_told_apart(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = asked_copy(person, by=by)
    first = copy.version
    stop_clock(copy=copy, why="Which years?", version=first, by=by)
    for action in (
        lambda: stop_clock(copy=copy, why="x", version=first, by=by),
        lambda: close_copy(copy=copy, state="refused", why="x", version=first, by=by),
        lambda: begin_review(copy=copy, version=first, by=by),
    ):
        with pytest.raises(CopyChanged):
            action()
    assert asked_copy(person, by=by) == copy, "asking again while it is under way is the same"


def test_while_the_clock_stands_still_nothing_is_given(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = gathered_copy(person, by=by)
    read_through(copy, by=by)
    copy = stop_clock(copy=copy, why="Is it you?", version=copy.version, by=by)
    with pytest.raises(Refused, match="not answered yet"):
        release(copy=copy, version=copy.version, by=by)


def test_refusing_deletes_what_was_gathered(person: Person, cast: Cast) -> None:
    by = cast.data_protection_lead
    copy = gathered_copy(person, by=by)
    with pytest.raises(PermissionDenied):
        close_copy(copy=copy, state="refused", why="x", version=copy.version, by=cast.hub_lead)
    close_copy(copy=copy, state="refused", why="Not them", version=copy.version, by=by)
    assert not CopyPart.objects.exists()


# --- Pages -------------------------------------------------------------------------------------------


def test_from_asking_to_giving_on_the_pages(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    hub, lead = client_as(cast.hub_lead), client_as(cast.data_protection_lead)
    today = timezone.localdate()
    hub.post(
        reverse("members:person_copy", args=[person.pk]),
        {
            "received_on_day": today.day,
            "received_on_month": today.month,
            "received_on_year": today.year,
            "how": "desk",
            "identity": "",
            "size": "24",
            "key": "7d9f4f0e-3c53-4f0c-9d0a-0b1f4c2f7a11",
        },
    )
    copy = CopyRequest.objects.get()
    page = copy.get_absolute_url()
    assert copy.size == 24
    assert person.name in hub.get(reverse("members:copies")).content.decode()
    # Asked again, the one under way is shown.
    assert hub.get(reverse("members:person_copy", args=[person.pk])).url == page

    hub.post(page, {"do": "identity", "version": "1", "identity-identity": "known"})
    assert "Gather everything" not in hub.get(page).content.decode()
    lead.post(page, {"do": "gather", "version": "2"})
    assert "Read" in lead.get(page).content.decode()

    early = lead.post(page, {"do": "release", "version": "3"}, follow=True).content.decode()
    assert "Not read yet" in early
    for part in copy.parts.all():
        if not part.rows:
            continue
        address = reverse("members:copy_part", args=[copy.pk, part.position])
        shown = lead.get(address).content.decode()
        for row in part.rows:
            for field in row:
                assert not field["text"] or field["label"] in shown
        seen = re.search(r'name="seen" value="([^"]+)"', shown)
        assert seen is not None
        boxes = dict.fromkeys(re.findall(r'<select name="([\d:]+)"', shown), "give")
        lead.post(address, {"seen": seen[1], "from": "0", **boxes})
    lead.post(page, {"do": "release", "version": "3"})
    copy.refresh_from_db()
    assert copy.state == "released"
    assert reverse("members:copy_pdf", args=[copy.pk]) in hub.get(page).content.decode()


def test_a_field_that_names_somebody_else_must_be_decided_about(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    copy = gathered_copy(person, by=cast.data_protection_lead)
    part = copy.parts.get(table="members.EmergencyContact")
    address = reverse("members:copy_part", args=[copy.pk, part.position])
    client = client_as(cast.data_protection_lead)
    shown = client.get(address).content.decode()
    assert "May name somebody else" in shown
    seen = copy.gathered_at.isoformat()
    answer = client.post(address, {"seen": seen, "from": "0"}).content.decode()
    assert "Row 1: decide about “" in answer
    part.refresh_from_db()
    assert not part.is_read


def test_the_month_and_the_names_of_a_stranger_are_not_seen(
    person: Person, cast: Cast, client_as: Callable[..., Client]
) -> None:
    copy = released_copy(person, by=cast.data_protection_lead)
    other = client_as(cast.stranger("hub_lead"))
    for name in ("copy", "copy_pdf", "copy_json"):
        assert other.get(reverse(f"members:{name}", args=[copy.pk])).status_code == 404
    assert person.name not in other.get(reverse("members:copies")).content.decode()


def test_the_list_takes_the_same_queries_for_twice_the_rows(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client, lead = client_as(cast.data_protection_lead), cast.data_protection_lead
    client.get(reverse("members:copies"))
    counts = []
    for _time in range(2):
        for one in PersonFactory.create_batch(5):
            asked_copy(one, by=lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("members:copies"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Forgetting and merging --------------------------------------------------------------------------


def test_what_was_given_is_forgotten_after_ninety_days_and_what_was_left_lying_too(
    cast: Cast,
) -> None:
    by = cast.data_protection_lead
    given = released_copy(PersonFactory(), by=by)
    lying = gathered_copy(PersonFactory(), by=by)
    run_retention(now=timezone.now() + timedelta(days=89))
    assert CopyPart.objects.exists()
    run_retention(now=timezone.now() + timedelta(days=91))
    assert not CopyPart.objects.exists()
    given.refresh_from_db()
    lying.refresh_from_db()
    assert (given.state, given.is_released) == ("released", False)
    assert lying.state == "received", "still to be given, and gathered anew"


def test_an_erasure_takes_the_copy_along(person: Person, cast: Cast) -> None:
    copy = gathered_copy(person, by=cast.data_protection_lead)
    erase_person(person.id, by=cast.coordinator, reason="asked")
    copy.refresh_from_db()
    assert (copy.person, copy.state) == (None, "withdrawn")
    assert not CopyPart.objects.exists()


def test_two_records_that_both_asked_can_be_merged_and_taken_apart(cast: Cast) -> None:
    by = cast.data_protection_lead
    old, current = PersonFactory(), PersonFactory()
    asked_copy(current, by=by)
    earlier = released_copy(old, by=by)
    asked_copy(old, by=by)
    alias = merge_people(old=old.id, current=current.id, by=cast.coordinator)
    earlier.refresh_from_db()
    assert earlier.person == current
    undo_merge(alias=alias, by=cast.coordinator)
    earlier.refresh_from_db()
    assert earlier.person == old


def test_the_emergency_contact_is_marked_as_somebody_else() -> None:
    link = dict(links())[EmergencyContact]
    assert {"name", "phone", "note"} <= set(link.third_parties)
