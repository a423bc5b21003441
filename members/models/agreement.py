"""With which organisations it is signed that, and how, people's details are shared."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from members.models.consent import Category

# So long before the review date that there is time to meet and to sign.
REVIEW_SOON = timedelta(days=60)


class SharingAgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def holding(self, on: date) -> SharingAgreementQuerySet:
        """Those that hold on that day: signed, not ended, and not past the day of review."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=on), signed_on__lte=on, review_on__gte=on
        )

    def in_force(self, organisation: Organisation, on: date) -> SharingAgreement | None:
        """The agreement with ``organisation`` that holds on that day.

        None means: no personal data goes there. So it is when nothing was ever signed, when it was
        ended, and when the day on which it was to be reviewed is past.
        """
        return self.holding(on).filter(organisation=organisation).order_by("-signed_on").first()

    def in_force_for(self, organisations: Iterable[UUID], on: date) -> dict[UUID, SharingAgreement]:
        """The same for many, by the organisation's id, in one query; who is missing has none."""
        rows = self.holding(on).filter(organisation_id__in=set(organisations))
        return {row.organisation_id: row for row in rows.order_by("signed_on")}

    def open(self) -> SharingAgreementQuerySet:
        """Not ended: in force, or waiting to be reviewed. An organisation has one at most."""
        return self.filter(ended_on=None)

    def latest_of_each(self) -> SharingAgreementQuerySet:
        """The last word with each organisation: the open agreement, else the one signed last."""
        newer = SharingAgreement.objects.filter(organisation=OuterRef("organisation")).filter(
            Q(signed_on__gt=OuterRef("signed_on"))
            | Q(signed_on=OuterRef("signed_on"), recorded_at__gt=OuterRef("recorded_at"))
        )
        return self.filter(~Exists(newer))

    def for_list(self, on: date) -> SharingAgreementQuerySet:
        """One row for each organisation: out of force first, then those to be reviewed soon."""
        return (
            self.latest_of_each()
            .annotate(
                urgency=Case(
                    When(Q(ended_on__lte=on) | Q(review_on__lt=on), then=Value(0)),
                    When(review_on__lte=on + REVIEW_SOON, then=Value(1)),
                    default=Value(2),
                )
            )
            .select_related("organisation")
            .order_by("urgency", "review_on", "organisation__sort_key", "id")
        )

    def to_review_by(self, day: date) -> SharingAgreementQuerySet:
        return self.open().filter(review_on__lte=day).order_by("review_on", "id")


class SharingAgreement(models.Model):
    """One signed paper. Renewing it is a new row, so that what held on a day last year can be told.

    Holds where the paper is kept, never the paper: it bears signatures.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one agreement.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="sharing_agreements",
        verbose_name=_("organisation"),
    )
    categories = ArrayField(
        models.CharField(max_length=10, choices=Category.choices),
        verbose_name=_("which details it covers"),
    )
    signed_on = models.DateField(_("signed on"))
    review_on = models.DateField(_("to be reviewed by"))
    signed_by = models.CharField(_("who signed for the network"), max_length=150)
    kept_at = models.CharField(_("where the signed paper is kept"), max_length=200)
    renews = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewed_by",
        editable=False,
    )
    # The first day on which it no longer holds.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=300, blank=True)
    # Whoever must see to the review has been written to.
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty for those of the demonstration, which no user recorded.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing agreement")
        verbose_name_plural = _("sharing agreements")
        ordering = ["-signed_on", "id"]
        indexes = [
            models.Index(
                fields=["review_on"],
                name="members_agreement_review",
                condition=Q(ended_on=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_on=None),
                name="members_agreement_one_open",
                violation_error_message=_(
                    "There is an agreement with this organisation already: renew or end it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("signed_on")),
                name="members_agreement_review_after",
                violation_error_message=_("The review must be after the day of signing."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("signed_on")),
                name="members_agreement_ends_after",
                violation_error_message=_("It cannot end before it was signed."),
            ),
            models.CheckConstraint(
                condition=~Q(categories=[]),
                name="members_agreement_covers_something",
                violation_error_message=_("Say which details it covers."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_why="")
                | (Q(ended_on__isnull=False) & ~Q(ended_why="")),
                name="members_agreement_ended_with_reason",
                violation_error_message=_("Say why it ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("members:agreement", args=[self.id])

    def covers(self, category: str) -> bool:
        return category in self.categories

    def holds_on(self, day: date) -> bool:
        """The same rule as ``holding()``, for a row that is at hand."""
        return self.signed_on <= day <= self.review_on and (
            self.ended_on is None or day < self.ended_on
        )

    def is_review_soon(self, day: date) -> bool:
        return self.ended_on is None and day <= self.review_on <= day + REVIEW_SOON

    def is_past_review(self, day: date) -> bool:
        return self.ended_on is None and self.review_on < day
