"""An organisation's picture, with the smallest file that begins and ends like a JPEG."""

from __future__ import annotations

import factory
from django.core.files.base import ContentFile

from directory.models import Picture
from tests.factories.organisation import OrganisationFactory


class PictureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Picture

    organisation = factory.SubFactory(OrganisationFactory)
    alternative_text = "The front door, with a ramp on the left"
    width = 2
    height = 2
    published = True
    image = factory.LazyFunction(lambda: ContentFile(b"\xff\xd8\xff\xd9", name="picture.jpg"))
