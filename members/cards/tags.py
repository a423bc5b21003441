"""The tag in a card's QR code: proof that the network made it, so that numbers cannot be tried by address.

The first ten bytes of an HMAC-SHA256 of the key's version and the number, in base32: 80 bits, sixteen
letters. Keys have versions (``DCSN_CARD_KEYS``, "1:…,2:…"); the highest signs, and a tag by any that is
kept is good. A key that is taken out makes its tags bad; the numbers stay good when they are typed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TAG_BYTES = 10


def current_version() -> int:
    """The version that signs what is printed now.

    :raises ImproperlyConfigured: when the network has set no key.
    """
    keys = settings.CARD_KEYS
    if not keys:
        raise ImproperlyConfigured("DCSN_CARD_KEYS is not set: cards cannot be printed.")
    return max(keys)


def tag_of(number: str, version: int | None = None) -> str:
    """Sixteen letters and digits."""
    version = version or current_version()
    return _tag(settings.CARD_KEYS[version], version, number)


def is_tag(number: str, tag: str) -> bool:
    """Whether one of the kept keys made it. Takes as long for a wrong one, and for each of the keys."""
    given = tag.upper().encode("ascii", "replace")
    found = False
    for version, key in settings.CARD_KEYS.items():
        found |= hmac.compare_digest(_tag(key, version, number).encode(), given)
    return found


def _tag(key: bytes, version: int, number: str) -> str:
    message = f"{version}:{number}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.b32encode(digest[:TAG_BYTES]).decode()
