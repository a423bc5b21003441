"""Organisations and how to ring them."""

from __future__ import annotations

import factory

from directory.models import Organisation, Phone


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")


class PhoneFactory(factory.django.DjangoModelFactory):
    """Needs its owner: ``service=``, ``organisation=``, ``location=`` or ``contact=``."""

    class Meta:
        model = Phone

    number = factory.Sequence(lambda n: f"01632 960 {n % 1000:03}")
