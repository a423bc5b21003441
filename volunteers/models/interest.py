"""What volunteers like and can do, and what roles and tasks ask for: rows, not code."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class InterestQuerySet(models.QuerySet["Interest"]):
    def offered(self) -> InterestQuerySet:
        """Those to choose from, in the order of lists."""
        return self.filter(retired_at=None).order_by("kind", "position", "name")

    def skills(self) -> InterestQuerySet:
        return self.filter(kind=Interest.Kind.SKILL)


class Interest(models.Model):
    """ "Gardening", "reading aloud", "small repairs". The network's own list; taken out, never deleted."""

    class Kind(models.TextChoices):
        INTEREST = "interest", _("Likes")
        SKILL = "skill", _("Can do")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order among its neighbours"), default=100)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest or skill")
        verbose_name_plural = _("interests and skills")
        ordering = ["kind", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="volunteers_interest_once",
                violation_error_message=_("It is in the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
