"""A shop that honours the card."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.codes import ALPHABET
from directory.models import Organisation
from directory.models.identity import PublicRecord
from directory.models.places import Precision
from directory.postcodes import outcode_of
from directory.visibility import PublicPlace
from members.offers.categories import CATEGORIES, CHOICES

TILL_CODE_LENGTH = 5


def new_till_code() -> str:
    """Five signs that are easily read out and typed: eight million, so that a slip seldom hits another."""
    return "".join(secrets.choice(ALPHABET) for _number in range(TILL_CODE_LENGTH))


def read_till_code(text: str) -> str:
    """What somebody typed as a till code, or nothing where it cannot be one."""
    tight = "".join(c for c in text[:20].upper() if c.isascii() and c.isalnum())
    return tight if len(tight) == TILL_CODE_LENGTH and set(tight) <= set(ALPHABET) else ""


class ShopQuerySet(models.QuerySet["Shop"]):
    def visible_to(self, user: Any) -> ShopQuerySet:
        """Those that the user looks after: an access point's own, or all for the network's roles."""
        scope = scope_of_permission(user, Permission.OFFER_CHANGE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def taking_part(self, on: date | None = None) -> ShopQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(left_on=None) | Q(left_on__gt=day))

    def of_till_code(self, typed: str) -> Shop | None:
        """The shop whose till this is, if it still takes part."""
        code = read_till_code(typed)
        return self.taking_part().filter(till_code=code).first() if code else None


class Shop(PublicRecord):
    """A shop: what the public sees of it, and apart from that whom to ask."""

    class Via(models.TextChoices):
        PAPER = "paper", _("on paper")
        SCREEN = "screen", _("on screen")

    # Made with the form and sent back with it: the same form sent twice is one shop.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="shops",
        verbose_name=_("access point"),
    )
    category = models.CharField(_("kind of shop"), max_length=20, choices=CHOICES)
    # --- What everybody sees ---
    address_1 = models.CharField(_("address"), max_length=150)
    address_2 = models.CharField(max_length=150, blank=True)
    town = models.CharField(_("town"), max_length=80)
    postcode = models.CharField(_("postcode"), max_length=10)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    precision = models.CharField(
        max_length=10, choices=Precision.choices, blank=True, editable=False
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    opening = models.CharField(_("open"), max_length=300, blank=True)
    # --- Whom to ask: never shown outside the desk ---
    contact_name = models.CharField(_("who to ask for"), max_length=150)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("their phone"), max_length=30, blank=True)
    # --- How they came ---
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.PAPER)
    agreed_by = models.CharField(_("who agreed for the shop"), max_length=150)
    agreed_on = models.DateField(_("when they agreed"))
    signed_up_at = models.DateTimeField(default=timezone.now, editable=False)
    signed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # What the till's own address ends in, for a bookmark.
    till_code = models.CharField(
        max_length=TILL_CODE_LENGTH, unique=True, default=new_till_code, editable=False
    )
    left_on = models.DateField(null=True, blank=True, editable=False)
    left_why = models.CharField(max_length=200, blank=True, editable=False)
    # Counts the changes: whoever saves says which they had before them.
    version = models.PositiveIntegerField(default=1, editable=False)
    vector = SearchVectorField(null=True, editable=False)

    objects = ShopQuerySet.as_manager()

    # What a form changes; the rest follows or is not theirs to change.
    FACTS = (
        "name", "category", "address_1", "address_2", "town", "postcode", "phone", "opening",
        "contact_name", "contact_email", "contact_phone",
    )  # fmt: skip

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["sort_key", "id"]
        indexes = [GinIndex(fields=["vector"], name="members_shop_vector")]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=list(CATEGORIES)), name="members_shop_category_known"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, precision="")
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="members_shop_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_why="") | Q(left_on__isnull=False),
                name="members_shop_left_why",
            ),
            models.CheckConstraint(
                condition=Q(via__in=["paper", "screen"]), name="members_shop_via_known"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page at the desk."""
        return reverse("members:shop", args=[self.id])

    def takes_part(self, on: date | None = None) -> bool:
        return self.left_on is None or self.left_on > (on or timezone.localdate())

    @property
    def category_name(self) -> str:
        category = CATEGORIES.get(self.category)
        return str(category.name) if category else self.category

    @property
    def place(self) -> PublicPlace:
        """As the directory's pieces take a place: address on one line, the map."""
        return PublicPlace(
            location_id=str(self.id),
            name=self.name,
            lines=tuple(line for line in (self.address_1, self.address_2, self.town) if line),
            postcode=self.postcode,
            latitude=self.latitude,
            longitude=self.longitude,
            precision=self.precision,
            description="",
            transportation="",
            is_confidential=False,
            access_facts=(),
        )

    @property
    def area(self) -> str:
        """For lists by area: town and the first part of the postcode."""
        return f"{self.town}, {outcode_of(self.postcode)}"
