"""Words for paper: what must stay on one line, and what has no place there.

UKAAF asks that a single piece of information (a phone number, a postcode, a time) is never split over
two lines, and a printed web address helps nobody who reads on paper.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.text import slugify
from django.utils.translation import gettext as _

from dcsn.printing import fonts
from dcsn.printing.sizes import PrintSize

NBSP = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"
# UK numbers as people write them: 01632 960 123, 020 7946 0000, 0808 157 0000, +44 1632 960123.
_PHONE = r"(?:\+44|\(?0\d{2,4}\)?)(?:[ -]\(?\d{2,6}\)?){1,4}"
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
_AT = r"(?:\d{1,2}(?:[.:]\d{2})? ?(?:am|pm)\b|(?:12 )?(?:noon|midnight)\b|\d{1,2} o[’']clock\b)"
_CLOCK = rf"\b{_AT}(?: to {_AT})?"
_DAY_OF_MONTH = (
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\b"
)
_MONEY = r"£\d[\d,]*(?:\.\d{2})?(?: (?:a|an|per|each) ?\w*)?"
_PAGE = r"\b[Pp]ages? \d+\b"
_TOGETHER = re.compile("|".join([_PHONE, _POSTCODE, _CLOCK, _DAY_OF_MONTH, _MONEY, _PAGE]))
# Each repetition has a bound (the longest label of a host is 63 letters, RFC 1035), and what stands before
# the "@" holds none: so a text made to be slow is not.
_WEB = re.compile(
    r"""(?ix) \b(?:https?://|www\.)[^\s<>()"']+[^\s<>()"'.,;:!?]
        | \b(?:[a-z0-9-]{1,63}\.){1,8}(?:org\.uk|co\.uk|gov\.uk|ac\.uk|nhs\.uk|com|org|net|info)\b
          (?:/[^\s<>()"']*)?(?<![.,;:!?])
    """
)
_EMAIL = re.compile(r"[^\s<>()@]{1,64}@[^\s<>()@]{1,255}\.[a-z]{2,}", re.IGNORECASE)


def keep_together(text: str) -> str:
    """``text`` with no-break spaces inside phone numbers, postcodes, times, dates and prices.

    >>> keep_together("Ring 01632 960 123 at 10 am").count(NBSP)
    3
    """
    return _TOGETHER.sub(lambda m: _unbreakable(m[0]), drawable(text))


def drawable(text: str) -> str:
    """``text`` without what paper cannot show or must not obey.

    Letters and accents are joined into one character each, where there is one. Control and formatting
    characters go (a soft hyphen would hyphenate, a direction override turn a line round), and signs that
    our typeface has not, such as emoji. Letters of other scripts stay: the system's fonts draw them.
    """
    if text.isascii() and text.isprintable():
        return text
    known = fonts.characters()
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character == "\n"
        or character in known
        or unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs", "So"}
    )


def _unbreakable(text: str) -> str:
    return text.replace(" ", NBSP).replace("-", NO_BREAK_HYPHEN)


def one_piece(text: str) -> str:
    """All of ``text`` kept on one line: for a value that is a single piece, like a phone number."""
    return _unbreakable(" ".join(drawable(text).split()))


def without_web_addresses(text: str) -> str:
    """Web addresses said in words; e-mail addresses stay, because a letter can quote them."""
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    text = _EMAIL.sub(hide, text.replace("\x00", ""))
    text = _WEB.sub(_("the website"), text)
    return re.sub("\x00(\\d+)\x00", lambda m: kept[int(m[1])], text)


def shorten(text: str, words: int = 60) -> str:
    """The first whole sentences of about ``words`` words; a single endless sentence ends in "…"."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    taken: list[str] = []
    count = 0
    for sentence in sentences:
        length = len(sentence.split())
        if taken and count + length > words:
            break
        taken.append(sentence)
        count += length
    if count > words * 1.5:
        return " ".join(" ".join(taken).split()[:words]).rstrip(" ,;:") + " …"
    return " ".join(taken)


# Letters that Unicode does not take apart, and the one an English reader looks under.
_LOOK_UNDER = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"})


def alphabetical(name: str) -> str:
    """A key that puts "Éire" before "Zebra" and "Łódź" beside "Lodge"."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return plain.translate(_LOOK_UNDER).lstrip("'‘’\"“”([{-–. ")


def index_letter(sort_key: str) -> str:
    """The letter under which a name stands in an A to Z list: "É" under E, figures under "0–9"."""
    first = alphabetical(sort_key)[:1]
    return first.upper() if first.isalpha() else "0–9"


def file_name(what: str, *, size: PrintSize, on: date) -> str:
    """A file's name that says what and when: ``nail-cutting-large-print-2026-11-22.pdf``."""
    return f"{slugify(what)[:60].strip('-') or 'document'}-{size.slug}-{on.isoformat()}.pdf"
