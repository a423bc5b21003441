"""Objects to open an address with, by name; ``tests/access/matrix.py`` says how they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from directory.models import Organisation
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory

SampleMaker = Callable[[Cast], dict[str, Any]]


SAMPLES: dict[str, SampleMaker] = {}


def sample(name: str) -> Callable[[SampleMaker], SampleMaker]:
    """Register the maker of the address's arguments for the rows that name it."""

    def remember(make: SampleMaker) -> SampleMaker:
        if name in SAMPLES:
            raise ValueError(f"Two samples are called {name!r}.")
        SAMPLES[name] = make
        return make

    return remember


def own_organisation(cast: Cast) -> Organisation:
    """The cast's organisation, made once: one visitor opens every address with the same samples."""
    known = Organisation.objects.filter(pk=cast.organisation_id).first()
    return known or OrganisationFactory(id=cast.organisation_id, is_access_point=True)
