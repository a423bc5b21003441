"""Gifts and shared memberships that somebody else takes up, and the members' own notes of what they saved."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from members.models.membership import Membership
from members.models.plan import Plan, PlanTerms
from members.references import join_code


class JoinCodeQuerySet(models.QuerySet["JoinCode"]):
    def open_on(self, day: date) -> JoinCodeQuerySet:
        """Those that can still be taken up, if they are paid for."""
        return self.filter(taken_at=None, ended_at=None, expires_on__gte=day)


class JoinCode(models.Model):
    """A code by which somebody takes up a membership that was given to them, or shares another's.

    Whoever takes it up gives their own details and agrees for themselves: nobody is recorded because another
    typed their name. The code is good for one person, gives a card and nothing else, and is stored as it is,
    so that it can be read out again to whoever paid for it.
    """

    class Kind(models.TextChoices):
        GIFT = "gift", _("a gift")
        SHARE = "share", _("to share a membership")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form: the same form sent twice is one code.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices, editable=False)
    code = models.CharField(max_length=11, unique=True, default=join_code, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("access point")
    )
    # Of a gift: what was bought. Of a share: what the other has.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    plan_terms = models.ForeignKey(PlanTerms, on_delete=models.PROTECT, related_name="+")
    # Of a share: whose; of a gift: what became of it.
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="join_codes"
    )
    # Who gives it, where they are on record; a stranger may buy one online.
    giver = models.ForeignKey(
        "members.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="gifts"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_on = models.DateField()
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JoinCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code to join")
        verbose_name_plural = _("codes to join")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="share") | Q(membership__isnull=False),
                name="members_join_code_shares_one",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(membership__isnull=False),
                name="members_join_code_became_one",
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.id}"

    def is_open(self, day: date) -> bool:
        return self.taken_at is None and self.ended_at is None and self.expires_on >= day


class Saving(models.Model):
    """What a card saved its holder: their own note, which they can delete, and which no shop ever sends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "members.Person", on_delete=models.CASCADE, related_name="savings", editable=False
    )
    on = models.DateField(_("day"), default=timezone.localdate)
    pence = models.PositiveIntegerField(
        _("saved"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    words = models.CharField(_("where"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("note of what a card saved")
        verbose_name_plural = _("notes of what a card saved")
        ordering = ["-on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="members_saving_of_something")
        ]

    def __str__(self) -> str:
        return f"saving {self.id}"
