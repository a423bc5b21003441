"""Requests for paper as the tests need them.

PaperRequestFactory()                             waiting, with one service
PaperRequestFactory(services=[…])                 for these
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import factory

from directory.models import Service
from members.models import PaperItem, PaperRequest
from tests.factories.person import access_point
from tests.factories.service import ServiceFactory


class PaperRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PaperRequest
        skip_postgeneration_save = True

    key = factory.LazyFunction(uuid.uuid4)
    organisation = factory.LazyFunction(access_point)
    name = "Winifred Example"
    address_1 = "1 Example Terrace"
    town = "Exampleton"
    postcode = "DL3 7XX"
    wording = "post:1"

    @factory.post_generation
    def services(self: PaperRequest, create: bool, extracted: Iterable[Service] | None) -> None:
        chosen = [ServiceFactory()] if extracted is None else list(extracted)
        for position, service in enumerate(chosen):
            PaperItem.objects.create(
                request=self, service=service, position=position, note=f"Note {position}"
            )
