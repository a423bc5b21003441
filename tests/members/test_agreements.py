"""Agreements to share people's details: when they hold, and what the pages do with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from dcsn.messages.models import Message
from directory.actions.demonstration import NotADemonstration, load_demonstration
from directory.models import Organisation
from members.actions.agreements import (
    Terms,
    end_agreement,
    record_agreement,
    remind_of_reviews,
    renew_agreement,
)
from members.demonstration import load_agreements
from members.models import Category, SharingAgreement
from members.refusals import AgreementChanged
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point

pytestmark = pytest.mark.django_db


def terms(**other: Any) -> Terms:
    today = timezone.localdate()
    return Terms(
        **{
            "categories": ["name", "needs"],
            "signed_on": today,
            "review_on": today + timedelta(days=365),
            "signed_by": "The manager",
            "kept_at": "Folder 3",
            **other,
        }
    )


@pytest.mark.parametrize(
    ("signed", "review", "ended", "holds"),
    [
        (-400, 365, None, True),
        (0, 1, None, True),  # from the day of signing
        (-1, 0, None, True),  # on the day of review itself
        (1, 300, None, False),  # not yet signed
        (-400, -1, None, False),  # past its review
        (-400, 365, 1, True),  # ends tomorrow
        (-400, 365, 0, False),  # ends today
        (-400, 365, -1, False),
    ],
)
def test_when_an_agreement_holds(signed: int, review: int, ended: int | None, holds: bool) -> None:
    day = date(2026, 6, 15)
    agreement = SharingAgreementFactory(
        signed_on=day + timedelta(days=signed),
        review_on=day + timedelta(days=review),
        ended_on=None if ended is None else day + timedelta(days=ended),
        ended_why="" if ended is None else "No longer needed",
    )

    found = SharingAgreement.objects.in_force(agreement.organisation, day)

    assert found == (agreement if holds else None)
    assert agreement.holds_on(day) is holds
    many = SharingAgreement.objects.in_force_for([agreement.organisation_id], day)
    assert many == ({agreement.organisation_id: agreement} if holds else {})


@given(st.integers(-900, 900), st.integers(1, 900), st.none() | st.integers(0, 900))
def test_the_database_and_the_row_agree_on_every_day(
    signed: int, lasts: int, ended: int | None
) -> None:
    day = date(2026, 6, 15)
    with transaction.atomic():
        start = day + timedelta(days=signed)
        agreement = SharingAgreementFactory(
            signed_on=start,
            review_on=start + timedelta(days=lasts),
            ended_on=None if ended is None else start + timedelta(days=ended),
            ended_why="" if ended is None else "No longer needed",
        )
        found = SharingAgreement.objects.in_force(agreement.organisation, day)
        assert (found is not None) is agreement.holds_on(day)
        transaction.set_rollback(True)


def test_an_organisation_with_no_agreement_has_none_in_force() -> None:
    SharingAgreementFactory()
    assert SharingAgreement.objects.in_force(OrganisationFactory(), timezone.localdate()) is None


def test_asking_for_many_takes_one_query(django_assert_num_queries: Any) -> None:
    agreements = SharingAgreementFactory.create_batch(7)
    SharingAgreementFactory(past_review=True)
    with django_assert_num_queries(1):
        found = SharingAgreement.objects.in_force_for(
            [a.organisation_id for a in agreements], timezone.localdate()
        )
    assert len(found) == 7


def test_recording_is_audited_and_the_same_form_sent_twice_is_one(cast: Cast) -> None:
    organisation, key = OrganisationFactory(), uuid.uuid4()
    for _time in range(2):
        agreement = record_agreement(
            organisation=organisation, terms=terms(), by=cast.data_protection_lead, key=key
        )
    assert SharingAgreement.objects.get() == agreement
    assert Event.objects.filter(type="agreement:recorded").count() == 1


def test_a_second_one_beside_an_open_one_is_refused_by_the_database_too(cast: Cast) -> None:
    first = SharingAgreementFactory()
    with pytest.raises(Exception, match="renew or end it"):
        record_agreement(
            organisation=first.organisation, terms=terms(), by=cast.data_protection_lead
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingAgreementFactory(organisation=first.organisation)


def test_renewing_ends_the_old_one_on_the_day_the_new_one_begins(cast: Cast) -> None:
    old, today = SharingAgreementFactory(past_review=True), timezone.localdate()

    new = renew_agreement(agreement=old, terms=terms(), by=cast.data_protection_lead)

    old.refresh_from_db()
    assert (old.ended_on, new.renews) == (today, old)
    assert SharingAgreement.objects.in_force(old.organisation, today) == new
    with pytest.raises(AgreementChanged):
        renew_agreement(agreement=old, terms=terms(), by=cast.data_protection_lead)
    assert SharingAgreement.objects.count() == 2


def test_ending_it_twice_is_said(cast: Cast) -> None:
    agreement, today = SharingAgreementFactory(), timezone.localdate()
    end_agreement(agreement=agreement, on=today, why="Closed", by=cast.data_protection_lead)
    with pytest.raises(AgreementChanged):
        end_agreement(agreement=agreement, on=today, why="Again", by=cast.administrator)
    agreement.refresh_from_db()
    assert agreement.ended_why == "Closed"
    assert SharingAgreement.objects.in_force(agreement.organisation, today) is None


def test_only_they_may_change_agreements(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        record_agreement(organisation=OrganisationFactory(), terms=terms(), by=cast.hub_lead)
    assert not SharingAgreement.objects.exists()


def test_the_reminder_goes_once_to_the_hub_lead_and_the_data_protection_lead(cast: Cast) -> None:
    today = timezone.localdate()
    hub = access_point(cast.organisation_id)
    lead, protector = cast.hub_lead, cast.data_protection_lead
    assert cast.stranger("hub_lead")
    SharingAgreementFactory(organisation=hub, review_on=today + timedelta(days=30))
    SharingAgreementFactory(review_on=today + timedelta(days=61))
    SharingAgreementFactory(ended=True, review_on=today + timedelta(days=30))

    assert remind_of_reviews() == 2
    assert remind_of_reviews() == 0

    sent = {message.to_address: message for message in Message.objects.all()}
    assert set(sent) == {lead.email, protector.email}
    assert hub.name in sent[lead.email].body
    assert mail.outbox == []  # a worker sends, on commit


# --- Pages -------------------------------------------------------------------------------------------


def form(organisation: Any = None, **other: Any) -> dict[str, Any]:
    today = timezone.localdate()
    later = today + timedelta(days=365)
    data = {
        "signed_on_day": today.day,
        "signed_on_month": today.month,
        "signed_on_year": today.year,
        "review_on_day": later.day,
        "review_on_month": later.month,
        "review_on_year": later.year,
        "categories": ["name"],
        "signed_by": "The manager",
        "kept_at": "Folder 3",
        "key": str(uuid.uuid4()),
    }
    if organisation is not None:
        data["organisation"] = organisation.pk
    return data | other


def test_what_no_longer_holds_comes_first(cast: Cast, client_as: Callable[..., Client]) -> None:
    today = timezone.localdate()
    fine = SharingAgreementFactory(organisation__name="Fine")
    soon = SharingAgreementFactory(organisation__name="Soon", review_on=today + timedelta(days=60))
    over = SharingAgreementFactory(organisation__name="Overdue", past_review=True)
    gone = SharingAgreementFactory(organisation__name="Gone", ended=True)
    access_point(name="A desk without one")

    response = client_as(cast.hub_lead).get(reverse("members:agreements"))

    shown = [row[0] for row in response.context["rows"]]
    assert set(shown[:2]) == {over, gone}
    assert shown[2:] == [soon, fine]
    text = response.content.decode()
    assert "A desk without one" in text
    assert "Record an agreement" not in text  # a hub lead may only look


def test_a_renewed_agreement_is_shown_once(cast: Cast, client_as: Callable[..., Client]) -> None:
    old = SharingAgreementFactory(past_review=True)
    new = renew_agreement(agreement=old, terms=terms(), by=cast.data_protection_lead)
    response = client_as(cast.hub_lead).get(reverse("members:agreements"))
    assert [row[0] for row in response.context["rows"]] == [new]


def test_the_list_takes_the_same_queries_for_twice_the_rows(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as(cast.data_protection_lead)
    client.get(reverse("members:agreements"))  # the first page also notes the sign-in
    counts = []
    for _time in range(2):
        SharingAgreementFactory.create_batch(6)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("members:agreements"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_recording_renewing_and_ending_on_the_pages(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client, organisation = client_as(cast.data_protection_lead), OrganisationFactory()

    client.post(reverse("members:agreement_new"), form(organisation))
    agreement = SharingAgreement.objects.get()
    assert agreement.recorded_by == cast.data_protection_lead

    client.post(reverse("members:agreement_renew", args=[agreement.pk]), form())
    new = SharingAgreement.objects.get(renews=agreement)

    today = timezone.localdate()
    response = client.post(
        reverse("members:agreement_end", args=[new.pk]),
        {
            "ended_on_day": today.day,
            "ended_on_month": today.month,
            "ended_on_year": today.year,
            "ended_why": "They closed",
        },
        follow=True,
    )
    assert "They closed" in response.content.decode()
    assert SharingAgreement.objects.in_force(organisation, today) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"signed_on_year": "2999"}, "must be today or in the past"),
        ({"review_on_year": "2020"}, "must be after the day of signing"),
        ({"review_on_year": "2060"}, "within 5 years"),
        ({"review_on_day": "31", "review_on_month": "2"}, "Enter a real date"),
        ({"categories": []}, "Tick at least one"),
        ({"signed_by": ""}, "who signed for the network"),
        ({"kept_at": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    wrong: dict[str, Any], said: str, cast: Cast, client_as: Callable[..., Client]
) -> None:
    response = client_as(cast.administrator).post(
        reverse("members:agreement_new"), form(OrganisationFactory(), **wrong)
    )
    text = response.content.decode()
    assert said in text
    assert "The manager" in text or wrong.get("signed_by") == ""
    assert not SharingAgreement.objects.exists()


def test_every_category_can_be_covered() -> None:
    assert all(SharingAgreementFactory().covers(category) for category in Category.values)


# --- In the demonstration ----------------------------------------------------------------------------


@pytest.fixture
def network_of_2011(settings: Any) -> None:
    settings.DEMONSTRATION = True
    load_demonstration(by=SystemJob("test"))


def test_the_demonstration_has_every_kind_of_agreement(
    network_of_2011: None, settings: Any
) -> None:
    today = timezone.localdate()
    assert load_agreements(by=SystemJob("test")) > 20
    assert load_agreements(by=SystemJob("test")) == 0, "loading it again writes nothing"
    rows = SharingAgreement.objects.for_list(today)
    assert {row.urgency for row in rows} == {0, 1, 2}
    never = Organisation.objects.exclude(id__in=SharingAgreement.objects.values("organisation_id"))
    assert never.count() >= 5
    held = SharingAgreement.objects.in_force_for(
        Organisation.objects.filter(is_access_point=True).values_list("id", flat=True), today
    )
    assert len(held) == 4, "every access point can take referrals"
    count = SharingAgreement.objects.count()
    load_agreements(by=SystemJob("test"), refresh=True)
    assert SharingAgreement.objects.count() == count


def test_made_up_agreements_are_refused_in_a_real_portal(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_agreements(by=SystemJob("test"))
