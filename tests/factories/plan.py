"""Plans with something in them: ``full_plan(plan, by=…)``, ``share_with(plan, organisation, parts)``."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from PIL import Image

from dcsn.accounts.models import User
from directory.models import Organisation
from members.models import Category, SharingAgreement
from pathways.actions.plan_parts import decide_about_risk, put_picture
from pathways.actions.plans import write_row, write_words
from pathways.models import Action, CircleMember, Goal, Part, Plan, PlanShare, Risk
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.consent import ConsentFactory


def jpeg() -> bytes:
    """A small photograph that says where it was taken, as a telephone's does."""
    picture, file = Image.new("RGB", (40, 30), "teal"), BytesIO()
    facts = picture.getexif()
    facts[0x010E] = "taken in Example Street"
    picture.save(file, "JPEG", exif=facts)
    return file.getvalue()


def full_plan(plan: Plan, *, by: User) -> Plan:
    """Written by the coordinator, through the actions: nine versions."""
    for part in (Part.MATTERS, Part.GOOD_DAY, Part.CONTINGENCY):
        write_words(plan=plan, part=part, words=f"Words about {part}", base="", by=by)
    picture = BytesIO(jpeg())
    put_picture(plan=plan, part=Part.ABOUT_ME, upload=picture, shows="Me and my dog", by=by)
    goal = write_row(
        plan=plan, row=Goal(), facts={"words": "Walk to the shop", "life_cycle": "active"}, by=by
    )
    action = {"words": "Walk with me", "source": "volunteer", "goal_id": goal.pk}
    write_row(plan=plan, row=Action(), facts=action, by=by)
    member = {"name": "Jean", "relation": "neighbour", "ring": 2}
    write_row(plan=plan, row=CircleMember(), facts=member, by=by)
    risk = write_row(
        plan=plan, row=Risk(), facts={"words": "A fall", "own_view": "I take it"}, by=by
    )
    decide_about_risk(
        risk=risk, decision="Walk with a stick", because="I want to", present="Jean", by=by
    )
    plan.refresh_from_db()
    return plan


def share_with(
    plan: Plan,
    organisation: Organisation,
    parts: Collection[str],
    *,
    may_write: Collection[str] = (),
    agreed: bool = True,
) -> list[PlanShare]:
    if agreed and SharingAgreement.objects.open().filter(organisation=organisation).first() is None:
        SharingAgreementFactory(organisation=organisation)
    consent = ConsentFactory(
        person=plan.pathway.person, organisation=organisation, categories=Category.values
    )
    return [
        PlanShare.objects.create(
            plan=plan,
            organisation=organisation,
            part=part,
            may_write=part in may_write,
            consent=consent,
        )
        for part in parts
    ]
