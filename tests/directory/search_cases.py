"""What people ask and what should come back, as data.

Each case says what stands in the address, which services are right (one of them must be among the
first three of a list), and which must not appear at all. ``nothing`` is a case in which nothing may
be found, and the page must still help. Three networks: the small one of ``search_network.py``, the
demonstration network, and a real directory of 313 services (Hounslow, 2021).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """``kind`` says what is being tried; ``ask`` is the query string's values."""

    kind: str
    ask: dict[str, str | list[str]]
    right: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    first: str = ""  # must be the very first
    nothing: bool = False
    stage: str = ""
    shows_for: str = ""  # "Showing results for …" holds this
    # section of the page in which it must be: main, elsewhere or not_known
    section: str = ""
    total: int | None = None
    marks: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.kind}: {self.ask}"


def words(kind: str, q: str, *right: str, **more: object) -> Case:
    return Case(kind, {"q": q}, right, **more)  # type: ignore[arg-type]


NAILS = ("Nail cutting at the hall", "Happy Feet at home", "Chiropody clinic", "Faraway nail bar")
SMALL: tuple[Case, ...] = (
    # --- exactly what it is called ---
    words("exact", "Tuesday lunch club", first="Tuesday lunch club"),
    words("exact", "Shopmobility", first="Shopmobility"),
    words("exact", "food bank", first="Food bank"),
    words("exact", "Advice on anything", first="Advice on anything"),
    words("other name", "audiobooks", first="Talking books"),
    words(
        "organisation",
        "Elder Friends",
        "Nail cutting at the hall",
        "A friendly voice",
        "Tuesday lunch club",
        "Steady on your feet",
        "Bathing at Bradbury",
        "Form filling at your table",
    ),
    words("initials", "CAB", first="Advice on anything"),
    words("initials", "emt", "Shopmobility", "Community cars"),
    words("capitals", "SHOPMOBILITY", first="Shopmobility"),
    # --- other forms of the word ---
    words("stem", "scooter", first="Shopmobility"),
    words("stem", "computers", first="Mouse and tablet"),
    words("stem", "gardens", "Grass and hedges", "Garden centre café"),
    words("stem", "exercising", "Steady on your feet"),
    words("stem", "hedge", first="Grass and hedges"),
    words("stem", "swim", "Swimming for backs"),
    # --- accents, apostrophes, other letters ---
    words("accents", "ty gwyr", first="Cawl a Chân"),
    words("accents", "Tŷ Gŵyr", first="Cawl a Chân"),
    words("accents", "cawl a chan", first="Cawl a Chân"),
    words("accents", "zolw", first="Polska kawa"),
    words("accents", "lukasz", first="Polska kawa"),
    words("accents", "memory cafe", first="Memory café"),
    words("apostrophe", "Alzheimers", "Alzheimer’s information line", "Memory café"),
    words("apostrophe", "Alzheimer's", "Alzheimer’s information line", "Memory café"),
    words("apostrophe", "Womens Aid", first="Haven refuge"),
    words("apostrophe", "carers evening", first="Carers’ evening"),
    # --- typing mistakes ---
    words("typo", "choropody", *NAILS, shows_for="chiropody"),
    words("typo", "shopmoblity", first="Shopmobility"),
    words("typo", "dimentia", "Memory café", "Alzheimer’s information line", shows_for="dementia"),
    words("typo", "luch club", "Tuesday lunch club", shows_for="lunch"),
    words("typo", "councelling", "Talking it through", shows_for="counselling"),
    words("typo", "hndyman", "Handyperson", shows_for="handyman"),
    words("typo", "wheelchiar", first="Shopmobility", shows_for="wheelchair"),
    words("two in one", "foodbank", first="Food bank", shows_for="food bank"),
    words("typo kept", "nial bar", first="Faraway nail bar", shows_for="nail"),
    words("known word kept", "boxing", first="Youth boxing", never=("Food bank",)),
    # --- other words for the same thing ---
    words("synonym", "chiropodist", *NAILS, shows_for="Nail cutting and foot care"),
    words("synonym", "podiatry", *NAILS),
    words(
        "synonym",
        "toenails",
        "Nail cutting at the hall",
        never=("Old toenail service", "Secret toenail trial"),
    ),
    words("synonym back", "nail cutting", "Nail cutting at the hall"),
    words("synonym", "anxiety", "Talking it through", "Night owls"),
    words("synonym", "luncheon club", "Tuesday lunch club", "Cawl a Chân"),
    words("synonym", "respite", "Carers’ evening"),
    words("synonym", "bailiffs", "Advice on anything"),
    words("synonym", "patient transport", "Community cars"),
    words("synonym", "scooter hire", first="Shopmobility"),
    words(
        "topic",
        "health and wellbeing",
        "Steady on your feet",
        "Nail cutting at the hall",
        "Talking it through",
        "Memory café",
        "Tai chi in the park",
        "Night owls",
        "Alzheimer’s information line",
        "Happy Feet at home",
        "Faraway nail bar",
    ),
    # --- people's own words ---
    words("own words", "I can't cut my nails", *NAILS[:2], shows_for="Nail cutting and foot care"),
    words("own words", "i cant cut my nails", *NAILS[:2]),
    words("own words", "cutting my own toenails", *NAILS[:2]),
    words("own words", "my mum keeps falling", "Steady on your feet"),
    words("own words", "my mother keeps falling over", "Steady on your feet"),
    words("own words", "someone to talk to", "Visitors at home", "A friendly voice"),
    words("own words", "I need somebody to talk to please", "Visitors at home", "A friendly voice"),
    words("own words", "a lift to hospital", "Community cars"),
    words("own words", "can anyone give me a lift to the hospital", "Community cars"),
    words("own words", "I can't get in the bath", "Bathing at Bradbury"),
    words("own words", "my garden is too much for me", "Grass and hedges"),
    words(
        "own words", "dad keeps forgetting things", "Memory café", "Alzheimer’s information line"
    ),
    words("own words", "I don't want to be here any more", "Talking it through", "Night owls"),
    words("own words", "he hits me", first="Haven refuge"),
    words(
        "own words",
        "help filling in an attendance allowance form",
        first="Form filling at your table",
    ),
    words("own words", "i cant pay my bills", "Advice on anything"),
    words("own words", "my tap is dripping", first="Handyperson"),
    # --- more words than any one service has ---
    words("some words", "lunch with a zebra", "Tuesday lunch club"),
    words("some words", "nail cutting for my budgerigar", *NAILS, stage="topics"),
    words("some words", "coffee in polish on saturday morning", first="Polska kawa"),
    # --- operators ---
    words(
        "quotation marks",
        '"lunch club"',
        "Tuesday lunch club",
        stage="operators",
        never=("Carers’ evening",),
    ),
    words(
        "minus",
        "chair -scooters exercise",
        first="Steady on your feet",
        never=("Shopmobility",),
        stage="operators",
    ),
    words("or", "chiropody or boxing", "Youth boxing", "Chiropody clinic", stage="operators"),
    words("broken quotation marks", '"lunch club', "Tuesday lunch club"),
    Case(
        "only these words",
        {"q": "chiropody", "exact": "1"},
        first="Chiropody clinic",
        never=("Nail cutting at the hall",),
        total=1,
    ),
    # --- filters ---
    Case(
        "filter only",
        {"cost": "paid", "topic": "foot-care"},
        NAILS[:2],
        never=("Chiropody clinic",),
    ),
    Case(
        "topic above",
        {"topic": "health"},
        (
            "Steady on your feet",
            "Memory café",
            "Nail cutting at the hall",
            "Tai chi in the park",
            "Talking it through",
            "Night owls",
            "Alzheimer’s information line",
            "Happy Feet at home",
            "Faraway nail bar",
        ),
        never=("Chiropody clinic", "Tuesday lunch club"),
        total=10,
    ),
    Case(
        "words and cost",
        {"q": "lunch", "cost": "free"},
        ("Cawl a Chân",),
        never=("Tuesday lunch club",),
    ),
    Case("two costs", {"q": "lunch", "cost": ["free", "paid"]}, ("Tuesday lunch club",)),
    Case("cost not known", {"cost": "not_known"}, nothing=True),
    Case(
        "access, all of them",
        {"q": "club", "access": ["step_free", "toilet"]},
        ("Tuesday lunch club",),
        never=("Cawl a Chân",),
    ),
    Case("access of the service itself", {"access": "bsl"}, first="Sign and chat", total=1),
    Case(
        "access: no is not yes",
        {"q": "lunch", "access": "step_free"},
        never=("Cawl a Chân", "Garden centre café"),
        right=("Tuesday lunch club",),
    ),
    Case("language", {"language": "pl"}, first="Polska kawa", total=1),
    Case(
        "how: by phone",
        {"how": "phone", "topic": "dementia"},
        ("Alzheimer’s information line",),
        never=("Memory café",),
    ),
    Case(
        "how: comes to you",
        {"q": "foot care", "how": "comes_to_you"},
        first="Happy Feet at home",
        never=("Nail cutting at the hall",),
    ),
    Case("who: exact before all", {"q": "advice", "who": "over-60"}, ("Advice on anything",)),
    Case(
        "who: the term or open to all",
        {"topic": "foot-care", "who": "over-50"},
        first="Nail cutting at the hall",
        right=("Happy Feet at home",),
    ),
    Case(
        "who: others are out",
        {"topic": "foot-care", "who": "under-18"},
        ("Happy Feet at home",),
        never=("Nail cutting at the hall",),
    ),
    Case("who: from ages in figures", {"who": "under-18", "q": "boxing"}, first="Youth boxing"),
    Case(
        "who: not known stands apart",
        {"topic": "befriending", "who": "over-60"},
        ("Visitors at home",),
        section="not_known",
    ),
    Case(
        "when: a day",
        {"q": "lunch club", "day": "1"},
        first="Tuesday lunch club",
        never=("Cawl a Chân",),
    ),
    Case(
        "when: several days",
        {"topic": "lunch-clubs", "day": ["1", "4"]},
        ("Tuesday lunch club", "Cawl a Chân", "Garden centre café"),
    ),
    Case(
        "when: in the evening",
        {"day": "2", "free_from": "18:00", "free_to": "22:00"},
        first="Carers’ evening",
    ),
    Case(
        "when: an end that touches is no overlap",
        {"topic": "falls", "day": "0", "free_from": "15:00", "free_to": "17:00"},
        never=("Steady on your feet",),
    ),
    Case(
        "when: past midnight",
        {"topic": "mental-health", "day": "6", "free_to": "06:00"},
        first="Night owls",
    ),
    Case(
        "when: not known stands apart",
        {"topic": "befriending", "day": "1"},
        ("A friendly voice",),
        section="not_known",
    ),
    Case(
        "many filters",
        {
            "q": "lunch",
            "cost": "paid",
            "who": "over-60",
            "day": "1",
            "access": "hearing_loop",
            "near": "DL1 5AB",
            "within": "1",
        },
        first="Tuesday lunch club",
    ),
    # --- places ---
    Case(
        "near: the nearest first",
        {"q": "foot care", "near": "DL1 5AB"},
        first="Nail cutting at the hall",
    ),
    Case(
        "near: too far is out",
        {"q": "foot care", "near": "DL1 5AB", "within": "5"},
        never=("Faraway nail bar",),
        right=("Nail cutting at the hall",),
    ),
    Case(
        "near: no place is kept",
        {"q": "foot care", "near": "dl15ab", "within": "1"},
        ("Happy Feet at home",),
        section="elsewhere",
    ),
    Case(
        "near: by phone is kept",
        {"q": "befriending", "near": "DL1 5AB", "within": "0.5"},
        ("A friendly voice",),
        section="elsewhere",
    ),
    Case(
        "near: a refuge has no distance",
        {"q": "refuge", "near": "DL1 5AB", "within": "1"},
        ("Haven refuge",),
        section="elsewhere",
    ),
    Case("near: by its sector", {"q": "food", "near": "dl3 7xx"}, first="Food bank"),
    Case("near: by its outcode", {"q": "food", "near": "dl3 9zz"}, first="Food bank"),
    Case(
        "near: not a postcode loses nothing",
        {"q": "food bank", "near": "banana"},
        first="Food bank",
    ),
    # --- closed, stale, hidden ---
    words("closed for now", "swimming", "Swimming for backs"),
    words("hidden", "Secret toenail trial", never=("Secret toenail trial",)),
    words("ended", "Old toenail service", never=("Old toenail service",)),
    # --- hostile text ---
    words("hostile", "'; DROP TABLE directory_service; --"),
    words("hostile", "lunch & | ! : * ( ) <-> club", "Tuesday lunch club"),
    words("hostile", "<script>alert(1)</script> lunch", "Tuesday lunch club"),
    words("hostile", "lunch\x00club", "Tuesday lunch club"),
    words("hostile", "%_\\ lunch", "Tuesday lunch club"),
    words("hostile", "#foot-care", *NAILS),
    words("hostile", "‮lunch​ club", "Tuesday lunch club"),
    words("hostile", "😀😀😀", nothing=True),
    words("hostile", "-", nothing=True),
    words("hostile", "or or or", nothing=True),
    words("nothing like it", "zzyzx qwrtp", nothing=True),
    Case(
        "hostile choice",
        {
            "cost": "' OR 1=1",
            "topic": "../../etc",
            "day": "99",
            "free_from": "25:61",
            "page": "-1",
            "within": "NaN",
            "who": "\x00",
        },
    ),
)

# --- The demonstration network (manage.py load_demonstration) -------------------------------------------

DEMONSTRATION: tuple[Case, ...] = (
    words("in danger", "i feel like ending it", "The Listening Line", never=("Ring-a-Ride",)),
    words("in danger", "I want to die", "The Listening Line"),
    words("in danger", "suicidal", "The Listening Line"),
    words("own words", "my mum cant wash herself", "Asking for care at home"),
    words("own words", "lonely", first="Befriending"),
    words("exact", "nail cutting", "Nail cutting at Bradbury House", "Nail cutting at home"),
    words("exact", "shopmobility", first="Shopmobility"),
    words("exact", "falls clinic", first="Falls clinic"),
    words("initials", "CAB", first="Advice on anything"),
    words("accents", "klub seniora lodz", first="Klub Seniora Łódź"),
    words("accents", "ty gwyr", first="Tŷ Gŵyr singing evening"),
    words("apostrophe", "Alzheimers", "Memory café", "Worried about your memory?"),
    words("typo", "chiropidist", "Nail cutting at Bradbury House", shows_for="chiropodist"),
    words("typo", "bearevement", "Bereavement visitors", shows_for="bereavement"),
    words("synonym", "chiropody", "Nail cutting at Bradbury House", "Nail cutting at home"),
    words("synonym", "toenails", "Nail cutting at Bradbury House", "Nail cutting at home"),
    words("synonym", "meals on wheels", "Hot meals at your door"),
    words("synonym", "handyman", "Handyperson"),
    words("synonym", "pendant alarm", first="Alarm at the touch of a button"),
    words("stop word", "will", "Wills and lasting powers of attorney"),
    words("own words", "I can't cut my nails", "Nail cutting at Bradbury House"),
    words("own words", "my mum keeps falling", "Falls clinic"),
    words(
        "own words",
        "mum fell, wants help with baths",
        "Help with bathing at home",
        "Bathing at Bradbury House",
    ),
    words("own words", "someone to talk to", "Befriending", "The Listening Line"),
    words("own words", "a lift to hospital", "Hospital cars", "Patient transport"),
    words("own words", "my tap is dripping", "Handyperson"),
    words("own words", "he hits me", "Safe Start refuge"),
    words("own words", "I can't afford to put the heating on", "Warm homes"),
    words("own words", "dad keeps forgetting", "Memory café", "Worried about your memory?"),
    words("own words", "learn to use a computer", "Computers and first steps online"),
    words("own words", "somewhere for dad to go in the day", "Bradbury House day centre"),
    words("own words", "I look after my husband", "Are you a carer?", "Carers' drop-in"),
    words("own words", "I would like to sing", "Singing for breath", "Tŷ Gŵyr singing evening"),
    words("own words", "hearing aid batteries", first="Hearing aid repairs and batteries"),
    words("own words", "how do I get a blue badge", first="Blue Badges and bus passes"),
    words("own words", "I have nowhere to sleep tonight", first="Nowhere to sleep tonight"),
    words("own words", "volunteering", first="The Volunteer Centre"),
    Case("near", {"q": "nails", "near": "DL3 7XX"}, ("Nail cutting at Bradbury House",)),
    Case(
        "no place",
        {"q": "nails", "near": "DL3 7XX", "within": "1"},
        ("Nail cutting at home",),
        section="elsewhere",
    ),
    Case(
        "a refuge has no distance",
        {"q": "refuge", "near": "DL1 5QT", "within": "0.5"},
        ("Safe Start refuge",),
        section="elsewhere",
    ),
    Case("language", {"language": "pl"}, ("Klub Seniora Łódź",)),
    Case("cost", {"q": "nails", "cost": "paid"}, ("Nail cutting at Bradbury House",)),
    Case("who", {"who": "carers"}, ("Are you a carer?", "Carers' drop-in", "Memory café")),
)

# --- A real directory: 313 services of a London borough, 2021 (the folder may be absent) ---------------

HOUNSLOW: tuple[Case, ...] = (
    words("exact", "Hounslow Pensioners Forum", first="Hounslow Pensioners Forum"),
    words("exact", "men in sheds", first="HOUNSLOW MEN in SHEDS"),
    words("apostrophe", "men's shed", first="HOUNSLOW MEN in SHEDS"),
    words("apostrophe", "alzheimers", first="Alzheimer's Society Hounslow"),
    words("initials", "HAYA", "Horn of Africa Youth Association (HAYA)", "HAAYA"),
    words("stem", "stroke", first="Stroke Association"),
    words("stem", "swimming", first="London Borough of Hounslow Swimming Club"),
    words("stem", "cycling", first="Hounslow Cycling Campaign"),
    words("stem", "scouting", "3rd Chiswick Scout Group", "3rd Osterley Sea Scouts Group"),
    words("stem", "bereaved", "Brent Bereavement Support"),
    words(
        "two in one",
        "food bank",
        "Feltham Food Bank",
        "Foodbank",
        "Pop-up Foodbank",
    ),
    words("two in one", "foodbank", first="Foodbank"),
    words("typo", "bereavment", first="Brent Bereavement Support"),
    words("typo", "badmington", first="Adult Badminton Club"),
    words(
        "typo",
        "psycology",
        "One-Eighty Children and Family Psychology Service",
        "Psychology Behaviour Support Service",
    ),
    words("typo", "citizens advise", "Citizens Advice Bureau (Hounslow)"),
    words("typo kept", "choir", never=("Alliance Dance Unit",)),
    words("words", "credit union", first="ThamesBank Credit Union"),
    words("words", "autism", first="Adult Autism Hounslow"),
    words("words", "personal alarm", first="Personal Alarm Watch"),
    words("words", "motor neurone", "West London Branch of Motor Neurone Disease Association"),
    words("words", "pregnancy", first="Pregnancy Matters"),
    words("words", "debt advice", first="Citizens Advice Bureau (Hounslow)"),
    words("words", "lunch club", first="Hounslow Old Peoples Lunch Club"),
    words("words", "befriending", first="HostNation befriending project"),
    words("words", "learn english", first="LEARN ENGLISH AT HOME"),
    words("words", "disabled yoga", first="Cranford Library Disability Yoga"),
    words(
        "words", "toys for disabled children", "Hounslow Toy Library for children with disabilities"
    ),
    words("own words", "where can I get free food", "Feltham Food Bank", "Food with Love"),
    words("own words", "I want to learn to use the internet", first="Learn My Way"),
    words(
        "own words",
        "I am a carer and need a break",
        "Carers Week - Carers Afternoon Tea",
        "Carers Community Get-together",
        "Carers Week - Activity Session",
    ),
    words(
        "own words",
        "sports for my autistic child",
        "Adult Autism Hounslow",
        "Disability Sports Coach - Club Hounslow",
        "MyLife Day Opportunities Service (H&F)",
    ),
    words("nothing like it", "zzyzx qwrtp", nothing=True),
)
