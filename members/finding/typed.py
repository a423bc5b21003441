"""What somebody typed in order to find a person, taken apart: names, date of birth, postcode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dcsn.forms import normalise_postcode
from directory.search.words import clean
from members.finding.names import words_of_name

if TYPE_CHECKING:
    from members.models import Person

EARLIEST_YEAR = 1900
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_ALSO_NAMES = frozenset({"april", "may", "june", "august", "jan", "mar"})
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_MONTH_WORDS = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|sept"
_WITH_WORD = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})[\s./-]*)?(?:of\s+)?(?P<month>{_MONTH_WORDS})\b\.?[\s,./-]*"
    r"(?P<year>\d{4}|\d{2})\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b")
_BRITISH = re.compile(
    r"\b(?P<day>\d{1,2})(?:\s*[-/.]\s*|\s+)(?P<month>\d{1,2})(?:\s*[-/.]\s*|\s+)(?P<year>\d{4}|\d{2})\b"
)
_EIGHT = re.compile(r"\b(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?P<year>(?:19|20)\d\d)\b")
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.IGNORECASE)
_SECTOR = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s+(\d)(?![\w])", re.IGNORECASE)
_OUTWARD = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Born:
    """A date of birth, or as much of one as is known. ``swapped`` is the day that the same figures
    mean to whoever writes the month first."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> date | None:
        if self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        return None

    @property
    def swapped(self) -> date | None:
        if self.year and self.month and self.day and self.day <= 12 and self.day != self.month:
            return date(self.year, self.day, self.month)
        return None

    def __bool__(self) -> bool:
        return self.year is not None


class NotADate(ValueError):
    """Figures that look like a date of birth and cannot be one."""


@dataclass(frozen=True)
class Typed:
    """All of it may be empty. ``words`` are of names that nobody said which name they are.

    ``former`` are further family names, and ``phone``/``email`` further evidence, where two records
    are compared or a new one is about to be made; staff do not search by them.
    """

    words: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    former: tuple[tuple[str, ...], ...] = ()
    born: Born = Born()
    postcode: str = ""
    phone: str = ""
    email: str = ""
    unread: tuple[str, ...] = ()
    # What is left of the one box when date and postcode are taken out, as it was written.
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.all_words or self.born or self.postcode or self.phone or self.email)

    @property
    def all_words(self) -> tuple[str, ...]:
        """Every word of every name, once, in order."""
        words = (*self.words, *self.given, *self.known_as, *self.family)
        for name in self.former:
            words += name
        return tuple(dict.fromkeys(words))

    @property
    def given_and_family(self) -> tuple[str, str]:
        """A guess at which is which, to fill in a form that staff then put right."""
        last, comma, first = self.text.partition(",")
        if not comma:
            first, _blank, last = self.text.partition(" ")
        tidy = [name.strip() for name in (first, last)]
        given, family = (name.title() if name.islower() else name for name in tidy)
        return given, family

    @classmethod
    def from_text(
        cls,
        text: str = "",
        *,
        given: str = "",
        family: str = "",
        born: str = "",
        postcode: str = "",
    ) -> Typed:
        """Read the one box, in any order, and the separate ones.

        In the one box what cannot be read as a date or postcode is part of a name; a date that cannot
        be (31 2 1940) is said in ``unread``. Raises :class:`NotADate` for the box of its own.
        """
        rest = clean(text)
        found, rest, unread = _take_born(rest)
        code, rest = _take_postcode(rest)
        # Figures that are neither belong to no name.
        words = tuple(w for w in words_of_name(rest) if not w.isdigit())
        if born.strip():
            found = read_born(born)
        return cls(
            words=words,
            given=words_of_name(clean(given)),
            family=words_of_name(clean(family)),
            born=found,
            postcode=read_postcode(postcode) if postcode.strip() else code,
            unread=unread,
            text=" ".join(rest.split()),
        )

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any], *, former: str = "") -> Typed:
        """What a form holds that is about to become a person: the names of ``Person``'s fields.

        ``former`` is a last name that they had earlier."""
        day = facts.get("date_of_birth")
        return cls(
            given=words_of_name(facts.get("given_name") or ""),
            family=words_of_name(facts.get("family_name") or ""),
            known_as=words_of_name(facts.get("known_as") or ""),
            former=(words_of_name(former),) if former else (),
            born=Born(day.year, day.month, day.day) if day else Born(),
            postcode=facts.get("postcode") or "",
            phone=figures_of(facts.get("phone") or ""),
            email=(facts.get("email") or "").strip().casefold(),
        )

    @classmethod
    def of_person(cls, person: Person, others: OtherNames | None = None) -> Typed:
        """What a record says, in order to find others like it."""
        typed = cls.of_facts({name: getattr(person, name) for name in _FACTS})
        if others is None:
            return typed
        given = (word for name in others.given for word in words_of_name(name))
        return replace(
            typed,
            known_as=tuple(dict.fromkeys((*typed.known_as, *given))),
            former=tuple(words for name in others.family if (words := words_of_name(name))),
        )


@dataclass
class OtherNames:
    """What else somebody is or was called, in the words of the records."""

    given: list[str] = field(default_factory=list)
    family: list[str] = field(default_factory=list)

    def add(self, given: str, family: str, known_as: str = "") -> None:
        self.given += [name for name in (given, known_as) if name]
        self.family += [family] if family else []


_FACTS = ("given_name", "family_name", "known_as", "date_of_birth", "postcode", "phone", "email")


def figures_of(phone: str) -> str:
    """A phone number as it is compared: its figures, with 0 for +44."""
    figures = "".join(c for c in phone if c.isascii() and c.isdigit())
    if figures.startswith("44") and len(figures) > 10:
        figures = "0" + figures[2:].removeprefix("0")
    return figures


def read_born(text: str) -> Born:
    """The box of its own: a whole date, a month and year, or a year. Raises :class:`NotADate`."""
    found, rest, unread = _take_born(clean(text))
    if unread or not found or rest.strip(" .,/-"):
        raise NotADate(text)
    return found


def read_postcode(text: str) -> str:
    """A postcode, its sector ("DL3 7") or its first half; "" for anything else."""
    code, rest = _take_postcode(clean(text))
    return "" if rest.strip() else code


def _take_born(text: str) -> tuple[Born, str, tuple[str, ...]]:
    """The first thing that reads as a date, the text without it, and what looked like one and is none."""
    text = _ORDINAL.sub(r"\1", text)
    for pattern in (_ISO, _WITH_WORD, _BRITISH, _EIGHT, _YEAR):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            word = parts.get("month")
            month = _month(word) if word else None
            if month and not parts.get("day") and word and word.casefold() in _ALSO_NAMES:
                continue  # June, born in 1941; the year is found below
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            try:
                day = int(parts["day"]) if parts.get("day") else None
                if word and month is None:
                    if not 1 <= (day or 0) <= 12:
                        raise NotADate(match[0])
                    month, day = day, int(word)  # 3/27/1940: the month first
                found = Born(year=_year(parts["year"]), month=month, day=day)
                if (found.whole or date(found.year or 0, month or 1, 1)) > timezone.localdate():
                    raise NotADate(match[0])
            except ValueError:
                return Born(), rest, (match[0].strip(),)
            return found, rest, ()
    return Born(), text, ()


def _year(figures: str) -> int:
    """Two figures are a year that has been: 41 is 1941, 09 is 2009."""
    year = int(figures)
    if len(figures) == 2:
        this = timezone.localdate().year
        year += 2000 if 2000 + year <= this else 1900
    if year < EARLIEST_YEAR:
        raise NotADate(figures)
    return year


def _month(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else None
    plain = word.casefold()
    for number, name in enumerate(_MONTHS, 1):
        if name.startswith(plain) or (plain == "sept" and number == 9):
            return number
    return None


def _take_postcode(text: str) -> tuple[str, str]:
    for match in _POSTCODE.finditer(text):
        if code := normalise_postcode(f"{match[1]} {match[2]}"):
            return code, f"{text[: match.start()]} {text[match.end() :]}"
    for pattern in (_SECTOR, _OUTWARD):
        if part := pattern.search(text):
            rest = f"{text[: part.start()]} {text[part.end() :]}"
            return " ".join(part.groups()).upper(), rest
    return "", text
