"""How much speaks for and against two descriptions being of one person.

Fellegi and Sunter's way ("A theory for record linkage", 1969): each part that is compared adds the
logarithm (to base 2) of how much more often it comes out so for one person than for two. Same date of
birth: for two people of the network about once in 20,000, which would be 14; it is held at 10, because a
wrong date is copied along. The weights are estimates of ours, checked by ``tests/benchmarks/finding.py``.

===========================  ======  ==============================================================
first name the same            5     pet name 4.5, sounds alike or nearly the same 4, initial 1.5
another first name            -8     the strongest sign of two people at one address: twins, spouses
last name the same             7     earlier or other 6, part of it 5, sounds alike or nearly 5
another last name             -3     people marry
born on the same day          10     day and month the other way round 8, one part wrong 5, year 3
born on another day           -9
same postcode                  6     one letter or figure wrong 4, next streets 2
another postcode              -1     people move
same phone, same e-mail       6, 8   a couple share a phone
===========================  ======  ==============================================================

Parts are not independent where people live or were born together, so two rules stand beside the sum:
the same last name, birthday and another first name are twins; the same name at one address with another
date of birth is a parent and a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA, JaroWinkler

from members.finding.names import sound_of
from members.finding.pet_names import same_by_pet_name
from members.finding.typed import Born, Typed

# A pair is put before staff as probably one person; see tests/benchmarks/finding.py for what that means.
STRONG = 12.5
# Enough for a masked match of another access point: a whole name, or a name and a date of birth.
ENOUGH_TO_SHOW_MASKED = 11.0
# One part alone that is enough to be worth a line in one's own access point's list.
WORTH_A_LINE = 3.5


class Alike(IntEnum):
    """How alike two words of a name are, from not at all to the same."""

    NOT = 0
    INITIAL = 1
    ROUGHLY = 2
    SOUND = 3
    NEARLY = 4
    PET_NAME = 5
    SAME = 6


_GIVEN = {
    Alike.SAME: 5.0, Alike.PET_NAME: 4.5, Alike.NEARLY: 4.0, Alike.SOUND: 3.5, Alike.ROUGHLY: 1.5,
    Alike.INITIAL: 1.5, Alike.NOT: -8.0,
}  # fmt: skip
_FAMILY = {
    Alike.SAME: 7.0, Alike.NEARLY: 5.0, Alike.SOUND: 5.0, Alike.ROUGHLY: 2.0, Alike.INITIAL: 1.0,
    Alike.NOT: -3.0,
}  # fmt: skip
_GIVEN_WORDS: dict[Alike, str | Promise] = {
    Alike.SAME: _("same first name"),
    Alike.PET_NAME: _("first name is a pet name or spelling of the same name"),
    Alike.NEARLY: _("first name spelt nearly the same"),
    Alike.SOUND: _("first name sounds alike"),
    Alike.ROUGHLY: _("first name somewhat alike"),
    Alike.INITIAL: _("same initial"),
    Alike.NOT: _("another first name"),
}
_FAMILY_WORDS: dict[Alike, str | Promise] = {
    Alike.SAME: _("same last name"),
    Alike.NEARLY: _("last name spelt nearly the same"),
    Alike.SOUND: _("last name sounds alike"),
    Alike.ROUGHLY: _("last name somewhat alike"),
    Alike.INITIAL: _("last name begins the same"),
    Alike.NOT: _("another last name"),
}


@dataclass(frozen=True)
class Part:
    """What one comparison gave: its weight, and the words for the page."""

    kind: str  # given, family, name, born, postcode, phone, email
    weight: float
    words: str | Promise


@dataclass(frozen=True)
class Score:
    """The sum, and what it is made of."""

    weight: float
    parts: tuple[Part, ...]

    @property
    def is_strong(self) -> bool:
        return self.weight >= STRONG

    @property
    def reasons(self) -> list[str | Promise]:
        """What speaks for it, the strongest first."""
        speaking = [part for part in self.parts if part.weight > 0]
        return [part.words for part in sorted(speaking, key=lambda part: -part.weight)]

    @property
    def doubts(self) -> list[str | Promise]:
        """What speaks against it."""
        return [part.words for part in self.parts if part.weight < 0]

    @property
    def best(self) -> float:
        """The names together, or whatever else alone speaks most for it."""
        names = sum(part.weight for part in self.parts if part.kind in ("given", "family", "name"))
        others = (p.weight for p in self.parts if p.kind not in ("given", "family", "name"))
        return max((names, *others), default=0.0)


def alike(one: str, other: str) -> Alike:
    """How alike two folded words are."""
    if one == other:
        return Alike.SAME
    if len(one) == 1 or len(other) == 1:
        return Alike.INITIAL if one[0] == other[0] else Alike.NOT
    if same_by_pet_name(one, other):
        return Alike.PET_NAME
    nearness = JaroWinkler.similarity(one, other)
    short = min(len(one), len(other))
    if (short > 3 and OSA.distance(one, other, score_cutoff=1) <= 1) or (
        short > 5 and nearness >= 0.94
    ):
        return Alike.NEARLY
    sound = sound_of(one)
    if len(sound) > 1 and sound == sound_of(other) and nearness >= 0.6:
        return Alike.SOUND
    return Alike.ROUGHLY if nearness >= 0.86 and short > 3 else Alike.NOT


def _best(words: Iterable[str], others: Iterable[str]) -> Alike:
    """The best of all pairs. A second first name may be left out, a double surname halved."""
    others = tuple(others)
    return max((alike(one, other) for one in words for other in others), default=Alike.NOT)


@dataclass(frozen=True)
class Described:
    """One record, ready to be compared with many."""

    given: tuple[str, ...]  # first names and what they like to be called
    family: tuple[str, ...]
    former: tuple[tuple[str, ...], ...]
    born: date | None
    postcode: str
    phone: str
    email: str

    @classmethod
    def of(cls, typed: Typed) -> Described:
        return cls(
            given=tuple(dict.fromkeys((*typed.given, *typed.known_as))),
            family=typed.family,
            former=typed.former,
            born=typed.born.whole,
            postcode=typed.postcode,
            phone=typed.phone,
            email=typed.email,
        )


def _given_part(words: tuple[str, ...], record: Described) -> Part | None:
    if not words or not record.given:
        return None
    level = max(_best(words, record.given), _joined_alike(words, record.given))
    return Part("given", _GIVEN[level], _GIVEN_WORDS[level])


def _joined_alike(words: tuple[str, ...], others: tuple[str, ...]) -> Alike:
    """ "Mary Ann" and "Maryann"."""
    if max(len(words), len(others)) < 2:
        return Alike.NOT
    level = alike("".join(words), "".join(others))
    return level if level >= Alike.NEARLY else Alike.NOT


def _family_part(words: tuple[str, ...], record: Described, mine: Typed) -> Part | None:
    if not words or not (record.family or record.former):
        return None
    level = _family_alike(words, record.family)
    part = Part("family", _FAMILY[level], _FAMILY_WORDS[level])
    if level is Alike.SAME and len(words) != len(record.family):
        part = Part("family", 5.0, _("part of the last name is the same"))
    others = [_family_alike(words, name) for name in record.former]
    others += [_family_alike(name, record.family) for name in mine.former if record.family]
    others += [_family_alike(n, name) for n in mine.former for name in record.former]
    best = max(others, default=Alike.NOT)
    if best > level and best >= Alike.ROUGHLY:
        return Part("family", max(_FAMILY[best] - 1.0, part.weight), _("an earlier or other name"))
    return part


def _family_alike(words: tuple[str, ...], others: tuple[str, ...]) -> Alike:
    level = max(_best(words, others), _joined_alike(words, others))
    # A pet name among last names is a spelling at most: Jack and John are two families.
    return Alike.NOT if level is Alike.PET_NAME else level


def _name_parts(typed: Typed, record: Described) -> list[Part]:
    """The best reading of the words that nobody said which name they are, swapped ones included."""
    readings: list[tuple[tuple[str, ...], tuple[str, ...], bool]] = []
    given = (*typed.given, *typed.known_as)
    if typed.words and not (typed.given or typed.family):
        words = typed.words
        if len(words) == 1:
            readings = [(words, (), False), ((), words, False)]
        else:
            for at in range(1, len(words)):
                readings += [(words[:at], words[at:], False), (words[at:], words[:at], False)]
    else:
        # The one box beside the others: what belongs to neither may be either.
        readings = [
            ((*given, *(() if given else typed.words)), typed.family or typed.words, False)
            if not (given and typed.family)
            else (given, typed.family, False)
        ]
        if given and typed.family:
            readings.append((typed.family, typed.given or given, True))
    best: list[Part] = []
    for first, last, swapped in readings:
        parts = [
            part
            for part in (_given_part(first, record), _family_part(last, record, typed))
            if part is not None
        ]
        if swapped:
            if len(parts) < 2 or min(part.weight for part in parts) < 3.5:
                continue
            parts = [
                Part("name", sum(p.weight for p in parts) - 1, _("first and last name swapped"))
            ]
        if not best or sum(p.weight for p in parts) > sum(p.weight for p in best):
            best = parts
    return best


def _born_part(born: Born, record: Described) -> Part | None:
    if not born or record.born is None:
        return None
    other, whole = record.born, born.whole
    if whole is None:
        if born.year != other.year:
            near = abs((born.year or 0) - other.year) == 1 and born.month in (None, other.month)
            return Part(
                "born",
                0.5 if near else -4.0,
                _("born about then") if near else _("born in another year"),
            )
        if born.month and born.month != other.month:
            return Part("born", 1.0, _("born in the same year"))
        words = _("born in the same month") if born.month else _("born in the same year")
        return Part("born", 5.0 if born.month else 3.0, words)
    if whole == other:
        return Part("born", 10.0, _("same date of birth"))
    if born.swapped == other:
        return Part("born", 8.0, _("day and month of birth swapped"))
    figures, others = f"{whole:%d%m%Y}", f"{other:%d%m%Y}"
    if OSA.distance(figures, others, score_cutoff=1) <= 1:
        return Part("born", 5.5, _("date of birth differs by one figure"))
    same = [whole.day == other.day, whole.month == other.month, whole.year == other.year]
    if sum(same) == 2:
        # The first of January, or of the month, is what people write who do not know the day.
        if same[2] and 1 in (whole.day, other.day):
            return Part("born", 4.0, _("born in the same year"))
        if not same[2] and abs(whole.year - other.year) <= 2:
            return Part("born", 3.0, _("same birthday, a year or two apart"))
        return Part("born", -2.0, _("date of birth differs in one part"))
    return Part("born", -9.0, _("another date of birth"))


def _postcode_part(code: str, record: Described) -> Part | None:
    if not code or not record.postcode:
        return None
    other = record.postcode
    if code == other:
        return Part("postcode", 6.0, _("same postcode"))
    if other.startswith(code):  # half a postcode or a sector was typed
        return Part("postcode", 1.5 if " " not in code else 2.5, _("postcode begins so"))
    if len(code) == len(other) and len(code) > 5 and OSA.distance(code, other) == 1:
        return Part("postcode", 4.0, _("postcode differs by one letter or figure"))
    if code[:-2] == other[:-2] and " " in code[:-2]:
        return Part("postcode", 2.0, _("postcode close by"))
    return Part("postcode", -1.0, _("another postcode"))


def score(typed: Typed, record: Described) -> Score:
    """Compare what was typed (or one record) with another record."""
    parts = _name_parts(typed, record)
    for part in (_born_part(typed.born, record), _postcode_part(typed.postcode, record)):
        if part is not None:
            parts.append(part)
    if typed.phone and record.phone and typed.phone == record.phone:
        parts.append(Part("phone", 6.0, _("same phone number")))
    if typed.email and record.email and typed.email == record.email:
        parts.append(Part("email", 8.0, _("same e-mail address")))
    weight = sum(part.weight for part in parts)
    by_kind = {part.kind: part.weight for part in parts}
    other_first_name = by_kind.get("given", 0) <= _GIVEN[Alike.NOT]
    if other_first_name:
        # Twins, spouses, a brother and sister: whatever else is the same says nothing more.
        weight = min(weight, STRONG - 4)
    if by_kind.get("born", 0) <= -2.0 and not _has_own_contact(by_kind):
        # A father and a son of one name at one address.
        weight = min(weight, STRONG - 2)
    return Score(round(weight, 1), tuple(parts))


def _has_own_contact(by_kind: dict[str, float]) -> bool:
    return by_kind.get("email", 0) > 0 and by_kind.get("given", 0) > 0
