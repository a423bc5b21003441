""" "Did you get the help?": each time a person is to be asked, and each try to ask them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.messages.models import Channel
from referrals.models.named_contact import of_named_contact
from referrals.models.referral import Referral
from referrals.states import Loop


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> FollowUpQuerySet:
        """Not answered by the person, and not given up."""
        return self.filter(state__in=FollowUp.OPEN)

    def due(self, today: date) -> FollowUpQuerySet:
        """To be asked, or tried again, by today."""
        return self.open().filter(next_try_on__lte=today)

    def asked_by(self, user: Any) -> FollowUpQuerySet:
        """Those that ``user`` may ask: of their access points' referrals, and of people whose named
        contact they are."""
        scope = scope_of_permission(user, Permission.FOLLOW_UP_ASK)
        if not scope:
            return self.none()
        return self.filter(
            Q(referral__requester_id__in=scope.organisations)
            | of_named_contact(user, "referral__person_id")
        )


class FollowUp(models.Model):
    """To ask once, 14 or 90 days after the referral ended. The answer stands here for good.

    Only the person's word, or their carer's, answers it. What the organisation says is kept until the
    person has spoken, and leaves it open (docs/decisions/0051).
    """

    class State(models.TextChoices):
        DUE = "due", _("to be asked")
        WAITING = "waiting", _("asked, no answer yet")
        ANSWERED = "answered", _("answered")
        COULD_NOT_REACH = "could-not-reach", _("could not be reached")
        NOT_ASKED = "not-asked", _("not to be asked")

    class AnsweredBy(models.TextChoices):
        PERSON = "person", _("the person")
        CARER = "carer", _("their carer or family")
        PROVIDER = "provider", _("the organisation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="follow_ups")
    after_days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    # After a try that did not succeed: when to try again.
    next_try_on = models.DateField()
    state = models.CharField(max_length=15, choices=State.choices, default=State.DUE)
    answer = models.CharField(max_length=25, choices=Loop.choices, blank=True)
    answered_by = models.CharField(max_length=8, choices=AnsweredBy.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(max_length=9, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # One to five, only if they want to say.
    helpfulness = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)

    # As the partial index has it.
    OPEN = (State.DUE, State.WAITING)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["next_try_on"],
                name="referrals_follow_up_open",
                condition=Q(state__in=["due", "waiting"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "after_days"], name="referrals_follow_up_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="answered", answered_at__isnull=False, answered_by__in=["person", "carer"]
                )
                & ~Q(answer="")
                | ~Q(state="answered") & Q(answer="", answered_at=None, answered_by="")
                | ~Q(state="answered")
                & ~Q(answer="")
                & Q(answered_by="provider", answered_at__isnull=False),
                name="referrals_follow_up_answered_by_the_person",
            ),
            models.CheckConstraint(
                condition=Q(helpfulness=None) | Q(helpfulness__range=(1, 5)),
                name="referrals_follow_up_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.id}"


class Attempt(models.Model):
    """One try to ask: three of them, by two channels, before "could not reach"."""

    class Way(models.TextChoices):
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")
        EMAIL = "email", _("by e-mail")
        SMS = "sms", _("by text message")
        IN_PERSON = "in-person", _("in person")

    class Result(models.TextChoices):
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("they answered")
        NO_ANSWER = "no-answer", _("no answer")
        LEFT_MESSAGE = "left-message", _("left a message to ring us")
        WRONG_DETAILS = "wrong-details", _("the number or address is wrong")
        LATER = "later", _("asked us to try again later")
        REFUSED = "refused", _("asked not to be contacted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField(default=timezone.now, editable=False)
    way = models.CharField(max_length=9, choices=Way.choices)
    result = models.CharField(max_length=13, choices=Result.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # The letter, e-mail or text message in the outbox.
    message = models.UUIDField(null=True, blank=True)

    CHANNELS = {Way.LETTER: Channel.LETTER, Way.EMAIL: Channel.EMAIL, Way.SMS: Channel.SMS}

    class Meta:
        verbose_name = _("try to ask")
        verbose_name_plural = _("tries to ask")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"attempt {self.id}"
