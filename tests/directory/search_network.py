"""A small network to search in: made up, with everything in it that a search has to cope with.

Its services are few enough to read, and wrong answers are near right ones on purpose: a computer
class called "Mouse and tablet", a garden centre's café, two organisations of nearly the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from directory.models import (
    AccessFact,
    EligibilityRule,
    EligibilityTerm,
    Language,
    Location,
    OpeningRule,
    Organisation,
    PostcodePlace,
    Service,
    TaxonomyTerm,
)
from directory.search import reindex
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

TODAY = date(2026, 11, 22)

# slug: (name, parent, other words, what people say)
TOPICS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "health": ("Health and wellbeing", "", ["wellbeing"], ["I want to feel better"]),
    "foot-care": (
        "Nail cutting and foot care",
        "health",
        ["chiropody", "chiropodist", "podiatry", "toenails", "feet"],
        ["I can't cut my nails", "I can't reach my feet"],
    ),
    "falls": (
        "Exercise and falls",
        "health",
        ["keep fit", "tai chi", "balance"],
        ["my mum keeps falling", "I am unsteady on my feet"],
    ),
    "mental-health": (
        "Feeling low or worried",
        "health",
        ["depression", "anxiety", "counselling"],
        ["I can't stop worrying", "I don't want to be here any more"],
    ),
    "dementia": (
        "Dementia and memory",
        "health",
        ["alzheimer's", "memory loss", "memory café"],
        ["dad keeps forgetting things"],
    ),
    "company": ("Company and things to do", "", ["social", "loneliness"], ["I am lonely"]),
    "befriending": (
        "Befriending",
        "company",
        ["visitor", "telephone friend"],
        ["someone to talk to", "I have nobody to talk to"],
    ),
    "lunch-clubs": ("Lunch clubs", "company", ["luncheon club"], ["a cup of tea and a chat"]),
    "learning": (
        "Learning and computers",
        "company",
        ["computer class", "internet", "tablet"],
        ["I don't know how to use the internet"],
    ),
    "getting-about": ("Getting about", "", ["transport", "travel"], ["I can't get out"]),
    "hospital-transport": (
        "Getting to hospital",
        "getting-about",
        ["patient transport", "hospital car"],
        ["a lift to hospital"],
    ),
    "shopmobility": ("Shopmobility", "getting-about", ["scooter hire", "wheelchair loan"], []),
    "advice": ("Information and advice", "", ["guidance"], ["I don't know where to start"]),
    "benefits": (
        "Benefits and money",
        "advice",
        ["attendance allowance", "pension credit", "welfare rights"],
        ["help to fill in a form"],
    ),
    "debt": ("Debt", "advice", ["arrears", "bailiffs"], ["I can't pay my bills"]),
    "food": ("Food and fuel", "advice", ["food bank", "food parcel"], ["I have no food"]),
    "safety": (
        "Being safe",
        "advice",
        ["domestic abuse", "refuge"],
        ["he hits me", "I am frightened of my partner"],
    ),
    "practical-jobs": ("Practical jobs", "", ["odd jobs"], ["I can't get up a ladder"]),
    "gardening": (
        "Gardening",
        "practical-jobs",
        ["gardener", "grass cutting", "hedge"],
        ["I can't cut my grass", "my garden is too much for me"],
    ),
    "repairs": (
        "Repairs and handyperson",
        "practical-jobs",
        ["handyman", "plumber", "light bulb"],
        ["my tap is dripping"],
    ),
    "caring": ("Caring for someone", "", ["carer", "carers", "respite"], ["I need a break"]),
    "bathing": ("Bathing", "", ["bath", "shower"], ["I can't get in the bath"]),
}

ORGANISATIONS: dict[str, tuple[str, str]] = {
    "elder": ("Elder Friends Exampleton", "EFE"),
    "advice": ("Citizens Advice Exampleton", "CAB"),
    "alz": ("Alzheimer’s Circle", ""),
    "welsh": ("Cymdeithas Tŷ Gŵyr", ""),
    "polish": ("Klub Żółw", ""),
    "mobility": ("Exampleton Mobility Trust", "EMT"),
    "women": ("Haven Women’s Aid", ""),
    "council": ("Exampleton Council", ""),
    "hands": ("Helping Hands CIC", ""),
}

# key: (name, latitude, longitude, access facts); None for a confidential one
PLACES: dict[str, tuple[str, float | None, float | None, tuple[str, ...]]] = {
    "centre": ("Exampleton Hall", 54.5250, -1.5550, ("step_free", "toilet", "hearing_loop")),
    "north": ("Northside Library", 54.5450, -1.5600, ("step_free",)),
    "village": ("Village Institute", 54.5800, -1.6400, ()),
    "far": ("Faraway House", 54.7800, -1.5800, ("step_free", "toilet")),
    "refuge": ("", None, None, ()),
}

WHO: dict[str, tuple[str, str, int | None, int | None]] = {
    "under-18": ("age", "Children and young people", 0, 17),
    "over-50": ("age", "People of 50 and over", 50, None),
    "over-60": ("age", "People of 60 and over", 60, None),
    "carers": ("caring", "People who care for somebody", None, None),
    "parents": ("caring", "Parents", None, None),
    "dementia": ("health", "People with dementia", None, None),
    "sight-loss": ("disability", "People with sight loss", None, None),
    "hearing-loss": ("disability", "Deaf people", None, None),
    "women": ("gender", "Women", None, None),
}


@dataclass(frozen=True)
class Made:
    """One service of the small network."""

    name: str
    organisation: str = "elder"
    topics: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    other: str = ""
    cost: str = "not_known"
    delivery: tuple[str, ...] = ("at_place",)
    places: tuple[str, ...] = ()
    # group: terms, or () for open to all
    who: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ages: tuple[int | None, int | None] = (None, None)
    # (weekday, from, to)
    hours: tuple[tuple[int, time, time], ...] = ()
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    checked: int | None = 20  # days ago
    status: str = "active"
    published: bool = True


def at(hour: int, minute: int = 0) -> time:
    return time(hour, minute)


SERVICES: tuple[Made, ...] = (
    Made(
        "Nail cutting at the hall",
        topics=("foot-care",),
        summary="Trims toenails for people over 50 who cannot reach.",
        cost="paid",
        places=("centre",),
        who={"age": ("over-50",)},
        hours=((1, at(10), at(12)),),
    ),
    Made(
        "Happy Feet at home",
        "hands",
        ("foot-care",),
        "A foot care worker who comes to your door.",
        cost="paid",
        delivery=("comes_to_you",),
        who={"age": ()},
    ),
    Made(
        "Chiropody clinic",
        "council",
        (),
        "Run by the health centre: no topic was ever put to it.",
        cost="free",
        places=("north",),
        hours=((2, at(9), at(17)),),
        checked=500,
    ),
    Made(
        "Steady on your feet",
        topics=("falls",),
        summary="Chair exercise and balance for people who have had a fall.",
        cost="free",
        places=("centre",),
        hours=((0, at(14), at(15)), (3, at(14), at(15))),
    ),
    Made(
        "Tai chi in the park",
        "hands",
        ("falls",),
        "Slow movement outdoors.",
        cost="free",
        places=("north",),
        hours=((5, at(10), at(11)),),
    ),
    Made(
        "A friendly voice",
        topics=("befriending",),
        summary="A volunteer rings you every week at a time that you choose.",
        cost="free",
        delivery=("phone",),
        who={"age": ("over-60",)},
    ),
    Made(
        "Visitors at home",
        "hands",
        ("befriending",),
        "Someone to talk to over tea, once a week.",
        cost="free",
        delivery=("comes_to_you",),
    ),
    Made(
        "Tuesday lunch club",
        topics=("lunch-clubs",),
        summary="Two courses and company.",
        cost="paid",
        places=("centre",),
        who={"age": ("over-60",)},
        hours=((1, at(12), at(14)),),
    ),
    Made(
        "Cawl a Chân",
        "welsh",
        ("lunch-clubs",),
        "Soup and songs in Welsh.",
        cost="free",
        places=("village",),
        languages=("cy",),
        hours=((4, at(12), at(14)),),
    ),
    Made(
        "Polska kawa",
        "polish",
        ("company",),
        "Coffee and help with forms, in Polish. Prowadzi Łukasz.",
        cost="free",
        places=("north",),
        languages=("pl",),
        hours=((5, at(10), at(13)),),
    ),
    Made(
        "Mouse and tablet",
        "council",
        ("learning",),
        "Learn to use a computer at your own pace.",
        cost="free",
        places=("north",),
        hours=((0, at(18), at(20)),),
    ),
    Made(
        "Memory café",
        "alz",
        ("dementia",),
        "For people with dementia and those who come with them.",
        cost="free",
        places=("centre",),
        who={"health": ("dementia",), "caring": ("carers",)},
        hours=((4, at(14), at(16)),),
    ),
    Made(
        "Alzheimer’s information line",
        "alz",
        ("dementia", "advice"),
        "Ask anything about memory loss.",
        cost="free",
        delivery=("phone", "online"),
        who={"health": ()},
    ),
    Made(
        "Advice on anything",
        "advice",
        ("benefits", "debt"),
        "Benefits, debt, work and housing: free advice in confidence.",
        cost="free",
        delivery=("at_place", "phone"),
        places=("centre",),
        who={"age": ()},
        hours=tuple((day, at(9, 30), at(15, 30)) for day in range(5)),
    ),
    Made(
        "Form filling at your table",
        topics=("benefits",),
        summary="We come to you and fill in the Attendance Allowance form.",
        cost="free",
        delivery=("comes_to_you",),
        ages=(60, None),
    ),
    Made(
        "Food bank",
        "hands",
        ("food",),
        "Three days of food for people with a voucher.",
        cost="free",
        places=("north",),
        hours=((2, at(10), at(12)), (4, at(10), at(12))),
    ),
    Made(
        "Shopmobility",
        "mobility",
        ("shopmobility",),
        "Scooters and wheelchairs to borrow in town.",
        cost="paid",
        places=("centre",),
        access=("parking",),
        hours=tuple((day, at(9), at(17)) for day in range(6)),
    ),
    Made(
        "Community cars",
        "mobility",
        ("hospital-transport", "getting-about"),
        "Volunteer drivers take you to appointments.",
        cost="paid",
        delivery=("comes_to_you",),
    ),
    Made(
        "Grass and hedges",
        "hands",
        ("gardening",),
        "Two people and their own mower.",
        cost="paid",
        delivery=("comes_to_you",),
    ),
    Made(
        "Garden centre café",
        "hands",
        ("lunch-clubs",),
        "Cake among the plants.",
        cost="paid",
        places=("village",),
        hours=tuple((day, at(9), at(17)) for day in range(7)),
    ),
    Made(
        "Handyperson",
        "council",
        ("repairs",),
        "Taps, shelves, locks, grab rails.",
        cost="paid",
        delivery=("comes_to_you",),
        ages=(60, None),
    ),
    Made(
        "Carers’ evening",
        "hands",
        ("caring",),
        "For people who look after somebody: an evening off together.",
        cost="free",
        places=("centre",),
        who={"caring": ("carers",)},
        hours=((2, at(19), at(21)),),
    ),
    Made(
        "Night owls",
        "hands",
        ("mental-health",),
        "A place to be when you cannot sleep.",
        cost="free",
        places=("north",),
        hours=((5, at(22), at(2)),),
    ),
    Made(
        "Talking it through",
        "council",
        ("mental-health",),
        "Counselling with a trained listener.",
        cost="free",
        delivery=("online", "phone"),
        who={"age": ()},
    ),
    Made(
        "Bathing at Bradbury",
        topics=("bathing",),
        summary="A walk-in bath and somebody to help you.",
        cost="paid",
        places=("centre",),
        who={"age": ("over-60",)},
        hours=((3, at(9), at(12)),),
    ),
    Made(
        "Haven refuge",
        "women",
        ("safety",),
        "A safe place to stay for women and their children.",
        cost="free",
        places=("refuge",),
        who={"gender": ("women",)},
    ),
    Made(
        "Faraway nail bar",
        "hands",
        ("foot-care",),
        "Feet and nails, twenty miles off.",
        cost="paid",
        places=("far",),
        hours=((1, at(10), at(12)),),
    ),
    Made(
        "Talking books",
        "council",
        (),
        "Books on disc by post for people who cannot see to read.",
        other="Audiobooks",
        cost="free",
        delivery=("online",),
        who={"disability": ("sight-loss",)},
    ),
    Made(
        "Sign and chat",
        "council",
        ("company",),
        "A drop-in for Deaf people with a BSL interpreter.",
        cost="free",
        places=("centre",),
        access=("bsl",),
        who={"disability": ("hearing-loss",)},
        hours=((1, at(18), at(20)),),
    ),
    Made(
        "Youth boxing",
        "hands",
        (),
        "Boxing training for teenagers.",
        cost="free",
        places=("north",),
        ages=(11, 17),
        hours=((0, at(17), at(19)),),
    ),
    Made(
        "Old toenail service",
        "council",
        ("foot-care",),
        "Ended years ago.",
        places=("centre",),
        status="inactive",
    ),
    Made(
        "Secret toenail trial",
        "council",
        ("foot-care",),
        "Not to be shown yet.",
        places=("centre",),
        published=False,
    ),
    Made(
        "Swimming for backs",
        "council",
        ("falls",),
        "The pool is closed for repairs.",
        cost="paid",
        places=("centre",),
        status="temporarily closed",
        hours=((6, at(8), at(9)),),
    ),
)


def make_network() -> dict[str, Service]:
    """Write all of it and index it; services by name."""
    topics: dict[str, TaxonomyTerm] = {}
    for slug, (name, parent, synonyms, phrases) in TOPICS.items():
        topics[slug] = TopicFactory(
            name=name,
            slug=slug,
            parent=topics.get(parent),
            synonyms=synonyms,
            phrases=phrases,
        )
    organisations: dict[str, Organisation] = {
        key: OrganisationFactory(name=name, alternate_name=other)
        for key, (name, other) in ORGANISATIONS.items()
    }
    places: dict[str, Location] = {}
    for key, (name, latitude, longitude, facts) in PLACES.items():
        hidden = latitude is None
        places[key] = LocationFactory(
            name=name,
            latitude=latitude,
            longitude=longitude,
            is_confidential=hidden,
            address=not hidden,
        )
        for kind in facts:
            AccessFact.objects.create(location=places[key], kind=kind, value="yes")
    AccessFact.objects.create(location=places["village"], kind="step_free", value="no")
    terms = {
        slug: EligibilityTerm.objects.create(
            group=group, name=name, slug=slug, minimum_age=low, maximum_age=high
        )
        for slug, (group, name, low, high) in WHO.items()
    }
    languages = {
        code: Language.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in (("cy", "Welsh"), ("pl", "Polish"))
    }
    for code, level, latitude, longitude in (
        ("DL1 5AB", "unit", 54.5240, -1.5540),
        ("DL3 7", "sector", 54.5324, -1.5713),
        ("DL3", "outcode", 54.5320, -1.5700),
        ("DL1", "outcode", 54.5299, -1.5381),
    ):
        PostcodePlace.objects.create(code=code, level=level, latitude=latitude, longitude=longitude)
    made: dict[str, Service] = {}
    for one in SERVICES:
        service = ServiceFactory(
            name=one.name,
            alternate_name=one.other,
            organisation=organisations[one.organisation],
            summary=one.summary,
            description=one.description,
            cost=one.cost,
            delivery=list(one.delivery),
            minimum_age=one.ages[0],
            maximum_age=one.ages[1],
            checked_on=None if one.checked is None else TODAY - timedelta(days=one.checked),
            status=one.status,
            published=one.published,
            terms=[topics[slug] for slug in one.topics],
            places=[places[key] for key in one.places],
        )
        for group, slugs in one.who.items():
            rule = EligibilityRule.objects.create(
                service=service, group=group, openness="these" if slugs else "all"
            )
            rule.terms.add(*(terms[slug] for slug in slugs))
        for weekday, opens_at, closes_at in one.hours:
            OpeningRule.objects.create(
                service=service, weekday=weekday, opens_at=opens_at, closes_at=closes_at
            )
        for kind in one.access:
            AccessFact.objects.create(service=service, kind=kind, value="yes")
        service.languages.add(*(languages[code] for code in one.languages))
        made[one.name] = service
    reindex()
    return made
