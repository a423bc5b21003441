"""Somebody who helps, or would like to."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.privacy import all_ids_of
from directory.models import Organisation
from members.models import AgeBand, Person
from members.models.person import age_on
from volunteers.models.interest import Interest
from volunteers.references import volunteer_reference
from volunteers.states import UNPLACED, VolunteerReason, VolunteerState

PARENT_NEEDED_UNDER = 16
WORDS_AT_MOST = 1000


class Transport(models.TextChoices):
    WALK = "walk", _("Walks")
    CYCLE = "cycle", _("Cycles")
    BUS = "bus", _("Bus or train")
    DRIVE = "drive", _("Drives, with a car")


class Route(models.TextChoices):
    """How somebody came to us; for the recruitment figures."""

    ONLINE = "online", _("On this website")
    PAPER = "paper", _("On paper")
    DESK = "desk", _("At a desk or on the phone")
    EMPLOYER = "employer", _("Through their employer or college")
    REFERRED = "referred", _("Sent by another organisation")
    EVENT = "event", _("At an event")
    FRIEND = "friend", _("Through somebody they know")


class Barrier(models.TextChoices):
    """What stood in the way, as question 14 of the study's survey asked (its Appendix 4)."""

    TIME = "time", _("Not enough time")
    INFORMATION = "information", _("Did not know what there is")
    PAY = "pay", _("Pay or reward")
    CONFIDENCE = "confidence", _("Confidence")
    COMMITMENT = "commitment", _("Afraid of being tied down")
    WORK = "work", _("Work")
    FAMILY = "family", _("Family")
    HEALTH = "health", _("Health or disability")
    TRANSPORT = "transport", _("Getting there")
    BENEFITS = "benefits", _("Afraid of losing benefits")
    TOO_OLD = "too-old", _("Felt too old")
    INTEREST = "interest", _("Nothing of interest")
    NO_SAY = "no-say", _("No say in how things are done")
    OTHER = "other", _("Something else")


class HelpKind(models.TextChoices):
    """What a neighbour may ask of a volunteer."""

    GOOD_NEIGHBOUR = "good-neighbour", _("A small job: a light bulb, a letter, the bins")
    SHOPPING = "shopping", _("Shopping or fetching a prescription")
    BEFRIENDING = "befriending", _("Company: a visit or a phone call")
    LIFT = "lift", _("A lift")
    SITTING = "sitting", _("Sitting with somebody, so that their carer can go out")
    GARDEN = "garden", _("The garden")
    DIGITAL = "digital", _("Help with a phone or a computer")
    OTHER = "other", _("Something else")


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: Any) -> VolunteerQuerySet:
        """Those with a place (their own, or one they agreed to share) at an organisation where ``user``
        looks after volunteers; all for the volunteer centre. Forgotten ones are seen by nobody."""
        from volunteers.models.place import VolunteerPlace

        scope = scope_of_permission(user, Permission.VOLUNTEER_VIEW)
        found = self.filter(anonymised_at=None)
        if scope.network:
            return found
        here = VolunteerPlace.objects.current().filter(
            volunteer=OuterRef("pk"), organisation_id__in=scope.organisations
        )
        return found.filter(Exists(here))

    def own(self, user: Any) -> VolunteerQuerySet:
        """The signed-in person's own record: none or one."""
        return self.filter(person__user=user.pk or 0, anonymised_at=None)

    def of_person(self, person: Person) -> VolunteerQuerySet:
        """The record of this person, whichever of their merged records it hangs on."""
        return self.filter(person_id__in=all_ids_of(person.pk))

    def unplaced(self) -> VolunteerQuerySet:
        return self.filter(state__in=sorted(UNPLACED), anonymised_at=None)

    def without_next_step(self) -> VolunteerQuerySet:
        """Left waiting: not placed, and nothing is due to happen. Must be empty; a test and the hub see."""
        from volunteers.models.redirection import NextStep

        waiting = NextStep.objects.filter(volunteer=OuterRef("pk"), done_at=None)
        return self.unplaced().filter(~Exists(waiting))

    def helping(self) -> VolunteerQuerySet:
        """Who may be suggested for a task. The hard rules are asked besides (``volunteers.rules``)."""
        return self.filter(state=VolunteerState.ACTIVE, anonymised_at=None)


class Volunteer(models.Model):
    """One for each ``members.Person``; the person has the name, the address and the phone number.

    ``organisation`` is where they came to: it looks after them until they have a place elsewhere. The
    state changes only through ``actions.volunteers.move_volunteer``; the database holds each state to
    its row of history.
    """

    class Gender(models.TextChoices):
        """Asked only so that a person whose need makes a preference lawful can be helped; the reason is
        written beside each request (``HelpRequest.preference_reason``)."""

        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")
        OTHER = "other", _("Describe myself in another way")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=volunteer_reference, editable=False
    )
    # Empty only after the person was forgotten: the volunteer is still counted.
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="volunteer"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="volunteers_recruited"
    )
    state = models.CharField(
        max_length=12, choices=VolunteerState.choices, default=VolunteerState.INTERESTED
    )
    state_reason = models.CharField(max_length=15, choices=VolunteerReason.choices, blank=True)
    paused_until = models.DateField(_("back on"), null=True, blank=True)
    route = models.CharField(
        _("how they came to us"), max_length=8, choices=Route.choices, blank=True
    )
    # Kept for the figures when the person is forgotten.
    age_band = models.CharField(max_length=8, choices=AgeBand.choices, blank=True)
    barriers = ArrayField(
        models.CharField(max_length=11, choices=Barrier.choices),
        default=list,
        blank=True,
        verbose_name=_("what stood in the way"),
    )
    hopes = models.TextField(_("what they hope for"), blank=True)
    # What they need so that they can help: a quiet room, somebody beside them at first.
    support_needs = models.TextField(_("what would help them to help"), blank=True)
    interests = models.ManyToManyField(
        Interest, blank=True, related_name="volunteers", verbose_name=_("interests and skills")
    )
    languages = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("languages")
    )
    help_kinds = ArrayField(
        models.CharField(max_length=14, choices=HelpKind.choices),
        default=list,
        blank=True,
        verbose_name=_("tasks they would do"),
    )
    transport = ArrayField(
        models.CharField(max_length=5, choices=Transport.choices),
        default=list,
        blank=True,
        verbose_name=_("how they get about"),
    )
    travel_miles = models.PositiveSmallIntegerField(
        _("how far they would travel, in miles"), null=True, blank=True
    )
    minutes_a_week = models.PositiveIntegerField(_("minutes a week at most"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="volunteers_by_organisation"),
            models.Index(fields=["state"], name="volunteers_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="volunteers_person_until_anonymised",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(person=None, hopes="", support_needs="", gender="", languages=[]),
                name="volunteers_anonymised_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(travel_miles=None) | Q(travel_miles__lte=100),
                name="volunteers_travel_in_miles",
                violation_error_message=_("Give a distance of up to 100 miles."),
            ),
            models.CheckConstraint(
                condition=Q(minutes_a_week=None)
                | Q(minutes_a_week__gt=0, minutes_a_week__lte=10080),
                name="volunteers_minutes_fit_in_a_week",
                violation_error_message=_("A week has no more than 168 hours."),
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("hopes"), WORDS_AT_MOST))
                & Q(LessThanOrEqual(Length("support_needs"), WORDS_AT_MOST)),
                name="volunteers_words_fit",
                violation_error_message=_("Please use 1,000 characters or fewer."),
            ),
        ]

    def __str__(self) -> str:
        # Never the name: a log line would print it.
        return f"volunteer {self.reference}"

    @property
    def drives(self) -> bool:
        return Transport.DRIVE in self.transport

    def age_on(self, day: date) -> int | None:
        """Full years on that day; None when no date of birth is known."""
        if self.person is None or self.person.date_of_birth is None:
            return None
        return age_on(self.person.date_of_birth, day)

    def needs_parent(self, day: date) -> bool:
        """Under 16; or under 18 without a date of birth, where nobody can know that they are 16."""
        years = self.age_on(day)
        if years is not None:
            return years < PARENT_NEEDED_UNDER
        return self.person is not None and self.person.age_band == AgeBand.UNDER_18
