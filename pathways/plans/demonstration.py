"""Full plans for some people of the demonstration's pathways, all invented.

Called by ``pathways.demonstration`` with what it has just made, so a second load writes nothing. Peggy's is
agreed, shared with two organisations and printed; Arthur's waits for the third name; Farida's is being made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageDraw

from dcsn.accounts.models import User
from directory.demonstration.network import identity
from directory.models import Organisation
from members.models import Consent, SharingAgreement
from pathways.actions.plan_parts import decide_about_risk, put_picture
from pathways.actions.plans import agree, write_row, write_words
from pathways.actions.sharing import give_copy, share_plan
from pathways.models import (
    Action,
    CircleMember,
    Goal,
    Part,
    Pathway,
    Plan,
    PlanAgreement,
    PlanVersion,
    Risk,
    Shared,
    Source,
)

AUTHORISER = "authoriser@support.example"
# Who sees what of Peggy's plan, and writes in it.
SHARED_WITH = {
    "age-uk": ((Shared.ABOUT_ME, Shared.GOALS, Shared.CONTINGENCY), (Shared.GOALS,)),
    "carers": ((Shared.ABOUT_ME,), ()),
}
_RING, _S = CircleMember.Ring, Source


@dataclass(frozen=True)
class Written:
    """What is written in a plan besides the goals and actions that are there."""

    parts: Mapping[str, str]
    circle: tuple[tuple[str, str, str, int], ...] = ()
    actions: tuple[dict[str, Any], ...] = ()
    measure: str = ""
    risks: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = ()
    names: tuple[str, ...] = ()
    # Written from so many days ago until so many: a visit a week, and the names on the last.
    over: tuple[int, int] = (14, 1)
    goals: tuple[dict[str, Any], ...] = field(default_factory=tuple)


PLANS: dict[str, Written] = {
    "peggy": Written(
        parts={
            Part.ABOUT_ME: "People call me Peggy. I taught children to swim for thirty years.\n"
            "I live by myself since my husband died. My hip is slow, my head is not.",
            Part.MATTERS: "My roses. The radio in the morning. Somebody to laugh with.\n"
            "I want to stay in my own house.",
            Part.GOOD_DAY: "I am up by eight. I sit in the garden with my tea. Hannah rings.",
            Part.BAD_DAY: "My hip hurts and nobody comes. I stay in bed and do not eat.",
            Part.SUPPORT: "Knock twice and wait: I need a moment to get up.\n"
            "Ask me before you move my things.",
            Part.CONTINGENCY: "Ring my niece Hannah first: 01632 960 431.\n"
            "If she does not answer, ring the help line.\n"
            "My neighbour June has a key. My tablets are in the blue tin.",
        },
        circle=(
            ("Hannah", "niece", "Rings every evening, does the papers", _RING.CLOSEST),
            ("Biscuit", "my cat", "Sleeps on my bed", _RING.CLOSEST),
            ("June", "neighbour", "Has a key; I water her plants", _RING.CLOSE),
            ("Edie", "sister", "We talk on Wednesdays", _RING.CLOSE),
            ("Swimming friends", "", "Coffee on the first Friday", _RING.COMMUNITY),
            ("Café on the corner", "", "They know how I take my tea", _RING.COMMUNITY),
            ("Dr Penrose", "my doctor", "", _RING.PAID),
            ("Mornings carer", "", "Helps me wash on Mondays", _RING.PAID),
        ),
        measure="Somebody has come on three Sundays of four",
        goals=(
            {"words": "To walk to the café on my own again", "measure": "I have been there and back",
             "life_cycle": "active", "achievement": "improving"},
        ),
        actions=(
            {"words": "Does her hip exercises at the kitchen sink", "who": "Peggy",
             "when": "every morning", "source": _S.OWN, "minutes_a_week": 70},
            {"words": "Walks with her as far as the post box", "who": "June",
             "when": "Tuesdays and Fridays", "source": _S.FAMILY_AND_FRIENDS, "minutes_a_week": 40},
            {"words": "Coffee with those she swam with", "who": "Swimming friends",
             "when": "the first Friday of the month", "source": _S.COMMUNITY, "minutes_a_week": 30},
            {"words": "Help to wash and dress", "who": "A carer", "when": "Monday mornings",
             "source": _S.PAID, "minutes_a_week": 45, "cost_pence": 1650, "per": "week"},
            {"words": "A rail beside the front step", "who": "The council", "when": "in spring",
             "source": _S.COUNCIL, "cost_pence": 9000, "per": "once"},
        ),
        risks=(
            ("Peggy could fall on the way to the café",
             "I would sooner fall once than sit in for ever.",
             (("She goes, with her stick and her telephone", "It matters more to her than the risk",
               "Peggy, Hannah, the coordinator"),)),
        ),
        names=("person", "planner", "authoriser"),
        over=(72, 49),
    ),
    "arthur": Written(
        parts={
            Part.ABOUT_ME: "Arthur. Railwayman. I can mend a clock.",
            Part.MATTERS: "A hot meal in company. Not being talked down to.",
            Part.BAD_DAY: "Toast, and the television, and nobody.",
            Part.CONTINGENCY: "Ring the warden of the flats.",
        },
        circle=(
            ("Bert", "friend", "Dominoes", _RING.CLOSE),
            ("The warden", "", "Looks in on Mondays", _RING.PAID),
        ),
        measure="I have eaten at the club four weeks running",
        names=("person", "planner"),
        over=(24, 2),
    ),
    "farida": Written(
        parts={Part.MATTERS: "An afternoon that is mine."},
        circle=(("Mother", "I care for her", "Tells me stories", _RING.CLOSEST),),
        over=(16, 4),
    ),
}  # fmt: skip


def write_plans_of(made: Mapping[str, Pathway], *, by: User) -> None:
    """Write in the plans of those whose pathways were just made."""
    for slug, written in PLANS.items():
        if slug in made:
            plan = made[slug].plans.get()
            _write(plan, written, by)
            if slug == "peggy":
                _share(plan, by)


def _write(plan: Plan, written: Written, by: User) -> None:
    last = timezone.localdate() - timedelta(days=written.over[1])
    for part, words in written.parts.items():
        write_words(plan=plan, part=part, words=words, base="", by=by)
    for name, relation, gives, ring in written.circle:
        facts = {"name": name, "relation": relation, "gives": gives, "ring": ring}
        write_row(plan=plan, row=CircleMember(), facts=facts, by=by)
    first = plan.goals.first()
    if first is not None and written.measure:
        write_row(plan=plan, row=first, facts={"measure": written.measure}, by=by)
    goal: Goal | None = None
    for facts in written.goals:
        goal = write_row(plan=plan, row=Goal(), facts=facts, by=by)  # type: ignore[assignment]
    for facts in written.actions:
        row = {**facts, "goal_id": goal.pk if goal is not None else None}
        write_row(plan=plan, row=Action(), facts=row, by=by)
    for words, own_view, decisions in written.risks:
        risk = write_row(plan=plan, row=Risk(), facts={"words": words, "own_view": own_view}, by=by)
        for decision, because, present in decisions:
            decide_about_risk(
                risk=risk,  # type: ignore[arg-type]
                decision=decision,
                because=because,
                present=present,
                decided_on=last,
                by=by,
            )
    if "authoriser" in written.names:
        put_picture(
            plan=plan,
            part=Part.MATTERS,
            upload=_garden(),
            shows="A drawing of my house with the roses in front of it",
            by=by,
        )
    _names(plan, written.names, by, on=last)
    _spread(plan, timezone.localdate() - timedelta(days=written.over[0]), last)


def _spread(plan: Plan, first: date, last: date) -> None:
    """What was written today was written in weekly visits from ``first`` to ``last``: else "what changed"
    would say one day for all of it. Only the journal says the day of loading, because it cannot be changed.
    """
    versions = list(plan.versions.order_by("number"))
    visits = (last - first).days // 7 + 1
    for place, version in enumerate(versions):
        visit = place * visits // len(versions)
        day = last if place == len(versions) - 1 else first + timedelta(weeks=visit)
        version.at = timezone.make_aware(datetime.combine(day, time(10))) + timedelta(minutes=place)
    # A plan's versions are only ever added: the demonstration goes past that, as nothing else may.
    everything: QuerySet[PlanVersion] = QuerySet(PlanVersion)
    everything.bulk_update(versions, ["at"])
    Plan.objects.filter(pk=plan.pk).update(created_at=versions[0].at)


def _names(plan: Plan, names: tuple[str, ...], by: User, *, on: date) -> None:
    plan.refresh_from_db()
    person = plan.pathway.person
    authoriser = User.objects.filter(email=AUTHORISER).first()
    for role in names:
        if role == "authoriser" and authoriser is None:
            return
        who = authoriser if role == "authoriser" and authoriser else by
        agree(
            plan=plan,
            version=plan.version,
            role=role,
            name=person.name if person and role == "person" else who.name,
            how=PlanAgreement.How.SPOKEN if role == "person" else PlanAgreement.How.WRITTEN,
            by=who,
            on=on,
        )
    if "authoriser" in names:
        # In place since the day that its pathway's stage says; its reviews were set from there.
        Plan.objects.filter(pk=plan.pk).update(agreed_version=plan.version)


def _share(plan: Plan, by: User) -> None:
    agreeing = SharingAgreement.objects.open()
    for slug, (parts, may_write) in SHARED_WITH.items():
        organisation = Organisation.objects.filter(pk=identity("organisation", slug)).first()
        if organisation is None or not agreeing.filter(organisation=organisation).exists():
            continue
        share_plan(
            plan=plan,
            organisation=organisation,
            parts=parts,
            may_write=may_write,
            how=Consent.How.SPOKEN,
            by=by,
        )
    agreed_on = timezone.localdate() - timedelta(days=PLANS["peggy"].over[1])
    for holder in ("Margaret Larkmere", "Hannah, her niece"):
        give_copy(plan=plan, holder=holder, parts=Shared.values, by=by, given_on=agreed_on)


def _garden() -> File[bytes]:
    """A house with roses, drawn here: no photograph of anybody."""
    picture = Image.new("RGB", (900, 560), "#cfe8f3")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 390, 900, 560), fill="#7fb069")
    pen.ellipse((730, 40, 840, 150), fill="#f5c84c")
    pen.rectangle((290, 210, 610, 420), fill="#f4ede0", outline="#3b3b3b", width=5)
    pen.polygon(((260, 215), (450, 90), (640, 215)), fill="#a5483c", outline="#3b3b3b")
    pen.rectangle((415, 300, 485, 420), fill="#00465e", outline="#3b3b3b", width=4)
    for left in (325, 515):
        pen.rectangle((left, 255, left + 65, 315), fill="#dff1f7", outline="#3b3b3b", width=4)
    for number, left in enumerate(range(60, 860, 62)):
        top = 430 + (number % 3) * 26
        pen.line((left, top, left, top + 70), fill="#2d6a3e", width=6)
        pen.ellipse((left - 20, top - 20, left + 20, top + 20), fill="#b8336a")
        pen.ellipse((left - 9, top - 9, left + 9, top + 9), fill="#f2b5c7")
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return File(file, name="garden.png")
