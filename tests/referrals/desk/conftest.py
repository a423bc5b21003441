"""A desk with a service in the directory, and somebody who works there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory.models import Organisation, Service
from directory.search import reindex
from members.finding import write_keys
from members.models import Person
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.service import ServiceFactory


@pytest.fixture
def desk(cast: Cast) -> Organisation:
    return access_point(cast.organisation_id, name="A desk")


@pytest.fixture
def staff(cast: Cast, desk: Organisation, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.access_point_staff)


@pytest.fixture
def person(desk: Organisation) -> Person:
    made: Person = PersonFactory(
        organisation=desk,
        given_name="Winifred",
        family_name="Example",
        postcode="DL3 7XX",
        phone="01632 960 321",
        formats=["print_24"],
    )
    write_keys(made.id)
    return made


@pytest.fixture
def bathing(db: Any) -> Service:
    """With an agreement in force."""
    agreement = SharingAgreementFactory(organisation=OrganisationFactory(name="Example Care"))
    service = ServiceFactory(
        name="Help with bathing at home",
        organisation=agreement.organisation,
        phone="01632 960 202",
    )
    reindex([service.id])
    return service


@pytest.fixture
def baths(db: Any) -> list[Service]:
    """Three services, each of an organisation with an agreement."""
    made = []
    for number in range(3):
        agreement = SharingAgreementFactory(
            organisation=OrganisationFactory(name=f"Organisation of baths {number}")
        )
        made.append(
            ServiceFactory(name=f"Baths number {number}", organisation=agreement.organisation)
        )
    reindex([one.id for one in made])
    return made


@pytest.fixture
def without_agreement(db: Any) -> Service:
    service = ServiceFactory(
        name="Bathing without papers", organisation=OrganisationFactory(name="Unsigned Ltd")
    )
    reindex([service.id])
    return service
