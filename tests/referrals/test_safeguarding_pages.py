"""The pages of concerns: who sees what, two clicks from every case screen, and no word anywhere else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy.retention import count_due, run_retention
from referrals.models import Concern
from referrals.safeguarding.privacy import empty_concerns
from tests.conftest import Cast
from tests.factories.checklist import checklist
from tests.factories.concern import WHAT, concern
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.printing.reading import page_texts

pytestmark = pytest.mark.django_db
State = Concern.State
ClientAs = Callable[..., Client]
FILLED = {
    "danger": "no", "at_risk": "them", "what": WHAT, "knows": "no",
    "key": "0b0f5c0e-4a9c-4c9e-9d9b-0b6f0f9e2f10",
}  # fmt: skip


def form_of(kind: str, identifier: Any) -> str:
    return reverse("referrals:concern_new", args=[kind, identifier])


def test_two_clicks_from_a_person_a_referral_an_enquiry_and_a_checklist(
    cast: Cast, client_as: ClientAs
) -> None:
    desk = access_point(cast.organisation_id)
    row = referral(state="requested", requester=desk)
    visit = checklist(organisation=desk)
    client = client_as(cast.access_point_staff)
    for screen, kind, identifier in (
        (row.person.get_absolute_url(), "person", row.person_id),
        (row.get_absolute_url(), "referral", row.id),
        (visit.get_absolute_url(), "checklist", visit.id),
    ):
        # First click: a plain link on the screen
        assert f'href="{form_of(kind, identifier)}"' in client.get(screen).content.decode()
        assert client.get(form_of(kind, identifier)).status_code == 200
    # Second click: it is sent
    answer = client.post(form_of("checklist", visit.id), FILLED)
    found = Concern.objects.get()
    assert answer.headers["Location"] == reverse("referrals:concern_raised", args=[found.id])
    assert client.post(form_of("checklist", visit.id), FILLED).status_code == 302
    assert Concern.objects.count() == 1


def test_a_receiver_raises_one_from_their_inbox(cast: Cast, client_as: ClientAs) -> None:
    owner = access_point(cast.organisation_id)
    row = referral(state="requested", requester=access_point(), owner=owner)
    client = client_as(cast.referral_receiver)
    screen = client.get(reverse("referrals:received_one", args=[row.id])).content.decode()
    assert form_of("referral", row.id) in screen
    assert client.post(form_of("referral", row.id), FILLED).status_code == 302
    assert Concern.objects.get().organisation == row.requester, "the sender's leads deal with it"


def test_what_is_missing_is_said_and_nothing_is_lost(cast: Cast, client_as: ClientAs) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    client = client_as(cast.access_point_staff)
    text = client.post(
        form_of("person", person.id), {**FILLED, "what": "", "wishes": "Wants to stay at home 😀"}
    ).content.decode()
    assert "Write down what you saw or heard" in text
    assert "Wants to stay at home 😀" in text
    text = client.post(
        form_of("person", person.id), {**FILLED, "at_risk": "child"}
    ).content.decode()
    assert "Say who it is" in text
    text = client.post(
        form_of("person", person.id), {**FILLED, "what": "x" * 10_000}
    ).content.decode()
    assert "4,000 characters or fewer" in text
    assert "x" * 10_000 in text
    assert not Concern.objects.exists()


def test_whoever_raised_it_sees_the_reference_and_nothing_else(
    cast: Cast, client_as: ClientAs
) -> None:
    row = concern(
        organisation=access_point(cast.organisation_id),
        raised_by=cast.access_point_staff,
        state=State.PASSED_TO_COUNCIL,
    )
    client = client_as(cast.access_point_staff)
    for address in (
        reverse("referrals:concern_raised", args=[row.id]),
        reverse("referrals:my_concerns"),
    ):
        text = client.get(address).content.decode()
        assert row.reference in text
        for word in (WHAT, "council", row.person.family_name, "Spoke to them"):
            assert word not in text
    assert client.get(row.get_absolute_url()).status_code == 403
    other = client_as(cast.hub_lead)
    assert other.get(reverse("referrals:concern_raised", args=[row.id])).status_code == 404
    assert row.reference not in other.get(reverse("referrals:my_concerns")).content.decode()


def test_nobody_else_at_the_desk_sees_that_there_is_one(cast: Cast, client_as: ClientAs) -> None:
    desk = access_point(cast.organisation_id)
    row = referral(state="requested", requester=desk)
    raised = concern(person=row.person, raised_by=cast.access_point_staff, danger=True)
    for user in (cast.hub_lead, cast.coordinator, cast.access_point_staff):
        client = client_as(user)
        for name in (
            row.person.get_absolute_url(),
            row.get_absolute_url(),
            reverse("referrals:enquiries"),
            reverse("referrals:checklists"),
            reverse("accounts:home"),
            reverse("outbox:messages"),
            reverse("referrals:hub"),
            reverse("referrals:timeline", args=[row.person_id]),
            reverse("referrals:mine_print", args=[row.person_id]),
            reverse("members:person_copy", args=[row.person_id]),
        ):
            answer = client.get(name)
            if answer.headers["Content-Type"] == "application/pdf":
                text = " ".join(page_texts(answer.content))
            else:
                text = answer.content.decode()
            for word in (raised.reference, WHAT, "raised a safeguarding", "safeguarding-raised"):
                assert word not in text, f"{user} on {name}"
    # Looking at the person's record is in the list of who looked; looking at the concern is not
    client_as(cast.safeguarding_lead).get(raised.get_absolute_url())
    assert Event.objects.filter(type="concern:viewed").exists()
    assert not Event.objects.filter(subject=row.person_id, type__startswith="concern").exists()


def test_the_queue_puts_danger_first_and_the_late_in_red(cast: Cast, client_as: ClientAs) -> None:
    desk = access_point(cast.organisation_id)
    lead = cast.safeguarding_lead
    calm = concern(organisation=desk)
    late = concern(organisation=desk)
    Concern.objects.filter(pk=late.pk).update(look_by=timezone.localdate() - timedelta(days=3))
    danger = concern(organisation=desk, danger=True)
    settled = concern(organisation=desk, state=State.MANAGED_AT_HUB)
    stranger = cast.stranger("safeguarding_lead")
    client = client_as(lead)
    text = client.get(reverse("referrals:concerns")).content.decode()
    order = [text.index(row.reference) for row in (danger, late, calm)]
    assert order == sorted(order)
    assert "Nobody has looked: late" in text
    assert settled.reference not in text
    text = client.get(reverse("referrals:concerns"), {"settled": "yes"}).content.decode()
    assert settled.reference in text
    assert calm.reference not in text
    other = client_as(stranger).get(reverse("referrals:concerns")).content.decode()
    assert calm.reference not in other


def test_the_lead_decides_on_the_page_and_the_second_keeps_what_was_typed(
    cast: Cast, client_as: ClientAs
) -> None:
    lead = cast.safeguarding_lead
    row = concern(organisation=access_point(cast.organisation_id))
    client = client_as(lead)
    sent = {"to": State.TRIAGED, "decision": "I rang her", "version": "1"}
    assert client.post(row.get_absolute_url(), sent).status_code == 302
    text = client.post(
        row.get_absolute_url(),
        {"to": State.MANAGED_AT_HUB, "decision": "What I typed", "version": "1"},
    ).content.decode()
    assert "Somebody else has decided" in text
    assert "What I typed" in text
    assert "I rang her" in text, "what the other decided is on the page"
    assert 'name="version" value="2"' in text
    text = client.post(
        row.get_absolute_url(), {"to": State.MANAGED_AT_HUB, "decision": " ", "version": "2"}
    ).content.decode()
    assert "Write down what you found" in text


def test_the_letter_is_there_once_it_is_passed_on(cast: Cast, client_as: ClientAs) -> None:
    lead = cast.safeguarding_lead
    desk = access_point(cast.organisation_id)
    waiting = concern(organisation=desk)
    client = client_as(lead)
    assert client.get(reverse("referrals:concern_letter", args=[waiting.id])).status_code == 404
    person = PersonFactory(organisation=desk, with_everything=True)
    row = concern(person=person, state=State.PASSED_TO_COUNCIL)
    answer = client.get(reverse("referrals:concern_letter", args=[row.id]))
    text = " ".join(page_texts(answer.content))
    for words in (person.family_name, "29 February 1944", WHAT, row.reference, "section 42"):
        assert words in text
    # The hour as people say it, not as machines write it
    told = re.search(r"Told to us on \w+ \d+ \w+ \d{4}, ([^:]+(?::\d\d)?[ap]m|noon|midnight)", text)
    assert told is not None, text
    # Neither the file's name nor its title tells anybody who sees the file what it is
    assert "afeguarding" not in answer.headers["Content-Disposition"]
    info = subprocess.run(
        ["pdfinfo", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    title = next(line for line in info.splitlines() if line.startswith("Title"))
    assert "afeguarding" not in title
    assert Event.objects.filter(type="concern:printed", subject=row.id).exists()


def test_after_eight_years_it_is_emptied_by_the_nightly_run() -> None:
    old, recent = concern(state=State.NO_FURTHER_ACTION), concern(state=State.MANAGED_AT_HUB)
    waiting = concern()
    long_ago = timezone.now() - timedelta(days=project.KEEP_CASE_DAYS + 1)
    Concern.objects.filter(pk__in=[old.pk, waiting.pk]).update(raised_at=long_ago)
    Concern.objects.filter(pk=old.pk).update(settled_at=long_ago)
    due = {count.retention_class.name: count.due for count in count_due()}
    assert due["referrals.concerns"] == 1
    run_retention()
    old.refresh_from_db()
    assert (old.what, old.person_id) == ("", None)
    for kept in (recent, waiting):
        kept.refresh_from_db()
        assert kept.what == WHAT
        assert kept.person_id is not None
    assert empty_concerns(Concern.objects.all()) == 1, "the recent one, when asked to"
