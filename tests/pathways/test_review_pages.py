"""Reviews and outcomes on their pages: outcomes first, nothing typed is lost, and nobody cuts in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from pathways.actions.plans import write_row
from pathways.models import Action, Goal, Measuring, Pathway, Review, ReviewState, WellbeingAnswer
from tests.access.samples.pathways import own_pathway, own_review
from tests.conftest import Cast
from tests.factories.pathways import PlanFactory, ReviewFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.printing.reading import page_texts

ClientAs = Callable[..., Client]


def day(name: str, on: Any = None) -> dict[str, Any]:
    on = on or timezone.localdate()
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def typed(review: Review, **facts: Any) -> dict[str, Any]:
    return {"version": review.version, "better": "She sleeps.", **day("held_on"), **facts}


FEWER = {"minutes_before": "14", "minutes_after": "9.5"}


@pytest.fixture
def review(cast: Cast) -> Review:
    return own_review(cast)


@pytest.fixture
def send(cast: Cast, client_as: ClientAs, review: Review) -> Callable[..., Any]:
    client = client_as(cast.coordinator)

    def post(**facts: Any) -> Any:
        return client.post(
            reverse("pathways:review_write", args=[review.id]), typed(review, **facts)
        )

    return post


def test_the_form_opens_with_outcomes_and_ends_with_hours(
    cast: Cast, client_as: ClientAs, review: Review
) -> None:
    Goal.objects.create(plan=review.plan, words="Bake for my grandson", life_cycle="active")
    text = (
        client_as(cast.coordinator)
        .get(reverse("pathways:review_write", args=[review.id]))
        .content.decode()
    )
    places = [
        text.index(words)
        for words in (
            "how satisfied are you", "worthwhile?", "how happy did you feel", "completely anxious",
            "Bake for my grandson", "What got better", "Hours of paid support",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_fewer_hours_are_refused_at_their_fields_and_nothing_is_lost(
    send: Callable[..., Any], review: Review
) -> None:
    answer = send(**FEWER, satisfied="7", not_better="Her knee.", next_steps="Rufus rings.")
    assert answer.status_code == 200
    form = answer.context["form"]
    assert set(form.errors) == {"fewer_because", "reason_seen_on"}
    shown = answer.content.decode()
    assert "Her knee." in shown
    assert "Rufus rings." in shown
    assert 'value="9.5"' in shown
    assert Review.objects.get().state == ReviewState.DUE
    assert not Measuring.objects.exists()


def test_a_reason_that_waits_to_be_seen_is_kept_and_then_recorded(
    send: Callable[..., Any], review: Review, cast: Cast, client_as: ClientAs
) -> None:
    send(**FEWER, fewer_because="She walks again.", do="keep", anxious="3")
    review.refresh_from_db()
    assert (review.state, review.minutes_after) == (ReviewState.HELD, 570)
    shown = client_as(cast.coordinator).get(reverse("pathways:review", args=[review.id]))
    assert "has not seen why" in shown.content.decode()
    send(
        **FEWER,
        fewer_because="She walks again.",
        **day("reason_seen_on"),
        reason_seen_how="read-out",
        anxious="4",
    )
    review.refresh_from_db()
    assert review.state == ReviewState.RECORDED
    assert list(WellbeingAnswer.objects.values_list("question", "score")) == [("anxious", 4)]


def test_the_same_form_twice_is_recorded_once(send: Callable[..., Any], review: Review) -> None:
    assert send(happy="5").status_code == send(happy="5").status_code == 302
    assert Review.objects.filter(state=ReviewState.RECORDED).count() == 1
    assert WellbeingAnswer.objects.count() == 1


def test_who_comes_second_is_told(send: Callable[..., Any], review: Review) -> None:
    send(do="keep", better="The first.")
    answer = send(better="The second.", happy="9")
    assert "Somebody else has changed this" in answer.content.decode()
    assert Review.objects.get().better == "The first."
    assert not WellbeingAnswer.objects.exists()


def test_a_person_sees_the_reason_and_says_so(cast: Cast, client_as: ClientAs) -> None:
    user = UserFactory()
    pathway = own_pathway(cast)
    pathway.person.user = user
    pathway.person.save()
    review = ReviewFactory(
        plan=PlanFactory(pathway=pathway, in_place=True),
        held=True,
        minutes_before=840,
        minutes_after=600,
        fewer_because="She walks again.",
    )
    other = ReviewFactory(held=True, fewer_because="Of somebody else.")
    client = client_as(user)
    assert "She walks again." in client.get(reverse("pathways:my_reviews")).content.decode()
    seen = reverse("pathways:my_review_seen", args=[review.id])
    # Somebody wrote another reason since their page was opened: what they saw is not what counts.
    told = client.post(seen, {"version": review.version - 1}, follow=True).content.decode()
    assert "changed a moment ago" in told
    review.refresh_from_db()
    assert review.reason_seen_on is None
    for _click in range(2):
        client.post(seen, {"version": review.version})
    review.refresh_from_db()
    assert (review.reason_seen_on, review.reason_seen_how) == (timezone.localdate(), "website")
    assert Event.objects.filter(type="review:reason_seen").count() == 1
    assert client.post(reverse("pathways:my_review_seen", args=[other.id])).status_code == 404
    # A reason that was changed afterwards is to be seen anew.
    client_as(cast.coordinator).post(
        reverse("pathways:review_write", args=[review.id]),
        typed(
            review,
            **FEWER,
            fewer_because="Money.",
            do="keep",
            reason_seen_how="website",
            **day("reason_seen_on"),
        ),
    )
    review.refresh_from_db()
    assert (review.fewer_because, review.reason_seen_on) == ("Money.", None)


def test_a_person_asks_for_a_review(cast: Cast, client_as: ClientAs) -> None:
    user = UserFactory()
    pathway = own_pathway(cast)
    pathway.person.user = user
    pathway.person.save()
    plan = PlanFactory(pathway=pathway, in_place=True)
    for _click in range(2):
        client_as(user).post(reverse("pathways:my_review_ask", args=[plan.id]))
    assert Review.objects.get().why == Review.Why.ASKED
    strange = PlanFactory(in_place=True)
    assert (
        client_as(user).post(reverse("pathways:my_review_ask", args=[strange.id])).status_code
        == 404
    )


def test_any_question_may_be_left_but_not_all(cast: Cast, client_as: ClientAs) -> None:
    pathway = own_pathway(cast)
    client, address = (
        client_as(cast.coordinator),
        reverse("pathways:outcomes_ask", args=[pathway.id]),
    )
    key = "7c2f0b2e-8f5a-4c39-9d0c-1f3a0a4f5a10"
    empty = client.post(address, {"key": key, **day("taken_on")})
    assert "Nothing was answered" in empty.content.decode()
    for _click in range(2):
        client.post(address, {"key": key, **day("taken_on"), "happy": "0"})
    assert list(WellbeingAnswer.objects.values_list("question", "score")) == [("happy", 0)]
    shown = client.get(reverse("pathways:outcomes", args=[pathway.id])).content.decode()
    assert "Happy yesterday" in shown
    assert Event.objects.filter(type="outcomes:viewed", subject=pathway.person_id).exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"tool": "PAM"}, "score"),
        ({"score": "5", "lowest": "1", "highest": "9"}, "tool"),
        ({"tool": "PAM", "lowest": "9", "highest": "1", "score": "5"}, "highest"),
        ({"tool": "PAM", "lowest": "1", "highest": "9", "score": "10"}, "score"),
        ({"happy": "11"}, "happy"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    cast: Cast, client_as: ClientAs, facts: dict[str, str], field: str
) -> None:
    pathway = own_pathway(cast)
    answer = client_as(cast.coordinator).post(
        reverse("pathways:outcomes_ask", args=[pathway.id]),
        {"key": "7c2f0b2e-8f5a-4c39-9d0c-1f3a0a4f5a10", **day("taken_on"), **facts},
    )
    assert field in answer.context["form"].errors
    assert not Measuring.objects.exists()


def test_a_person_sees_their_own_answers_and_nobody_elses(cast: Cast, client_as: ClientAs) -> None:
    user = UserFactory()
    person = PersonFactory(user=user)
    for who, score in ((person, 4), (PersonFactory(), 9)):
        pathway = own_pathway(cast)
        Pathway.objects.filter(pk=pathway.pk).update(person=who)
        sitting = Measuring.objects.create(pathway=pathway)
        WellbeingAnswer.objects.create(measuring=sitting, question="happy", score=score)
    answer = client_as(user).get(reverse("pathways:my_outcomes"))
    histories = answer.context["histories"]
    assert [history.table.lines[0].cells[2] for _pathway, history in histories] == [4]


@pytest.mark.parametrize("name", ["pathways:outcomes", "pathways:reviews", "pathways:review"])
def test_pages_take_as_many_queries_whatever_there_is(
    cast: Cast, client_as: ClientAs, name: str
) -> None:
    """The growth test: three times the rows, the same queries."""
    review = own_review(cast, held=True)
    client = client_as(cast.coordinator)
    address = reverse(name, args=[review.id if name == "pathways:review" else review.pathway_id])

    def grow(times: int) -> None:
        for _n in range(times):
            sitting = Measuring.objects.create(pathway=review.pathway)
            WellbeingAnswer.objects.create(measuring=sitting, question="happy", score=4)
            ReviewFactory(plan=review.plan, pathway=review.pathway)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    grow(3)
    client.get(address)
    before = queries()
    grow(6)
    assert queries() == before


def test_nobody_else_says_that_the_person_saw_it_on_the_website(
    cast: Cast, client_as: ClientAs
) -> None:
    review = ReviewFactory(plan=PlanFactory(pathway=own_pathway(cast), in_place=True))
    page = client_as(cast.coordinator).post(
        reverse("pathways:review_write", args=[review.id]),
        typed(
            review,
            **FEWER,
            fewer_because="Money.",
            reason_seen_how="website",
            **day("reason_seen_on"),
        ),
    )
    assert "only the person says" in page.content.decode()
    review.refresh_from_db()
    assert (review.state, review.reason_seen_on) == ("due", None)


def test_the_website_is_no_choice_until_the_person_has_said_so(
    cast: Cast, client_as: ClientAs
) -> None:
    review = ReviewFactory(plan=PlanFactory(pathway=own_pathway(cast), in_place=True), held=True)
    client = client_as(cast.coordinator)
    address = reverse("pathways:review_write", args=[review.id])
    paper = reverse("pathways:review_form", args=[review.id])
    assert 'value="website"' not in client.get(address).content.decode()
    assert 'value="read-out"' in client.get(address).content.decode()
    Review.objects.filter(pk=review.pk).update(
        fewer_because="Money.", reason_seen_on=timezone.localdate(), reason_seen_how="website"
    )
    assert 'value="website"' in client.get(address).content.decode()
    printed = " ".join(" ".join(page_texts(client.get(paper).content)).split()).lower()
    assert "read out to them" in printed
    assert "on the website" not in printed


@pytest.mark.parametrize(("in_days", "filled_in"), [(-2, True), (0, True), (3, False)])
def test_the_day_that_was_agreed_is_filled_in_once_it_has_come(
    cast: Cast, client_as: ClientAs, in_days: int, filled_in: bool
) -> None:
    day_agreed = timezone.now() + timedelta(days=in_days)
    review = ReviewFactory(
        plan=PlanFactory(pathway=own_pathway(cast), in_place=True),
        state="booked",
        booked_for=day_agreed,
        where="At home",
    )
    page = client_as(cast.coordinator).get(reverse("pathways:review_write", args=[review.id]))
    held_on = page.context["form"]["held_on"].value()
    assert held_on == (timezone.localdate(day_agreed) if filled_in else None)


def test_from_fewer_hours_proposed_to_the_plan_that_says_so(
    cast: Cast, client_as: ClientAs, review: Review, send: Callable[..., Any]
) -> None:
    """The person is told on their plan; the coordinator reads that the plan still says the old hours."""
    paid = Action.objects.create(
        plan=review.plan, words="Help to wash", source="paid", minutes_a_week=840, version=1
    )
    herself = UserFactory()
    review.pathway.person.user = herself
    review.pathway.person.save()
    she, staff = client_as(herself), client_as(cast.coordinator)
    plan = reverse("pathways:my_plan", args=[review.plan_id])
    page = reverse("pathways:review", args=[review.id])
    assert "fewer hours" not in she.get(plan).content.decode()
    send(do="keep", **FEWER)
    assert "We propose fewer hours" not in she.get(plan).content.decode(), "without a reason yet"
    review.refresh_from_db()
    send(do="keep", fewer_because="She shops by herself now.", **FEWER)
    # To her it is said on the first page that she opens; the desk is not spoken to as if it were she
    assert "We propose fewer hours of paid support for you" in she.get(plan).content.decode()
    desk = staff.get(page).content.decode()
    assert "Fewer hours of paid support: 9 hours 30 minutes a week" in desk
    assert "You get" not in desk
    assert "The plan still says" not in desk, "nothing is decided"
    review.refresh_from_db()
    she.post(reverse("pathways:my_review_seen", args=[review.id]), {"version": review.version})
    assert "We propose fewer hours" not in she.get(plan).content.decode()
    # Recorded: the plan is to follow
    review.refresh_from_db()
    send(
        fewer_because="She shops by herself now.", reason_seen_how="website",
        **FEWER, **day("reason_seen_on"),
    )  # fmt: skip
    assert "The plan still says 14 hours a week of paid support" in staff.get(page).content.decode()
    own = she.get(reverse("pathways:my_reviews")).content.decode()
    assert "You saw this reason" in own
    assert "The person" not in own
    # It was changed since, to other hours or the same: then the review has no more to say
    write_row(plan=review.plan, row=paid, facts={"minutes_a_week": 600}, by=cast.coordinator)
    assert "The plan still says" not in staff.get(page).content.decode()
