"""How to reach a service: phones, named roles, languages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified


class Language(models.Model):
    """A language that help is given in (HSDS ``language``; ISO 639 code)."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(Identified):
    """A named role at an organisation (HSDS ``contact``).

    Not public unless somebody says so: Open Referral UK's data-sharing advice is to leave out the
    personal contacts of staff.
    """

    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
    )
    service = models.ForeignKey(
        "directory.Service",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
    )
    location = models.ForeignKey(
        "directory.Location",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    title = models.CharField(_("role"), max_length=150, blank=True)
    department = models.CharField(max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name or self.title


class Phone(Identified):
    """A telephone number (HSDS ``phone``), kept as people write it: ``01632 960 234``."""

    class Kind(models.TextChoices):
        VOICE = "voice", _("Phone")
        TEXT = "text", _("Text message")
        TEXTPHONE = "textphone", _("Textphone")
        FAX = "fax", _("Fax")

    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="phones",
    )
    service = models.ForeignKey(
        "directory.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="phones"
    )
    location = models.ForeignKey(
        "directory.Location",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="phones",
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="phones"
    )
    number = models.CharField(_("number"), max_length=40)
    extension = models.CharField(_("extension"), max_length=10, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VOICE)
    description = models.CharField(_("about this number"), max_length=200, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "number", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="directory_phone_has_number"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                | Q(service__isnull=False)
                | Q(location__isnull=False)
                | Q(contact__isnull=False),
                name="directory_phone_belongs_to_something",
            ),
        ]

    def __str__(self) -> str:
        return self.number
