"""Mistakes that readers reported."""

from __future__ import annotations

import factory

from directory.models import Correction
from tests.factories.service import ServiceFactory


class CorrectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Correction

    service = factory.SubFactory(ServiceFactory)
    about = Correction.About.PHONE
    text = "It is 01632 960 999 now."
