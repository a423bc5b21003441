"""Keys of the age format (age-encryption.org), so that a backup can be read without this project too:
``age --decrypt --identity KEY backup.age | tar x``.

A key file holds the secret identity; whoever has it can read every backup. The server needs only the
public recipient, so that a stolen server gives no old backups away: either may stand in the file that
``DCSN_BACKUP_KEY_FILE`` names.
"""

from __future__ import annotations

import os
from pathlib import Path

from pyrage import RecipientError, x25519


class KeyFileError(Exception):
    """The key file is missing, unreadable or holds no key of the kind needed."""


def make_key(path: Path) -> str:
    """Write a new secret key to ``path`` (mode 0600, never overwritten); returns its public half."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{path} exists already: a key is never overwritten.") from error
    except OSError as error:
        raise KeyFileError(f"{path} cannot be written: {error}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error}") from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def identities(path: Path) -> list[x25519.Identity]:
    """The secret keys in the file: what a restore needs."""
    found = [line for line in _lines(path) if line.startswith("AGE-SECRET-KEY-")]
    if not found:
        raise KeyFileError(f"{path} holds no secret key (a line AGE-SECRET-KEY-…).")
    try:
        return [x25519.Identity.from_str(line) for line in found]
    except Exception as error:
        raise KeyFileError(f"{path} holds a key that cannot be read.") from error


def recipients(path: Path) -> list[x25519.Recipient]:
    """The public keys in the file, those of its secret keys included: what a backup needs."""
    found: list[x25519.Recipient] = []
    try:
        for line in _lines(path):
            if line.startswith("AGE-SECRET-KEY-"):
                found.append(x25519.Identity.from_str(line).to_public())
            elif line.startswith("age1"):
                found.append(x25519.Recipient.from_str(line))
    except RecipientError as error:
        raise KeyFileError(f"{path} holds a key that cannot be read: {error}") from error
    except Exception as error:
        raise KeyFileError(f"{path} holds a key that cannot be read.") from error
    if not found:
        raise KeyFileError(f"{path} holds no key (a line age1… or AGE-SECRET-KEY-…).")
    return found
