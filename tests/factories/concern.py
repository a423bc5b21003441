"""Safeguarding concerns as the tests need them, made through the actions.

concern()                                   raised at an access point of its own, about a person
concern(organisation=…, state="triaged")    brought there by one of its safeguarding leads
"""

from __future__ import annotations

from typing import Any

from dcsn.accounts.models import User
from directory.models import Organisation
from members.models import Person
from referrals.models import Concern, Enquiry
from referrals.safeguarding.deciding import move_concern
from referrals.safeguarding.raising import Source, Worry, raise_concern
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory

WHAT = "A bruise on the arm that nobody explains"


def lead_at(organisation: Organisation, **facts: Any) -> User:
    return UserFactory(
        role="safeguarding_lead",
        role__organisation_id=organisation.id,
        second_factor=True,
        **facts,
    )


def staff_at(organisation: Organisation, **facts: Any) -> User:
    return UserFactory(
        role="access_point_staff",
        role__organisation_id=organisation.id,
        second_factor=True,
        **facts,
    )


def source_for(person: Person, enquiry: Enquiry | None = None) -> Source:
    return Source("person", person.id, person.organisation, person=person, enquiry=enquiry)


def concern(
    *,
    organisation: Organisation | None = None,
    person: Person | None = None,
    raised_by: User | None = None,
    state: str = Concern.State.RAISED,
    **worry: Any,
) -> Concern:
    organisation = organisation or (person.organisation if person else access_point())
    person = person or PersonFactory(organisation=organisation)
    facts = {"at_risk": "them", "what": WHAT, "knows": "no", **worry}
    row = raise_concern(
        source=Source("person", person.id, organisation, person=person),
        worry=Worry(**facts),
        by=raised_by or staff_at(organisation),
    ).concern
    if state != Concern.State.RAISED:
        row = move_concern(
            concern=row,
            to=state,
            by=lead_at(organisation),
            decision="Spoke to them, and they agree",
        )
    return row
