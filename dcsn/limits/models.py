"""How often something was done in one stretch of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TallyQuerySet(models.QuerySet["Tally"]):
    def over(self) -> TallyQuerySet:
        """Rows whose stretch of time ended so long ago that nothing asks for them."""
        return self.filter(began_at__lt=timezone.now() - timedelta(days=1))


class Tally(models.Model):
    """One count. ``key`` is a keyed hash: no address of a visitor and no cookie is stored."""

    key = models.CharField(_("key"), max_length=64)
    began_at = models.DateTimeField(_("began"))
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "began_at"], name="limits_tally_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["began_at"])]

    def __str__(self) -> str:
        return f"{self.count} since {self.began_at:%H:%M}"


def count_several(additions: list[tuple[str, datetime, int]]) -> list[int]:
    """Add to several counts in one statement and return the new ones, in the same order.

    An addition may be 0: the count is then only read, at the same cost. Rows are taken in the order of
    their keys, so that two who add to the same ones wait for each other and never in a circle.
    """
    table = connection.ops.quote_name(Tally._meta.db_table)
    ordered = sorted(additions)
    values = ", ".join(["(%s, %s, %s)"] * len(ordered))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS tally (key, began_at, count) VALUES {values} "  # noqa: S608
            f"ON CONFLICT (key, began_at) DO UPDATE SET count = tally.count + EXCLUDED.count "
            f"RETURNING key, began_at, count",
            [part for addition in ordered for part in addition],
        )
        counts = {(key, began_at): int(count) for key, began_at, count in cursor.fetchall()}
    return [counts[key, began_at] for key, began_at, _addition in additions]


def count_one(key: str, began_at: datetime) -> int:
    """Add one and return the new count, in a single statement that processes cannot run between.

    ``F("count") + 1`` after ``get_or_create`` would be two statements and would not return the count.
    """
    table = connection.ops.quote_name(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS tally (key, began_at, count) VALUES (%s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (key, began_at) DO UPDATE SET count = tally.count + 1 RETURNING count",
            [key, began_at],
        )
        return int(cursor.fetchone()[0])
