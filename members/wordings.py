"""The words in which people are asked to agree, each version for good.

A consent names the version that was read out or shown, so that it can be told years later what was
agreed to. To change the words add a version; a test holds every text to its fingerprint.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Wording:
    """One version of what a person is asked."""

    purpose: str
    version: int
    since: date
    text: str

    @property
    def code(self) -> str:
        return f"{self.purpose}:{self.version}"

    def read_out(self, *, organisation: str, categories: Sequence[str] = ()) -> str:
        """The sentence with the receiver and the details named in it, as it is said aloud.

        A version without places to fill is read as it stands.
        """
        named = "; ".join(one[:1].lower() + one[1:] for one in categories)
        return self.text.format(organisation=organisation, categories=named)


# The kinds of detail as the person themselves would say them: the words are read out in their voice.
SPOKEN: dict[str, str] = {
    "name": "my name",
    "address": "my address",
    "contact": "my phone number and e-mail address",
    "age": "my age or date of birth",
    "formats": "how I need information",
    "safety": "what to know before contacting me",
    "needs": "what I need help with",
    "circle": "who lives with me and who cares for me",
    "emergency": "whom to ring in an emergency",
    "earlier": "what help I have had before",
}


# And as they read of them on their own page: "what we told them about you".
TOLD: dict[str, str] = {
    "name": "your name",
    "address": "your address",
    "contact": "your phone number and e-mail address",
    "age": "your age or date of birth",
    "formats": "how you need information",
    "safety": "what to know before contacting you",
    "needs": "what you need help with",
    "circle": "who lives with you and who cares for you",
    "emergency": "whom to ring in an emergency",
    "earlier": "what help you have had before",
}


def told(categories: Collection[str]) -> list[str]:
    """The kinds of detail as the network says them to the person, in the order of the forms."""
    return [words for category, words in TOLD.items() if category in categories]


def spoken(categories: Collection[str]) -> list[str]:
    """The kinds of detail in the person's own voice, in the order of the forms."""
    return [words for category, words in SPOKEN.items() if category in categories]


_ALL = (
    Wording(
        purpose="post",
        version=1,
        since=date(2026, 11, 1),
        text=(
            "You may keep my name and address until the sheets have been posted and have arrived. "
            "After that you delete them."
        ),
    ),
    Wording(
        purpose="remember",
        version=1,
        since=date(2026, 11, 1),
        text=(
            "You may keep my name, how to reach me and how I need information, so that I need not "
            "say it again the next time. Only this access point sees it. I can change my mind at any "
            "time, and you then delete it."
        ),
    ),
    Wording(
        purpose="contact",
        version=1,
        since=date(2026, 11, 1),
        text="You may contact me to ask whether I got the help that I was looking for.",
    ),
    Wording(
        purpose="share",
        version=1,
        since=date(2026, 11, 1),
        text=(
            "You may tell the organisation that was named to me what it needs to know in order to "
            "help me. It is told nothing else."
        ),
    ),
    Wording(
        purpose="contact",
        version=2,
        since=date(2026, 11, 22),
        text=(
            "{organisation} may contact me, in the way that I chose, to ask whether I got the help "
            "that I was looking for: about two weeks and about three months afterwards. I need not "
            "answer, and I can change my mind at any time."
        ),
    ),
    Wording(
        purpose="share",
        version=2,
        since=date(2026, 11, 22),
        text=(
            "You may tell {organisation} the following about me: {categories}. It may use this only "
            "in order to help me, and it may tell you what came of it. It is told nothing else. I can "
            "change my mind at any time; you then tell {organisation}."
        ),
    ),
    Wording(
        purpose="remember",
        version=2,
        since=date(2026, 11, 22),
        text=(
            "You may keep my name, how to reach me and how I need information, so that I need not "
            "say it again the next time. Other access points of the network that have promised in "
            "writing to keep it safe can see that somebody with my initials is known here. They may "
            "open my record only by giving a reason, and I can ask who did and why. I can change my "
            "mind at any time, and you then delete it."
        ),
    ),
)
# Whoever agreed in these words was told that no other access point sees anything of them.
SEEN_HERE_ONLY = ("remember:1",)
WORDINGS: dict[str, Wording] = {wording.code: wording for wording in _ALL}


def current_wording(purpose: str) -> Wording:
    """The newest version for a purpose. Raises ``LookupError`` when there is none."""
    found = [wording for wording in _ALL if wording.purpose == purpose]
    if not found:
        raise LookupError(f"No words ask for {purpose!r}: add them to members/wordings.py.")
    return max(found, key=lambda wording: wording.version)
