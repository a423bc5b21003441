"""Links and codes worked out from a row's id with the portal's key; nothing secret is stored.

A link's token is the row's id and an HMAC of it, 48 bytes in URL-safe letters. A code is six figures of
an HMAC of its row's id. So the database, its backups and the outbox hold nothing that opens anything, a
token with one letter changed never reaches the database, and every copy of a letter carries the same
link. A change of the portal's key ends them all, unless the old key is in
``DCSN_SECRET_KEY_FALLBACKS``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_LETTERS = 64
CODE_FIGURES = 6
_LINK, _CODE = "referrals.replies.link", "referrals.replies.code"


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _mac(salt: str, identifier: UUID, key: str) -> bytes:
    return salted_hmac(salt, identifier.bytes, secret=key, algorithm="sha256").digest()


def link_token(identifier: UUID) -> str:
    mac = _mac(_LINK, identifier, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(identifier.bytes + mac).decode()


def link_of_token(token: str) -> UUID | None:
    """The id in a token that is wholly ours, else ``None``."""
    if len(token) != TOKEN_LETTERS:
        return None
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    identifier = UUID(bytes=raw[:16])
    right = [constant_time_compare(raw[16:], _mac(_LINK, identifier, key)) for key in _keys()]
    return identifier if any(right) else None


def code_of(identifier: UUID, key: str | None = None) -> str:
    """Six figures, the first ones often 0."""
    mac = _mac(_CODE, identifier, key or settings.SECRET_KEY)
    return f"{int.from_bytes(mac[:8], 'big') % 10**CODE_FIGURES:0{CODE_FIGURES}d}"


def is_code_of(identifier: UUID, typed: str) -> bool:
    """Whether that is what was sent; blanks do not matter. Takes as long for a wrong one."""
    figures = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    right = [constant_time_compare(figures, code_of(identifier, key)) for key in _keys()]
    return any(right)
