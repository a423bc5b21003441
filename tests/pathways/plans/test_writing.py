"""Writing in a plan on its pages: nothing that anybody typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dcsn.accounts.models import User
from directory.models import Organisation
from pathways.models import CircleMember, Goal, Part, Plan, PlanVersion, RiskDecision, Shared
from tests.factories.plan import jpeg, share_with

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def words_page(way: str, plan: Plan, part: str = Part.MATTERS) -> str:
    return reverse(f"pathways:{way}_part", args=[plan.pk, part])


def seen_on(client: Client, address: str) -> dict[str, Any]:
    """What the form holds, as a browser would send it back."""
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_person_the_coordinator_and_a_provider_at_once_all_keep_their_words(
    plan: Plan,
    owner: User,
    coordinator: User,
    organisation: Organisation,
    helper: User,
    client_as: ClientAs,
) -> None:
    base = "I was a baker.\r\nI live on my own.\r\nI like chess."
    desk = client_as(coordinator)
    first = words_page("plan", plan)
    desk.post(first, {**seen_on(desk, first), "words": base})
    share_with(plan, organisation, [Shared.ABOUT_ME], may_write=[Shared.ABOUT_ME])
    # All three open the page before anybody saves.
    writers = [
        (client_as(user), words_page(way, plan), text)
        for user, way, text in (
            (owner, "my_plan", base.replace("a baker", "a baker for forty years")),
            (coordinator, "plan", base.replace("on my own", "on my own since March")),
            (helper, "shared_plan", base.replace("chess", "chess and draughts")),
        )
    ]
    opened = [seen_on(client, address) for client, address, _text in writers]
    for (client, address, text), typed in zip(writers, opened, strict=True):
        assert client.post(address, {**typed, "words": text}).status_code == 302
    assert plan.parts.get(part=Part.MATTERS).words == (
        "I was a baker for forty years.\nI live on my own since March.\nI like chess and draughts."
    )


def test_a_clash_shows_all_texts_and_the_next_save_is_over_both(
    plan: Plan, owner: User, coordinator: User, client_as: ClientAs
) -> None:
    mine, desk = client_as(owner), client_as(coordinator)
    address, other = words_page("my_plan", plan), words_page("plan", plan)
    typed, typed_there = seen_on(mine, address), seen_on(desk, other)
    mine.post(address, {**typed, "words": "My roses"})
    page = desk.post(other, {**typed_there, "words": "Their tulips"})
    body = page.content.decode()
    assert page.status_code == 409
    assert "My roses" in body
    assert "Their tulips" in body
    assert plan.parts.get(part=Part.MATTERS).words == "My roses"
    form = page.context["form"]
    both = {name: form[name].value() for name in form.fields}
    assert both["words"] == "My roses\n\nTheir tulips"
    assert desk.post(other, {**both, "words": "My roses and tulips"}).status_code == 302
    assert plan.parts.get(part=Part.MATTERS).words == "My roses and tulips"


def test_a_goal_that_two_change_in_the_same_place_asks_the_second(
    plan: Plan, owner: User, coordinator: User, client_as: ClientAs
) -> None:
    goal = plan.goals.get()
    mine, desk = client_as(owner), client_as(coordinator)
    address, other = (
        reverse(f"pathways:{way}_change", args=[plan.pk, "goals", goal.pk])
        for way in ("my_plan", "plan")
    )
    typed = {"words": goal.words, "measure": "", "life_cycle": "active", "achievement": ""}
    typed["seen"] = str(plan.version)
    assert mine.post(address, {**typed, "words": "Walk to the sea"}).status_code == 302
    # Another fact of the same goal: both stand.
    assert desk.post(other, {**typed, "measure": "There and back"}).status_code == 302
    page = desk.post(other, {**typed, "words": "Walk to the mill"})
    assert page.status_code == 409
    assert "Walk to the sea" in page.content.decode()
    assert page.context["form"]["words"].value() == "Walk to the mill"
    stored = Goal.objects.get(pk=goal.pk)
    assert (stored.words, stored.measure) == ("Walk to the sea", "There and back")
    again = {**typed, "words": "Walk to the mill", "measure": "There and back"}
    again["seen"] = page.context["form"]["seen"].value()
    assert desk.post(other, again).status_code == 302
    assert Goal.objects.get(pk=goal.pk).words == "Walk to the mill"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("goals", {"words": "Sing again", "life_cycle": "accepted"}),
        ("actions", {"words": "Choir", "source": "community", "per": "week", "cost_pence": "2.50"}),
        ("circle", {"name": "Edie", "ring": "1"}),
        ("risks", {"words": "Getting lost", "own_view": "I have a map"}),
    ],
)
def test_the_same_form_sent_twice_adds_once(
    kind: str, typed: dict[str, str], plan: Plan, owner: User, client_as: ClientAs
) -> None:
    client = client_as(owner)
    address = reverse("pathways:my_plan_add", args=[plan.pk, kind])
    form = client.get(address).context["form"]
    sent = {**typed, "key": form["key"].value(), "seen": form["seen"].value()}
    rows = form.model.objects.filter(plan=plan)
    before = rows.count()
    for _click in range(2):
        assert client.post(address, sent).status_code == 302
    assert rows.count() == before + 1


@pytest.mark.parametrize("kind", ["goals", "actions", "circle", "risks"])
def test_an_empty_form_says_what_is_missing_by_the_field_and_above(
    kind: str, plan: Plan, owner: User, client_as: ClientAs
) -> None:
    address = reverse("pathways:my_plan_add", args=[plan.pk, kind])
    body = client_as(owner).post(address, {"seen": "0"}).content.decode()
    assert "There is a problem" in body
    assert body.count("Write ") >= 2


def test_a_goal_takes_no_way_that_the_standard_does_not_know(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    goal = plan.goals.get()
    address = reverse("pathways:my_plan_change", args=[plan.pk, "goals", goal.pk])
    typed = {"words": goal.words, "seen": plan.version, "life_cycle": "rejected"}
    assert client_as(owner).post(address, typed).status_code == 200
    assert Goal.objects.get(pk=goal.pk).life_cycle == "active"


def test_somebody_who_leaves_the_circle_is_still_in_earlier_versions(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    member = plan.circle.get()
    client = client_as(owner)
    address = reverse("pathways:my_plan_leave", args=[plan.pk, member.pk])
    for _click in range(2):
        assert client.post(address).status_code == 302
    assert not CircleMember.objects.filter(plan=plan).exists()
    plan.refresh_from_db()
    body = client.get(reverse("pathways:my_plan_version", args=[plan.pk, plan.version]))
    text = body.content.decode()
    assert "Taken out" in text
    assert "<del>" in text
    assert "Jean" in text


def test_a_decision_is_one_more_line_and_a_double_click_is_none(
    plan: Plan, coordinator: User, client_as: ClientAs
) -> None:
    risk = plan.risks.get()
    client = client_as(coordinator)
    address = reverse("pathways:plan_decide", args=[plan.pk, risk.pk])
    typed = {"decision": "With a friend", "because": "It is safer", "present": "Jean and me"}
    typed["key"] = client.get(address).context["form"]["key"].value()
    for _click in range(2):
        client.post(address, typed)
    log = RiskDecision.objects.filter(risk=risk).order_by("decided_on", "id")
    assert sorted(log.values_list("decision", flat=True)) == ["Walk with a stick", "With a friend"]


def test_a_recording_is_a_link_over_https_only(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    client = client_as(owner)
    address = reverse("pathways:my_plan_recording", args=[plan.pk])
    for wrong in ("http://example.org/a", "javascript:alert(1)", "ftp://example.org/a"):
        assert client.post(address, {"address": wrong}).status_code == 200
    plan.refresh_from_db()
    assert plan.recording == ""
    client.post(address, {"address": "https://example.org/me"})
    plan.refresh_from_db()
    assert plan.recording == "https://example.org/me"


def test_what_is_no_picture_is_refused_and_a_picture_must_be_described(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    client = client_as(owner)
    address = reverse("pathways:my_plan_picture", args=[plan.pk, Part.MATTERS])
    page = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")
    assert (
        "must be a JPEG" in client.post(address, {"picture": page, "shows": "x"}).content.decode()
    )
    real = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    assert "Say what the picture shows" in client.post(address, {"picture": real}).content.decode()
    assert not plan.parts.get(part=Part.MATTERS).picture
    gone = reverse("pathways:my_plan_picture_gone", args=[plan.pk, Part.ABOUT_ME])
    for _click in range(2):
        assert client.post(gone).status_code == 302
    assert not plan.parts.get(part=Part.ABOUT_ME).picture


def test_every_change_keeps_a_version_with_who_made_it(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    client = client_as(owner)
    address = words_page("my_plan", plan)
    client.post(address, {**seen_on(client, address), "words": "My roses"})
    latest = PlanVersion.objects.filter(plan=plan).order_by("-number").first()
    assert latest is not None
    assert (latest.number, latest.by_id) == (plan.version + 1, owner.pk)
    text = client.get(
        reverse("pathways:my_plan_version", args=[plan.pk, latest.number])
    ).content.decode()
    assert "taken out:" in text
    assert "added:" in text
