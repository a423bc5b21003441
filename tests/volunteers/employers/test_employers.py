"""Employers and colleges: places are given once, and nobody is recognised by a figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.figures.shapes import Missing
from tests.factories.employer import CohortFactory, EmployerFactory, StaffSlotFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, OpportunityFactory, volunteer
from tests.volunteers.test_races import at_once, refusals
from volunteers.actions.employers import (
    add_cohort,
    end_account,
    give_back_slot,
    offer_slot,
    put_in_cohort,
    save_account,
    take_slot,
)
from volunteers.employers.report import cohort_table
from volunteers.models import Cohort, Employer, Hours, Side, StaffSlot, Volunteer
from volunteers.refusals import CheckMissing, NotPossible, PlaceTaken


def group_of(count: int, *, employer: Employer | None = None, giving: int = 0) -> Cohort:
    cohort = CohortFactory(employer=employer or EmployerFactory())
    for number in range(count):
        one = volunteer()
        put_in_cohort(cohort=cohort, volunteer=one, by=TESTS)
        if number < giving:
            gave(one, timezone.localdate())
    return cohort


def gave(one: Volunteer, day: date, minutes: int = 120) -> None:
    Hours.objects.create(
        volunteer=one,
        organisation=one.organisation,
        day=day,
        minutes=minutes,
        minutes_logged=minutes,
        state=Hours.State.CONFIRMED,
        logged_side=Side.VOLUNTEER,
        confirmed_at=timezone.now(),
    )


@pytest.mark.django_db
class TestPlaces:
    def test_the_last_place_is_refused_to_the_next_and_a_double_click_takes_one(self) -> None:
        cohort = group_of(3)
        first, second, third = cohort.volunteers.all()
        slot = StaffSlotFactory(employer=cohort.employer, places=2)
        for _click in range(2):
            take_slot(slot=slot, volunteer=first, by=TESTS)
        take_slot(slot=slot, volunteer=second, by=TESTS)
        with pytest.raises(PlaceTaken):
            take_slot(slot=slot, volunteer=third, by=TESTS)
        give_back_slot(slot=slot, volunteer=first, by=TESTS)
        take_slot(slot=slot, volunteer=third, by=TESTS)
        assert set(slot.taken_by.all()) == {second, third}

    def test_places_of_one_group_are_not_for_another(self) -> None:
        cohort = group_of(1)
        other = group_of(1, employer=cohort.employer)
        slot = StaffSlotFactory(employer=cohort.employer, cohort=cohort)
        with pytest.raises(NotPossible, match="another group"):
            take_slot(slot=slot, volunteer=other.volunteers.get(), by=TESTS)

    def test_the_rules_of_the_role_hold(self) -> None:
        cohort = group_of(1)
        role = OpportunityFactory(checks_needed=["dbs"], dbs_level="enhanced")
        slot = StaffSlotFactory(employer=cohort.employer, opportunity=role)
        with pytest.raises(CheckMissing):
            take_slot(slot=slot, volunteer=cohort.volunteers.get(), by=TESTS)

    def test_an_account_that_ended_offers_nothing_more(self) -> None:
        user = UserFactory()
        employer = EmployerFactory(contact=user)
        end_account(employer=employer, by=TESTS)
        with pytest.raises(NotPossible, match="ended"):
            offer_slot(employer=employer, day=timezone.localdate(), places=1, by=TESTS)
        with pytest.raises(NotPossible, match="ended"):
            add_cohort(
                employer=employer, name="New", from_on=timezone.localdate(), until_on=None, by=TESTS
            )
        assert not Employer.objects.of_contact(user).exists()

    def test_opened_twice_it_is_one_account(self) -> None:
        organisation = OrganisationFactory()
        for _click in range(2):
            save_account(organisation=organisation, kind="college", contact=None, note="", by=TESTS)
        assert Employer.objects.filter(organisation=organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_take_the_last_place_at_once() -> None:
    cohort = group_of(2)
    first, second = cohort.volunteers.all()
    slot = StaffSlotFactory(employer=cohort.employer, places=1)
    came = at_once(
        lambda: take_slot(slot=slot, volunteer=first, by=TESTS),
        lambda: take_slot(slot=slot, volunteer=second, by=TESTS),
    )
    assert [type(one) for one in refusals(came)] == [PlaceTaken]
    assert slot.taken_by.count() == 1


@pytest.mark.django_db
class TestReport:
    def test_exact_for_the_volunteer_centre(self) -> None:
        cohort = group_of(6, giving=3)
        table = cohort_table(cohort.employer, protect=False)
        assert [line.cells for line in table.lines] == [(6, 6, 3, Decimal("6.0"))]

    def test_hours_before_and_after_the_group_are_not_its_own(self) -> None:
        cohort = group_of(1)
        Cohort.objects.filter(pk=cohort.pk).update(
            from_on=date(2026, 1, 1), until_on=date(2026, 1, 31)
        )
        one = cohort.volunteers.get()
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)):
            gave(one, day)
        (line,) = cohort_table(cohort.employer, protect=False).lines
        assert line.cells[2:] == (1, Decimal("4.0"))

    def test_nothing_small_is_shown_to_the_employer(self) -> None:
        employer = EmployerFactory()
        group_of(4, employer=employer, giving=4)
        group_of(12, employer=employer, giving=11)
        small, large = sorted(
            cohort_table(employer, protect=True).lines,
            key=lambda line: line.cells[0] is not Missing.HIDDEN,
        )
        assert small.cells == (Missing.HIDDEN,) * 4
        assert large.cells == (10, 10, 10, Decimal(20))

    def test_more_groups_and_people_ask_no_more_of_the_database(self) -> None:
        employer = EmployerFactory()

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                cohort_table(employer, protect=True)
            return len(captured)

        group_of(2, employer=employer, giving=1)
        few = queries()
        for _number in range(3):
            group_of(3, employer=employer, giving=2)
        assert queries() == few


@pytest.mark.django_db
class TestPages:
    def test_from_opening_an_account_to_places_on_a_day(self, cast, client_as) -> None:
        client = client_as(cast.with_role("volunteer_coordinator"))
        organisation, contact, one = OrganisationFactory(), UserFactory(), volunteer()
        page = client.post(
            reverse("volunteers:employer_new"),
            {"organisation": organisation.pk, "kind": "employer", "contact": contact.email},
        )
        employer = Employer.objects.get()
        address = reverse("volunteers:employer", args=[employer.pk])
        assert page.url == address
        assert employer.contact == contact

        today = timezone.localdate()
        client.post(
            address,
            {
                "do": "group",
                "group-name": "Away day",
                "group-from_on_day": today.day,
                "group-from_on_month": today.month,
                "group-from_on_year": today.year,
            },
        )
        cohort = Cohort.objects.get()
        client.post(
            address,
            {"do": "member", "member-cohort": cohort.pk, "member-reference": one.reference.lower()},
        )
        assert list(cohort.volunteers.all()) == [one]
        soon = today + timedelta(days=7)
        client.post(
            address,
            {
                "do": "slot",
                "slot-day_day": soon.day,
                "slot-day_month": soon.month,
                "slot-day_year": soon.year,
                "slot-places": "3",
            },
        )
        assert StaffSlot.objects.get().places == 3
        text = client.get(address).content.decode()
        assert "0 of 3 places are taken" in text
        assert one.reference in text

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, cast, client_as) -> None:
        client = client_as(cast.with_role("volunteer_coordinator"))
        page = client.post(
            reverse("volunteers:employer_new"),
            {"kind": "employer", "contact": "nobody@example.org", "note": "Two days a year"},
        )
        assert page.status_code == 422
        text = page.content.decode()
        assert "Nobody has an account with this e-mail address" in text
        assert "Choose the employer or college" in text
        assert "Two days a year" in text

    def test_the_contact_sees_numbers_and_never_who(self, client_as) -> None:
        user = UserFactory()
        employer = EmployerFactory(contact=user)
        cohort = group_of(2, employer=employer, giving=2)
        text = client_as(user).get(reverse("volunteers:my_employer")).content.decode()
        assert "hidden" in text
        for one in cohort.volunteers.select_related("person"):
            assert one.reference not in text
            assert one.person.family_name not in text
        assert Event.objects.filter(type="employer:figures_seen", actor_user=user.pk).exists()

    def test_somebody_else_finds_nothing(self, client_as) -> None:
        stranger = client_as(UserFactory())
        assert stranger.get(reverse("volunteers:my_employer")).status_code == 404
        assert stranger.get(reverse("volunteers:my_days")).status_code == 404
        slot = StaffSlotFactory()
        assert stranger.post(reverse("volunteers:my_day", args=[slot.pk])).status_code == 404

    def test_their_people_take_a_place_and_give_it_back(self, client_as) -> None:
        user = UserFactory()
        one = volunteer(user=user)
        cohort = CohortFactory()
        put_in_cohort(cohort=cohort, volunteer=one, by=TESTS)
        slot = StaffSlotFactory(employer=cohort.employer, places=1)
        not_theirs = StaffSlotFactory()
        client = client_as(user)
        assert client.post(reverse("volunteers:my_day", args=[not_theirs.pk])).status_code == 404
        client.post(reverse("volunteers:my_day", args=[slot.pk]), {"do": "take"})
        assert slot.taken_by.get() == one
        assert "You have a place" in client.get(reverse("volunteers:my_days")).content.decode()
        client.post(reverse("volunteers:my_day", args=[slot.pk]), {"do": "give-back"})
        assert not slot.taken_by.exists()
