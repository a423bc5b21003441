"""Who belongs to a person, and what else they are called; nobody real.

OtherNameFactory(person=person)                     a name before marriage
RelationshipFactory(person=carer, other=cared_for)  the one cares for the other
EmergencyContactFactory(person=person)              somebody to ring
household_of(one, another)                          they live together
"""

from __future__ import annotations

import factory

from members.models import EmergencyContact, Household, OtherName, Person, Relationship
from tests.factories.person import PersonFactory


class OtherNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OtherName

    person = factory.SubFactory(PersonFactory)
    use = OtherName.Use.MAIDEN
    given_name = ""
    family_name = factory.Sequence(lambda n: f"Formerly{n}")


class RelationshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Relationship

    person = factory.SubFactory(PersonFactory)
    other = factory.SubFactory(
        PersonFactory, organisation=factory.SelfAttribute("..person.organisation")
    )
    kind = Relationship.Kind.CARES_FOR


class EmergencyContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmergencyContact

    person = factory.SubFactory(PersonFactory)
    name = factory.Sequence(lambda n: f"Marjorie Sample{n}")
    relationship = "daughter"
    phone = "07700 900 123"


def household_of(*people: Person) -> Household:
    """One household for all of them."""
    household = Household.objects.create(organisation=people[0].organisation)
    for person in people:
        person.household = household
        person.save(update_fields=["household"])
    return household
