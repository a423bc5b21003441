"""What people agreed to, written straight into the table.

ConsentFactory(person=person, organisation=receiver, recorded_by=user)   may be told what is usual
ConsentFactory(…, noted=True)                                            with a note on capacity
"""

from __future__ import annotations

import factory

from members.models import USUALLY_SHARED, Consent, ConsentNote, Purpose
from members.wordings import current_wording
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    purpose = Purpose.SHARE
    categories = factory.LazyFunction(lambda: sorted(str(one) for one in USUALLY_SHARED))
    how = Consent.How.SPOKEN
    wording = factory.LazyAttribute(lambda consent: current_wording(consent.purpose).code)
    recorded_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def noted(self, create: bool, extracted: bool | None, **facts: str) -> None:
        if extracted:
            ConsentNote.objects.create(
                consent=self,
                **({"who": "Marjorie Sample, daughter", "capacity": "Fluctuates."} | facts),
            )
