"""Objects to open the addresses of volunteers with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.access.samples.registry import own_organisation, sample
from tests.conftest import Cast
from tests.factories.employer import EmployerFactory, StaffSlotFactory
from tests.factories.person import access_point
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    agreed_visit,
    claim,
    given_hours,
    given_reference,
    given_thanks,
    help_request,
    in_role,
    passed_check,
    volunteer,
)
from volunteers.actions.applications import apply
from volunteers.actions.exchanges import ask_exchange
from volunteers.actions.parents import ask_parent
from volunteers.actions.shifts import take_shift_place
from volunteers.becoming.links import redirected_by
from volunteers.becoming.links import token_of as token_of_suggestions
from volunteers.giving import links as giving_links
from volunteers.helping.links import token_of
from volunteers.helping.request_links import token_of_request
from volunteers.models import CalendarFeed, PolicyVersion
from volunteers.rotas import feed
from volunteers.states import Party


def _own_request(cast: Cast, **facts: Any) -> Any:
    return help_request(organisation=access_point(cast.organisation_id), **facts)


@sample("volunteering role")
def _(cast: Cast) -> dict[str, Any]:
    role = OpportunityFactory(organisation=own_organisation(cast))
    return {"slug": role.slug, "short_id": role.short_id}


@sample("role at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"opportunity_id": OpportunityFactory(organisation=own_organisation(cast)).pk}


@sample("volunteer at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"volunteer_id": volunteer(state="applied", organisation=own_organisation(cast)).pk}


@sample("check of a volunteer")
def _(cast: Cast) -> dict[str, Any]:
    here = own_organisation(cast)
    return {"check_id": passed_check(volunteer(organisation=here), organisation=here).pk}


@sample("policy")
def _(cast: Cast) -> dict[str, Any]:
    policy = PolicyVersion.objects.create(
        organisation=own_organisation(cast),
        key="safe",
        number=1,
        title="Keeping people safe",
        text="Tell us.",
        in_force_from=timezone.localdate(),
    )
    return {"policy_id": policy.pk}


@sample("application for a role")
def _(cast: Cast) -> dict[str, Any]:
    here = own_organisation(cast)
    who = volunteer(state="applied", organisation=here)
    role = OpportunityFactory(organisation=here)
    return {"application_id": apply(person=who.person, opportunity=role, by=TESTS).pk}


@sample("suggestions link")
def _(cast: Cast) -> dict[str, Any]:
    change = redirected_by(volunteer(state="redirected"))
    assert change is not None
    return {"token": token_of_suggestions(change.pk)}


@sample("first of five")
def _(cast: Cast) -> dict[str, Any]:
    return {"number": 1}


@sample("parent's link")
def _(cast: Cast) -> dict[str, Any]:
    who = volunteer(state="applied", born=timezone.localdate() - timedelta(days=15 * 365))
    _asked, secret = ask_parent(volunteer=who, name="A parent", phone="01632 960 445", by=TESTS)
    return {"secret": secret}


@sample("help request")
def _(cast: Cast) -> dict[str, Any]:
    return {"request_id": _own_request(cast).id}


@sample("help request taken")
def _(cast: Cast) -> dict[str, Any]:
    return {"request_id": _own_request(cast, taken_at=access_point(cast.organisation_id)).id}


@sample("asked link")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": token_of_request(_own_request(cast).id)}


@sample("side of an offer")
def _(cast: Cast) -> dict[str, Any]:
    return {"side": "volunteer"}


@sample("place that looks")
def _(cast: Cast) -> dict[str, Any]:
    return {"organisation_id": _own_request(cast).organisation_id}


@sample("offer link")
def _(cast: Cast) -> dict[str, Any]:
    asked = _own_request(cast, state="offered").offers.get()
    return {"token": token_of(asked.id, Party.VOLUNTEER)}


@sample("visit")
def _(cast: Cast) -> dict[str, Any]:
    accepted = _own_request(cast, state="matched").offers.get()
    return {"visit_id": agreed_visit(accepted).id}


@sample("volunteer's offer")
def _(cast: Cast) -> dict[str, Any]:
    return {"offer_id": _own_request(cast, state="offered").offers.get().id}


@sample("shift")
def _(cast: Cast) -> dict[str, Any]:
    return {"shift_id": ShiftFactory(opportunity__organisation=own_organisation(cast)).pk}


@sample("place on a shift")
def _(cast: Cast) -> dict[str, Any]:
    shift = ShiftFactory(opportunity__organisation=own_organisation(cast))
    who = in_role(shift.opportunity)
    return {"place_id": take_shift_place(shift=shift, volunteer=who, by=TESTS).pk}


@sample("help that comes again")
def _(cast: Cast) -> dict[str, Any]:
    return {"request_id": _own_request(cast, repeats="weekly").pk}


@sample("exchange of shifts")
def _(cast: Cast) -> dict[str, Any]:
    role = OpportunityFactory(organisation=own_organisation(cast))
    mine, theirs = (
        take_shift_place(
            shift=ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=day)),
            volunteer=in_role(role),
            by=TESTS,
        )
        for day in (3, 4)
    )
    return {"exchange_id": ask_exchange(place=mine, wanted=theirs, by=TESTS).pk}


@sample("calendar address")
def _(cast: Cast) -> dict[str, Any]:
    made = CalendarFeed.objects.create(volunteer=volunteer(organisation=own_organisation(cast)))
    return {"token": feed.token_of(made)}


@sample("employer")
def _(cast: Cast) -> dict[str, Any]:
    return {"employer_id": EmployerFactory().pk}


@sample("staff slot")
def _(cast: Cast) -> dict[str, Any]:
    return {"slot_id": StaffSlotFactory().pk}


@sample("hours given")
def _(cast: Cast) -> dict[str, Any]:
    return {"hours_id": given_hours(volunteer(organisation=own_organisation(cast))).pk}


@sample("hours link")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": giving_links.token_of(volunteer(organisation=own_organisation(cast)).pk)}


@sample("hours by link")
def _(cast: Cast) -> dict[str, Any]:
    hours = given_hours(volunteer(organisation=own_organisation(cast)), side="organisation")
    return {"token": giving_links.token_of(hours.volunteer_id), "hours_id": hours.pk}


@sample("claim")
def _(cast: Cast) -> dict[str, Any]:
    return {"expense_id": claim(volunteer(organisation=own_organisation(cast))).pk}


@sample("claim by link")
def _(cast: Cast) -> dict[str, Any]:
    row = claim(volunteer(organisation=own_organisation(cast)))
    return {"token": giving_links.token_of(row.volunteer_id), "expense_id": row.pk}


@sample("thanks")
def _(cast: Cast) -> dict[str, Any]:
    return {"thanks_id": given_thanks(volunteer(organisation=own_organisation(cast))).pk}


@sample("volunteer who gave")
def _(cast: Cast) -> dict[str, Any]:
    who = volunteer(organisation=own_organisation(cast))
    return {"volunteer_id": given_hours(who, state="confirmed").volunteer_id}


@sample("certificate by link")
def _(cast: Cast) -> dict[str, Any]:
    who = volunteer(organisation=own_organisation(cast))
    return {"token": giving_links.token_of(given_hours(who, state="confirmed").volunteer_id)}


@sample("volunteer's reference")
def _(cast: Cast) -> dict[str, Any]:
    return {"reference_id": given_reference(volunteer(organisation=own_organisation(cast))).pk}


@sample("reference by link")
def _(cast: Cast) -> dict[str, Any]:
    row = given_reference(volunteer(organisation=own_organisation(cast)))
    return {"token": giving_links.token_of(row.volunteer_id), "reference_id": row.pk}
