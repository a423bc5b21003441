"""People as the tests need them; nobody real, phone numbers from Ofcom's drama ranges.

PersonFactory()                                 at an access point of their own
PersonFactory(organisation__id=cast.organisation_id)   at the cast's
PersonFactory(with_everything=True)             every field filled in
"""

from __future__ import annotations

import uuid
from datetime import date

import factory

from directory.models import Organisation
from members.models import ContactBy, Format, Person
from tests.factories.organisation import OrganisationFactory


def access_point(
    organisation_id: uuid.UUID | None = None, name: str = "Access point"
) -> Organisation:
    """The access point with this id, made when it is not there."""
    identifier = organisation_id or uuid.uuid4()
    found = Organisation.objects.filter(id=identifier).first()
    if found is not None:
        return found
    return OrganisationFactory(id=identifier, name=name, is_access_point=True)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    class Params:
        with_everything = factory.Trait(
            known_as="Winnie",
            date_of_birth=date(1944, 2, 29),
            address_1="1 Example Terrace",
            address_2="Flat 2",
            town="Exampleton",
            postcode="DL3 7XX",
            phone="01632 960 321",
            email="winifred@example.org",
            contact_by=ContactBy.PHONE,
            safe_contact_note="Ring in the morning only.",
            formats=[Format.PRINT_24, Format.INTERPRETER],
            interpreter_language="Polish",
        )

    organisation = factory.LazyFunction(access_point)
    given_name = "Winifred"
    family_name = factory.Sequence(lambda n: f"Example{n}")
