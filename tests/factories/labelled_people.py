"""Made-up people of whom it is known which records are the same person: to measure finding against.

``labelled(random.Random(7), 1_000)`` gives a thousand people and the further records of some of
them, each with what goes wrong at a desk: misspelt, heard wrong, first and last name swapped, day and
month swapped, one figure of the date wrong, married, called Peggy, something not asked for. Beside them
stand those that must not be taken for them: twins, spouses, a father and a son of one name, neighbours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from members.finding.pet_names import REGISTERED_AS


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _names(
    """
    Margaret Mary Joan Dorothy Jean Patricia Barbara Sheila Doreen Audrey Elizabeth Kathleen
    Joyce Irene Edna Brenda Maureen Sylvia June Eileen Ann Pamela Shirley Beryl Valerie Marjorie
    Betty Susan Linda Christine Carol Sandra Jacqueline Janet Julie Deborah Tracey Sharon Karen
    Alison Jennifer Catherine Helen Victoria Rebecca Rachel Sarah Emma Claire Nicola Laura
    Charlotte Hannah Sophie Emily Florence Winifred Hilda Gladys Ethel Olive Ivy Agnes Katarzyna
    Fatima
    """
)
MEN = _names(
    """
    John William George Ronald Kenneth James Thomas Robert Peter Dennis Derek Alan Raymond Eric
    Arthur Albert Harold Frederick Leslie Ernest Stanley Norman Gordon Brian Michael David
    Anthony Roy Donald Geoffrey Terence Colin Malcolm Keith Trevor Barry Graham Stephen Paul
    Mark Andrew Richard Christopher Ian Simon Martin Philip Matthew Daniel Joseph Edward Henry
    Walter Herbert Alfred Charles Sidney Reginald Wilfred Samuel Jack Mohammed Piotr
    """
)
COMMON = _names(
    """
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans
    Walker White Roberts Green Hall Wood Jackson Clarke Harrison Scott Watson Bell Hughes
    Richardson Simpson Marshall Robson Dixon Hodgson Pearson Stephenson Hunter Atkinson Graham
    Young Reed Armstrong Elliott Shepherd Lowe O'Neill McDonald Khan Hussain Kowalski Phillips
    Sheppard Pearce
    """
)
FRONT = _names(
    """
    Ash Bent Brack Cald Dar East Fair Hart Kirk Lang Mar North Oak Pick Raven Stan Thorn Under
    Wal West Winter Hazel Birk Crow Dal Elm Fen Gar Hol Inger Keld Lind Moor Nether Os Pen Rush
    Shad
    """
)
BACK = _names(
    """
    ley ton worth field by wick ham ridge stone wood brook gate shaw bridge holme thwaite dale
    man er son
    """
)
STREETS = ("Example Terrace", "Sample Road", "Pattern Street", "Model Lane")
SECTORS = ("DL1 1", "DL1 2", "DL1 3", "DL1 4", "DL1 5", "DL2 1", "DL2 2", "DL3 0", "DL3 6", "DL3 7",
           "DL3 8", "DL3 9", "DL5 4", "DL5 7", "TS21 1")  # fmt: skip
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
MISHEARD = (("ph", "f"), ("th", "t"), ("ck", "k"), ("ll", "l"), ("ee", "ea"), ("y", "i"), ("tt", "t"),
            ("gh", ""), ("ss", "s"), ("w", "wh"), ("oo", "u"), ("ei", "ie"), ("c", "k"), ("er", "a"),
            ("z", "s"), ("ie", "y"), ("mm", "m"), ("nn", "n"))  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One record. Two of the same ``person`` are duplicates; ``why`` says what was done to it."""

    person: int
    given_name: str
    family_name: str
    date_of_birth: date | None
    postcode: str
    woman: bool
    former: str = ""
    why: tuple[str, ...] = field(default=())

    @property
    def facts(self) -> dict[str, object]:
        """As ``add_person`` takes them."""
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "date_of_birth": self.date_of_birth,
            "postcode": self.postcode,
        }


def labelled(
    chance: random.Random, people: int, *, twice: float = 0.25, relatives: float = 0.2
) -> list[Record]:
    """Records of ``people`` people: some have a second or third, some a hard negative beside them."""
    records: list[Record] = []
    number = 0
    while number < people:
        one = _person(chance, number)
        number += 1
        records.append(_as_known(chance, one))
        if chance.random() < twice:
            records += [_again(chance, one) for _time in range(1 if chance.random() < 0.85 else 2)]
        if chance.random() < relatives:
            records.append(_hard_negative(chance, one, number))
            number += 1
    return records


def _surname(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return chance.choice(COMMON)
    return chance.choice(FRONT) + chance.choice(BACK)


def _postcode(chance: random.Random, sector: str | None = None) -> str:
    letters = chance.choice(UNIT_LETTERS) + chance.choice(UNIT_LETTERS)
    return f"{sector or chance.choice(SECTORS)}{letters}"


def _person(chance: random.Random, number: int) -> Record:
    woman = chance.random() < 0.58
    born = date(1926, 1, 1) + timedelta(days=int(chance.betavariate(2, 3) * 29_500))
    return Record(
        person=number,
        given_name=chance.choice(WOMEN if woman else MEN),
        family_name=_surname(chance),
        date_of_birth=born,
        postcode=_postcode(chance),
        woman=woman,
    )


def _as_known(chance: random.Random, one: Record) -> Record:
    """What a desk has of them: not always everything."""
    if chance.random() < 0.08:
        one = replace(one, date_of_birth=None)
    if chance.random() < 0.08:
        one = replace(one, postcode="")
    return one


# --- The same person once more -----------------------------------------------------------------------


def _again(chance: random.Random, one: Record) -> Record:
    ways = [_misspell_family, _misspell_given, _mishear_family, _pet_name, _swap_names, _swap_day,
            _wrong_figure, _moved, _no_birth, _no_postcode, _marry, _initial, _double]  # fmt: skip
    weights = [14, 12, 10, 14, 5, 6, 6, 10, 5, 6, 8, 3, 3]
    wrong = chance.choices((0, 1, 2), (0.1, 0.55, 0.35))[0]
    chosen: set[int] = set()
    while len(chosen) < wrong:
        chosen.add(chance.choices(range(len(ways)), weights)[0])
    found = one
    for at in sorted(chosen):
        found = ways[at](chance, found)
    return found


def _said(record: Record, why: str, **changes: object) -> Record:
    return replace(record, why=(*record.why, why), **changes)  # type: ignore[arg-type]


def _typo(chance: random.Random, word: str) -> str:
    letters = "abcdefghijklmnoprstuvwy"
    at = chance.randrange(1, max(2, len(word)))
    match chance.randrange(4):
        case 0:
            made = word[:at] + chance.choice(letters) + word[at + 1 :]
        case 1:
            made = word[:at] + word[at + 1 :]
        case 2:
            made = word[:at] + chance.choice(letters) + word[at:]
        case _:
            made = word[: at - 1] + word[at : at + 1] + word[at - 1] + word[at + 1 :]
    return made.capitalize() if len(made) > 1 else word


def _misspell_family(chance: random.Random, record: Record) -> Record:
    made = _typo(chance, record.family_name)
    return _said(record, "last name misspelt", family_name=made)


def _misspell_given(chance: random.Random, record: Record) -> Record:
    return _said(record, "first name misspelt", given_name=_typo(chance, record.given_name))


def _mishear_family(chance: random.Random, record: Record) -> Record:
    name = record.family_name.lower()
    possible = [(this, that) for this, that in MISHEARD if this in name[1:]]
    if not possible:
        return _misspell_family(chance, record)
    this, that = chance.choice(possible)
    made = name[0] + name[1:].replace(this, that, 1)
    return _said(record, "last name misheard", family_name=made.capitalize())


def _pet_name(chance: random.Random, record: Record) -> Record:
    name = record.given_name.lower()
    names = sorted(n for n, formals in REGISTERED_AS.items() if name in formals and n != name)
    if not names:
        return _misspell_given(chance, record)
    return _said(record, "pet name", given_name=chance.choice(names).capitalize())


def _swap_names(chance: random.Random, record: Record) -> Record:
    return _said(
        record, "names swapped", given_name=record.family_name, family_name=record.given_name
    )


def _swap_day(chance: random.Random, record: Record) -> Record:
    day = record.date_of_birth
    if day is None or day.day > 12:
        return _wrong_figure(chance, record)
    return _said(
        record, "day and month swapped", date_of_birth=day.replace(day=day.month, month=day.day)
    )


def _wrong_figure(chance: random.Random, record: Record) -> Record:
    day = record.date_of_birth
    if day is None:
        return record
    for _try in range(20):
        figures = list(f"{day:%d%m%Y}")
        at = chance.choice((0, 1, 3, 6, 7))
        figures[at] = str(chance.randrange(10))
        text = "".join(figures)
        try:
            made = date(int(text[4:]), int(text[2:4]), int(text[:2]))
        except ValueError:
            continue
        if made != day and made.year <= 2008:
            return _said(record, "a figure of the date wrong", date_of_birth=made)
    return record


def _moved(chance: random.Random, record: Record) -> Record:
    return _said(record, "moved", postcode=_postcode(chance))


def _no_birth(chance: random.Random, record: Record) -> Record:
    return _said(record, "no date of birth", date_of_birth=None)


def _no_postcode(chance: random.Random, record: Record) -> Record:
    return _said(record, "no postcode", postcode="")


def _marry(chance: random.Random, record: Record) -> Record:
    """Half of those who changed their name said so."""
    if not record.woman:
        return _misspell_family(chance, record)
    former = record.family_name if chance.random() < 0.5 else ""
    why = "married, earlier name known" if former else "married"
    return _said(record, why, family_name=_surname(chance), former=former)


def _initial(chance: random.Random, record: Record) -> Record:
    return _said(record, "only an initial", given_name=record.given_name[0])


def _double(chance: random.Random, record: Record) -> Record:
    return _said(record, "double last name", family_name=f"{record.family_name}-{_surname(chance)}")


# --- Others who are near ------------------------------------------------------------------------------


def _hard_negative(chance: random.Random, one: Record, number: int) -> Record:
    """Somebody else, who has much in common with ``one``."""
    names = WOMEN if one.woman else MEN
    other_names = [name for name in names if name[0] != one.given_name[0]]
    born = one.date_of_birth or date(1950, 1, 1)
    far = born + timedelta(days=chance.choice((-1, 1)) * chance.randrange(500, 12_000))
    match chance.randrange(5):
        case 0:
            made = replace(one, given_name=chance.choice(other_names), why=("a twin",))
        case 1:
            made = replace(
                one,
                given_name=chance.choice(MEN if one.woman else WOMEN),
                date_of_birth=born + timedelta(days=chance.randrange(-2_500, 2_500)),
                woman=not one.woman,
                why=("a spouse",),
            )
        case 2:
            years = chance.randrange(20, 38)
            made = replace(
                one,
                date_of_birth=born + timedelta(days=365 * years + chance.randrange(300)),
                why=("a child of the same name",),
            )
        case 3:
            sector = one.postcode[:-2] or None
            made = replace(
                one,
                date_of_birth=far,
                postcode=_postcode(chance, sector),
                why=("a neighbour of the same name",),
            )
        case _:
            made = replace(
                one,
                family_name=_surname(chance),
                given_name=chance.choice(other_names),
                why=("born on the same day, next door",),
            )
    return replace(made, person=number, former="")


def pairs(records: list[Record]) -> Iterator[tuple[int, int]]:
    """The places in the list of every two records of one person."""
    by_person: dict[int, list[int]] = {}
    for at, record in enumerate(records):
        by_person.setdefault(record.person, []).append(at)
    for places in by_person.values():
        for index, first in enumerate(places):
            for second in places[index + 1 :]:
                yield first, second
