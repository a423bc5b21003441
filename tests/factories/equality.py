"""Equality answers as somebody hands them in."""

from __future__ import annotations

import factory

from members.models import EqualityAnswers
from tests.factories.person import PersonFactory


class EqualityAnswersFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EqualityAnswers

    person = factory.SubFactory(PersonFactory)
    sex = "female"
    ethnic_group = "black_caribbean"
    religion = "rather_not"
    long_condition = "yes"
    reduced = "a_lot"
