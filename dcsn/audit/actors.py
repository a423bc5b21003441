"""Who did something: a signed-in user, or a job of the portal itself. Never nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from dcsn.accounts.models import User

JOB_NAME = re.compile(r"^[a-z][a-z0-9 -]{1,60}$")


@dataclass(frozen=True)
class SystemJob:
    """Something the portal does by itself: ``SystemJob("import services")``.

    Also stands for a resident who is not signed in, by the form they used:
    ``SystemJob("mistake report form")``.
    """

    name: str

    def __post_init__(self) -> None:
        if not JOB_NAME.match(self.name):
            raise ValueError(
                f"{self.name!r} is not a job's name: lower-case words, digits, spaces and hyphens."
            )

    def __str__(self) -> str:
        return self.name


Actor: TypeAlias = "User | SystemJob"
