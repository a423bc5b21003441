"""Volunteers, roles and requests for help as the tests need them, made through the actions where a rule
matters.

OpportunityFactory()                                open, no checks, for adults
OpportunityFactory(places=1, checks_needed=["dbs"], dbs_level="enhanced")
volunteer()                                         active, at an organisation of their own
volunteer(state="applied", organisation=…, user=…)  brought there through the actions
in_role(opportunity)                                an active volunteer with a place in this role
passed_check(volunteer, level="enhanced")           seen, decided and in date
help_request()                                      triaged, at the organisation that looks for somebody
help_request(state="matched")                       with a volunteer who said yes
offer(help_request, volunteer)                      asked, no answer yet
given_hours(volunteer, side="organisation")         90 minutes of today, not confirmed yet
claim(volunteer, miles=10)                          4.50 pounds for ten miles of yesterday
agreed_visit(offer)                                 when both have said yes, with a password
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from dcsn.audit import SystemJob
from directory.models import Organisation
from members.models import Person
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.checks import decide_check, need_check, record_check
from volunteers.actions.expenses import Miles, claim_expenses
from volunteers.actions.help import (
    ask_for_help,
    begin_help,
    cancel_help_request,
    finish_help,
    leave_unfilled,
    pass_on,
    triage,
)
from volunteers.actions.hours import BY_LINK
from volunteers.actions.offers import accept, make_offer
from volunteers.actions.visits import agree_visit
from volunteers.actions.volunteers import (
    Suggestion,
    move_volunteer,
    redirect,
    register_interest,
)
from volunteers.booking import Span
from volunteers.giving.rates import load_rates
from volunteers.models import (
    Check,
    Expense,
    HelpRequest,
    Hours,
    Interest,
    Offer,
    Opportunity,
    Reference,
    Shift,
    Thanks,
    Visit,
    Volunteer,
)
from volunteers.states import (
    CheckState,
    HelpReason,
    HelpState,
    OpportunityState,
    Party,
    VolunteerReason,
    VolunteerState,
)

TESTS = SystemJob("tests")


class InterestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interest

    kind = Interest.Kind.INTEREST
    name = factory.Sequence(lambda n: f"Interest {n}")
    slug = factory.Sequence(lambda n: f"interest-{n}")


class OpportunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opportunity

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Role {n}")
    summary = "Make tea and talk."
    state = OpportunityState.OPEN


class ShiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shift

    opportunity = factory.SubFactory(OpportunityFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda shift: shift.starts_at + timedelta(hours=2))


def volunteer(
    *,
    state: str = VolunteerState.ACTIVE,
    organisation: Organisation | None = None,
    person: Person | None = None,
    user: Any = None,
    born: date | None = date(1980, 5, 17),
    **facts: Any,
) -> Volunteer:
    """A volunteer in ``state``; ``user`` is the account with which they sign in."""
    organisation = organisation or OrganisationFactory()
    person = person or PersonFactory(organisation=organisation, date_of_birth=born)
    if born is not None and person.date_of_birth is None and not person.age_band:
        # Of unknown age they might do nothing (``volunteers.age``).
        Person.objects.filter(pk=person.pk).update(date_of_birth=born)
        person.refresh_from_db()
    if user is not None:
        Person.objects.filter(pk=person.pk).update(user=user)
        person.refresh_from_db()
    row = register_interest(person=person, organisation=organisation, by=TESTS, facts=facts)
    if state == VolunteerState.INTERESTED:
        return row
    if state == VolunteerState.REDIRECTED:
        return redirect(
            volunteer=row, suggestions=[Suggestion(organisation=OrganisationFactory())], by=TESTS
        )
    if state == VolunteerState.PAUSED:
        move_volunteer(volunteer=row, to=VolunteerState.ACTIVE, by=TESTS, catch_up=True)
    if state == VolunteerState.NOT_SUITABLE:
        move_volunteer(volunteer=row, to=VolunteerState.APPLIED, by=TESTS)
        return move_volunteer(
            volunteer=row, to=state, by=TESTS, reason_code=VolunteerReason.REFERENCES
        )
    return move_volunteer(
        volunteer=row,
        to=state,
        by=TESTS,
        catch_up=state not in (VolunteerState.LEFT, VolunteerState.PAUSED),
    )


def in_role(opportunity: Opportunity, **facts: Any) -> Volunteer:
    """An active volunteer of the role's organisation, with a place in the role."""
    who = volunteer(organisation=opportunity.organisation, **facts)
    application = apply(person=who.person, opportunity=opportunity, by=TESTS)
    place_volunteer(application=application, by=TESTS)
    return who


def passed_check(
    who: Volunteer,
    *,
    kind: str = "dbs",
    level: str = "enhanced",
    issued_on: date | None = None,
    organisation: Organisation | None = None,
    decision: str = Check.Decision.SUITABLE,
    **facts: Any,
) -> Check:
    """A check that was seen and decided; ``issued_on`` long ago, and it is out of date."""
    check = need_check(
        volunteer=who,
        organisation=organisation or who.organisation,
        kind=kind,
        level=level if kind == "dbs" else "",
        by=TESTS,
    )
    check = record_check(
        check=check,
        to=CheckState.SEEN,
        by=TESTS,
        issued_on=issued_on or timezone.localdate() - timedelta(days=30),
        **facts,
    )
    return decide_check(check=check, decision=decision, by=TESTS, reference="RA 1")


def help_request(
    *,
    state: str = HelpState.TRIAGED,
    organisation: Organisation | None = None,
    person: Person | None = None,
    who: Volunteer | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    taken_at: Organisation | None = None,
    repeats: str = "once",
    **facts: Any,
) -> HelpRequest:
    """A request in ``state``; ``who`` is the volunteer from *offered* on. ``facts`` are what triage says."""
    organisation = organisation or OrganisationFactory()
    person = person or PersonFactory(
        organisation=organisation,
        address_1="1 Example Terrace",
        town="Exampleton",
        postcode="DL3 7XX",
        phone="01632 960 321",
    )
    row = ask_for_help(
        person=person,
        organisation=organisation,
        kind="good-neighbour",
        what="A light bulb in the hall",
        channel=HelpRequest.Channel.PHONE,
        taken_at=taken_at,
        repeats=repeats,
        starts_at=starts_at,
        ends_at=ends_at or (starts_at + timedelta(hours=1) if starts_at else None),
        by=TESTS,
    )
    if state == HelpState.ASKED:
        return row
    if state == HelpState.CANCELLED:
        return cancel_help_request(help_request=row, by=TESTS)
    if state == HelpState.NOT_SUITABLE:
        return pass_on(
            help_request=row,
            passed_to=HelpRequest.PassedTo.ADULT_SOCIAL_CARE,
            reason_code=HelpReason.PERSONAL_CARE,
            by=TESTS,
        )
    row = triage(help_request=row, by=TESTS, **facts)
    if state == HelpState.TRIAGED:
        return row
    if state == HelpState.UNFILLED:
        return leave_unfilled(help_request=row, by=TESTS)
    asked = offer(row, who or volunteer(organisation=organisation))
    if state != HelpState.OFFERED:
        accept(offer=asked, by=TESTS, side=Party.VOLUNTEER)
        accept(offer=asked, by=TESTS, side=Party.PERSON)
    if state in (HelpState.IN_PROGRESS, HelpState.DONE):
        begin_help(help_request=row, by=TESTS)
    if state == HelpState.DONE:
        finish_help(help_request=row, by=TESTS)
    return HelpRequest.objects.get(pk=row.pk)


def offer(row: HelpRequest, *who: Volunteer, **said: Any) -> Offer:
    """The first is asked, the others are next in this order."""
    return make_offer(help_request=row, volunteers=who, by=TESTS, **said)


def agreed_visit(accepted: Offer, *, watchword: str = "Buttercup", **said: Any) -> Visit:
    """A visit in three days under an offer to which both have said yes."""
    starts_at = said.pop("starts_at", None) or timezone.now() + timedelta(days=3)
    span = Span(starts_at, starts_at + timedelta(hours=1))
    return agree_visit(offer=accepted, span=span, watchword=watchword, by=TESTS, **said)


def given_hours(
    who: Volunteer, *, side: str = "volunteer", minutes: int = 90, **facts: Any
) -> Hours:
    """Written down by one side, without an account of either; ``state="confirmed"`` as both agreed."""
    state = facts.get("state", "logged")
    when = {"confirmed": "confirmed_at", "disputed": "disputed_at", "settled": "settled_at"}
    if state in when:
        facts.setdefault(when[state], timezone.now())
    return Hours.objects.create(
        **{
            "volunteer": who,
            "organisation": who.organisation,
            "day": timezone.localdate(),
            "minutes": minutes,
            "minutes_logged": minutes,
            "logged_side": side,
            **facts,
        }
    )


def claim(who: Volunteer, *, miles: int = 10, receipts_pence: int = 0, **facts: Any) -> Expense:
    """As the volunteer asks for it by their link, at the rates that a network begins with."""
    load_rates(by=TESTS)
    return claim_expenses(
        **{
            "volunteer": who,
            "organisation": who.organisation,
            "day": timezone.localdate() - timedelta(days=1),
            "what": "To the hospital and back",
            "miles": [Miles("car", Decimal(miles))] if miles else [],
            "receipts_pence": receipts_pence,
            "by": BY_LINK,
            **facts,
        }
    )


def given_thanks(who: Volunteer, **facts: Any) -> Thanks:
    """Words for a volunteer that somebody still has to tell them."""
    return Thanks.objects.create(
        **{
            "volunteer": who,
            "organisation": who.organisation,
            "words": "You made the garden a joy.",
            **facts,
        }
    )


def given_reference(who: Volunteer, **facts: Any) -> Reference:
    """The first version, signed."""
    return Reference.objects.create(
        **{
            "volunteer": who,
            "organisation": who.organisation,
            "role": "Gardener",
            "from_on": date(2026, 1, 5),
            "signed": "A. Example, manager",
            **facts,
        }
    )
