"""Flags for safety.

SafetyFlagFactory(person=person, set_by=user)   contact in the safe way only; for half a year
"""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from members.models import SafetyFlag
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory


class SafetyFlagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafetyFlag

    person = factory.SubFactory(PersonFactory)
    kind = SafetyFlag.Kind.DOMESTIC_ABUSE
    what_to_do = "Ring on Tuesday mornings only."
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=180))
    set_by = factory.SubFactory(UserFactory)
