"""Pictures that organisations show of themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified
from directory.models.organisations import Organisation


def picture_path(picture: Picture, filename: str) -> str:
    """Where the file lies below MEDIA_ROOT: our own name, never the uploader's."""
    return f"pictures/{picture.id}.jpg"


class Picture(Identified):
    """One picture of an organisation, re-encoded by :mod:`directory.pictures`.

    The file is never served by its path: ``directory:picture`` asks ``directory.access`` first. One
    that an organisation sends itself waits until a directory editor has looked at it.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="pictures"
    )
    image = models.FileField(upload_to=picture_path, max_length=200, editable=False)
    alternative_text = models.CharField(
        _("what the picture shows"),
        max_length=200,
        help_text=_("For people who cannot see it: “The front door, with a ramp on the left”."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    published = models.BooleanField(_("shown to the public"), default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text=""),
                name="directory_picture_has_alternative_text",
                violation_error_message=_("Say what the picture shows."),
            )
        ]

    def __str__(self) -> str:
        return self.alternative_text
