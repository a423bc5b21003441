"""Twenty-five invented volunteers: in every state, at several organisations, with checks of every age."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from dcsn.network import network
from directory.demonstration.network import identity
from directory.models import Organisation
from members.actions.people import add_person
from members.models import AgeBand, ContactBy, Person
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.checks import decide_check, need_check, record_check
from volunteers.actions.parents import ask_parent
from volunteers.actions.standing import share_volunteer
from volunteers.actions.volunteers import (
    Suggestion,
    move_volunteer,
    redirect,
    register_interest,
)
from volunteers.models import (
    Application,
    Availability,
    Away,
    Check,
    EmergencyContact,
    HelpKind,
    Interest,
    NextStep,
    Opportunity,
    Route,
    Transport,
    Volunteer,
)
from volunteers.states import CheckState, VolunteerReason, VolunteerState

_S, _T, _H = VolunteerState, Transport, HelpKind
# Days since a certificate was issued: in date, over in three weeks, over since two.
FRESH, SOON, OVER = 200, 3 * 365 - 20, 3 * 365 + 14
# Days in the week, from, until.
WEEKDAYS, WEEKEND = (1, 2, 3, 4, 5), (6, 7)
Window = tuple[tuple[int, ...], int, int]


@dataclass(frozen=True)
class Helper:
    """Somebody invented who came ``ago`` days ago; ``checks`` are kind, level and days since it was issued,
    or a state for one that is not decided; ``role`` is what they asked for."""

    slug: str
    given: str
    family: str
    state: str = _S.ACTIVE
    org: str = "age-uk"
    born: date | None = None
    postcode: str = "DL3 7XX"
    ago: int = 120
    route: str = Route.ONLINE
    role: str = ""
    placed: bool = False
    reason: str = ""
    likes: tuple[str, ...] = ()
    free: tuple[Window, ...] = ((WEEKDAYS, 9, 17),)
    checks: tuple[tuple[str, str, int | str], ...] = ()
    shared: tuple[str, ...] = ()
    sign_in: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def _can(*transport: str, miles: int = 4, hours: int = 3, kinds: tuple[str, ...] = (), **more: Any
         ) -> dict[str, Any]:  # fmt: skip
    return {
        "transport": list(transport),
        "travel_miles": miles,
        "minutes_a_week": hours * 60,
        "help_kinds": list(kinds),
        **more,
    }


_REFS = ("references", "", FRESH)
_DBS = ("dbs", "enhanced", FRESH)
HELPERS = (
    Helper("june", "June", "Applegarth", sign_in="volunteer@support.example", born=date(1962, 5, 2),
           postcode="DL3 7QA", ago=400, role="good-neighbour", placed=True,
           likes=("gardening", "talking", "small-repairs"), checks=(_REFS, _DBS),
           facts=_can(_T.WALK, _T.DRIVE, miles=6, hours=6, gender="female",
                      kinds=(_H.GOOD_NEIGHBOUR, _H.SHOPPING, _H.BEFRIENDING))),
    Helper("bernard", "Bernard", "Birkholme", born=date(1955, 10, 19), postcode="DL1 5NE", ago=380,
           role="befriender", placed=True, likes=("games", "local-history"), checks=(_REFS, _DBS),
           facts=_can(_T.BUS, hours=4, gender="male", kinds=(_H.BEFRIENDING,))),
    Helper("chloe", "Chloe", "Cragwell", born=date(1998, 2, 11), postcode="DL1 4HB", ago=150,
           likes=("computers", "music"), free=((WEEKDAYS, 17, 21), (WEEKEND, 10, 18)),
           checks=(_REFS,), route=Route.FRIEND,
           facts=_can(_T.CYCLE, hours=3, gender="female", kinds=(_H.DIGITAL, _H.GOOD_NEIGHBOUR))),
    Helper("david", "David", "Dunsforth", born=date(1949, 7, 30), postcode="DL2 2GF", ago=600,
           org="red-cross", role="driver", placed=True, likes=("driving",), shared=("age-uk",),
           checks=(_DBS, ("right-to-drive", "", 100)),
           facts=_can(_T.DRIVE, miles=15, hours=8, gender="male", kinds=(_H.LIFT, _H.SHOPPING))),
    Helper("elsie", "Elsie", "Eastgarth", born=date(1947, 1, 6), postcode="DL3 9RT", ago=700,
           likes=("crafts", "talking"), checks=(_REFS, ("dbs", "enhanced", SOON)),
           facts=_can(_T.WALK, miles=1, hours=2, gender="female", kinds=(_H.BEFRIENDING, _H.SITTING))),
    Helper("frank", "Frank", "Fernhill", born=date(1953, 12, 24), postcode="DL3 6BD", ago=900,
           likes=("small-repairs",), checks=(_REFS, ("dbs", "enhanced", OVER)),
           facts=_can(_T.DRIVE, miles=10, hours=5, gender="male", kinds=(_H.GOOD_NEIGHBOUR, _H.GARDEN))),
    Helper("gurpreet", "Gurpreet", "Gillmoor", born=date(1984, 8, 14), postcode="DL1 2LU", ago=210,
           likes=("cooking", "driving"), checks=(_REFS, _DBS, ("right-to-drive", "", 340)),
           free=((WEEKEND, 9, 20),),
           facts=_can(_T.DRIVE, miles=8, hours=4, gender="male", languages=["Punjabi"],
                      kinds=(_H.LIFT, _H.SHOPPING))),
    Helper("hannah", "Hannah", "Hollowgate", born=date(1990, 3, 3), postcode="DL3 8SN", ago=45,
           likes=("dogs", "walking"), checks=(_REFS,),
           facts=_can(_T.WALK, _T.BUS, miles=2, hours=2, gender="female",
                      kinds=(_H.GOOD_NEIGHBOUR, _H.SHOPPING))),
    Helper("imran", "Imran", "Inglewood", born=date(1975, 6, 21), postcode="DL1 5SX", ago=330,
           org="carers", role="sitter", placed=True, likes=("music", "talking"), shared=("age-uk",),
           checks=(_REFS, _DBS), free=(((2, 6), 12, 18),),
           facts=_can(_T.BUS, hours=3, gender="male", languages=["Urdu"], kinds=(_H.SITTING,))),
    Helper("joyce", "Joyce", "Kettlewick", born=date(1958, 9, 9), postcode="DL3 7QA", ago=260,
           org="wrvs", role="meals", placed=True, checks=(_REFS,), likes=("talking",),
           facts=_can(_T.DRIVE, miles=8, hours=6)),
    Helper("keith", "Keith", "Larkspur", born=date(1961, 4, 17), postcode="DL1 4HB", ago=250,
           org="wrvs", role="meals", placed=True, checks=(_REFS,), route=Route.DESK,
           facts=_can(_T.DRIVE, miles=8, hours=6)),
    Helper("lena", "Lena", "Marrick", born=date(2001, 11, 28), postcode="DL3 6BD", ago=60,
           org="gold", role="phone-friend", placed=True, checks=(_REFS,), likes=("talking",),
           route=Route.EMPLOYER, facts=_can(hours=2, kinds=(_H.BEFRIENDING,))),
    Helper("martin", "Martin", "Nunthorpe", state=_S.PAUSED, reason=VolunteerReason.HEALTH,
           born=date(1966, 2, 1), checks=(_REFS,), likes=("gardening",), ago=500,
           facts=_can(_T.DRIVE, kinds=(_H.GARDEN,))),
    Helper("nadia", "Nadia", "Oakenclough", state=_S.INDUCTED, born=date(1993, 5, 5), ago=40,
           role="befriender", checks=(_REFS, _DBS), likes=("talking", "cooking"),
           facts=_can(_T.BUS, gender="female", kinds=(_H.BEFRIENDING,))),
    Helper("oliver", "Oliver", "Pinderthwaite", state=_S.CLEARED, born=date(1970, 10, 10), ago=35,
           org="red-cross", role="driver", checks=(_DBS, ("right-to-drive", "", 20)),
           facts=_can(_T.DRIVE, miles=12)),
    Helper("priya", "Priya", "Quarrington", state=_S.CHECKING, born=date(1988, 12, 12), ago=28,
           org="carers", role="sitter", checks=(_REFS, ("dbs", "enhanced", CheckState.REQUESTED)),
           facts=_can(_T.BUS, gender="female")),
    Helper("quentin", "Quentin", "Ravensworth", state=_S.CHECKING, born=date(1979, 1, 15), ago=20,
           role="befriender", checks=(("references", "", CheckState.NEEDED),
                                      ("dbs", "enhanced", CheckState.NEEDED)),
           facts=_can(_T.WALK)),
    Helper("rosa", "Rosa", "Skelderskew", state=_S.APPLIED, born=date(1995, 7, 7), ago=5,
           role="good-neighbour", likes=("crafts",),
           facts={"hopes": "To get to know the street.", **_can(_T.WALK, miles=1, hours=1)}),
    Helper("stuart", "Stuart", "Thirlmoor", state=_S.APPLIED, ago=12, route=Route.PAPER,
           role="driver", org="red-cross",
           facts={"support_needs": "I have not driven strangers before.", **_can(_T.DRIVE)}),
    Helper("tilly", "Tilly", "Underbank", state=_S.APPLIED, born=None, ago=4, role="cafe-taster",
           facts=_can(_T.BUS)),
    Helper("uma", "Uma", "Vexley", state=_S.INTERESTED, born=date(1982, 3, 30), ago=9, org="dad",
           route=Route.EVENT, free=(), facts={"barriers": ["time", "commitment"]}),
    Helper("victor", "Victor", "Wharram", state=_S.INTERESTED, ago=2, route=Route.DESK, free=(),
           facts={"barriers": ["benefits"]}),
    Helper("wendy", "Wendy", "Yarlside", state=_S.REDIRECTED, born=date(1959, 9, 1), ago=50,
           role="befriender", reason=VolunteerReason.NO_ROLE_YET, facts=_can(miles=1)),
    Helper("xavier", "Xavier", "Aldbrough", state=_S.LEFT, reason=VolunteerReason.MOVED, ago=640,
           born=date(1987, 6, 6), checks=(_REFS,), free=(), facts=_can(_T.DRIVE)),
    Helper("yvonne", "Yvonne", "Brackenber", state=_S.NOT_SUITABLE, ago=75, role="sitter",
           reason=VolunteerReason.REFERENCES, org="carers", born=date(1969, 8, 8), free=()),
)  # fmt: skip


def write_volunteers(*, by: User, job: Actor) -> int:
    likes = {one.slug: one for one in Interest.objects.all()}
    for number, one in enumerate(HELPERS):
        _write(number, one, likes, by, job)
    return len(HELPERS)


def _write(number: int, one: Helper, likes: dict[str, Interest], by: User, job: Actor) -> None:
    home = Organisation.objects.get(pk=identity("organisation", one.org))
    person = _person(number, one, home, job)
    facts = {"id": identity("volunteer", one.slug), **one.facts}
    application = None
    if one.role:
        application = apply(
            person=person,
            opportunity=Opportunity.objects.get(pk=identity("opportunity", one.role)),
            by=by,
            route=one.route,
            why="I have some time and would like to be useful.",
            facts=facts,
        )
    else:
        register_interest(person=person, organisation=home, by=by, route=one.route, facts=facts)
    row = Volunteer.objects.get(pk=facts["id"])
    row.interests.set([likes[slug] for slug in one.likes])
    Availability.objects.bulk_create(
        Availability(volunteer=row, weekday=day, starts=time(begins), ends=time(ends))
        for days, begins, ends in one.free
        for day in days
    )
    if one.slug == "tilly":
        ask_parent(volunteer=row, name="Karen Underbank", phone="01632 960 899", by=by)
    _bring(row, one, by)
    for check in one.checks:
        _check(row, home, check, by)
    for slug in one.shared:
        share_volunteer(
            volunteer=row,
            organisation=Organisation.objects.get(pk=identity("organisation", slug)),
            how="on the phone",
            by=by,
        )
    if application is not None and one.placed:
        place_volunteer(application=application, by=by)
    if one.state == _S.ACTIVE:
        EmergencyContact.objects.create(
            volunteer=row,
            name=f"Robin {one.family}",
            relation="family",
            phone=f"01632 960 8{number:02d}",
        )
    if one.slug == "bernard":
        today = timezone.localdate()
        Away.objects.create(
            volunteer=row,
            from_on=today + timedelta(days=30),
            until_on=today + timedelta(days=44),
        )
    _move_back(row, one.ago)


def _person(number: int, one: Helper, home: Organisation, job: Actor) -> Person:
    facts: dict[str, Any] = {"contact_by": ContactBy.PHONE}
    if one.sign_in:
        facts = {"contact_by": ContactBy.EMAIL, "email": one.sign_in}
    if one.born is None:
        facts["age_band"] = AgeBand.UNDER_18 if one.slug == "tilly" else AgeBand.FROM_50
    person = add_person(
        organisation=home,
        by=job,
        given_name=one.given,
        family_name=one.family,
        date_of_birth=one.born,
        address_1=f"{number * 3 + 2} Bluebell Row",
        town=network().area_name,
        postcode=one.postcode,
        # Of those that Ofcom keeps for drama.
        phone=f"01632 960 7{number:02d}",
        **facts,
    )
    if one.sign_in:
        person.user = User.objects.get(email=one.sign_in)
        person.save(update_fields=["user"])
    return person


def _bring(row: Volunteer, one: Helper, by: User) -> None:
    """From where they are to the state in which they end up."""
    if one.state == _S.REDIRECTED:
        redirect(
            volunteer=row,
            suggestions=[
                Suggestion(
                    opportunity=Opportunity.objects.get(pk=identity("opportunity", "phone-friend")),
                    note="You can do this from your own chair.",
                )
            ],
            by=by,
            reason_code=one.reason,
        )
        return
    if one.state in (_S.PAUSED, _S.LEFT):
        move_volunteer(volunteer=row, to=_S.ACTIVE, by=by, catch_up=True)
    today = timezone.localdate()
    move_volunteer(
        volunteer=row,
        to=one.state,
        by=by,
        reason_code=one.reason,
        paused_until=today + timedelta(days=21) if one.state == _S.PAUSED else None,
        catch_up=not one.reason,
    )


def _check(row: Volunteer, home: Organisation, told: tuple[str, str, int | str], by: User) -> None:
    kind, level, how_far = told
    check = need_check(volunteer=row, organisation=home, kind=kind, level=level, by=by)
    if how_far == CheckState.NEEDED:
        return
    if isinstance(how_far, str):
        record_check(check=check, to=how_far, by=by)
        return
    facts: dict[str, Any] = {"workforce": Check.Workforce.ADULTS} if kind == "dbs" else {}
    check = record_check(
        check=check,
        to=CheckState.SEEN,
        issued_on=timezone.localdate() - timedelta(days=how_far),
        by=by,
        **facts,
    )
    decide_check(check=check, decision=Check.Decision.SUITABLE, by=by)


def _move_back(row: Volunteer, ago: int) -> None:
    """They came so many days ago; what was due next is due, or late, accordingly."""
    since = timedelta(days=ago)
    current = Volunteer.objects.get(pk=row.pk)
    Volunteer.objects.filter(pk=row.pk).update(created_at=current.created_at - since)
    for application in Application.objects.filter(volunteer=row):
        applied_at = application.applied_at - since
        Application.objects.filter(pk=application.pk).update(applied_at=applied_at)
    step = NextStep.objects.filter(volunteer=row).open().first()
    if step is not None:
        due_on = step.due_on - timedelta(days=min(ago, 10))
        NextStep.objects.filter(pk=step.pk).update(due_on=due_on)
