"""The receiving side: how an organisation is told and recognised, and what it has room for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, Service
from referrals.states import Via


class ReceivingDesk(models.Model):
    """Where an organisation is told of referrals, and the only place one-time codes are sent to.

    Whoever changes it could have other people's details sent to themselves: each change says why, is
    told to the old address, and for a day no code goes to a new one (``contact_changed_at``).
    """

    class How(models.TextChoices):
        EMAIL = "email", _("By e-mail, with a link to answer by")
        POST = "post", _("On paper, by post")
        PHONE = "phone", _("By phone")
        SIGNED_IN = "signed-in", _("They sign in; an e-mail says that something has come")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="receiving_desk"
    )
    how = models.CharField(
        _("how they want to hear of referrals"),
        max_length=9,
        choices=How.choices,
        default=How.EMAIL,
    )
    email = models.EmailField(_("registered e-mail address"), blank=True)
    # Codes go here rather than to the e-mail address, when there is one and texts are sent.
    mobile = models.CharField(_("registered mobile number"), max_length=40, blank=True)
    phone = models.CharField(_("number to ring"), max_length=40, blank=True)
    address = models.TextField(_("address for letters"), blank=True)
    contact_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("receiving desk")
        verbose_name_plural = _("receiving desks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(how__in=["email", "signed-in"]) | ~Q(email=""),
                name="referrals_desk_email_when_wanted",
                violation_error_message=_("Enter the e-mail address at which they want to hear."),
            ),
            models.CheckConstraint(
                condition=~Q(how="post") | ~Q(address=""),
                name="referrals_desk_address_when_wanted",
                violation_error_message=_("Enter the address for letters."),
            ),
            models.CheckConstraint(
                condition=~Q(how="phone") | ~Q(phone=""),
                name="referrals_desk_phone_when_wanted",
                violation_error_message=_("Enter the number to ring."),
            ),
        ]

    def __str__(self) -> str:
        return f"receiving desk of {self.organisation_id}"


class DeskChange(models.Model):
    """That the registered contacts were changed, by whom and why; the values themselves are not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.ForeignKey(ReceivingDesk, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    fields = ArrayField(models.CharField(max_length=20), default=list)
    why = models.CharField(_("why it was changed"), max_length=300)

    class Meta:
        verbose_name = _("change of a receiving desk")
        verbose_name_plural = _("changes of receiving desks")
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"change of desk {self.desk_id}"


class Capacity(models.Model):
    """Whether a service has room, by its own word or the hub's; shown with its age.

    The four states are those of the SDOH Clinical Care guide's capacity status.
    """

    class State(models.TextChoices):
        CAPACITY = "capacity", _("has room")
        WAITLIST = "waitlist", _("has a waiting list")
        NO_CAPACITY = "no-capacity", _("has no room")
        ASSESSMENT = "additional-assessment-required", _("assesses first")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="capacity_now")
    state = models.CharField(max_length=30, choices=State.choices)
    note = models.CharField(_("anything to add"), max_length=200, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(
        _("expected wait, in weeks"), null=True, blank=True
    )
    as_of = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    via = models.CharField(max_length=9, choices=Via.choices, default=Via.SIGNED_IN)

    class Meta:
        verbose_name = _("capacity of a service")
        verbose_name_plural = _("capacities of services")
        constraints = [
            models.CheckConstraint(
                condition=Q(wait_weeks=None) | Q(wait_weeks__lte=260),
                name="referrals_capacity_wait_at_most_five_years",
                violation_error_message=_("Enter a wait of 260 weeks or fewer."),
            )
        ]

    def __str__(self) -> str:
        return f"capacity of {self.service_id}"

    def days_old(self, now: datetime | None = None) -> int:
        """Whole days since it was last said, counted in London."""
        moment = timezone.localtime(now)
        return max(0, (moment.date() - timezone.localtime(self.as_of).date()).days)

    @property
    def is_stale(self) -> bool:
        """Said so long ago that nobody should rely on it."""
        return self.days_old() > 30


class TellingQuerySet(models.QuerySet["Telling"]):
    def waiting(self) -> TellingQuerySet:
        return self.filter(done_at=None, not_needed_at=None)

    def of(self, organisations: Any) -> TellingQuerySet:
        """Those that these access points have to see to."""
        return self.filter(referral__requester_id__in=organisations)


class Telling(models.Model):
    """Somebody that the access point must ring, or write to on paper, because no machine may or can."""

    class Whom(models.TextChoices):
        RECEIVER = "receiver", _("the organisation")
        PERSON = "person", _("the person")

    class How(models.TextChoices):
        PHONE = "phone", _("by phone")
        POST = "post", _("by post")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The step it tells of: each is told to each side once.
    change = models.ForeignKey(
        "referrals.StateChange", on_delete=models.PROTECT, related_name="tellings"
    )
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="tellings"
    )
    whom = models.CharField(max_length=8, choices=Whom.choices)
    how = models.CharField(max_length=5, choices=How.choices)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    printed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The referral went on before anybody had told them.
    not_needed_at = models.DateTimeField(null=True, blank=True)
    # The slip came back and its answer was written down.
    returned_at = models.DateTimeField(null=True, blank=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("something to tell by hand")
        verbose_name_plural = _("things to tell by hand")
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(
                fields=["made_at"],
                name="referrals_telling_waiting",
                condition=Q(done_at=None, not_needed_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["change", "whom"], name="referrals_told_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(not_needed_at=None),
                name="referrals_telling_done_or_not_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"telling {self.id}"
