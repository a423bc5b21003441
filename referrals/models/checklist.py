"""The First Contact checklist: its questions as data, and what was answered on a visit."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import TaxonomyTerm
from referrals.models.enquiry import Enquiry
from referrals.references import checklist_reference

# More than this is no short list any more, and does not fit two sides of large print.
QUESTIONS_AT_MOST = 24


class ChecklistVersionQuerySet(models.QuerySet["ChecklistVersion"]):
    def published(self) -> ChecklistVersionQuerySet:
        return self.filter(state=ChecklistVersion.State.PUBLISHED)

    def current(self) -> ChecklistVersion | None:
        """The one that visits use now."""
        return self.published().order_by("-number").first()

    def draft(self) -> ChecklistVersion | None:
        """The one that is being written; there is one at most."""
        return self.filter(state=ChecklistVersion.State.DRAFT).first()


class ChecklistVersion(models.Model):
    """One edition of the list. A published one never changes: paper copies of it lie in drawers.

    ``revision`` counts the changes to a draft, so that of two editors the second is told.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PUBLISHED = "published", _("in use")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = ChecklistVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the checklist")
        verbose_name_plural = _("editions of the checklist")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="draft"),
                name="referrals_checklist_one_draft",
                violation_error_message=_("The list is being changed already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state="published", published_at__isnull=False),
                name="referrals_checklist_published_when",
            ),
        ]

    def __str__(self) -> str:
        return f"checklist {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class ChecklistQuestion(models.Model):
    """One question, to be answered with yes or no. Topics and words say what a yes proposes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ChecklistVersion, on_delete=models.CASCADE, related_name="questions"
    )
    position = models.PositiveSmallIntegerField()
    # The same question through all editions, however it is worded.
    code = models.SlugField(max_length=60, editable=False)
    words = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("what it means"), max_length=200, blank=True)
    topics = models.ManyToManyField(
        TaxonomyTerm, blank=True, related_name="+", verbose_name=_("topics that a yes proposes")
    )
    search_words = models.CharField(
        _("words to search the directory with"), max_length=100, blank=True
    )

    class Meta:
        verbose_name = _("question of the checklist")
        verbose_name_plural = _("questions of the checklist")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="referrals_question_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["version", "code"], name="referrals_question_code_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="referrals_question_has_words"),
        ]

    def __str__(self) -> str:
        return self.words


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    def visible_to(self, user: Any) -> ChecklistQuerySet:
        """Those of the access points where ``user`` works with the checklist."""
        scope = scope_of_permission(user, Permission.CHECKLIST_USE)
        return self.filter(enquiry__organisation_id__in=scope.organisations)

    def counted(self) -> ChecklistQuerySet:
        return self.exclude(enquiry__state=Enquiry.State.ENTERED_IN_ERROR)

    def for_list(self) -> ChecklistQuerySet:
        """Unfinished ones first, then the newest."""
        return self.select_related("enquiry__person", "enquiry__organisation").order_by(
            models.F("enquiry__finished_at").desc(nulls_first=True), "-entered_at", "id"
        )


class Checklist(models.Model):
    """One visit: who went where, for whom, and the answers. Person, access point and what came of it are
    the enquiry's, which turns the yeses into referrals like any other."""

    class Place(models.TextChoices):
        HOME = "home", _("at their home")
        ACCESS_POINT = "access-point", _("at the access point")
        LIBRARY = "library", _("in a library")
        SURGERY = "surgery", _("at a surgery or hospital")
        PHONE = "phone", _("on the phone")
        ELSEWHERE = "elsewhere", _("somewhere else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=checklist_reference, editable=False
    )
    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="checklist")
    version = models.ForeignKey(
        ChecklistVersion, on_delete=models.PROTECT, related_name="checklists"
    )
    visitor_name = models.CharField(_("who made the visit"), max_length=100, blank=True)
    visitor_organisation = models.CharField(_("from which organisation"), max_length=150)
    place = models.CharField(_("where"), max_length=12, choices=Place.choices)
    visited_on = models.DateField(_("on which day"))
    on_paper = models.BooleanField(_("filled in on paper first"), default=False)
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["-entered_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(visitor_name="") | Q(anonymised_at__isnull=False),
                name="referrals_checklist_has_visitor",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) | Q(visitor_name=""),
                name="referrals_checklist_anonymised_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"checklist {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:checklist", args=[self.id])

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.enquiry.organisation_id


class ChecklistAnswer(models.Model):
    """What was said to one question."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_ASKED = "not-asked", _("Not asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        ChecklistQuestion, on_delete=models.PROTECT, related_name="answers"
    )
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.NOT_ASKED)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["checklist", "question__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "question"], name="referrals_answer_once_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.id}"
