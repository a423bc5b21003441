"""At the access point: by phone, by slip, and what is told by hand."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pdfplumber
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.printing import PrintSize
from dcsn.printing.checks import check_tags
from members.models import SharingAgreement
from referrals.actions.sending import withdraw_sharing
from referrals.forms.answers import RelayForm
from referrals.models import ReplyLink, StateChange, Telling
from referrals.replies.answers import answers_for
from referrals.replies.slips import Slip, slips_pdf, stop_pdf
from referrals.states import State, Via
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.printing.reading import fonts_not_embedded, read, ua1_failures
from tests.referrals.receiving.conftest import Scene, names_nobody

pytestmark = pytest.mark.django_db
TELLINGS = reverse("referrals:tellings")


@pytest.fixture
def staff(scene: Scene, client_as):
    user = UserFactory(
        role="access_point_staff", role__organisation_id=scene.hub.id, second_factor=True
    )
    client = client_as(user)
    client.user = user
    return client


@pytest.fixture
def stranger(scene: Scene, client_as):
    elsewhere = access_point(name="Elsewhere")
    return client_as(
        UserFactory(role="hub_lead", role__organisation_id=elsewhere.id, second_factor=True)
    )


def relay_of(row) -> str:
    return reverse("referrals:relay", args=[row.id])


def said(row, answer: str, **facts) -> dict:
    return {
        "version": row.version,
        "answer": answer,
        "by_name": "Ms Example",
        "via": "phone",
    } | facts


def on_day(days: int) -> dict[str, int]:
    day = timezone.localdate() + timedelta(days=days)
    return {"day_day": day.day, "day_month": day.month, "day_year": day.year}


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


# --- By phone and on the slip ------------------------------------------------------------------------


def test_they_have_helped_her_already(staff, scene: Scene):
    """The steps between are recorded too, with who rang and who wrote it down."""
    row = scene.send()
    answer = staff.post(relay_of(row), said(row, "finish"), follow=True)
    assert "their answer is written down" in answer.text
    row.refresh_from_db()
    assert row.state == State.COMPLETED
    steps = list(StateChange.objects.filter(referral=row, number__gt=1))
    assert [one.to_state for one in steps] == ["accepted", "in-progress", "completed"]
    for one in steps:
        assert (one.via, one.by_name) == (Via.PHONE, "Ms Example")
        assert (one.by_user, one.recorded_by) == (None, staff.user)


@pytest.mark.parametrize(
    ("answer", "facts", "problem"),
    [
        ("accept", {}, "plan to get in touch"),
        ("wait", {"reason_code": "no-capacity"}, "expect a place"),
        ("wait", on_day(20), "Choose a reason"),
        ("reject", {}, "Choose a reason"),
        ("reject", {"reason_code": "other"}, "what the reason is"),
        ("wait", {"reason_code": "out-of-area", **on_day(20)}, "does not fit"),
        ("accept", on_day(-100), "still to come"),
        ("accept", on_day(900), "two years"),
        ("accept", {"by_name": "", **on_day(2)}, "name of whoever"),
        ("fail", {"reason_code": "no-funds"}, "Select a valid choice"),
        ("nonsense", {}, "Select a valid choice"),
        ("", {}, "Choose what they say"),
        ("seen", {"via": "link"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(staff, scene, answer, facts, problem):
    row = scene.send()
    page = staff.post(relay_of(row), said(row, answer, **facts))
    assert page.status_code == 200
    assert problem in page.text
    assert "There is a problem" in page.text
    row.refresh_from_db()
    assert row.state == State.REQUESTED


def test_a_day_said_last_week_may_be_written_down(staff, scene: Scene):
    row = scene.send()
    staff.post(relay_of(row), said(row, "accept", **on_day(-3)))
    row.refresh_from_db()
    assert row.first_contact_on == timezone.localdate() - timedelta(days=3)


def test_the_slip_that_comes_back_is_ticked_off(staff, scene: Scene):
    type(scene.desk).objects.update(how="post", address="Brook House")
    row = scene.send()
    staff.post(reverse("referrals:telling_done", args=[Telling.objects.get().id]))
    sent = said(row, "reject", via="slip", reason_code="no-capacity")
    staff.post(relay_of(row), sent)
    row.refresh_from_db()
    assert (row.state, row.changes.latest("number").via) == (State.REJECTED, Via.SLIP)
    assert Telling.objects.get(whom="receiver").returned_at is not None


def test_strangers_get_404_for_every_address(stranger, scene: Scene):
    scene.desk.delete()
    row = scene.send()
    telling = Telling.objects.get(whom="receiver")
    assert row.reference not in stranger.get(TELLINGS).text
    for name in ("relay", "slip"):
        assert stranger.get(reverse(f"referrals:{name}", args=[row.id])).status_code == 404
    assert stranger.post(relay_of(row), said(row, "seen")).status_code == 404
    assert stranger.post(reverse("referrals:new_link", args=[row.id])).status_code == 404
    letter = reverse("referrals:telling_letter", args=[telling.id])
    assert stranger.get(letter).status_code == 404
    done = reverse("referrals:telling_done", args=[telling.id])
    assert stranger.post(done).status_code == 404
    # A print run holds only one's own
    assert stranger.get(reverse("referrals:waiting_slips")).status_code == 302
    row.refresh_from_db()
    assert row.state == State.REQUESTED
    assert Telling.objects.waiting().count() == 1


def test_a_receiver_of_the_same_network_cannot_relay(scene: Scene, client_as):
    row = scene.send()
    receiver = client_as(
        UserFactory(
            role="referral_receiver", role__organisation_id=scene.receiver.id, second_factor=True
        )
    )
    assert receiver.get(relay_of(row)).status_code == 403
    assert receiver.get(TELLINGS).status_code == 403


def test_a_new_link_ends_the_old_one(staff, scene: Scene, client):
    row = scene.send()
    old = scene.address()
    staff.post(reverse("referrals:new_link", args=[row.id]))
    assert scene.address() != old
    assert client.get(old).status_code == 404
    assert client.get(scene.address()).status_code == 200
    assert ReplyLink.objects.filter(superseded_at=None).count() == 1


# --- To ring and to write ---------------------------------------------------------------------------


def test_the_list_says_whom_to_ring_with_what_to_mind(staff, scene: Scene):
    type(scene.person).objects.filter(pk=scene.person.pk).update(
        contact_by="phone", safe_contact_note="Ring in the morning only."
    )
    row = scene.send(state="accepted")
    page = staff.get(TELLINGS)
    assert "Ring Zebedee Quillfeather" in page.text
    assert "They will help" in page.text
    assert "Ring in the morning only." in page.text
    assert "tel:+441632960777" in page.text or "01632" in page.text
    event = Event.objects.get(type="telling:listed")
    assert event.details["people"] == [str(scene.person.id)]
    telling = Telling.objects.get(referral=row, whom="person")
    staff.post(reverse("referrals:telling_done", args=[telling.id]))
    telling.refresh_from_db()
    assert telling.done_by == staff.user
    assert "Nobody is to be rung or written to." in staff.get(TELLINGS).text


def test_nobody_is_rung_with_good_news_that_was_taken_back(staff, scene: Scene):
    """They changed their mind after the yes: the referral is cancelled with their agreement."""
    type(scene.person).objects.filter(pk=scene.person.pk).update(contact_by="phone")
    scene.send(state="accepted")
    assert "Ring Zebedee Quillfeather" in staff.get(TELLINGS).text
    withdraw_sharing(person=scene.person, organisation=scene.receiver, how="spoken", by=staff.user)
    assert "Ring Zebedee Quillfeather" not in staff.get(TELLINGS).text


def test_what_is_overtaken_cannot_be_ticked_off(staff, scene: Scene):
    scene.desk.delete()
    row = scene.send()
    telling = Telling.objects.get()
    staff.post(relay_of(row), said(row, "seen"))
    page = staff.post(reverse("referrals:telling_done", args=[telling.id]), follow=True)
    assert "moved on meanwhile" in page.text
    telling.refresh_from_db()
    assert telling.done_at is None


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(staff, scene: Scene):
    scene.desk.delete()

    def queries() -> int:
        staff.get(TELLINGS)
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(TELLINGS).status_code == 200
        return len(caught)

    for _number in range(2):
        scene.send()
    few = queries()
    for _number in range(18):
        scene.send()
    assert queries() == few
    assert few <= 12


# --- On paper -----------------------------------------------------------------------------------------


@pytest.fixture
def on_paper(scene: Scene):
    type(scene.desk).objects.update(
        how="post", address="Brook House\n1 Mill Lane\nExampleton\nDL1 5QU"
    )
    return scene


@pytest.mark.parametrize("size", list(PrintSize))
def test_the_slip_passes_the_checks_of_the_house(on_paper: Scene, size, tmp_path: Path):
    row = on_paper.send()
    data = slips_pdf([Slip.of(row)], size=size)
    assert ua1_failures(data, tmp_path) == []
    assert check_tags(io.BytesIO(data)).ok
    assert fonts_not_embedded(data, tmp_path) == []
    found = read(data)
    # The address is for the window of the envelope, in 14 point whatever the size
    assert min(found.sizes) == 14
    assert found.sizes.most_common(1)[0][0] == int(size)
    text = text_of(data)
    assert "Zebedee Quillfeather" in text
    assert "catheter" in text
    assert row.reference in text
    for kept in ("Marzipan", "DL3 7XX"):
        assert kept not in text


def test_the_torn_off_page_names_nobody_and_fits_one_sheet_at_14_point(on_paper: Scene):
    row = on_paper.send()
    with pdfplumber.open(io.BytesIO(slips_pdf([Slip.of(row)], size=PrintSize.CLEAR))) as pdf:
        assert len(pdf.pages) == 2
        slip = " ".join(pdf.pages[1].extract_text().split())
    names_nobody(slip)
    assert row.reference in slip
    assert "Riverside Access Point" in slip


def test_the_boxes_are_in_the_order_of_the_screen(on_paper: Scene):
    row = on_paper.send()
    with pdfplumber.open(io.BytesIO(slips_pdf([Slip.of(row)], size=PrintSize.CLEAR))) as pdf:
        paper = " ".join((pdf.pages[1].extract_text() or "").split())
    form = RelayForm(answers=answers_for(row.state))
    for field in ("answer", "reason_code"):
        labels = [str(label) for _value, label in form.fields[field].choices]
        places = [paper.index(label) for label in labels]
        assert places == sorted(places), labels


def test_printing_is_audited_with_what_was_on_it(staff, on_paper: Scene):
    row = on_paper.send()
    answer = staff.get(reverse("referrals:slip", args=[row.id]))
    assert answer["Content-Type"] == "application/pdf"
    assert "Zebedee" not in answer["Content-Disposition"]
    event = Event.objects.get(type="referral:printed")
    assert event.subject == on_paper.person.id
    assert event.details["categories"] == ["contact", "name", "needs"]


def test_without_an_agreement_nothing_is_printed(staff, on_paper: Scene):
    row = on_paper.send()
    SharingAgreement.objects.update(review_on=timezone.localdate() - timedelta(days=1))
    for address in (
        reverse("referrals:slip", args=[row.id]),
        reverse("referrals:telling_letter", args=[Telling.objects.get(whom="receiver").id]),
        reverse("referrals:waiting_slips"),
    ):
        answer = staff.get(address)
        assert answer.status_code == 302, address
    assert not Event.objects.filter(type="referral:printed").exists()


def test_all_waiting_slips_are_one_print_run(staff, on_paper: Scene):
    rows = [on_paper.send(), on_paper.send()]
    text = text_of(staff.get(reverse("referrals:waiting_slips")).content)
    for row in rows:
        assert row.reference in text
    assert Telling.objects.filter(printed_at=None, whom="receiver").count() == 0
    assert Event.objects.filter(type="referral:printed").count() == 2


def test_the_letter_to_stop_names_nobody(on_paper: Scene, staff):
    row = on_paper.send()
    staff.post(reverse("referrals:telling_done", args=[Telling.objects.get(whom="receiver").id]))
    type(on_paper.desk).objects.update(email="", phone="")
    lead = UserFactory(role="hub_lead", role__organisation_id=on_paper.hub.id, second_factor=True)
    withdraw_sharing(person=on_paper.person, organisation=on_paper.receiver, how="spoken", by=lead)
    telling = Telling.objects.waiting().get(whom="receiver")
    answer = staff.get(reverse("referrals:telling_letter", args=[telling.id]))
    text = text_of(answer.content)
    assert row.reference in text
    assert "no longer agrees" in re.sub(r"\s+", " ", text)
    names_nobody(text)
    assert check_tags(io.BytesIO(stop_pdf(telling, size=PrintSize.LARGE))).ok
