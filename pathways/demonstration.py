"""Pathways of the demonstration: nine people in all kinds and stages, with their invented coordinator.

Called by ``manage.py load_demonstration``. All days are counted from today, so that the board has something
late, something due and something that goes well. The parts of this app add to what was made here::

    made = load_pathways(by=…)        # {"peggy": Pathway, …}; nothing at all on a second load
    write_reviews_of(made, by=…)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation
from directory.wards import ward_of
from members.actions.people import add_person
from members.models import ContactBy, Person
from pathways.actions.pathways import open_after_not_eligible
from pathways.events import PATHWAY_BEGUN
from pathways.joining.actions import ask_for_volunteer
from pathways.models import (
    Action,
    Contact,
    Eligibility,
    Goal,
    Pathway,
    PathwayKind,
    Plan,
    PlanVersion,
    Review,
    Route,
    Source,
    StageChange,
)
from pathways.plans.contents import contents
from pathways.plans.demonstration import write_plans_of
from pathways.plans.states import LifeCycle
from pathways.starter import load_kinds
from volunteers.models import HelpKind, HelpRequest

COORDINATOR = "coordinator@support.example"
HUB = "dad"
# Whose plan is agreed, and who sees it signed in.
OWNER, OWNERS_SIGN_IN = "peggy", "peggy@support.example"
_R, _W, _S = Route, Contact.Way, Source


@dataclass(frozen=True)
class Going:
    """One pathway, begun ``ago`` days ago. ``steps``: after how many days each further stage; ``spoke``:
    how many days ago, how, and what of it; ``goal``: in how many days, and what; ``review``: how many days
    from now its window closes; ``booked``: in how many days."""

    slug: str
    given: str
    family: str
    kind: str
    ago: int
    route: str = _R.ACCESS_POINT
    steps: tuple[int, ...] = ()
    spoke: tuple[tuple[int, str, str], ...] = ()
    goal: tuple[int, str] | None = None
    actions: tuple[tuple[str, str, str], ...] = ()
    review: int | None = None
    booked: int | None = None
    eligibility: str = ""
    rests: str = ""
    end: str = ""
    ring: tuple[str, str] = ("", "")


# The first six came to the desk before (``referrals.demonstration``).
PATHWAYS = (
    Going(
        "peggy", "Margaret", "Larkmere", "general", 80, steps=(8, 22, 31),
        spoke=((3, _W.PHONE, "The bath seat holds. She would like company."),
               (24, _W.VISIT, "Went through the plan together.")),
        goal=(20, "To have somebody to talk to on Sundays"),
        actions=(("A visit on Sunday afternoons", "A volunteer", _S.VOLUNTEER),
                 ("Rings her sister on Wednesdays", "Peggy", _S.OWN)),
        # Seven weeks after her plan was agreed: it can be held on the day of loading.
        review=7, booked=0, ring=("Her niece Hannah", "01632 960 431"),
    ),
    Going(
        "arthur", "Arthur", "Thornwick", "social-prescribing", 44, steps=(5, 20),
        spoke=((31, _W.VISIT, "Tried the lunch club once."),),
        goal=(-6, "To eat with others once a week"),
        actions=(("Lunch club on Thursdays", "The lunch club", _S.COMMUNITY),
                 ("A lift there and back", "", _S.VOLUNTEER)),
        review=12,
    ),
    Going(
        "farida", "Farida", "Willowgate", "carers", 25, steps=(9,),
        spoke=((6, _W.ONLINE, "Worn out, and glad to be asked."),),
        goal=(9, "Three hours to herself each week"),
        actions=(("Somebody sits with her mother on Fridays", "", _S.VOLUNTEER),),
    ),
    Going(
        "stanislaw", "Stanislaw", "Rowancroft", "general", 12, route=_R.ASSESSMENT,
        eligibility=Eligibility.NOT_ELIGIBLE,
        spoke=((2, _W.PHONE, "The letter upset him. We look for what else helps."),),
    ),
    Going(
        "dot", "Dorothy", "Wetherlow", "reablement", 80, steps=(2, 20, 60),
        spoke=((10, _W.VISIT, "Makes her own tea again."),),
        goal=(4, "To go down the stairs alone"),
        actions=(("Exercises every morning", "Dot", _S.OWN),
                 ("Reablement worker, three mornings", "Reablement team", _S.COUNCIL)),
        review=-5,
    ),
    Going(
        "ken", "Kenneth", "Fallowden", "hospital-discharge", 3,
        spoke=((1, _W.MET, "On the ward. Home on Friday if the stairs are safe."),),
    ),
    Going(
        "mabel", "Mabel", "Oakenshaw", "reablement", 20, route=_R.ASSESSMENT,
        eligibility=Eligibility.ELIGIBLE, steps=(3,),
        rests="Back in hospital with her chest",
    ),
    Going(
        "tariq", "Tariq", "Beckside", "social-prescribing", 6, route=_R.HOME_INTERNET,
        spoke=((5, _W.TRIED, ""),),
    ),
    Going(
        "winnie", "Winifred", "Ashcombe", "general", 200, steps=(10, 30, 44, 150),
        spoke=((40, _W.PHONE, "Manages well."),), end=Pathway.End.MANAGES_ALONE,
    ),
)  # fmt: skip


@transaction.atomic
def load_pathways(*, by: Actor) -> dict[str, Pathway]:
    """Make them, once; returns what was made, by its slug.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented pathways do not belong among real ones.")
    load_kinds()
    known = Pathway.objects.filter(pk=identity("pathway", OWNER)).select_related("person").first()
    if known is not None:
        _give_sign_in(known)
        return {}
    coordinator = User.objects.get(email=COORDINATOR)
    hub = Organisation.objects.get(pk=identity("organisation", HUB))
    made = {one.slug: _write(one, hub, coordinator, by) for one in PATHWAYS}
    write_plans_of(made, by=coordinator)
    _give_sign_in(made[OWNER])
    _ask_for_help(made[OWNER], coordinator)
    return made


def _give_sign_in(pathway: Pathway) -> None:
    """Whose plan it is sees it, and all else of theirs, by an account of their own."""
    user, person = User.objects.filter(email=OWNERS_SIGN_IN).first(), pathway.person
    if user is None or person is None or person.user_id is not None:
        return
    if not Person.objects.filter(user=user).exists():
        person.user = user
        person.save(update_fields=["user"])


def _ask_for_help(pathway: Pathway, coordinator: User) -> None:
    """An action of the plan that waits for a volunteer: the volunteer centre and the person see it too."""
    wanted = Action.objects.filter(plan__pathway=pathway, source=_S.VOLUNTEER).first()
    if wanted is not None:
        asked = ask_for_volunteer(
            action=wanted,
            kind=HelpKind.BEFRIENDING,
            what="Somebody to talk to on Sunday afternoons. She likes roses and the radio.",
            key=identity("help request", "pathway"),
            by=coordinator,
        )
        HelpRequest.objects.filter(pk=asked.pk).update(asked_at=asked.asked_at - timedelta(days=2))


def _write(one: Going, hub: Organisation, coordinator: User, by: Actor) -> Pathway:
    today = timezone.localdate()
    began = today - timedelta(days=one.ago)
    kind = PathwayKind.objects.get(code=one.kind)
    stages = list(kind.stages.order_by("position"))
    assessed = one.route == _R.ASSESSMENT
    last = began + timedelta(days=one.steps[-1]) if one.steps else began
    ended = today - timedelta(days=14) if one.end else None
    person = _person(one, hub, coordinator, by)
    pathway = Pathway.objects.create(
        id=identity("pathway", one.slug),
        key=identity("pathway key", one.slug),
        person=person,
        ward=ward_of(person.postcode),
        organisation=hub,
        kind=kind,
        route=one.route,
        eligibility=one.eligibility,
        assessed_on=began - timedelta(days=6) if assessed else None,
        coordinator=coordinator,
        contact_name=one.ring[0],
        contact_phone=one.ring[1],
        stage=stages[len(one.steps)],
        stage_since=last,
        started_on=began,
        paused_on=today - timedelta(days=5) if one.rests else None,
        paused_because=one.rests,
        ended_at=_at(ended, 15) if ended else None,
        end=one.end,
        created_at=_at(began, 10),
    )
    for number, (stage, days) in enumerate(zip(stages, (0, *one.steps), strict=False), 1):
        StageChange.objects.create(
            pathway=pathway,
            number=number,
            stage=stage,
            at=_at(began + timedelta(days=days), 10),
            by=coordinator,
        )
    record(
        PATHWAY_BEGUN,
        by=by,
        subject=pathway.person_id,
        organisation=hub.pk,
        details={"pathway": pathway.pk, "kind": kind.code, "route": str(one.route)},
    )
    for ago, way, note in one.spoke:
        day = today - timedelta(days=ago)
        Contact.objects.create(
            pathway=pathway, on=day, way=way, note=note, by=coordinator, at=_at(day, 16)
        )
    if one.goal or one.actions or one.review is not None:
        _plan(one, pathway, coordinator, today)
    if one.eligibility == Eligibility.NOT_ELIGIBLE:
        open_after_not_eligible(pathway)
    return pathway


def _plan(one: Going, pathway: Pathway, coordinator: User, today: date) -> None:
    """What the board needs of a plan; its words are written by the part that owns them."""
    in_place = one.review is not None
    since = pathway.stage_since
    plan = Plan.objects.create(
        id=identity("plan", one.slug),
        pathway=pathway,
        state="active" if in_place else "draft",
        version=1,
        agreed_version=1 if in_place else None,
        starts_on=since if in_place else None,
        created_at=_at(since, 11),
    )
    goal = None
    if one.goal is not None:
        goal = Goal.objects.create(
            plan=plan,
            words=one.goal[1],
            due_on=today + timedelta(days=one.goal[0]),
            life_cycle=LifeCycle.ACTIVE if in_place else LifeCycle.ACCEPTED,
            version=1,
        )
    for words, who, source in one.actions:
        Action.objects.create(plan=plan, goal=goal, words=words, who=who, source=source, version=1)
    PlanVersion.objects.create(
        plan=plan,
        number=1,
        contents=contents(plan),
        at=_at(since, 11),
        by=coordinator,
        by_name=coordinator.name,
    )
    if one.review is not None:
        booked: dict[str, Any] = {}
        if one.booked is not None:
            day = today + timedelta(days=one.booked)
            booked = {"state": "booked", "booked_for": _at(day, 14), "where": "At home"}
        closes = today + timedelta(days=one.review)
        Review.objects.create(
            id=identity("review", one.slug),
            pathway=pathway,
            plan=plan,
            why=Review.Why.AFTER_START,
            opens_on=closes - timedelta(weeks=2),
            closes_on=closes,
            **booked,
        )


def _person(one: Going, hub: Organisation, coordinator: User, by: Actor) -> Person:
    known = (
        Person.objects.known()
        .filter(organisation=hub, given_name=one.given, family_name=one.family)
        .first()
    )
    person = known or add_person(
        organisation=hub,
        by=by,
        given_name=one.given,
        family_name=one.family,
        contact_by=ContactBy.PHONE,
        phone="01632 960 432",
        town="Darlington",
        postcode="DL1 5RA",
    )
    if person.coordinator_id is None:
        Person.objects.filter(pk=person.pk).update(coordinator=coordinator)
        person.coordinator = coordinator
    return person


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
