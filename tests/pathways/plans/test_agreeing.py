"""Three names, sharing, and paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from dcsn.access.actions import grant_role
from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.printing import PrintSize
from directory.models import Organisation
from members.actions.people import withdraw_consent
from members.models import Consent, Purpose
from pathways.actions.plans import agree
from pathways.models import Plan, PlanCopy, PlanShare, Shared
from pathways.plans.page import page_of
from pathways.plans.paper import chapters, easy_read_pdf, one_idea_a_line, plan_pdf
from pathways.plans.sight import EVERYTHING, Sight, Who
from pathways.plans.states import PlanState
from pathways.refusals import NotPossible
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.pathways import PlanFactory
from tests.factories.plan import share_with
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def test_three_people_agree_and_the_plan_is_in_place(
    plan: Plan, owner: User, coordinator: User, client_as: ClientAs
) -> None:
    mine, desk = client_as(owner), client_as(coordinator)
    authoriser = client_as(UserFactory(role="pathway_authoriser", second_factor=True))
    seen = {"seen": plan.version}
    waiting = reverse("pathways:authorise_plan", args=[plan.pk])
    at_desk = reverse("pathways:plan_agree", args=[plan.pk])
    assert authoriser.get(waiting).status_code == 404
    for _click in range(2):
        mine.post(reverse("pathways:my_plan_agree", args=[plan.pk]), seen)
    assert authoriser.get(waiting).status_code == 404
    desk.post(at_desk, {**seen, "role": "planner"})
    assert authoriser.get(waiting).status_code == 200
    authoriser.post(
        reverse("pathways:authorise_plan_agree", args=[plan.pk]), {**seen, "role": "authoriser"}
    )
    names = plan.agreements.values_list("role", "how", "account")
    assert sorted(role for role, _how, _account in names) == ["authoriser", "person", "planner"]
    assert plan.agreements.get(role="person").how == "online"
    # It does not wait any more, so it is not seen any more.
    assert authoriser.get(waiting).status_code == 404
    desk.post(reverse("pathways:plan_move", args=[plan.pk]), {"to": "active"})
    plan.refresh_from_db()
    assert (plan.state, plan.agreed_version) == (PlanState.ACTIVE, plan.version)


def test_when_all_three_have_agreed_the_coordinator_is_told_what_comes_next(
    plan: Plan, coordinator: User, client_as: ClientAs
) -> None:
    desk = client_as(coordinator)
    pages = (reverse("pathways:plan", args=[plan.pk]), plan.pathway.get_absolute_url())
    facts = {"plan": plan, "version": plan.version, "how": "written"}
    agree(**facts, role="person", name="Ada", by=coordinator)
    agree(**facts, role="planner", name="Cora", by=coordinator)
    for page in pages:
        assert "Put it in place" not in desk.get(page).content.decode()
    other = UserFactory(role="pathway_authoriser", second_factor=True)
    agree(**facts, role="authoriser", name="Ann", by=other)
    for page in pages:
        assert "Put it in place" in desk.get(page).content.decode()
    # Two pressed a button; only the person signed something.
    names = desk.get(reverse("pathways:plan_agree", args=[plan.pk])).content.decode()
    assert names.count("(signed in)") == 2
    assert names.count("(signed on paper)") == 1
    desk.post(reverse("pathways:plan_move", args=[plan.pk]), {"to": "active"})
    for page in pages:
        assert "Put it in place" not in desk.get(page).content.decode()


def test_an_empty_plan_is_not_offered_to_be_agreed_to(
    coordinator: User, client_as: ClientAs
) -> None:
    empty = PlanFactory(pathway__coordinator=coordinator)
    page = client_as(coordinator).get(reverse("pathways:plan", args=[empty.pk])).content.decode()
    assert "Nothing is written yet. Begin wherever you like" in page
    assert "Version 0" not in page
    assert reverse("pathways:plan_agree", args=[empty.pk]) not in page


def test_nobody_says_yes_on_the_website_for_the_person(
    plan: Plan, coordinator: User, client_as: ClientAs
) -> None:
    address = reverse("pathways:plan_agree", args=[plan.pk])
    typed = {"seen": plan.version, "role": "person", "name": "Ada", "how": "online"}
    assert client_as(coordinator).post(address, typed).status_code == 200
    assert not plan.agreements.exists()


def test_what_was_said_or_signed_is_written_down_with_its_day(
    plan: Plan, coordinator: User, client_as: ClientAs
) -> None:
    address = reverse("pathways:plan_agree", args=[plan.pk])
    typed = {"seen": plan.version, "role": "person", "name": "Ada", "how": "written"}
    typed |= {"on_day": "2", "on_month": "11", "on_year": "2026"}
    client_as(coordinator).post(address, typed)
    agreed = plan.agreements.get()
    assert (agreed.how, agreed.recorded_by, agreed.account) == ("written", coordinator, None)
    assert agreed.agreed_on == date(2026, 11, 2)


def test_an_end_is_asked_twice(plan: Plan, coordinator: User, client_as: ClientAs) -> None:
    client = client_as(coordinator)
    address = reverse("pathways:plan_move", args=[plan.pk])
    client.post(address, {"to": "revoked"})
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    client.post(address, {"to": "revoked", "sure": "yes"})
    plan.refresh_from_db()
    assert plan.state == PlanState.REVOKED


def test_the_person_shares_a_part_and_takes_it_back(
    plan: Plan, owner: User, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    SharingAgreementFactory(organisation=organisation)
    mine, theirs = client_as(owner), client_as(helper)
    typed = {"organisation": str(organisation.pk), "parts": [Shared.GOALS, Shared.RISKS]}
    for _click in range(2):
        mine.post(reverse("pathways:my_plan_share", args=[plan.pk]), typed)
    consent = Consent.objects.get(organisation=organisation)
    assert (consent.purpose, consent.how, consent.recorded_by) == (Purpose.SHARE, "online", None)
    page = reverse("pathways:shared_plan", args=[plan.pk])
    assert "Walk to the shop" in theirs.get(page).content.decode()
    for _click in range(2):
        mine.post(
            reverse("pathways:my_plan_stop", args=[plan.pk]), {"organisation": organisation.pk}
        )
    assert theirs.get(page).status_code == 404
    assert not PlanShare.objects.filter(until=None).exists()


def test_without_an_agreement_nothing_is_shared(
    plan: Plan, owner: User, organisation: Organisation, client_as: ClientAs
) -> None:
    typed = {"organisation": str(organisation.pk), "parts": [Shared.GOALS]}
    client_as(owner).post(reverse("pathways:my_plan_share", args=[plan.pk]), typed)
    SharingAgreementFactory(organisation=organisation, categories=["name", "needs"])
    typed["parts"] = [Shared.CIRCLE]
    page = client_as(owner).post(reverse("pathways:my_plan_share", args=[plan.pk]), typed)
    assert "does not cover" in page.content.decode()
    assert not PlanShare.objects.exists()


def test_sharing_a_plan_takes_nothing_from_what_was_agreed_before(
    plan: Plan, owner: User, organisation: Organisation, client_as: ClientAs
) -> None:
    share_with(plan, organisation, [Shared.CIRCLE])
    before = Consent.objects.categories_allowed(plan.pathway.person, Purpose.SHARE, organisation)
    typed = {"organisation": str(organisation.pk), "parts": [Shared.GOALS]}
    client_as(owner).post(reverse("pathways:my_plan_share", args=[plan.pk]), typed)
    after = Consent.objects.categories_allowed(plan.pathway.person, Purpose.SHARE, organisation)
    assert before <= after
    assert PlanShare.objects.filter(until=None).count() == 2


def test_a_consent_that_is_withdrawn_anywhere_ends_the_sharing(
    plan: Plan, owner: User, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    share_with(plan, organisation, [Shared.GOALS])
    withdraw_consent(
        person=plan.pathway.person,
        organisation=organisation,
        purpose=Purpose.SHARE,
        how=Consent.How.ONLINE,
        by=owner,
    )
    assert PlanShare.objects.get().until is not None
    page = reverse("pathways:shared_plan", args=[plan.pk])
    assert client_as(helper).get(page).status_code == 404


@pytest.mark.parametrize("layout", ["14", "18", "24", "easy"])
def test_each_copy_is_printed_and_noted(
    layout: str, plan: Plan, owner: User, client_as: ClientAs
) -> None:
    address = reverse("pathways:my_plan_print", args=[plan.pk])
    typed = {"holder": "My niece", "layout": layout, "parts": [Shared.GOALS, Shared.CIRCLE]}
    answer = client_as(owner).post(address, typed)
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) >= 1
    copy = PlanCopy.objects.get(plan=plan)
    assert (copy.holder, copy.version) == ("My niece", plan.version)
    assert copy.parts == [Shared.CIRCLE, Shared.GOALS]


def whole(plan: Plan, sees: frozenset[str] = EVERYTHING) -> Sight:
    return Sight(plan, Who.STAFF, sees, frozenset())


def test_what_is_not_chosen_is_not_printed(plan: Plan) -> None:
    titles = [one.title for one in chapters(page_of(whole(plan, frozenset({Shared.RISKS}))))]
    assert titles == ["This could go wrong"]


def test_easy_read_is_never_smaller_than_large_print(plan: Plan) -> None:
    page = page_of(whole(plan))
    assert easy_read_pdf(page, PrintSize.CLEAR)[:4] == b"%PDF"
    assert plan_pdf(page, PrintSize.GIANT)[:4] == b"%PDF"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("I am Peggy. I swim!\nDo you?", ["I am Peggy.", "I swim!", "Do you?"]),
        ("Dr. Penrose comes. At 3 p.m. we talk.", ["Dr. Penrose comes.", "At 3 p.m. we talk."]),
        ("  \n\n", []),
    ],
)
def test_one_idea_a_line(text: str, lines: list[str]) -> None:
    assert one_idea_a_line(text) == lines


def test_nobody_plans_or_authorises_their_own_plan(plan: Plan, coordinator: User) -> None:
    person = plan.pathway.person
    assert person is not None
    person.user = coordinator
    person.save()
    with pytest.raises(NotPossible, match="your own plan"):
        agree(
            plan=plan, version=plan.version, role="planner", name="C", how="written", by=coordinator
        )


def test_the_authoriser_has_written_no_other_name_down(plan: Plan, coordinator: User) -> None:
    """Somebody with both roles at one access point: two of three names would be theirs."""
    both = UserFactory(
        role="hub_lead", role__organisation_id=plan.pathway.organisation_id, second_factor=True
    )
    grant_role(user=both, role="pathway_authoriser", organisation_id=None, by=SystemJob("tests"))
    facts = {"plan": plan, "version": plan.version, "name": "N"}
    agree(**facts, role="person", how="spoken", by=both)
    agree(**facts, role="planner", how="written", by=coordinator)
    with pytest.raises(NotPossible, match="two people"):
        agree(**facts, role="authoriser", how="written", by=both)
    agree(
        **facts,
        role="authoriser",
        how="written",
        by=UserFactory(role="pathway_authoriser", second_factor=True),
    )
    assert plan.agreements.count() == 3
