"""The demonstration's organisations can be reached, each in its way, and loading twice changes nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from referrals.models import Capacity, ReceivingDesk
from referrals.replies.demonstration import ROOM, load_receivers
from tests.factories.organisation import OrganisationFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(settings):
    settings.DEMONSTRATION = True
    for slug in ("age-uk", "sight", "bereavement", "carers"):
        organisation = OrganisationFactory(id=identity("organisation", slug), name=slug)
        ServiceFactory(organisation=organisation)
    ServiceFactory(id=identity("service", ROOM[0][0]))


def test_each_way_of_hearing_is_there_and_every_row_could_have_been_typed(network):
    assert load_receivers() == 5
    desks = ReceivingDesk.objects.all()
    assert {desk.how for desk in desks} == {"email", "signed-in", "post", "phone"}
    for desk in desks:
        try:
            desk.full_clean()
        except ValidationError as error:
            pytest.fail(str(error))
        assert desk.email.endswith(".example")
        assert desk.phone.startswith("01632 960 ")
    assert Capacity.objects.get().wait_weeks == 3


def test_loading_it_again_changes_nothing(network):
    load_receivers()
    ReceivingDesk.objects.update(how="email", email="changed@by-hand.example")
    assert load_receivers() == 0
    assert set(ReceivingDesk.objects.values_list("email", flat=True)) == {"changed@by-hand.example"}


def test_not_where_real_people_are(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_receivers()
