"""Agreements to share people's details, as the tests need them.

SharingAgreementFactory(organisation=receiver)      in force, to be reviewed in a year
SharingAgreementFactory(past_review=True)           its day of review was yesterday
SharingAgreementFactory(ended=True)                 ended yesterday
"""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from members.models import Category, SharingAgreement
from tests.factories.organisation import OrganisationFactory


class SharingAgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharingAgreement

    class Params:
        past_review = factory.Trait(
            review_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
        )
        ended = factory.Trait(
            ended_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
            ended_why="They no longer take referrals.",
        )

    organisation = factory.SubFactory(OrganisationFactory)
    categories = factory.LazyFunction(lambda: list(Category.values))
    signed_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=400))
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365))
    signed_by = "The network's manager"
    kept_at = "Agreements, number 12"
