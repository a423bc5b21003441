"""Where joining hands over to whoever takes the card: one place that knows the payments' interface."""

from __future__ import annotations

from importlib.util import find_spec


def may_pay_by_card() -> bool:
    """Whether this installation takes cards online."""
    return find_spec("members.payments.online") is not None
