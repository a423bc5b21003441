"""Strict readers for the environment: a typo is refused with a sentence that says what to set.

``environs`` does the parsing. What is added here is that every name is read through one object that
remembers it, so that ``.env.example`` and ``docker-compose.yml`` can be held against the code, that a
``…_FILE`` variant reads a secret from a mounted file (Docker and systemd both hand secrets over so),
and that a name which starts with ``DCSN_`` but is not known stops the program.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

PREFIX = "DCSN_"
SHORTEST_KEY = 32


class Environment:
    """Reads settings from the environment and remembers which names exist."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self.names: set[str] = set()

    def _read(self, kind: str, name: str, default: Any, **options: Any) -> Any:
        self.names.add(name)
        raw = self._values.get(name)
        if raw is None or (raw.strip() == "" and kind != "str"):
            if default is ...:
                raise ImproperlyConfigured(
                    f"{name} is not set. Set it in the environment or in the file .env; "
                    f".env.example says what it is for."
                )
            return default
        reader = getattr(Env(), kind)
        previous = os.environ.get(name)
        os.environ[name] = raw
        try:
            return reader(name, **options)
        except (EnvError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{name} is set to {raw!r}, which cannot be read as {kind}: {error}. "
                f"See .env.example."
            ) from error
        finally:
            if previous is None:
                del os.environ[name]
            else:
                os.environ[name] = previous

    def text(self, name: str, default: Any = ...) -> str:
        return self._read("str", name, default)

    def flag(self, name: str, default: Any = ...) -> bool:
        """True or false; environs takes yes/no, on/off, 1/0 and refuses anything else."""
        return self._read("bool", name, default)

    def number(self, name: str, default: Any = ...) -> int:
        return self._read("int", name, default)

    def items(self, name: str, default: Any = ...) -> list[str]:
        """A list separated by commas, empty parts left out."""
        found = self._read("list", name, default)
        return [item.strip() for item in found if item.strip()]

    def secret(self, name: str, default: Any = ...) -> str:
        """The value, or the first line of the file that ``NAME_FILE`` points at; both is an error."""
        self.names.add(f"{name}_FILE")
        path = self._values.get(f"{name}_FILE")
        if path:
            if self._values.get(name):
                raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
            self.names.add(name)
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(
                    f"{name}_FILE: {path} cannot be read: {error}"
                ) from error
        return self._read("str", name, default)

    def keys(self, name: str, default: Any = ...) -> dict[int, bytes]:
        """A secret of several keys with their versions: "1:KEY,2:KEY". Empty when it is not set."""
        keys: dict[int, bytes] = {}
        for item in filter(None, (part.strip() for part in self.secret(name, default).split(","))):
            version, _colon, key = item.partition(":")
            if not version.isascii() or not version.isdigit() or int(version) in keys:
                raise ImproperlyConfigured(f"{name} is a list such as 1:KEY,2:KEY.")
            if not 0 < int(version) < 10_000 or len(key) < SHORTEST_KEY:
                # Never with the key itself.
                raise ImproperlyConfigured(
                    f"{name}: versions go from 1 to 9999, and each key has at least "
                    f"{SHORTEST_KEY} characters."
                )
            keys[int(version)] = key.encode()
        return keys

    def refuse_unknown(self) -> None:
        """Stop on a name with our prefix that no reader asked for: it is a typo."""
        unknown = sorted(
            name for name in self._values if name.startswith(PREFIX) and name not in self.names
        )
        if unknown:
            raise ImproperlyConfigured(
                f"Not a setting of this program: {', '.join(unknown)}. .env.example lists them all."
            )
