"""An invented firm and an invented college whose people volunteer, and a day with places for them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from dcsn.accounts.models import User
from directory.demonstration.network import SOURCE, identity
from directory.models import Organisation
from volunteers.actions.employers import (
    add_cohort,
    offer_slot,
    put_in_cohort,
    save_account,
    take_slot,
)
from volunteers.models import Employer, Opportunity, Route, Volunteer
from volunteers.states import GONE, OpportunityState

FIRM, COLLEGE = "larch-insurance", "quayside-college"
_NAMES = {FIRM: "Larch Insurance (made up)", COLLEGE: "Quayside Sixth Form (made up)"}


def write_employers(*, by: User) -> None:
    """Both accounts with a group each; whoever came through work or college is in one."""
    today = timezone.localdate()
    for slug, kind, group, ago in (
        (FIRM, Employer.Kind.EMPLOYER, "Two days a year", 200),
        (COLLEGE, Employer.Kind.COLLEGE, "Health and social care, year 12", 80),
    ):
        organisation, _created = Organisation.objects.get_or_create(
            id=identity("organisation", slug), defaults={"name": _NAMES[slug], "source": SOURCE}
        )
        employer = save_account(
            organisation=organisation, kind=kind, contact=None, note=group, by=by
        )
        cohort = add_cohort(
            employer=employer,
            name=group,
            from_on=today - timedelta(days=ago),
            until_on=None,
            by=by,
        )
        came = Volunteer.objects.filter(route=Route.EMPLOYER).exclude(state__in=GONE)
        for one in came.order_by("reference") if slug == FIRM else came.none():
            put_in_cohort(cohort=cohort, volunteer=one, by=by)
        role = (
            Opportunity.objects.filter(state=OpportunityState.OPEN, checks_needed=[])
            .order_by("name")
            .first()
        )
        slot = offer_slot(
            employer=employer,
            day=today + timedelta(days=24),
            places=6,
            opportunity=role,
            cohort=cohort,
            by=by,
        )
        helping = cohort.volunteers.filter(state="active").order_by("reference").first()
        if helping is not None:
            take_slot(slot=slot, volunteer=helping, by=by)
