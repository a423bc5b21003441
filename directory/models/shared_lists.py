"""A list of services that somebody passes on by a code."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.codes import new_code, say_code

KEPT_FOR = timedelta(days=366)
LONGEST = 50


class SharedListQuerySet(models.QuerySet["SharedList"]):
    def kept(self) -> SharedListQuerySet:
        """Those whose code still works."""
        return self.filter(made_on__gt=timezone.localdate() - KEPT_FOR)

    def over(self) -> SharedListQuerySet:
        return self.filter(made_on__lte=timezone.localdate() - KEPT_FOR)


class SharedList(models.Model):
    """Service ids in their order, and nothing else: not who made it, nor for whom, nor a note."""

    code = models.CharField(max_length=8, primary_key=True, default=new_code, editable=False)
    service_ids: models.Field[list[UUID], list[UUID]] = ArrayField(models.UUIDField())
    made_on = models.DateField(default=timezone.localdate, db_index=True)

    objects = SharedListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service_ids__len__gte=1, service_ids__len__lte=LONGEST),
                name="directory_shared_list_length",
            )
        ]

    def __str__(self) -> str:
        return say_code(self.code)

    @property
    def said_code(self) -> str:
        return say_code(self.code)
