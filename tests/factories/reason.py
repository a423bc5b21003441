"""Records that somebody opened by giving a reason.

ReasonFactory(person=person, user=cast.coordinator)      open to them until tomorrow
ReasonFactory(…, over=True)                               yesterday's
"""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from members.models import Opening
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory


class ReasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opening

    class Params:
        over = factory.Trait(
            at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
            until=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)),
        )

    person = factory.SubFactory(PersonFactory)
    user = factory.SubFactory(UserFactory)
    reason = Opening.Reason.RIGHTS
    at = factory.LazyFunction(timezone.now)
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
