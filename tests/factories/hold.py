"""Legal holds: LegalHoldFactory(subject=person.pk)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import factory
from django.utils import timezone

from dcsn.privacy.models import LegalHold


class LegalHoldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LegalHold

    subject = factory.LazyFunction(uuid.uuid4)
    reason = LegalHold.Reason.CLAIM
    note = "Claim 12"
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    placed_by = factory.LazyFunction(uuid.uuid4)
