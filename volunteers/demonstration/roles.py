"""What people like and can do, and the roles that invented organisations offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from dcsn.accounts.models import User
from directory.demonstration.network import identity
from volunteers.actions.opportunities import move_opportunity, save_opportunity
from volunteers.models import Interest, Opportunity
from volunteers.states import OpportunityState

_K, _W, _S = Opportunity.Kind, Opportunity.Where, OpportunityState
INTERESTS = (
    ("gardening", "Gardening"),
    ("reading-aloud", "Reading aloud"),
    ("music", "Music and singing"),
    ("cooking", "Cooking and baking"),
    ("walking", "Walking"),
    ("crafts", "Knitting and crafts"),
    ("dogs", "Dogs"),
    ("local-history", "Local history"),
    ("games", "Cards, chess and games"),
    ("talking", "A good talk over a cup of tea"),
)
SKILLS = (
    ("driving", "Driving"),
    ("small-repairs", "Small repairs about the house"),
    ("computers", "Computers and phones"),
    ("book-keeping", "Book-keeping"),
    ("first-aid", "First aid"),
    ("sign-language", "British Sign Language"),
)


@dataclass(frozen=True)
class Role:
    """A role; ``times`` are weekday, from and until; ``state`` is where it ends up."""

    slug: str
    org: str
    name: str
    summary: str
    likes: tuple[str, ...] = ()
    times: tuple[tuple[int, int, int], ...] = ()
    state: str = _S.OPEN
    facts: dict[str, Any] = field(default_factory=dict)


_DBS: dict[str, Any] = {"checks_needed": ["dbs", "references"], "dbs_level": "enhanced"}
_SUPPORT: dict[str, Any] = {
    "support": "Somebody goes with you the first three times, and there is always a number to ring.",
    "expenses": "Bus fares and 45p a mile. What you get back does not count as income.",
}
ROLES = (
    Role(
        "good-neighbour", "age-uk", "Good neighbour",
        "Half an hour now and then: a light bulb, the bins, a letter to the post.",
        ("small-repairs", "talking"),
        facts={**_SUPPORT, "where": _W.VISITS, "flexible": True, "checks_needed": ["references"],
               "what": "We ring you when a neighbour near you needs a hand. You say yes or no each time.",
               "times_note": "When it suits you", "wait_days": 21},
    ),
    Role(
        "befriender", "age-uk", "Befriender",
        "Visit the same person every week, for a talk and a cup of tea.", ("talking", "games"),
        facts={**_SUPPORT, **_DBS, "where": _W.VISITS, "flexible": True, "minutes_a_week": 60,
               "wait_days": 42, "what": "You are introduced to somebody who likes what you like."},
    ),
    Role(
        "cafe-taster", "age-uk", "A morning in the café",
        "Try it for one morning: serve tea, clear tables, talk with people.",
        ("cooking", "talking"), ((2, 10, 12), (4, 10, 12)),
        facts={**_SUPPORT, "kind": _K.TASTER, "where": _W.PLACE, "at": "bradbury-house",
               "minimum_age": 14, "places": 2, "wait_days": 7,
               "what": "Come once. If you like it, you come again; if not, no harm is done."},
    ),
    Role(
        "phone-friend", "gold", "Telephone friend",
        "Ring two or three people a week from your own home.", ("talking",),
        facts={**_SUPPORT, "where": _W.HOME, "flexible": True, "minutes_a_week": 90,
               "checks_needed": ["references"], "wait_days": 14},
    ),
    Role(
        "driver", "red-cross", "Driver to appointments",
        "Drive somebody to the doctor's and home again, in your own car.", ("driving",),
        ((1, 9, 13), (3, 9, 13), (5, 9, 13)),
        facts={**_SUPPORT, "where": _W.VISITS, "checks_needed": ["dbs", "right-to-drive"],
               "dbs_level": "enhanced", "minimum_age": 21, "wait_days": 35},
    ),
    Role(
        "meals", "wrvs", "Meals to the door",
        "Bring a hot meal to six homes at dinner time, with somebody beside you.",
        ("driving", "talking"), ((1, 11, 13), (2, 11, 13), (3, 11, 13)), state=_S.FILLED,
        facts={**_SUPPORT, "where": _W.VISITS, "places": 2, "checks_needed": ["references"]},
    ),
    Role(
        "garden-day", "groundwork", "Garden day for families",
        "One Saturday in a community garden, children and grandparents together.",
        ("gardening",), ((6, 10, 15),),
        facts={**_SUPPORT, "kind": _K.FAMILY, "at": "groundwork-garden", "minimum_age": 5,
               "starts_in": 20, "ends_in": 20},
    ),
    Role(
        "paint-day", "evolution", "Paint a room with your team",
        "A team from work paints a community room in one day.", ("small-repairs",),
        facts={**_SUPPORT, "kind": _K.TEAM, "places": 3, "minimum_age": 16,
               "times_note": "A weekday to suit your team"},
    ),
    Role(
        "sitter", "carers", "Sitter",
        "Keep somebody company while the one who looks after them goes out.",
        ("talking", "games", "music"), ((2, 13, 17), (6, 13, 17)),
        facts={**_SUPPORT, **_DBS, "where": _W.VISITS, "minutes_a_week": 180, "wait_days": 42},
    ),
    Role(
        "computer-buddy", "library", "Computer buddy",
        "Show somebody how to use their phone or a computer, at their own speed.", ("computers",),
        ((3, 14, 16),), state=_S.DRAFT,
        facts={**_SUPPORT, "at": "crown-street-library", "minimum_age": 16},
    ),
    Role(
        "archive", "arts", "Sort old photographs",
        "Write down who is in them, for the spring exhibition.", ("local-history",),
        state=_S.DONE, facts={"kind": _K.ONE_OFF, "at": "arts-centre"},
    ),
    Role(
        "stall", "dad", "A stall at the spring fair", "Hand out leaflets and answer questions.",
        ("talking",), state=_S.CANCELLED, facts={"kind": _K.ONE_OFF, "minimum_age": 16},
    ),
)  # fmt: skip


def write_roles(*, by: User) -> None:
    """The list of interests, where there is none, and the roles; those that are over end here."""
    for kind, rows in ((Interest.Kind.INTEREST, INTERESTS), (Interest.Kind.SKILL, SKILLS)):
        for position, (slug, name) in enumerate(rows, 1):
            Interest.objects.get_or_create(
                slug=slug,
                defaults={
                    "pk": identity("interest", slug),
                    "kind": kind,
                    "name": name,
                    "position": position * 10,
                },
            )
    likes = {one.slug: one for one in Interest.objects.all()}
    today = timezone.localdate()
    for role in ROLES:
        facts = dict(role.facts)
        at = facts.pop("at", "")
        for name, column in (("starts_in", "starts_on"), ("ends_in", "ends_on")):
            if name in facts:
                facts[column] = today + timedelta(days=facts.pop(name))
        row = save_opportunity(
            opportunity=Opportunity(
                pk=identity("opportunity", role.slug),
                organisation_id=identity("organisation", role.org),
                location_id=identity("location", at) if at else None,
                name=role.name,
                summary=role.summary,
                state=_S.DRAFT if role.state == _S.DRAFT else _S.OPEN,
                **facts,
            ),
            interests=[likes[slug] for slug in role.likes],
            times=[(day, time(begins), time(ends)) for day, begins, ends in role.times],
            by=by,
        )
        if role.state in (_S.DONE, _S.CANCELLED):
            move_opportunity(opportunity=row, to=role.state, by=by)
