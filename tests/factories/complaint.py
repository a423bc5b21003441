"""Complaints about personal data, as the tests need them.

ComplaintFactory()                             received today, to be answered by e-mail
ComplaintFactory(by_letter=True)               to be answered by letter in 24 point
ComplaintFactory(acknowledged=True)            waiting for its answer
ComplaintFactory(answered=True)                closed
"""

from __future__ import annotations

import uuid

import factory
from django.utils import timezone

from members.models import Complaint
from tests.factories.person import access_point


class ComplaintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Complaint

    class Params:
        by_letter = factory.Trait(
            answer_by="letter", address_1="1 Example Terrace", postcode="DL3 7XX", size=24
        )
        acknowledged = factory.Trait(
            state="acknowledged", acknowledged_at=factory.LazyFunction(timezone.now)
        )
        answered = factory.Trait(
            state="answered",
            acknowledged_at=factory.LazyFunction(timezone.now),
            closed_at=factory.LazyFunction(timezone.now),
            outcome="explained",
            answer="We have looked at it.",
        )

    key = factory.LazyFunction(uuid.uuid4)
    organisation = factory.LazyFunction(access_point)
    name = "Winifred Example"
    answer_by = "email"
    email = "winifred@example.org"
    words = "You told my neighbour."
    received_on = factory.LazyFunction(timezone.localdate)
