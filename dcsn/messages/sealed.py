"""What only the reader of a message may see: a link that lets somebody in, a one-time code.

The outbox keeps what was written for 90 days, and staff look at messages that went wrong. So the body
holds a seal instead, ``[[reply-link 0f8f…]]``, and the secret is put in its place in the moment of
sending. An app says how (docs/decisions/0049)::

    register_seal("reply-link", words=_("a link to answer by"), secret=address_of)
    body = f"Open this page:\n{seal('reply-link', link.id)}"

``secret(id)`` returns the text, or ``None`` when it is worth nothing any more: the message is then not
sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dcsn.messages.refusals import NotSent

_SEAL = re.compile(r"\[\[([a-z-]+) ([0-9a-f]{8}-[0-9a-f-]{27})\]\]")


@dataclass(frozen=True)
class _Kind:
    words: str | Promise
    secret: Callable[[UUID], str | None]


_kinds: dict[str, _Kind] = {}


def register_seal(name: str, *, words: str | Promise, secret: Callable[[UUID], str | None]) -> None:
    """Say what staff read instead (``words``), and how the secret is found (``secret``)."""
    if name in _kinds:
        raise ValueError(f"The seal {name!r} is registered twice.")
    _kinds[name] = _Kind(words, secret)


def seal(name: str, identifier: UUID) -> str:
    """What stands in the body until it is sent."""
    if name not in _kinds:
        raise ValueError(f"No seal is called {name!r}.")
    return f"[[{name} {identifier}]]"


def opened(body: str) -> str:
    """The body as the reader gets it. Raises ``NotSent`` when a secret has run out meanwhile."""

    def fill(found: re.Match[str]) -> str:
        kind = _kinds.get(found[1])
        if kind is None:
            # Not one of ours: somebody's own words.
            return found[0]
        secret = kind.secret(UUID(found[2]))
        if secret is None:
            raise NotSent(_("The link or the code in it is no longer in use."), again=False)
        return secret

    return _SEAL.sub(fill, body)


def covered(body: str) -> str:
    """The body for staff and for the records: words in place of each secret."""
    return _SEAL.sub(
        lambda found: f"({_kinds[found[1]].words})" if found[1] in _kinds else found[0], body
    )
