"""A plan with its coordinator, its person signed in, and an organisation that takes part."""

from __future__ import annotations

import pytest

from dcsn.accounts.models import User
from directory.models import Organisation
from pathways.models import Plan
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import PlanFactory
from tests.factories.plan import full_plan
from tests.factories.user import UserFactory


@pytest.fixture
def coordinator(db: None) -> User:
    return UserFactory(role="coordinator", second_factor=True, name="Cora Coordinator")


@pytest.fixture
def plan(coordinator: User) -> Plan:
    return full_plan(PlanFactory(pathway__coordinator=coordinator), by=coordinator)


@pytest.fixture
def owner(plan: Plan) -> User:
    """The person whose plan it is, signed in."""
    person = plan.pathway.person
    assert person is not None
    person.user = UserFactory()
    person.save()
    return person.user


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def helper(organisation: Organisation) -> User:
    """Somebody of that organisation who answers its referrals."""
    return UserFactory(
        role="referral_receiver", role__organisation_id=organisation.id, second_factor=True
    )
