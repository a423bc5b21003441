"""Sheets that somebody asked to have posted."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation, Service, TaxonomyTerm

# Letters and digits that are not mixed up when they are read out over the telephone.
_SPOKEN = "ACDEFHJKMNPRTUVWXY3479"
# The time for a letter to come back before the address is forgotten.
KEEP_AFTER_POSTING = timedelta(days=14)
# Nobody dealt with it: the address is not kept for ever on that account.
KEEP_UNPOSTED = timedelta(days=60)


# What says who somebody is: forgotten some days after the letter went.
_PERSONAL = (
    "name",
    "address_1",
    "address_2",
    "town",
    "postcode",
    "phone",
    "email",
    "other_format",
    "why_not",
)


def new_reference() -> str:
    return "".join(secrets.choice(_SPOKEN) for _number in range(6))


class PaperRequestQuerySet(models.QuerySet["PaperRequest"]):
    def visible_to(self, user: Any) -> PaperRequestQuerySet:
        """Those at the access points where ``user`` deals with the post."""
        scope = scope_of_permission(user, Permission.PAPER_QUEUE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def waiting(self) -> PaperRequestQuerySet:
        return self.filter(state=PaperRequest.State.ASKED)

    def for_queue(self) -> PaperRequestQuerySet:
        """Waiting ones, the oldest first, with what their rows show."""
        return (
            self.waiting()
            .select_related("organisation", "topic")
            .prefetch_related("items__service")
            .order_by("created_at", "id")
        )

    def lately_done(self) -> PaperRequestQuerySet:
        """Those whose letter may still come back: the name is not yet forgotten."""
        return self.exclude(state=PaperRequest.State.ASKED).filter(wiped_at=None)

    def to_be_wiped(self) -> PaperRequestQuerySet:
        now = timezone.now()
        return self.filter(
            Q(done_at__lt=now - KEEP_AFTER_POSTING)
            | Q(done_at=None, created_at__lt=now - KEEP_UNPOSTED),
            wiped_at=None,
        )


class PaperRequest(models.Model):
    """One envelope: who asked, for what, in which size, and what became of it."""

    class State(models.TextChoices):
        ASKED = "asked", _("to be posted")
        POSTED = "posted", _("posted")
        RETURNED = "returned", _("came back")
        NOT_SENT = "not_sent", _("could not be sent")

    class Size(models.IntegerChoices):
        CLEAR = 14, _("14 point: clear print")
        LARGE = 18, _("18 point: large print")
        GIANT = 24, _("24 point: giant print")

    class Via(models.TextChoices):
        ONLINE = "online", _("on the website")
        PHONE = "phone", _("by phone")
        DESK = "desk", _("at the desk")

    class Area(models.TextChoices):
        """By the postcode's local authority; see ``directory.residency``."""

        IN = "in", _("in the area")
        OUT = "out", _("outside the area")
        NOT_SURE = "not_sure", _("not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one envelope.
    key = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="paper_requests",
        verbose_name=_("access point"),
    )
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="paper_requests",
    )
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.ONLINE)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    address_1 = models.CharField(_("address line 1"), max_length=150, blank=True)
    address_2 = models.CharField(_("address line 2"), max_length=150, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    area = models.CharField(max_length=8, choices=Area.choices, default=Area.NOT_SURE)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    size = models.PositiveSmallIntegerField(
        _("size of print"), choices=Size.choices, default=Size.LARGE
    )
    easy_read = models.BooleanField(_("Easy Read, where there is one"), default=False)
    other_format = models.CharField(_("another format"), max_length=200, blank=True)
    topic = models.ForeignKey(
        TaxonomyTerm, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The consent of somebody who is not remembered: it goes with the address.
    wording = models.CharField(max_length=20)

    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    why_not = models.CharField(_("why not"), max_length=200, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)

    objects = PaperRequestQuerySet.as_manager()

    PERSONAL = _PERSONAL

    class Meta:
        verbose_name = _("request for paper")
        verbose_name_plural = _("requests for paper")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["organisation", "created_at"],
                name="members_paper_waiting",
                condition=Q(state="asked"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=False)
                | (~Q(name="") & ~Q(address_1="") & ~Q(postcode="")),
                name="members_paper_has_address",
                violation_error_message=_("Enter a name and an address to post to."),
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None) | Q(**dict.fromkeys(_PERSONAL, "")),
                name="members_paper_wiped_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", done_at=None)
                | (~Q(state="asked") & Q(done_at__isnull=False)),
                name="members_paper_done_when_not_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(via="online") | Q(asked_by=None),
                name="members_paper_online_is_by_nobody",
            ),
        ]

    def __str__(self) -> str:
        # Never the name or the address: a log line or an error page would print it.
        return f"request for paper {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("members:paper_request", args=[self.id])

    @property
    def address_lines(self) -> list[str]:
        """Below the name; the postcode on a line of its own, as Royal Mail asks."""
        lines = (self.address_1, self.address_2, self.town, self.postcode)
        return [line for line in lines if line]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.ASKED


class PaperItem(models.Model):
    """One service whose sheet goes into the envelope, and what they wrote down about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PaperRequest, on_delete=models.CASCADE, related_name="items")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    # Printed on the sheet and wiped as soon as it is posted.
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "service"], name="members_paper_service_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} for {self.request_id}"
