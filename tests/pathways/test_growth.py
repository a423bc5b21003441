"""The page of one pathway takes as many queries however much hangs on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pathways.models import Action, Contact, Goal, Measuring, Source, WellbeingAnswer
from tests.access.samples.pathways import own_review
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import ReviewFactory
from tests.factories.person import access_point
from tests.factories.referral import referral
from tests.factories.volunteering import help_request

pytestmark = pytest.mark.django_db


def test_twice_the_rows_take_as_many_queries(cast: Cast, client_as: Any) -> None:
    """Actions, each joined with a referral to another organisation and with a request for help, too."""
    review = own_review(cast, held=True)
    pathway, plan = review.pathway, review.plan
    hub = access_point(cast.organisation_id)
    client = client_as(cast.coordinator)

    def grow(times: int) -> None:
        for number in range(times):
            goal = Goal.objects.create(plan=plan, words=f"Goal {number}", life_cycle="active")
            sent = referral(
                state="requested",
                requester=hub,
                owner=OrganisationFactory(),
                person=pathway.person,
            )
            Action.objects.create(
                plan=plan,
                goal=goal,
                words=f"Action {number}",
                source=Source.COMMUNITY,
                referral=sent,
                help_request=help_request(organisation=hub, person=pathway.person),
            )
            sitting = Measuring.objects.create(pathway=pathway)
            WellbeingAnswer.objects.create(measuring=sitting, question="happy", score=4)
            ReviewFactory(plan=plan, pathway=pathway)
            Contact.objects.create(pathway=pathway, on=timezone.localdate(), way="phone")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            assert client.get(pathway.get_absolute_url()).status_code == 200
        return [one["sql"][:150] for one in found]

    grow(3)
    queries()
    before = queries()
    grow(3)
    after = queries()
    assert len(after) == len(before), "\n".join(after)
