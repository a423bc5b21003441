"""A neighbour asks for a hand."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.models import Person
from volunteers.models.check import CheckKind, DbsLevel
from volunteers.models.interest import Interest
from volunteers.models.volunteer import HelpKind, Volunteer
from volunteers.references import help_reference
from volunteers.states import HELP_FINAL, HELP_OPEN, HELP_SEEKING, HelpReason, HelpState

WORDS_AT_MOST = 1000


class Repeats(models.TextChoices):
    ONCE = "once", _("once")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")


class Answer(models.TextChoices):
    """Whether the person got the help, in their own word."""

    YES = "yes", _("Yes, I got the help")
    SOME = "some", _("Some of it")
    NO = "no", _("No")
    NOT_REACHED = "not-reached", _("could not be reached")


# Somebody gets in touch after these.
NOT_HELPED = (Answer.SOME, Answer.NO)


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def visible_to(self, user: Any) -> HelpRequestQuerySet:
        """Those that ``user`` looks for volunteers for (all, for the volunteer centre), those taken down
        at their desk, and those of people whose named contact they are."""
        coordinates = scope_of_permission(user, Permission.HELP_COORDINATE)
        takes = scope_of_permission(user, Permission.HELP_TAKE)
        found = self.filter(anonymised_at=None)
        if coordinates.network:
            return found
        seen = Q(organisation_id__in=coordinates.organisations)
        if takes:
            seen |= Q(taken_at_id__in=takes.organisations) | Q(person__coordinator=user.pk)
        return found.filter(seen)

    def coordinated_by(self, user: Any) -> HelpRequestQuerySet:
        """Those that ``user`` triages, offers and follows: not those that they only took down."""
        scope = scope_of_permission(user, Permission.HELP_COORDINATE)
        found = self.filter(anonymised_at=None)
        return found if scope.network else found.filter(organisation_id__in=scope.organisations)

    def own(self, user: Any) -> HelpRequestQuerySet:
        """What the signed-in person asked for themself."""
        return self.filter(person__user=user.pk or 0, anonymised_at=None)

    def open(self) -> HelpRequestQuerySet:
        return self.filter(state__in=sorted(HELP_OPEN))

    def seeking(self) -> HelpRequestQuerySet:
        """For which a volunteer is looked for, the most pressing first."""
        return self.filter(state__in=sorted(HELP_SEEKING)).order_by(
            models.F("needed_by").asc(nulls_last=True), "asked_at", "id"
        )

    def taken_by(self, user: Any) -> HelpRequestQuerySet:
        """Those that ``user``'s own desk took down: it says yes for the person and hears what became."""
        scope = scope_of_permission(user, Permission.HELP_TAKE)
        found = self.filter(anonymised_at=None).exclude(taken_at=None)
        return found if scope.network else found.filter(taken_at_id__in=scope.organisations)

    def to_ask_how_it_went(self, today: date) -> HelpRequestQuerySet:
        """Done, and nobody has heard yet from the person whether they got the help."""
        return self.filter(state=HelpState.DONE, answer="", ask_on__lte=today)

    def not_helped(self) -> HelpRequestQuerySet:
        """The person said that they did not get it, and nobody has been in touch since."""
        return self.filter(state=HelpState.DONE, answer__in=NOT_HELPED, follow_up_on__isnull=False)

    def overdue(self, today: date) -> HelpRequestQuerySet:
        """Nobody was found by the day on which the person was to hear: a follow-up is owed."""
        return self.filter(
            state__in=[HelpState.ASKED, HelpState.TRIAGED, HelpState.OFFERED],
            follow_up_on__lt=today,
        )


class HelpRequest(models.Model):
    """Where it is to be done is nowhere here: the address is the person's, and is read through
    ``volunteers.access.released_contact`` alone, after both have accepted.

    ``organisation`` looks for the volunteer; ``taken_at`` is the desk that wrote it down (empty: asked on
    the website). ``starts_at`` and ``ends_at`` are the first time when it repeats; empty when any time
    will do (``when_words`` then says what suits). ``follow_up_on``: by then somebody tells the person how
    it stands, found or not.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("on the phone")
        DESK = "desk", _("at a desk")
        WEB = "web", _("on this website")
        LETTER = "letter", _("by letter")
        PATHWAY = "pathway", _("from a support plan or a referral")

    class PassedTo(models.TextChoices):
        ENQUIRY = "enquiry", _("an enquiry at an access point")
        PAID_SERVICE = "paid-service", _("a paid service")
        ADULT_SOCIAL_CARE = "adult-social-care", _("adult social care")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=11, unique=True, default=help_reference, editable=False)
    # The asking page's own key: a form that is sent twice makes one request.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="help_requests"
    )
    taken_at = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=7, choices=Channel.choices)
    state = models.CharField(max_length=27, choices=HelpState.choices, default=HelpState.ASKED)
    state_reason = models.CharField(max_length=16, choices=HelpReason.choices, blank=True)
    kind = models.CharField(_("kind of help"), max_length=14, choices=HelpKind.choices)
    what = models.TextField(_("what is to be done"))
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    repeats = models.CharField(
        _("how often"), max_length=11, choices=Repeats.choices, default=Repeats.ONCE
    )
    when_words = models.CharField(_("when it suits"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("how long, in minutes"), default=60)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    # The member wishes to give a token of their membership for it, when it is done.
    with_token = models.BooleanField(_("use one of their tokens"), default=False)

    # --- what triage adds ---
    checks_needed = ArrayField(
        models.CharField(max_length=14, choices=CheckKind.choices),
        default=list,
        blank=True,
        verbose_name=_("checks the volunteer must have"),
    )
    dbs_level = models.CharField(max_length=15, choices=DbsLevel.choices, blank=True)
    minimum_age = models.PositiveSmallIntegerField(_("volunteer's youngest age"), default=18)
    interests = models.ManyToManyField(
        Interest, blank=True, related_name="+", verbose_name=_("interests and skills")
    )
    languages = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("languages")
    )
    needs_driver = models.BooleanField(_("the volunteer must drive"), default=False)
    from_home = models.BooleanField(_("can be done by phone or from home"), default=False)
    gender_preference = models.CharField(
        _("by a woman or a man"), max_length=6, choices=Volunteer.Gender.choices[:2], blank=True
    )
    preference_reason = models.CharField(
        _("why this is needed and lawful"), max_length=300, blank=True
    )
    triaged_at = models.DateTimeField(null=True, blank=True)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    passed_to = models.CharField(max_length=17, choices=PassedTo.choices, blank=True)
    passed_note = models.CharField(_("to whom, and what was said"), max_length=300, blank=True)
    follow_up_on = models.DateField(_("the person hears from us by"), null=True, blank=True)

    # --- after the end ---
    ask_on = models.DateField(_("to be asked how it went"), null=True, blank=True)
    asked_how_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(
        _("did you get the help?"), max_length=11, choices=Answer.choices, blank=True
    )
    answer_words = models.CharField(_("in their words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="volunteers_help_by_org"),
            models.Index(fields=["person", "-asked_at"], name="volunteers_help_by_person"),
            models.Index(
                fields=["follow_up_on"],
                name="volunteers_help_follow_up",
                condition=Q(follow_up_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__gt=models.F("starts_at")),
                name="volunteers_help_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(HELP_FINAL), ended_at__isnull=False)
                | ~Q(state__in=sorted(HELP_FINAL)) & Q(ended_at=None),
                name="volunteers_help_ended_when_final",
            ),
            models.CheckConstraint(
                condition=~Q(state="not-suitable-for-volunteers") | ~Q(passed_to=""),
                name="volunteers_help_passed_to_somebody",
                violation_error_message=_("Say to whom it was passed."),
            ),
            models.CheckConstraint(
                condition=~Q(state="unfilled")
                | Q(follow_up_on__isnull=False)
                | Q(anonymised_at__isnull=False),
                name="volunteers_help_unfilled_has_a_follow_up",
            ),
            models.CheckConstraint(
                condition=Q(gender_preference="")
                | ~Q(preference_reason="")
                | Q(anonymised_at__isnull=False),
                name="volunteers_help_preference_has_a_reason",
                violation_error_message=_(
                    "Write down why the preference is needed: it is lawful only for a reason."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(checks_needed__contains=["dbs"]) | ~Q(dbs_level=""),
                name="volunteers_help_dbs_has_a_level",
                violation_error_message=_("Say which level of DBS check the task may ask for."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="volunteers_help_person_until_anonymised",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(person=None, what="", when_words="", passed_note="", preference_reason=""),
                name="volunteers_help_anonymised_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("what"), WORDS_AT_MOST)),
                name="volunteers_help_words_fit",
                violation_error_message=_("Please use 1,000 characters or fewer."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="volunteers_help_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=1440), name="volunteers_help_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"request for help {self.reference}"

    @property
    def is_final(self) -> bool:
        return self.state in HELP_FINAL
