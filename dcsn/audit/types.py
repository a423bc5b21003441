"""The vocabulary of what can happen. Each app names its event types in ``<app>/events.py``.

    from django.utils.translation import gettext_lazy as _
    from dcsn.audit import EventType, OnErasure, register

    SERVICE_CORRECTED = register(
        EventType(
            "service:corrected",
            sentence=_("%(actor)s corrected the service"),
            details={"report": OnErasure.KEEP},
        )
    )

The name has a grammar, ``noun:verb-in-the-past``. Every key that ``details`` may hold is named with what
becomes of it when a person is erased; a key that is not named is refused when an event is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext as _

TYPE_NAME = re.compile(r"^[a-z][a-z_]*:[a-z][a-z_]*$")


class OnErasure(Enum):
    """What happens to one detail of an event when the person it is about is erased."""

    KEEP = "keep"  # says nothing about a person: a role's code, a count, a page size
    DROP = "drop"  # could lead back to one: another record's id


class UnknownEventTypeError(LookupError):
    """An event of a type that no app has registered."""


@dataclass(frozen=True)
class EventType:
    """One kind of event: its name, how it reads, and how it is redacted.

    :param name: ``noun:verb``, unique over all apps.
    :param sentence: how it is shown; may use ``%(actor)s`` and the names of its details.
    :param details: each key that may be stored with it, and what an erasure does to it.
    :param reading: True when the event is somebody looking and nothing changes, so that it need not
        share a transaction with a change.
    :param left_out_of_copy: never in a copy that the person gets of what is known about them: the
        event itself would tip somebody off (a safeguarding concern).
    :param labels: for a detail that is a code, what a reader is shown for each of its values.
    """

    name: str
    sentence: str | Promise
    details: Mapping[str, OnErasure] = field(default_factory=dict)
    reading: bool = False
    left_out_of_copy: bool = False
    labels: Mapping[str, Mapping[str, str | Promise]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not TYPE_NAME.match(self.name):
            raise ValueError(f"{self.name!r} is not an event's name: write noun:verb.")

    def kept_after_erasure(self, details: Mapping[str, object]) -> dict[str, object]:
        """What may stay of an event's details. A key no longer declared is dropped."""
        return {
            key: value for key, value in details.items() if self.details.get(key) is OnErasure.KEEP
        }

    def say(self, *, actor: str, details: Mapping[str, object]) -> str:
        """The sentence; a detail that was redacted or never given reads as a dash."""
        shown = {
            key: self.labels.get(key, {}).get(str(value), value) for key, value in details.items()
        }
        return str(self.sentence) % _Words(shown, actor=actor)

    def in_words(self) -> str:
        """What it is about, where no particular event is meant: for a list to choose from."""
        return self.say(actor=_("Somebody"), details={})

    def __str__(self) -> str:
        return self.name


class _Words(dict[str, object]):
    """The words that a sentence may use."""

    def __init__(self, details: Mapping[str, object], *, actor: str) -> None:
        super().__init__(details, actor=actor)

    def __missing__(self, key: str) -> str:
        return "–"


_types: dict[str, EventType] = {}


def register(event_type: EventType) -> EventType:
    """Make a type known; a second, different one of the same name is refused."""
    known = _types.setdefault(event_type.name, event_type)
    if known is not event_type:
        raise ValueError(f"The event type {event_type.name} is registered twice.")
    return event_type


def get(name: str) -> EventType:
    try:
        return _types[name]
    except KeyError:
        raise UnknownEventTypeError(
            f"No app registers the event type {name!r}: add it to <app>/events.py."
        ) from None


def all_types() -> list[EventType]:
    return sorted(_types.values(), key=lambda event_type: event_type.name)
