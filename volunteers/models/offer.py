"""A volunteer for a request for help: suggested, asked, and then a visit."""

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

from volunteers.models.help_request import HelpRequest, Repeats
from volunteers.models.volunteer import Volunteer
from volunteers.states import OFFER_LIVE, OfferState, Party


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Any) -> OfferQuerySet:
        """Of requests that ``user`` coordinates."""
        return self.filter(help_request__in=HelpRequest.objects.coordinated_by(user))

    def own(self, user: Any) -> OfferQuerySet:
        """What the signed-in volunteer was asked to do; a suggestion is not shown to them."""
        return self.filter(volunteer__person__user=user.pk or 0).exclude(
            Q(state=OfferState.SUGGESTED) | Q(offered_at=None)
        )

    def live(self) -> OfferQuerySet:
        return self.filter(state__in=sorted(OFFER_LIVE))

    def lapsing(self, now: datetime) -> OfferQuerySet:
        """Nobody answered in time."""
        return self.filter(state=OfferState.OFFERED, lapses_at__lte=now).order_by("lapses_at", "id")

    def queued(self) -> OfferQuerySet:
        """Confirmed by a coordinator to be asked next, in that order."""
        return self.filter(state=OfferState.SUGGESTED, queue_position__isnull=False).order_by(
            "queue_position", "id"
        )


class Offer(models.Model):
    """Two people say yes: the volunteer (``volunteer_accepted_at``, which is the state *accepted*) and
    the person who is helped (``person_accepted_at``). Contact details are released to each of them at
    ``released_at``, when both have; the database holds that. A no has no consequence and needs no reason.

    ``reasons`` are why this volunteer was suggested, in plain words, as the coordinator saw them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="offers")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=9, choices=OfferState.choices, default=OfferState.SUGGESTED)
    suggested_at = models.DateTimeField(default=timezone.now)
    reasons = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    cost = models.IntegerField(null=True, blank=True)
    # In which order the matching would ask: 1 is its choice with all requests in view, which need not be
    # the cheapest for this one.
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    queue_position = models.PositiveSmallIntegerField(null=True, blank=True)
    # Copied from the request, or agreed otherwise: what overlaps with what is read here.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    repeats = models.CharField(max_length=11, choices=Repeats.choices, default=Repeats.ONCE)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lapses_at = models.DateTimeField(null=True, blank=True)
    volunteer_accepted_at = models.DateTimeField(null=True, blank=True)
    person_accepted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(
        max_length=9, choices=[(p.value, p.value) for p in Party], blank=True
    )
    # What the volunteer or the person wanted to say with a no; nobody has to.
    words = models.CharField(max_length=300, blank=True)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(_("why it may overlap"), max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer to a volunteer")
        verbose_name_plural = _("offers to volunteers")
        ordering = ["-suggested_at", "id"]
        indexes = [
            models.Index(fields=["volunteer", "state"], name="volunteers_offer_by_volunteer"),
            models.Index(
                fields=["lapses_at"], name="volunteers_offer_lapsing", condition=Q(state="offered")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["help_request", "volunteer"],
                condition=Q(state__in=["suggested", "offered", "accepted"]),
                name="volunteers_offer_once",
                violation_error_message=_("This volunteer has been suggested already."),
            ),
            # The last word where two say yes at once.
            models.UniqueConstraint(
                fields=["help_request"],
                condition=Q(state="accepted"),
                name="volunteers_offer_one_accepted",
                violation_error_message=_("Somebody else has said yes a moment ago."),
            ),
            models.CheckConstraint(
                condition=Q(state="suggested")
                | Q(state="cancelled")
                | Q(offered_at__isnull=False, lapses_at__isnull=False),
                name="volunteers_offer_lapses_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "done", "no-show"])
                | Q(volunteer_accepted_at__isnull=False),
                name="volunteers_offer_accepted_when",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None)
                | Q(volunteer_accepted_at__isnull=False, person_accepted_at__isnull=False),
                name="volunteers_offer_released_after_both",
                violation_error_message=_("Contact details are released after both have accepted."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__gt=models.F("starts_at")),
                name="volunteers_offer_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.id}"

    @property
    def is_released(self) -> bool:
        """Each side may have the other's name and number: both accepted, and it still stands."""
        return self.released_at is not None and self.state in (OfferState.ACCEPTED, OfferState.DONE)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Any) -> VisitQuerySet:
        """Of requests that ``user`` coordinates."""
        return self.filter(offer__help_request__in=HelpRequest.objects.coordinated_by(user))

    def standing(self) -> VisitQuerySet:
        """Agreed, and not cancelled."""
        return self.filter(cancelled_at=None).order_by("starts_at", "id")

    def planned(self) -> VisitQuerySet:
        """Standing, and nobody has said yet what became of it."""
        return self.standing().filter(outcome="")


class Visit(models.Model):
    """One visit under an offer. Whoever comes says ``watchword`` first: the person chose it or was told it
    by the coordinator, never by the volunteer. ``card`` is what their photo card shows. Printed for the
    person, because bogus callers have been reported."""

    class Outcome(models.TextChoices):
        TOOK_PLACE = "took-place", _("took place")
        VOLUNTEER_MISSED = "volunteer-missed", _("the volunteer did not come")
        PERSON_MISSED = "person-missed", _("nobody opened the door")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="visits")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    watchword = models.CharField(_("password"), max_length=40, blank=True)
    card = models.CharField(_("what their photo card shows"), max_length=100, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    printed_at = models.DateTimeField(null=True, blank=True)
    # The sheet that was printed before says the wrong time.
    moved_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(_("why it may overlap"), max_length=300, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="volunteers_visit_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(watchword="") | ~Q(card="") | Q(cancelled_at__isnull=False),
                name="volunteers_visit_can_be_recognised",
                violation_error_message=_("Agree a password, or say what the photo card shows."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | ~Q(outcome="") & Q(outcome_at__isnull=False, cancelled_at=None),
                name="volunteers_visit_outcome_when",
            ),
            models.UniqueConstraint(
                fields=["offer", "starts_at"],
                condition=Q(cancelled_at=None),
                name="volunteers_visit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.id}"
