"""Services as the tests need them.

ServiceFactory()                        published, running, nothing else known
ServiceFactory(phone="01632 960 123")   with a number of its own
ServiceFactory(terms=[term])            about these topics
ServiceFactory(places=[location])       given there
"""

from __future__ import annotations

from collections.abc import Iterable

import factory

from directory.models import Location, Service, ServiceAtLocation, TaxonomyTerm
from tests.factories.organisation import OrganisationFactory, PhoneFactory


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Service {n}")
    summary = "Helps people with something."

    @factory.post_generation
    def phone(self: Service, create: bool, extracted: str | None) -> None:
        if extracted:
            PhoneFactory(service=self, number=extracted)

    @factory.post_generation
    def terms(self: Service, create: bool, extracted: Iterable[TaxonomyTerm] | None) -> None:
        if extracted:
            self.terms.add(*extracted)

    @factory.post_generation
    def places(self: Service, create: bool, extracted: Iterable[Location] | None) -> None:
        for location in extracted or ():
            ServiceAtLocation.objects.create(service=self, location=location)
