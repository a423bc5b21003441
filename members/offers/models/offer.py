"""What a shop gives, as versions: what somebody was promised on a day can be told for ever."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.hours import Weekday
from directory.models.identity import SHORT_ID_LENGTH, short_id_of
from members.offers.models.link import ShopLink
from members.offers.models.shop import Shop

EVERY_DAY = list(range(7))


class Offer(models.Model):
    """One thing that a shop gives; what exactly stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="offers")
    short_id = models.CharField(max_length=SHORT_ID_LENGTH, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"offer {self.short_id}"

    def save(self, *args, **kwargs) -> None:
        self.short_id = short_id_of(self.id)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("members:offer", args=[self.shop.slug, self.short_id])

    def promised_at(self, moment: datetime) -> OfferVersion | None:
        """What stood on the website and at the till at that moment."""
        return (
            self.versions.filter(published_at__lte=moment)
            .filter(Q(ended_at=None) | Q(ended_at__gt=moment))
            .order_by("-number")
            .first()
        )


class OfferVersionQuerySet(models.QuerySet["OfferVersion"]):
    def shown(self, on: date | None = None) -> OfferVersionQuerySet:
        """Published, within their dates, of shops that take part: what the public sees."""
        day = on or timezone.localdate()
        return (
            self.filter(state=OfferVersion.State.PUBLISHED, from_on__lte=day)
            .filter(Q(until_on=None) | Q(until_on__gte=day))
            .filter(Q(offer__shop__left_on=None) | Q(offer__shop__left_on__gt=day))
        )

    def on_weekday(self, weekday: int) -> OfferVersionQuerySet:
        return self.filter(days__contains=[weekday])

    def open(self) -> OfferVersionQuerySet:
        """Neither on show nor settled: being written, or waiting for somebody to decide."""
        return self.filter(state__in=OfferVersion.OPEN)


class OfferVersion(models.Model):
    """One wording of an offer. Once published it is never changed: the next version takes its place."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PROPOSED = "proposed", _("waiting to be looked at")
        TURNED_DOWN = "turned-down", _("not taken")
        PUBLISHED = "published", _("on show")
        ENDED = "ended", _("ended")

    class Kind(models.TextChoices):
        PERCENT = "percent", _("a percentage off")
        AMOUNT = "amount", _("an amount off")
        WORDS = "words", _("something else")

    class Via(models.TextChoices):
        PAPER = "paper", _("on paper")
        SCREEN = "screen", _("at the desk")
        LINK = "link", _("by the shop, with its link")

    OPEN = (State.DRAFT, State.PROPOSED)
    # What a version says; compared, copied to the next one, never changed once it was on show.
    FACTS = (
        "kind",
        "percent",
        "amount_pence",
        "wording",
        "days",
        "exclusions",
        "from_on",
        "until_on",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one version.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(max_length=11, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(_("what members get"), max_length=7, choices=Kind.choices)
    percent = models.PositiveSmallIntegerField(_("per cent"), null=True, blank=True)
    amount_pence = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    wording = models.CharField(_("on what"), max_length=200, blank=True)
    # Monday is 0, as in the directory; all seven is every day.
    days: models.Field[list[int], list[int]] = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), size=7, verbose_name=_("days")
    )
    exclusions = models.CharField(_("not on"), max_length=300, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    agreed_by = models.CharField(_("who agreed for the shop"), max_length=150)
    agreed_on = models.DateField(_("when they agreed"))
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.SCREEN)
    link = models.ForeignKey(
        ShopLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Counts the changes while it is open: whoever decides says what they had before them.
    edit = models.PositiveIntegerField(default=1, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Why it was not taken, in words for the shop.
    decided_why = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_why = models.CharField(max_length=200, blank=True)

    objects = OfferVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of an offer")
        verbose_name_plural = _("wordings of offers")
        ordering = ["offer", "-number"]
        indexes = [
            models.Index(fields=["state", "made_at"], name="members_offer_version_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "number"], name="members_offer_version_number"
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(state="published"),
                name="members_offer_one_on_show",
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(state__in=["draft", "proposed"]),
                name="members_offer_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    # A range alone lets NULL pass: a check that is neither true nor false holds.
                    kind="percent",
                    percent__isnull=False,
                    percent__range=(1, 100),
                    amount_pence=None,
                )
                | Q(
                    kind="amount",
                    percent=None,
                    amount_pence__isnull=False,
                    amount_pence__range=(1, 10_000_00),
                )
                | (Q(kind="words", percent=None, amount_pence=None) & ~Q(wording="")),
                name="members_offer_says_what",
                violation_error_message=_("Say what members get."),
            ),
            models.CheckConstraint(
                condition=Q(days__contained_by=EVERY_DAY) & Q(days__len__gte=1, days__len__lte=7),
                name="members_offer_days",
                violation_error_message=_("Choose at least one day."),
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="members_offer_ends_after_it_begins",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "turned-down"], published_at=None)
                | Q(state="published", published_at__isnull=False, ended_at=None)
                | Q(state="ended", ended_at__isnull=False),
                name="members_offer_version_state",
            ),
            models.CheckConstraint(
                condition=Q(via__in=["paper", "screen", "link"]), name="members_offer_via_known"
            ),
        ]

    def __str__(self) -> str:
        return f"wording {self.number} of {self.offer_id}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def holds_on(self, day: date) -> bool:
        """Whether a member gets it on that day, as far as its dates and days say."""
        return (
            self.from_on <= day
            and (self.until_on is None or day <= self.until_on)
            and day.weekday() in self.days
        )
