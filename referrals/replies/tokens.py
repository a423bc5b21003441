"""Links and codes worked out from a row's id with the portal's key; nothing secret is stored.

How a link's token is made: ``dcsn.signed_ids``. A code is six figures of an HMAC of its row's id.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

from dcsn.signed_ids import TOKEN_LETTERS, id_of_token, keys, mac_of, token_of

__all__ = ["TOKEN_LETTERS", "code_of", "is_code_of", "link_of_token", "link_token"]

CODE_FIGURES = 6
_LINK, _CODE = "referrals.replies.link", "referrals.replies.code"


def link_token(identifier: UUID) -> str:
    return token_of(_LINK, identifier)


def link_of_token(token: str) -> UUID | None:
    """The id in a token that is wholly ours, else ``None``."""
    return id_of_token(_LINK, token)


def code_of(identifier: UUID, key: str | None = None) -> str:
    """Six figures, the first ones often 0."""
    mac = mac_of(_CODE, identifier, key or settings.SECRET_KEY)
    return f"{int.from_bytes(mac[:8], 'big') % 10**CODE_FIGURES:0{CODE_FIGURES}d}"


def is_code_of(identifier: UUID, typed: str) -> bool:
    """Whether that is what was sent; blanks do not matter. Takes as long for a wrong one."""
    figures = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    right = [constant_time_compare(figures, code_of(identifier, key)) for key in keys()]
    return any(right)
