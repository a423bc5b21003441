"""Complaints about how personal data are handled (Data Protection Act 2018, section 164A)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.models.paper import new_reference
from members.references import COMPLAINT

# "Within the period of 30 days beginning when the complaint is received": the first day counts.
ACKNOWLEDGE_WITHIN = timedelta(days=29)
WORDS_AT_MOST = 5000
WANTS_AT_MOST = 1000
ANSWER_AT_MOST = 5000

# What says who somebody is and what they wrote; forgotten when the complaint is kept long enough.
_PERSONAL = (
    "name", "email", "phone", "address_1", "address_2", "town", "postcode", "other_format", "words",
    "wants", "answer", "withdrawn_why",
)  # fmt: skip


def complaint_reference() -> str:
    return f"{COMPLAINT}-{new_reference()}"


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Any) -> ComplaintQuerySet:
        """All of them for the data protection lead; for a hub lead those about their access point.

        One that names no organisation is the network's: no hub lead sees it.
        """
        scope = scope_of_permission(user, Permission.COMPLAINT_HANDLE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def to_acknowledge(self) -> ComplaintQuerySet:
        """The first to fall due first."""
        return self.filter(state=Complaint.State.RECEIVED).order_by("acknowledge_by", "id")

    def to_answer(self) -> ComplaintQuerySet:
        """Acknowledged, the longest waiting first."""
        return self.filter(state=Complaint.State.ACKNOWLEDGED).order_by("received_on", "id")

    def closed(self) -> ComplaintQuerySet:
        return self.filter(state__in=Complaint.CLOSED).order_by("-closed_at", "id")


class Complaint(models.Model):
    """One complaint, and what became of it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ANSWERED = "answered", _("answered")
        WITHDRAWN = "withdrawn", _("taken back")

    CLOSED = (State.ANSWERED, State.WITHDRAWN)

    class Via(models.TextChoices):
        ONLINE = "online", _("on the website")
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter or on the form")
        DESK = "desk", _("at the desk")

    class AnswerBy(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by phone")

    class Size(models.IntegerChoices):
        CLEAR = 14, _("14 point: clear print")
        LARGE = 18, _("18 point: large print")
        GIANT = 24, _("24 point: giant print")

    class Outcome(models.TextChoices):
        PUT_RIGHT = "put_right", _("We were wrong, and have put it right")
        PARTLY = "partly", _("Partly right")
        EXPLAINED = "explained", _("Nothing went wrong; we have explained it")
        NOT_OURS = "not_ours", _("It is somebody else's; we have said whose")

    PERSONAL = _PERSONAL

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one complaint.
    key = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(
        max_length=8, unique=True, default=complaint_reference, editable=False
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who it is about"),
    )
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="complaints",
    )
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.ONLINE)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    answer_by = models.CharField(_("answer"), max_length=6, choices=AnswerBy.choices)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    address_1 = models.CharField(_("address line 1"), max_length=150, blank=True)
    address_2 = models.CharField(_("address line 2"), max_length=150, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    size = models.PositiveSmallIntegerField(
        _("size of print"), choices=Size.choices, default=Size.LARGE
    )
    other_format = models.CharField(_("needs it another way"), max_length=200, blank=True)
    words = models.TextField(_("what went wrong"), blank=True)
    wants = models.TextField(_("what would put it right"), blank=True)

    received_on = models.DateField(_("received on"))
    acknowledge_by = models.DateField(_("to be acknowledged by"), editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    withdrawn_why = models.CharField(_("why it was taken back"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who did the last step, and how often somebody did one: two at once are told apart by it.
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    wiped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-received_on", "id"]
        indexes = [
            models.Index(
                fields=["state", "acknowledge_by"],
                name="members_complaint_open",
                condition=Q(closed_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["answered", "withdrawn"], closed_at__isnull=False)
                | Q(state__in=["received", "acknowledged"], closed_at=None),
                name="members_complaint_closed_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "answered"])
                | Q(acknowledged_at__isnull=False),
                name="members_complaint_acknowledged_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(outcome=""),
                name="members_complaint_answered_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_by__gte=F("received_on")),
                name="members_complaint_clock_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=False) | (~Q(name="") & ~Q(words="")),
                name="members_complaint_says_something",
                violation_error_message=_("Say who complains, and about what."),
            ),
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=False)
                | Q(answer_by="email") & ~Q(email="")
                | Q(answer_by="phone") & ~Q(phone="")
                | Q(answer_by="letter") & ~Q(address_1="") & ~Q(postcode=""),
                name="members_complaint_can_be_answered",
                violation_error_message=_("Say where the answer is to go."),
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None) | Q(**dict.fromkeys(_PERSONAL, ""), person=None),
                name="members_complaint_wiped_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.start_clock()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("members:complaint", args=[self.id])

    def start_clock(self) -> None:
        self.acknowledge_by = self.received_on + ACKNOWLEDGE_WITHIN

    @property
    def is_open(self) -> bool:
        return self.state not in self.CLOSED

    @property
    def address_lines(self) -> list[str]:
        lines = (self.address_1, self.address_2, self.town, self.postcode)
        return [line for line in lines if line]

    def is_overdue(self, today: date) -> bool:
        """Past the last day on which it may be acknowledged."""
        return self.state == self.State.RECEIVED and today > self.acknowledge_by

    def days_waiting(self, today: date) -> int:
        return (today - self.received_on).days
