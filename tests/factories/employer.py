"""Employers and colleges, their groups and places on a day."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from tests.factories.organisation import OrganisationFactory
from volunteers.models import Cohort, Employer, StaffSlot


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    organisation = factory.SubFactory(OrganisationFactory)


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    employer = factory.SubFactory(EmployerFactory)
    name = factory.Sequence(lambda n: f"Group {n}")
    from_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=300))


class StaffSlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffSlot

    employer = factory.SubFactory(EmployerFactory)
    day = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10))
    places = 2
