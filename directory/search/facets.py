"""The filterable facts of a service as short strings, and the groups they come in.

``topic:foot-care``, ``cost:free``, ``access:step_free``, ``day:1``, ``how:phone``, ``language:pl``,
``who-age:over-50``. A service that is open to all in a group of eligibility has ``who-age:*``. Where
either is known there is ``who-age:told`` too; not known is a state of its own and has nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import EligibilityTerm

OPEN_TO_ALL = "*"
TOLD = "told"
TIMES_NOT_KNOWN = "times:not_known"


@dataclass(frozen=True)
class Group:
    """A set of facts that a person chooses from.

    ``every``: all that are chosen must hold (step-free *and* a toilet); otherwise any one does.
    ``has_open``: ``key:*`` satisfies every choice, and having nothing there means *not known*.
    """

    key: str
    label: str | Promise
    every: bool = False
    has_open: bool = False

    def facet(self, value: str) -> str:
        return f"{self.key}:{value}"


TOPIC = Group("topic", _("What it is about"))
COST = Group("cost", _("Cost"))
HOW = Group("how", _("How the help is given"))
ACCESS = Group("access", _("Getting in and taking part"), every=True)
DAY = Group("day", _("When you are free"))
LANGUAGE = Group("language", _("Language"))
WHO = {
    str(value): Group(f"who-{value}", label, has_open=True)
    for value, label in EligibilityTerm.Group.choices
}
GROUPS: dict[str, Group] = {
    group.key: group for group in (TOPIC, *WHO.values(), COST, HOW, ACCESS, DAY, LANGUAGE)
}


@dataclass
class Choices:
    """What was chosen, group by group: ``{"cost": ["free"], "who-age": ["over-50"]}``."""

    by_group: dict[str, list[str]] = field(default_factory=dict)

    def of(self, group: Group) -> list[str]:
        return self.by_group.get(group.key, [])

    def __bool__(self) -> bool:
        return any(self.by_group.values())

    def facets(self) -> list[str]:
        return [f"{key}:{value}" for key, values in self.by_group.items() for value in values]
