"""Somebody asks for a copy of everything that is known about them (UK GDPR Article 15)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.copy_clock import due_on
from members.models.paper import new_reference
from members.references import COPY


def copy_reference() -> str:
    return f"{COPY}-{new_reference()}"


class CopyRequestQuerySet(models.QuerySet["CopyRequest"]):
    def visible_to(self, user: Any) -> CopyRequestQuerySet:
        """Those of people whose record ``user`` may give copies of."""
        scope = scope_of_permission(user, Permission.PERSON_EXPORT)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def open(self) -> CopyRequestQuerySet:
        """The first to fall due first."""
        return self.filter(closed_at=None).order_by("due_on", "id")

    def closed(self) -> CopyRequestQuerySet:
        return self.exclude(closed_at=None).order_by("-closed_at", "id")


class CopyRequest(models.Model):
    """One request, its clock, and what became of it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("asked for")
        REVIEW = "review", _("being read through")
        RELEASED = "released", _("given")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    CLOSED = (State.RELEASED, State.REFUSED, State.WITHDRAWN)

    class How(models.TextChoices):
        DESK = "desk", _("at the desk")
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")
        EMAIL = "email", _("by e-mail")

    class Identity(models.TextChoices):
        KNOWN = "known", _("A member of staff knows them")
        DOCUMENT = "document", _("They showed a document (nothing was copied)")
        CALLED_BACK = "called_back", _("We rang them on the number that we had")
        ADVOCATE = "advocate", _("Somebody acts for them, and showed that they may")

    class Size(models.IntegerChoices):
        CLEAR = 14, _("14 point: clear print")
        LARGE = 18, _("18 point: large print")
        GIANT = 24, _("24 point: giant print")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one request.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True, default=copy_reference, editable=False)
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copy_requests",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(_("how they asked"), max_length=6, choices=How.choices)
    size = models.PositiveSmallIntegerField(
        _("size of print"), choices=Size.choices, default=Size.LARGE
    )
    identity = models.CharField(
        _("how we know that it is them"), max_length=11, choices=Identity.choices, blank=True
    )
    received_on = models.DateField(_("asked on"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)

    due_on = models.DateField(_("to be given by"), editable=False)
    extended_why = models.CharField(_("why it takes longer"), max_length=300, blank=True)
    # The clock stands still since then; the days that it stood before are counted.
    stopped_since = models.DateField(null=True, blank=True)
    stopped_why = models.CharField(_("what we asked them"), max_length=300, blank=True)
    stopped_days = models.PositiveSmallIntegerField(default=0)

    gathered_at = models.DateTimeField(null=True, blank=True)
    # Who read it all and let it go, or refused it.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_why = models.CharField(_("why"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    wiped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CopyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a copy")
        verbose_name_plural = _("requests for a copy")
        ordering = ["-received_on", "id"]
        indexes = [
            models.Index(fields=["due_on"], name="members_copy_open", condition=Q(closed_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(closed_at=None, person__isnull=False),
                name="members_copy_one_open",
                violation_error_message=_("They have asked already, and it is under way."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["released", "refused", "withdrawn"], closed_at__isnull=False)
                | Q(state__in=["received", "review"], closed_at=None),
                name="members_copy_closed_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="released")
                | (~Q(identity="") & Q(gathered_at__isnull=False, stopped_since=None)),
                name="members_copy_given_to_the_right_one",
                violation_error_message=_("Make sure who is asking before anything is given."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(closed_why=""),
                name="members_copy_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(stopped_since=None) | ~Q(stopped_why=""),
                name="members_copy_stopped_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("received_on")), name="members_copy_clock_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_clock()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "due_on"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("members:copy", args=[self.id])

    def set_clock(self) -> None:
        self.due_on = due_on(
            self.received_on, extended=bool(self.extended_why), stopped=self.stopped_days
        )

    @property
    def is_open(self) -> bool:
        return self.state not in self.CLOSED

    @property
    def is_released(self) -> bool:
        """Read through and let go, and not yet forgotten: it may be fetched."""
        return self.state == self.State.RELEASED and self.wiped_at is None

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.stopped_since is None and today > self.due_on


class CopyPart(models.Model):
    """The rows of one table as they were gathered, and what is left out of them, field by field.

    What was read is what is given: rows that came since are not in it.
    """

    class Why(models.TextChoices):
        SOMEBODY_ELSE = "somebody_else", _("It is about somebody else")
        CONFIDENCE = "confidence", _("Somebody told us in confidence")
        HARM = "harm", _("It could seriously harm somebody")
        CRIME = "crime", _("It is needed against a crime")
        LEGAL = "legal", _("It is legal advice")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(CopyRequest, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(editable=False)
    table = models.CharField(max_length=100, editable=False)
    heading = models.CharField(max_length=200, editable=False)
    # [[{"key", "label", "value", "text", "third_party"}, …], …]
    rows = models.JSONField(default=list, editable=False)
    # {"row:field": why}
    left_out = models.JSONField(default=dict, editable=False)
    rows_read = models.PositiveIntegerField(default=0, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("part of a copy")
        verbose_name_plural = _("parts of a copy")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["copy", "position"], name="members_copy_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.position}"

    @property
    def is_read(self) -> bool:
        return self.rows_read >= len(self.rows)

    @property
    def given(self) -> list[list[dict[str, Any]]]:
        """The rows as they are given: what is left out has a mark instead of its value."""
        return [
            [
                {**field, "value": None, "text": "", "left_out": self._mark(why)}
                if (why := self.left_out.get(f"{number}:{place}"))
                else field
                for place, field in enumerate(row)
            ]
            for number, row in enumerate(self.rows)
        ]

    def _mark(self, why: str) -> str:
        """What the person reads in its place. Why is said only where saying it gives nothing away."""
        if why == self.Why.SOMEBODY_ELSE:
            return str(_("left out: it is about somebody else"))
        return str(_("left out, as the law allows"))
