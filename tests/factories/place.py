"""Places: with an address, or confidential."""

from __future__ import annotations

import factory

from directory.models import Address, Location


class LocationFactory(factory.django.DjangoModelFactory):
    """``LocationFactory(is_confidential=True, address=False)`` is a refuge."""

    class Meta:
        model = Location
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Hall {n}")

    @factory.post_generation
    def address(self: Location, create: bool, extracted: bool | None) -> None:
        if extracted is not False:
            Address.objects.create(
                location=self,
                address_1="1 Example Street",
                city="Exampleton",
                postal_code="DL3 7XX",
            )
