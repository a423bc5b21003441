"""The safety net: who asked to join without paying, and what was decided.

Holds the ground and the *kind* of evidence that somebody saw. There is no field for a document, a number
or an amount, and a test says so.
"""

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

# A decision to ask nothing is looked at again about two membership years later.
REVIEW_AFTER_MONTHS = 24
REVIEW_SOON = timedelta(days=30)
WORDS_AT_MOST = 500
REASONS_AT_MOST = 1000

# What somebody wrote; forgotten when a decision has been kept long enough, or when they are erased.
_WORDS = ("ground", "words", "evidence", "reasons", "appeal_words", "proposed_reasons")


class ConcessionQuerySet(models.QuerySet["Concession"]):
    def visible_to(self, user: Any) -> ConcessionQuerySet:
        """Those asked at the access points where ``user`` deals with them; all for the whole network."""
        scope = scope_of_permission(user, Permission.SAFETY_NET_ASK)
        if scope.network:
            return self.all()
        return self.filter(membership__organisation_id__in=scope.organisations)

    def waiting(self) -> ConcessionQuerySet:
        """Asked and not yet decided, the longest waiting first."""
        return self.filter(state=Concession.State.ASKED).order_by("asked_at", "id")

    def appealed(self) -> ConcessionQuerySet:
        return self.filter(state=Concession.State.APPEALED).order_by("appealed_at", "id")

    def to_tell(self) -> ConcessionQuerySet:
        """Decided, and the person is to be told by a human being."""
        return self.filter(to_be_told=True, wiped_at=None).order_by("version_at", "id")

    def to_review(self, on: date) -> ConcessionQuerySet:
        """Granted, and to be looked at again by now or soon."""
        return self.filter(
            state=Concession.State.GRANTED,
            review_on__lte=on + REVIEW_SOON,
            wiped_at=None,
            membership__stored__in=["", "pending"],
        ).order_by("review_on", "id")

    def decided(self) -> ConcessionQuerySet:
        return self.exclude(state__in=[Concession.State.ASKED, Concession.State.APPEALED]).order_by(
            "-version_at", "id"
        )

    def holding(self, on: date) -> ConcessionQuerySet:
        """Granted, and the day of review is not past: a renewal needs no new question."""
        return self.filter(state=Concession.State.GRANTED, review_on__gte=on)


class Concession(models.Model):
    """One question whether somebody can be a member without paying, and its answer."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        GRANTED = "granted", _("granted")
        NOT_GRANTED = "not-granted", _("not granted")
        APPEALED = "appealed", _("asked to look again")
        UPHELD = "upheld", _("not granted, looked at again")
        WITHDRAWN = "withdrawn", _("taken back")
        ENDED = "ended", _("no longer needed")

    class Ground(models.TextChoices):
        BENEFIT = "benefit", _("A benefit that depends on income")
        CARER = "carer", _("Looks after somebody without being paid")
        CARE_LEAVER = "care_leaver", _("Has left care")
        HARDSHIP = "hardship", _("Cannot afford it (the hub lead decides)")

    class Evidence(models.TextChoices):
        """What kind of thing somebody looked at. It was given back; nothing of it was written down."""

        BENEFIT_LETTER = "benefit_letter", _("A letter about a benefit")
        BENEFIT_ONLINE = "benefit_online", _("Their benefit account, on their own screen")
        COUNCIL_LETTER = "council_letter", _("A letter from the council")
        CARER_LETTER = "carer_letter", _("A carer’s assessment, card or letter")
        CARE_LEAVER_LETTER = (
            "leaver_letter",
            _("A letter from the care leavers’ team or an adviser"),
        )
        PROFESSIONAL = "professional", _("Somebody who works with them said so")
        KNOWN = "known", _("It is known at the access point")
        WORD = "word", _("Their word; nothing was looked at")

    class Via(models.TextChoices):
        DESK = "desk", _("at the desk")
        ONLINE = "online", _("on the website")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")

    class Proposal(models.TextChoices):
        GRANT = "grant", _("Grant it")
        REFUSE = "refuse", _("Do not grant it")

    # What a simple benefit check may rest on: looked at by the one who decides.
    ENOUGH = {
        Ground.BENEFIT: frozenset(
            {Evidence.BENEFIT_LETTER, Evidence.BENEFIT_ONLINE, Evidence.COUNCIL_LETTER}
        ),
        Ground.CARER: frozenset(
            {Evidence.CARER_LETTER, Evidence.COUNCIL_LETTER, Evidence.BENEFIT_LETTER}
        ),
        Ground.CARE_LEAVER: frozenset({Evidence.CARE_LEAVER_LETTER, Evidence.COUNCIL_LETTER}),
    }
    WORDS = _WORDS
    OPEN = (State.ASKED, State.APPEALED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one question.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(
        "members.Membership", on_delete=models.PROTECT, related_name="concessions"
    )
    state = models.CharField(max_length=11, choices=State.choices, default=State.ASKED)
    ground = models.CharField(_("why"), max_length=11, choices=Ground.choices, blank=True)
    # As they said it; never needed.
    words = models.CharField(_("in their own words"), max_length=WORDS_AT_MOST, blank=True)
    via = models.CharField(_("how they asked"), max_length=6, choices=Via.choices)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty when they asked on the website.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    evidence = models.CharField(
        _("what was looked at"), max_length=14, choices=Evidence.choices, blank=True
    )
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seen_on = models.DateField(null=True, blank=True)

    # The first decision: who decided it may not decide an appeal.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Of the last refusal, in the words that the person reads.
    reasons = models.CharField(_("reasons"), max_length=REASONS_AT_MOST, blank=True)
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)

    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_via = models.CharField(max_length=6, choices=Via.choices, blank=True)
    appeal_words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    # What the first of the two thinks; nothing is decided until the second agrees.
    proposal = models.CharField(max_length=6, choices=Proposal.choices, blank=True)
    proposed_reasons = models.CharField(max_length=REASONS_AT_MOST, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    # Nobody could write to them: somebody rings them, or tells them at the desk.
    to_be_told = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    version_at = models.DateTimeField(default=timezone.now, editable=False)
    wiped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConcessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question for the safety net")
        verbose_name_plural = _("questions for the safety net")
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="members_concession_open",
                condition=Q(state__in=["asked", "appealed"]),
            ),
            models.Index(
                fields=["review_on"],
                name="members_concession_review",
                condition=Q(state="granted"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state__in=["asked", "appealed"]),
                name="members_concession_one_open",
                violation_error_message=_("They have asked already, and it is being looked at."),
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state="granted"),
                name="members_concession_one_granted",
                violation_error_message=_("It is granted already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="members_concession_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted")
                | Q(review_on__isnull=False) & (~Q(evidence="") | Q(wiped_at__isnull=False)),
                name="members_concession_granted_until_review",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["not-granted", "upheld"])
                | ~Q(reasons="")
                | Q(wiped_at__isnull=False),
                name="members_concession_refused_with_reasons",
                violation_error_message=_("Say why, in words for the person."),
            ),
            # An appeal is decided by two people, and whoever refused it first is neither of them.
            models.CheckConstraint(
                condition=~(
                    Q(state="upheld") | Q(state__in=["granted", "ended"], appealed_at__isnull=False)
                )
                | Q(
                    appealed_at__isnull=False,
                    proposed_by__isnull=False,
                    confirmed_by__isnull=False,
                ),
                name="members_concession_appeal_by_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(proposed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="members_concession_two_are_two",
                violation_error_message=_("Somebody else has to agree."),
            ),
            models.CheckConstraint(
                condition=(Q(proposed_by=None) | ~Q(proposed_by=F("decided_by")))
                & (Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by"))),
                name="members_concession_not_by_who_refused",
                violation_error_message=_("Whoever did not grant it cannot decide the appeal."),
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None) | Q(**dict.fromkeys(_WORDS, "")),
                name="members_concession_wiped_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"concession {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("members:safety_net_one", args=[self.id])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def holds_on(self, day: date) -> bool:
        """The same rule as ``holding()``, for a row that is at hand."""
        return (
            self.state == self.State.GRANTED
            and self.review_on is not None
            and day <= self.review_on
        )

    def days_waiting(self, today: date) -> int:
        since = self.appealed_at if self.state == self.State.APPEALED else self.asked_at
        return (today - timezone.localdate(since)).days


def is_simple_check(ground: str, evidence: str) -> bool:
    """Whether staff who saw this may grant it on the spot; the rest is for a lead to decide."""
    return evidence in Concession.ENOUGH.get(Concession.Ground(ground), frozenset())


class ConcessionRenewal(models.Model):
    """A year more without paying, on a decision that still holds. Its id is the term's source."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concession = models.ForeignKey(Concession, on_delete=models.PROTECT, related_name="renewals")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty when they renewed on the website.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("renewal by the safety net")
        verbose_name_plural = _("renewals by the safety net")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"renewal {self.id}"
