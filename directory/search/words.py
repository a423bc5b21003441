"""Text made ready for searching: the same folding for what is kept and for what somebody types.

PostgreSQL does the stemming. Accents and apostrophes are folded here, because the embedded server
has no ``unaccent``: "Tŷ Gŵyr" is found by "ty gwyr", "Alzheimer's" by "Alzheimers".
"""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a letter and an accent.
_WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = "'’‘ʼ`´′"
_WEB_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+")
_NO_BLANKS = re.compile(r"\S+")
_TAGS = re.compile(r"<[^<>]{0,200}>")
# can't, won't, haven't: PostgreSQL leaves these out too, but only with the apostrophe in place.
_NOT = re.compile(rf"\b\w+n[{_APOSTROPHES}]t\b")
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}]")
_INITIALS = re.compile(r"\b(\w)&(\w)\b")  # A&E
_E_MAIL = re.compile(r"\be-(?=\w)")
_NOT_A_WORD = re.compile(r"[\W_]+")

LONGEST_QUERY = 200
LONGEST_WORD = 60
MOST_WORDS = 20


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What people write without the apostrophe, and stop words in all but PostgreSQL's list.
SILENT = _words(
    "cant cannot dont doesnt didnt wont wouldnt couldnt shouldnt isnt arent wasnt hasnt havent "
    "im ive id ill youre theyre hes shes its thats whats theres"
)
# Words of asking rather than of what is asked for: they count for rank, but nothing has to hold
# them, unless there is no other word.
FAINT = _words(
    "need needs needed needing want wants wanted wanting help helps helping get gets getting find "
    "finding look looking please someone somebody anyone anybody something anything people person "
    "know like would could can able go going service services support scheme near nearby nearest "
    "local locally around area good best free really keep keeps kept make makes old elderly new "
    "ask asking use using give giving take taking have has having feel feeling feels much many lot lots "
    "way ways thing things mum mums mam dad mother father husband wife"
)


def fold(text: str) -> str:
    """``text`` in lower case without accents, apostrophes, addresses or punctuation.

    What is left are words with single blanks between them, so nothing in it means anything to
    PostgreSQL's query parser.
    """
    text = _TAGS.sub(" ", text)
    if "@" in text:
        text = _NO_BLANKS.sub(_without_e_mail, text)
    text = _WEB_ADDRESSES.sub(" ", text)
    return _fold_letters(text)


def _without_e_mail(found: re.Match[str]) -> str:
    """Nothing for what looks like ``somebody@example.org``. By hand, because a pattern that tries every
    "@" with every dot after it takes hours over a text of nothing but "@"."""
    word = found[0]
    at = word.find("@", 1)
    return " " if at > 0 and word.rfind(".", at + 2, len(word) - 1) >= 0 else word


def _fold_letters(text: str) -> str:
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(c for c in text if not unicodedata.combining(c)).translate(_WHOLE_LETTERS)
    text = _NOT.sub(" ", text)
    text = _APOSTROPHE.sub("", text)
    text = _INITIALS.sub(r"\1\2", text)
    text = _E_MAIL.sub("e", text)
    return _NOT_A_WORD.sub(" ", text).strip()


def clean(text: str) -> str:
    """What somebody typed, as it is shown back to them: one line, no control characters, cut."""
    # Cut first: a query of ten million characters must not cost anything.
    text = text[: LONGEST_QUERY * 4]
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(text.split())[:LONGEST_QUERY].strip()


def words_of(text: str) -> list[str]:
    """The folded words of ``text`` in order, without the silent ones."""
    return [word[:LONGEST_WORD] for word in fold(text).split() if word not in SILENT]


def indexable(text: str) -> str:
    """``text`` folded for the index: as :func:`words_of`, joined."""
    return " ".join(words_of(text))
