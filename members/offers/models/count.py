"""How often cards were shown at a shop, by day. Nothing about which card, when, or whose."""

from __future__ import annotations

from datetime import date

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.offers.models.shop import Shop


class TillCount(models.Model):
    """One shop's count of one day. Below :data:`members.offers.counts.FEWEST_SHOWN` it is never shown."""

    id = models.BigAutoField(primary_key=True)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="till_counts")
    day = models.DateField(_("day"))
    n = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("count at a till")
        verbose_name_plural = _("counts at tills")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "day"], name="members_till_count_once_a_day"),
            models.CheckConstraint(condition=Q(n__gte=1), name="members_till_count_counts"),
        ]

    def __str__(self) -> str:
        return f"count of {self.shop_id} on {self.day}"


def count(shop: Shop, day: date | None = None) -> None:
    """Add one, in a single statement that other tills cannot run between.

    Returns nothing on purpose: what is not read cannot be shown.
    """
    table = connection.ops.quote_name(TillCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counted (shop_id, day, n) VALUES (%s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (shop_id, day) DO UPDATE SET n = counted.n + 1",
            [shop.pk, day or timezone.localdate()],
        )
