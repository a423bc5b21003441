"""Two at once, on connections of their own: reviews, the names under a plan, and sharing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from directory.models import Organisation
from members.actions.people import withdraw_consent
from members.models import Consent, Purpose
from pathways.actions.plans import agree, move_plan, write_words
from pathways.actions.reviews import ask_for_review, book, keep, see_reason, set_next, write_up
from pathways.actions.sharing import share_plan, stop_sharing
from pathways.models import Part, Plan, PlanAgreement, PlanShare, Review, ReviewState, Shared
from pathways.plans.sight import shares_in_force
from pathways.plans.states import PlanState
from pathways.refusals import ChangedMeanwhile, Refused
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import PlanFactory, ReviewFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
TESTS = SystemJob("tests")


def at_once(doings: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each came to, or how it was refused. They begin together."""
    doings = list(doings)
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return doing()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(run, doings))


def refused(results: list[Any]) -> list[type[Refused]]:
    return [type(one) for one in results if isinstance(one, Refused)]


@pytest.fixture
def coordinator() -> User:
    return UserFactory(role="coordinator")


@pytest.fixture
def plan(coordinator: User) -> Plan:
    return PlanFactory(pathway__coordinator=coordinator, in_place=True)


@pytest.fixture
def review(plan: Plan) -> Review:
    return ReviewFactory(plan=plan)


def moment(hour: int) -> datetime:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time(hour)))


# --- Writing ---


def test_the_person_the_coordinator_and_a_provider_in_one_moment_all_keep_theirs(
    plan: Plan, coordinator: User, receiver: Organisation
) -> None:
    """One part, three connections, each from the page as it stood: three lines, all kept."""
    person = plan.pathway.person
    assert person is not None
    person.user = UserFactory()
    person.save()
    helper = UserFactory(role="referral_receiver", role__organisation_id=receiver.id)
    share_plan(
        plan=plan,
        organisation=receiver,
        parts=[Shared.ABOUT_ME],
        may_write=[Shared.ABOUT_ME],
        how="spoken",
        by=coordinator,
    )
    base = "One\n\nTwo\n\nThree"
    write_words(plan=plan, part=Part.ABOUT_ME, words=base, base="", by=coordinator)
    started = Plan.objects.get(pk=plan.pk).version

    def write(by: User, old: str, new: str) -> Callable[[], Any]:
        words = base.replace(old, new)
        return lambda: write_words(plan=plan, part=Part.ABOUT_ME, words=words, base=base, by=by)

    results = at_once(
        [
            write(person.user, "One", "My garden"),
            write(coordinator, "Two", "Her sister rings"),
            write(helper, "Three", "We come at ten"),
        ]
    )
    assert refused(results) == []
    words = plan.parts.get(part=Part.ABOUT_ME).words
    assert words == "My garden\n\nHer sister rings\n\nWe come at ten"
    assert Plan.objects.get(pk=plan.pk).version == started + 3


# --- Reviews ---


def test_two_who_book_different_hours_agree_one(review: Review, coordinator: User) -> None:
    def booking(hour: int) -> Callable[[], Review]:
        return lambda: book(
            review=review, at=moment(hour), where="At home", by=coordinator, version=review.version
        )

    results = at_once(booking(hour) for hour in (9, 10, 11))
    assert refused(results) == [ChangedMeanwhile] * 2
    [booked] = [one for one in results if isinstance(one, Review)]
    assert Review.objects.get().booked_for == booked.booked_for


def test_a_booking_sent_twice_at_once_is_one(review: Review, coordinator: User) -> None:
    results = at_once(
        [lambda: book(review=review, at=moment(9), where="Home", by=coordinator, version=1)] * 3
    )
    assert refused(results) == []
    assert Event.objects.filter(type="review:moved").count() == 1


def writing(review: Review, by: User, **facts: Any) -> Callable[[], Review]:
    return lambda: write_up(
        review=review, held_on=timezone.localdate(), facts=facts, by=by, version=review.version
    )


def test_two_who_write_it_up_differently_do_not_undo_each_other(
    review: Review, coordinator: User
) -> None:
    results = at_once(writing(review, coordinator, better=words) for words in ("One", "Two"))
    assert refused(results) == [ChangedMeanwhile]
    [written] = [one for one in results if isinstance(one, Review)]
    assert Review.objects.get(pk=review.pk).better == written.better
    assert Review.objects.to_come().count() == 1


def test_written_up_twice_at_once_sets_one_next(review: Review, coordinator: User) -> None:
    assert refused(at_once([writing(review, coordinator, better="She sleeps.")] * 3)) == []
    assert Review.objects.filter(state=ReviewState.RECORDED).count() == 1
    assert Review.objects.to_come().count() == 1


def test_booked_and_written_up_at_once_is_never_half_of_each(
    review: Review, coordinator: User
) -> None:
    results = at_once(
        [
            writing(review, coordinator, better="She sleeps."),
            lambda: book(review=review, at=moment(9), where="Home", by=coordinator, version=1),
        ]
    )
    assert len(refused(results)) == 1
    stored = Review.objects.get(pk=review.pk)
    assert (stored.state == ReviewState.RECORDED) == (stored.held_on is not None)


def test_nobody_has_seen_a_reason_that_is_changed_in_that_moment(
    review: Review, coordinator: User
) -> None:
    """They press "I have seen why" while the coordinator writes another reason."""
    person = review.pathway.person
    assert person is not None
    person.user = UserFactory()
    person.save()
    fewer = {"better": "She walks.", "minutes_before": 840, "minutes_after": 570}
    today = timezone.localdate()
    held = keep(
        review=review, held_on=today, facts={**fewer, "fewer_because": "The first."}, by=coordinator
    )
    results = at_once(
        [
            lambda: see_reason(review=held, by=person.user, version=held.version),
            lambda: keep(
                review=held,
                held_on=today,
                facts={"fewer_because": "Another."},
                by=coordinator,
                version=held.version,
            ),
        ]
    )
    assert refused(results) == [ChangedMeanwhile]
    stored = Review.objects.get(pk=review.pk)
    assert (stored.fewer_because, stored.reason_seen_on) in (
        ("The first.", today),
        ("Another.", None),
    )


def test_three_who_ask_for_a_review_at_once_get_one(plan: Plan, coordinator: User) -> None:
    results = at_once([lambda: ask_for_review(plan=plan, asked_by="Her son", by=coordinator)] * 3)
    assert len({one.pk for one in results}) == 1


def test_a_plan_put_in_place_anew_while_its_review_is_written_up(
    plan: Plan, coordinator: User
) -> None:
    """Each takes the other's row: in the wrong order both would wait for ever."""
    before = ""
    for number in range(4):
        set_next(plan=plan, changed_on=timezone.localdate())
        waiting = Review.objects.filter(plan=plan).to_come().order_by("closes_on").first()
        assert waiting is not None
        write_words(plan=plan, part=Part.MATTERS, words=f"{number}", base=before, by=coordinator)
        before = f"{number}"
        agreed(plan, coordinator)
        at_once(
            [
                lambda waiting=waiting: write_up(  # type: ignore[misc]
                    review=waiting,
                    held_on=timezone.localdate(),
                    facts={"better": "She sleeps."},
                    by=coordinator,
                ),
                lambda: move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator),
            ]
        )
        plan.refresh_from_db()
        assert plan.agreed_version == plan.version
        assert Review.objects.filter(plan=plan).to_come().count() == 1


# --- The three names ---


def agreed(plan: Plan, coordinator: User) -> None:
    plan.refresh_from_db()
    facts: dict[str, Any] = {"plan": plan, "version": plan.version, "how": "spoken"}
    agree(role="person", name="Ada", by=coordinator, **facts)
    agree(role="planner", name="Bea", by=coordinator, **facts)
    agree(role="authoriser", name="Cy", by=UserFactory(role="pathway_authoriser"), **facts)


@pytest.mark.parametrize("role", ["person", "planner"])
def test_the_same_name_at_once_is_written_once(plan: Plan, coordinator: User, role: str) -> None:
    version = plan.version
    results = at_once(
        [
            lambda: agree(
                plan=plan, version=version, role=role, name="Ada", how="spoken", by=coordinator
            )
        ]
        * 4
    )
    assert len({one.pk for one in results}) == 1
    assert PlanAgreement.objects.filter(role=role).count() == 1


def test_two_authorisers_at_once_are_one_third_name(plan: Plan, coordinator: User) -> None:
    facts: dict[str, Any] = {"plan": plan, "version": plan.version, "how": "spoken"}
    for role in ("person", "planner"):
        agree(role=role, name=role, by=coordinator, **facts)
    results = at_once(
        (lambda by=by: agree(role="authoriser", name="C", by=by, **facts))  # type: ignore[misc]
        for by in UserFactory.create_batch(3, role="pathway_authoriser")
    )
    assert len({one.pk for one in results if not isinstance(one, Refused)}) == 1
    assert PlanAgreement.objects.filter(role="authoriser").count() == 1


def test_nobody_agrees_to_what_is_changed_in_that_moment(plan: Plan, coordinator: User) -> None:
    at_once(
        [
            lambda: write_words(
                plan=plan, part=Part.MATTERS, words="My roses", base="", by=coordinator
            ),
            lambda: agree(
                plan=plan, version=1, role="person", name="Ada", how="spoken", by=coordinator
            ),
        ]
    )
    plan.refresh_from_db()
    assert plan.version == 2
    assert not plan.agreements.filter(version=2).exists()


# --- Sharing ---


@pytest.fixture
def receiver() -> Organisation:
    organisation = OrganisationFactory()
    SharingAgreementFactory(organisation=organisation)
    return organisation


def sharing(
    plan: Plan, receiver: Organisation, by: User, *parts: str
) -> Callable[[], list[PlanShare]]:
    return lambda: share_plan(plan=plan, organisation=receiver, parts=parts, how="spoken", by=by)


def test_shared_twice_at_once_is_one_word_of_the_person(
    plan: Plan, coordinator: User, receiver: Organisation
) -> None:
    at_once([sharing(plan, receiver, coordinator, Shared.GOALS, Shared.CIRCLE)] * 4)
    assert Consent.objects.count() == 1
    assert PlanShare.objects.count() == shares_in_force().count() == 2


def test_different_parts_shared_at_once_are_both_shared(
    plan: Plan, coordinator: User, receiver: Organisation
) -> None:
    at_once(sharing(plan, receiver, coordinator, part) for part in (Shared.GOALS, Shared.CIRCLE))
    assert {one.part for one in shares_in_force()} == {Shared.GOALS, Shared.CIRCLE}


def test_shared_and_stopped_at_once_is_one_or_the_other(
    plan: Plan, coordinator: User, receiver: Organisation
) -> None:
    sharing(plan, receiver, coordinator, Shared.GOALS)()
    at_once(
        [
            lambda: stop_sharing(plan=plan, organisation=receiver, by=coordinator),
            sharing(plan, receiver, coordinator, Shared.GOALS, Shared.CIRCLE),
        ]
    )
    assert {one.part for one in shares_in_force()} in (
        set(),
        {Shared.CIRCLE},
        {Shared.GOALS, Shared.CIRCLE},
    )


def test_what_is_withdrawn_while_it_is_shared_again_follows_the_last_word(
    plan: Plan, coordinator: User, receiver: Organisation
) -> None:
    person = plan.pathway.person
    assert person is not None
    sharing(plan, receiver, coordinator, Shared.GOALS)()
    at_once(
        [
            lambda: withdraw_consent(
                person=person,
                organisation=receiver,
                purpose=Purpose.SHARE,
                how=Consent.How.ONLINE,
                by=TESTS,
            ),
            sharing(plan, receiver, coordinator, Shared.GOALS, Shared.CIRCLE),
        ]
    )
    if not Consent.objects.allows(person, Purpose.SHARE, receiver):
        assert not shares_in_force().exists()
