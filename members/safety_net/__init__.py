"""The safety net: nobody is kept out for want of money.

``ask``      somebody asks to be a member without paying
``grant``    a simple check by who saw it, or a lead's decision: the membership gets its term, once
``refuse``   with reasons, and how to have it looked at again
``appeal``, ``propose``, ``confirm``   looked at again by two people, neither of whom refused it
``renew``    another year on a decision that still holds
``price_of`` what a membership costs this person today

Names are looked up when first used, because the models must be ready.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from members.safety_net.actions import ask, grant, holds, price_of, refuse, renew, withdraw
    from members.safety_net.appeals import appeal, confirm, propose
    from members.safety_net.reviews import end, review

_HOMES = {
    **dict.fromkeys(
        ["ask", "grant", "holds", "price_of", "refuse", "renew", "withdraw"], "actions"
    ),
    **dict.fromkeys(["appeal", "confirm", "propose"], "appeals"),
    **dict.fromkeys(["end", "review"], "reviews"),
}

__all__ = [
    "appeal",
    "ask",
    "confirm",
    "end",
    "grant",
    "holds",
    "price_of",
    "propose",
    "refuse",
    "renew",
    "review",
    "withdraw",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"members.safety_net.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
