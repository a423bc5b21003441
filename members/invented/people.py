"""People who do not exist."""

from __future__ import annotations

import string
from datetime import date, timedelta
from random import Random
from typing import Any

from dcsn.network import network
from directory.models.identity import sort_key_of
from members.invented.words import GIVEN, LANGUAGES, STREETS, family_name
from members.models import AgeBand, Answer, ContactBy, Format

_GIVEN = tuple(GIVEN)
# The last two letters of a postcode never hold these (Royal Mail PAF).
_INWARD = [letter for letter in string.ascii_uppercase if letter not in "CIKMOV"]
_CONTACT = (
    (ContactBy.PHONE,) * 9 + (ContactBy.POST,) * 4 + (ContactBy.SMS,) * 3 + (ContactBy.EMAIL,) * 2
    + (ContactBy.NOT_AT_ALL,)
)  # fmt: skip


def somebody(random: Random, number: int, sectors: list[str], today: date) -> dict[str, Any]:
    """The columns of one person; phone numbers are from Ofcom's ranges for drama."""
    given, family = random.choice(_GIVEN), family_name(random)
    # Three in a hundred have a double name; a name with an apostrophe or an accent is found too.
    if random.random() < 0.03:
        family = f"{family}-{family_name(random)}"
    elif random.random() < 0.01:
        family = random.choice(("O’", "D’", "Mac")) + family
    known_as = GIVEN[given] if random.random() < 0.35 else ""
    facts: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "known_as": known_as,
        "sort_key": sort_key_of(f"{family} {given}"),
        "address_1": f"{random.randint(1, 140)} {random.choice(STREETS)}",
        "town": network().area_name,
        "postcode": random.choice(sectors) + "".join(random.choices(_INWARD, k=2)),
        "phone": (
            f"01632 960 {random.randint(0, 999):03d}"
            if random.random() < 0.6
            else f"07700 900 {random.randint(0, 999):03d}"
        ),
        "contact_by": random.choice(_CONTACT),
        "lives_alone": random.choice((Answer.YES, Answer.YES, Answer.NO, "")),
        "is_carer": random.choice((Answer.YES, Answer.NO, Answer.NO, "")),
        "email": "",
        "formats": [],
        "interpreter_language": "",
        "date_of_birth": None,
        "age_band": "",
    }
    if random.random() < 0.25 or facts["contact_by"] == ContactBy.EMAIL:
        facts["email"] = f"person{number}@people.example"
    if random.random() < 0.85:
        # Mostly older people: the triangle leans to 75.
        years = random.triangular(17, 100, 75)
        facts["date_of_birth"] = today - timedelta(days=int(years * 365.25))
    else:
        facts["age_band"] = random.choice(AgeBand.values)
    if random.random() < 0.3:
        facts["formats"] = [random.choice(Format.values)]
        if facts["formats"] == [Format.INTERPRETER]:
            facts["interpreter_language"] = random.choice(LANGUAGES)
    return facts
