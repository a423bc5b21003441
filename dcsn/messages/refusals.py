"""How sending can go wrong, by what is known afterwards."""

from __future__ import annotations


class ChannelNotOffered(ValueError):
    """This installation does not send by this channel (text messages without an adapter)."""


class NotSent(Exception):
    """It certainly did not go out. ``again`` says whether a later try may help.

    The text is shown to staff: plain words, no address in it.
    """

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.again = again


class Uncertain(Exception):
    """It may or may not have gone out: a person decides whether to send it again."""


class SettledMeanwhile(Exception):
    """Somebody else dealt with the message a moment ago."""
