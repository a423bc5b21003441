"""Tokens for links that open something without an account, worked out from a row's id.

A token is the id and an HMAC of it with the portal's key, 48 bytes in URL-safe letters. So the database,
its backups and the outbox hold nothing that opens anything, a token with one letter changed never reaches
the database, and every copy of a letter carries the same link. Until when it opens, and whether it was
taken back, stands in the row. A change of the portal's key ends them all, unless the old key is in
``DCSN_SECRET_KEY_FALLBACKS``.

``purpose`` keeps the links of one kind from opening another.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_LETTERS = 64


def keys() -> Iterator[str]:
    """The portal's key, then those before it that still hold."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def mac_of(purpose: str, identifier: UUID, key: str) -> bytes:
    return salted_hmac(purpose, identifier.bytes, secret=key, algorithm="sha256").digest()


def token_of(purpose: str, identifier: UUID) -> str:
    mac = mac_of(purpose, identifier, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(identifier.bytes + mac).decode()


def id_of_token(purpose: str, token: str) -> UUID | None:
    """The id in a token that is wholly ours, else ``None``."""
    if len(token) != TOKEN_LETTERS:
        return None
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    identifier = UUID(bytes=raw[:16])
    right = [constant_time_compare(raw[16:], mac_of(purpose, identifier, key)) for key in keys()]
    return identifier if any(right) else None
