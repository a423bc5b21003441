"""The type of a request that has passed ``requires`` or ``signed_in``: somebody is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from dcsn.accounts.models import User


class SignedInRequest(HttpRequest):
    """For annotations only: after the decorators ``request.user`` is a user, never anonymous."""

    user: User  # type: ignore[assignment]
