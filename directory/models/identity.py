"""What every public record has: a UUID, a short typed form of it, a slug, and a key to sort by."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
import uuid

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# Leading words that people do not look under in an A to Z.
_ARTICLES = ("the ", "a ", "an ")
SHORT_ID_LENGTH = 10


def short_id_of(identifier: uuid.UUID) -> str:
    """Fifty bits of a UUID's digest as ten letters and digits: ``3e4kq9z1ab``.

    Of the digest, because UUIDs that a program counted up, or made in one second, begin alike.

    Base 32 in lower case without padding, with the letters that look like digits swapped for digits
    that base 32 leaves free, so that it can be read out over the telephone. Two of 50,000 records
    meet with a chance of one in a million; the column is unique, so they cannot be mixed up.
    """
    digest = hashlib.blake2b(identifier.bytes, digest_size=10).digest()
    text = base64.b32encode(digest).decode("ascii").lower()[:SHORT_ID_LENGTH]
    return text.translate(str.maketrans("lo", "89"))


def sort_key_of(name: str) -> str:
    """The key lists are ordered by: accents folded, case folded, a leading article dropped.

    The embedded database collates by byte (C.UTF-8), which would put "Éire" after "Zebra".
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    # Punctuation at the front ("'Allo Club") is not what people look under either.
    plain = plain.lstrip("'‘’\"“”([{-–. ")
    for article in _ARTICLES:
        if plain.startswith(article) and len(plain) > len(article):
            plain = plain[len(article) :]
            break
    return " ".join(plain.split())[:200]


class Identified(models.Model):
    """A row whose identity is a UUID that survives export and import (HSDS: every id is one)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class PublicRecord(Identified):
    """A record with a page of its own.

    ``short_id``, ``slug`` and ``sort_key`` follow from ``id`` and ``name`` and are written by
    ``save()``; bulk writers call :meth:`derive` first.
    """

    name = models.CharField(_("name"), max_length=255)
    alternate_name = models.CharField(_("other names"), max_length=255, blank=True)
    short_id = models.CharField(max_length=SHORT_ID_LENGTH, unique=True, editable=False)
    slug = models.SlugField(max_length=80, db_index=False, editable=False)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.derive()
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "slug", "sort_key"}
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the columns that follow from the others."""
        self.short_id = short_id_of(self.id)
        self.slug = slugify(self.name)[:80].strip("-") or "service"
        self.sort_key = sort_key_of(self.name)
