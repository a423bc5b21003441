"""Lists that somebody passed on."""

from __future__ import annotations

import factory

from directory.models import SharedList
from tests.factories.service import ServiceFactory


class SharedListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharedList

    service_ids = factory.LazyFunction(lambda: [ServiceFactory().id])
