"""Who could help with an action, as matching sees it: how many and why, never who.

Volunteers are told of and asked by the volunteer centre; a coordinator learns whether it is worth asking.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathways.joining.actions import JOINING
from volunteers.actions.suggesting import look_for_one
from volunteers.models import HelpRequest
from volunteers.states import HELP_FINAL

SHOWN = 3


@dataclass(frozen=True)
class Suggested:
    """``reasons``: one sentence for each of the first volunteers, without a name."""

    reasons: tuple[str, ...]
    words: str


def suggested_for(help_request: HelpRequest) -> Suggested | None:
    """``None`` when nobody is looked for, or its time is over. Writes nothing."""
    if help_request.state in HELP_FINAL:
        return None
    outcome = look_for_one(help_request=help_request, by=JOINING)
    if outcome is None:
        return None
    return Suggested(
        tuple(one.in_words() for one in outcome.suggestions[:SHOWN]), outcome.why_not_more()
    )
