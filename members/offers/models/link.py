"""The link by which a shop edits what it gives, without an account."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.offers.models.shop import Shop


class ShopLinkQuerySet(models.QuerySet["ShopLink"]):
    def live(self, now: datetime | None = None) -> ShopLinkQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())


class ShopLink(models.Model):
    """One link. Its secret is worked out from the id (``dcsn.signed_ids``) and stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="links")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    emailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    printed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ShopLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a shop")
        verbose_name_plural = _("links of shops")
        ordering = ["-made_at", "id"]
        constraints = [
            # A new one takes back the old one.
            models.UniqueConstraint(
                fields=["shop"], condition=Q(revoked_at=None), name="members_shop_one_link"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="members_shop_link_lasts"
            ),
        ]

    def __str__(self) -> str:
        # Never the token: a log line would be a key.
        return f"link of {self.shop_id}"

    def is_live(self, now: datetime | None = None) -> bool:
        return self.revoked_at is None and self.expires_at > (now or timezone.now())
