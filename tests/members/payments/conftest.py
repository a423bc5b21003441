from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Sum

from directory.models import Organisation
from members.models import JournalEntry, JournalLine, Membership, Payment
from members.payments.providers import govuk_pay
from tests.conftest import Cast
from tests.factories.payment import waiting
from tests.factories.person import access_point
from tests.members.payments import govuk_stub

SECRET = "whsec-not-a-real-secret"


@pytest.fixture(autouse=True)
def _the_journal_balances(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test: each entry sums to zero, and all of them together."""
    yield
    if "db" not in request.fixturenames and "transactional_db" not in request.fixturenames:
        return
    assert (JournalLine.objects.aggregate(sum=Sum("pence"))["sum"] or 0) == 0
    uneven = JournalEntry.objects.annotate(sum=Sum("lines__pence")).exclude(sum=0)
    assert not uneven.exists()


@pytest.fixture
def hub(cast: Cast) -> Organisation:
    return access_point(cast.organisation_id)


@pytest.fixture
def row(hub: Organisation) -> Membership:
    return waiting(hub)


@pytest.fixture
def stub(settings: Any) -> Iterator[govuk_stub.Stub]:
    """GOV.UK Pay is the provider, and it is the stand-in."""
    govuk_pay._pool.cache_clear()
    with govuk_stub.running() as running:
        settings.PAYMENT_PROVIDER = str(Payment.Method.GOVUK_PAY)
        settings.GOVUK_PAY_ADDRESS = running.address
        settings.GOVUK_PAY_KEY = govuk_stub.KEY
        settings.GOVUK_PAY_WEBHOOK_SECRETS = [SECRET]
        yield running
        govuk_pay._pool().clear()
    govuk_pay._pool.cache_clear()
