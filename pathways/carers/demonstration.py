"""Carers of the demonstration: in both stages, with cards and plans; and an invented estimate.

Called by ``manage.py load_demonstration``; a second load writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor
from dcsn.network import network
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation
from members.actions.people import add_person
from members.models import ContactBy
from pathways.actions.carers import FirstStage, first_stage, pass_to_council, second_stage
from pathways.models import CarerAssessment, CarerEstimate

HUB = "dad"


@dataclass(frozen=True)
class Cares:
    """One carer, who did the first stage ``ago`` days ago. ``council``: passed on; ``outcome``: and seen."""

    slug: str
    given: str
    family: str
    ago: int
    said: FirstStage
    council: bool = False
    outcome: str = ""
    plan: dict[str, str] = field(default_factory=dict)


CARERS = (
    Cares(
        "doreen", "Doreen", "Ashgarth", 2,
        FirstStage(
            hours_a_week=45, touched=frozenset({"breaking"}),
            effects="I am up three times a night. I have not been to choir since spring.",
            wants="One night a week in which I can sleep.",
            emergency={
                "ring_first": "Pauline Ashgarth, 01632 960 741\nThe neighbour at 14, 01632 960 742",
                "who_is_cared_for": "My husband, who has dementia",
                "must_know": "Tablets at 8 and 8, in the blue box. Say who you are before you touch him.",
                "where_things_are": "The tablets and the list of numbers are in the kitchen drawer.",
            },
        ),
    ),
    Cares(
        "bernard", "Bernard", "Coverdale", 20,
        FirstStage(
            hours_a_week=30, effects="I gave up my allotment.", wants="Somebody to talk to.",
            helped_by="A day centre", by_carer=False,
            emergency={"ring_first": "Hugh Coverdale, 01632 960 743", "who_is_cared_for": "My sister"},
        ),
        council=True,
    ),
    Cares(
        "irene", "Irene", "Fellgate", 120,
        FirstStage(
            hours_a_week=60, touched=frozenset({"health"}), effects="My back.",
            emergency={"ring_first": "Ian Fellgate, 01632 960 744", "who_is_cared_for": "My son"},
        ),
        council=True, outcome="budget",
    ),
    Cares(
        "terence", "Terence", "Oughtershaw", 66,
        FirstStage(
            hours_a_week=10, telecare=True, wants="To know that she is safe when I am at work.",
            emergency={"ring_first": "Sue Oughtershaw, 01632 960 745", "who_is_cared_for": "My mother"},
        ),
    ),
)  # fmt: skip


@transaction.atomic
def load_carers(*, by: Actor) -> int:
    """Returns how many were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented carers do not belong among real ones.")
    if CarerAssessment.objects.filter(key=identity("carer", CARERS[0].slug)).exists():
        return 0
    hub = Organisation.objects.filter(pk=identity("organisation", HUB)).first()
    if hub is None:
        return 0
    today = timezone.localdate()
    for years_ago, there_may_be, elsewhere in ((5, 9_400, 900), (0, 10_000, 1_200)):
        CarerEstimate.objects.get_or_create(
            area=network().area_name,
            as_of=date(today.year - years_ago, 1, 1),
            defaults={
                "carers": there_may_be,
                "known_elsewhere": elsewhere,
                "source": "Invented for this demonstration",
                "made_by_name": "The demonstration",
            },
        )
    for number, one in enumerate(CARERS):
        _write(one, number, hub, today, by)
    return len(CARERS)


def _write(one: Cares, number: int, hub: Organisation, today: date, by: Actor) -> None:
    day = today - timedelta(days=one.ago)
    person = add_person(
        organisation=hub,
        by=by,
        given_name=one.given,
        family_name=one.family,
        contact_by=ContactBy.PHONE,
        phone=f"01632 960 {731 + number}",
        address_1=f"{3 + number} Invented Terrace",
        town="Darlington",
        postcode="DL1 5RA",
    )
    made = first_stage(
        person=person,
        organisation=hub,
        said=one.said,
        key=identity("carer", one.slug),
        by=by,
        on=day,
    )
    if one.council:
        pass_to_council(assessment=made, by=by, on=day + timedelta(days=1))
    if one.outcome:
        second_stage(
            first=made,
            outcome=one.outcome,
            assessed_on=day + timedelta(days=30),
            by=by,
            hours_a_week=one.said.hours_a_week,
            wants="A break of two hours on Tuesdays and Fridays.",
        )
