"""Adding, publishing and taking away an organisation's pictures."""

from __future__ import annotations

import contextlib
import uuid
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction

from dcsn.audit import Actor, record
from directory.events import PICTURE_ADDED, PICTURE_PUBLISHED, PICTURE_REMOVED
from directory.models import Organisation, Picture
from directory.pictures import clean_picture

MOST_PICTURES = 6


class TooManyPicturesError(Exception):
    """The organisation has as many pictures as its page shows."""


def add_picture(
    *,
    organisation: Organisation,
    upload: BinaryIO,
    alternative_text: str,
    published: bool,
    by: Actor,
) -> Picture:
    """Re-encode an upload and keep it.

    The file is written before the row is committed and taken away again when the row is not, so that
    no row points at nothing.

    :raises directory.pictures.NotAPicture: with a sentence for the person who sent it.
    :raises TooManyPicturesError: above :data:`MOST_PICTURES`.
    """
    clean = clean_picture(upload)
    picture = Picture(
        id=uuid.uuid4(),
        organisation=organisation,
        alternative_text=alternative_text,
        width=clean.width,
        height=clean.height,
        published=published,
    )
    try:
        with transaction.atomic():
            # The lock makes two uploads at once count each other.
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            if organisation.pictures.count() >= MOST_PICTURES:  # type: ignore[attr-defined]
                raise TooManyPicturesError
            picture.image.save("picture.jpg", ContentFile(clean.content), save=False)
            picture.save(force_insert=True)
            record(
                PICTURE_ADDED,
                by=by,
                subject=organisation.pk,
                organisation=organisation.pk,
                details={"picture": picture.pk},
            )
    except BaseException:
        if picture.image:
            with contextlib.suppress(OSError):
                picture.image.storage.delete(picture.image.name)  # type: ignore[arg-type]
        raise
    return picture


def publish_picture(*, picture: Picture, by: Actor) -> Picture:
    """Show a picture that an organisation sent. Publishing it twice changes nothing."""
    with transaction.atomic():
        locked = Picture.objects.select_for_update().get(pk=picture.pk)
        if not locked.published:
            locked.published = True
            locked.save(update_fields=["published"])
            record(
                PICTURE_PUBLISHED,
                by=by,
                subject=locked.organisation_id,
                organisation=locked.organisation_id,
                details={"picture": locked.pk},
            )
    return locked


def remove_picture(*, picture: Picture, by: Actor) -> None:
    """Take a picture away, its file too once the change is certain. Removing it twice is no error."""
    with transaction.atomic():
        locked = Picture.objects.select_for_update().filter(pk=picture.pk).first()
        if locked is None:
            return
        storage, name = locked.image.storage, locked.image.name
        record(
            PICTURE_REMOVED,
            by=by,
            subject=locked.organisation_id,
            organisation=locked.organisation_id,
            details={"picture": locked.pk},
        )
        locked.delete()
        transaction.on_commit(lambda: storage.delete(name))  # type: ignore[arg-type]
