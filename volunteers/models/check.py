"""What was checked about a volunteer, and what was decided. Never a copy of a certificate."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from volunteers.states import CheckState

DBS_NUMBER = RegexValidator(r"^\d{12}$", _("A DBS certificate's number has 12 figures."))
# Days before the last day on which a warning goes out.
WARN_BEFORE = (60, 30, 7)


class CheckKind(models.TextChoices):
    DBS = "dbs", _("DBS check")
    REFERENCES = "references", _("References")
    RIGHT_TO_DRIVE = "right-to-drive", _("Right to drive")
    TRAINING = "training", _("Training")

    @staticmethod
    def level_choices() -> list[tuple[str, Any]]:
        return list(DbsLevel.choices)


class DbsLevel(models.TextChoices):
    """From the lowest to the highest; a higher one serves where a lower is asked for."""

    BASIC = "basic", _("Basic")
    STANDARD = "standard", _("Standard")
    ENHANCED = "enhanced", _("Enhanced")
    ENHANCED_BARRED = "enhanced-barred", _("Enhanced with barred lists")


def levels_from(level: str) -> list[str]:
    """``level`` and those above it; all for none."""
    values: list[str] = list(DbsLevel.values)
    return values[values.index(level) :] if level else values


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, user: Any) -> CheckQuerySet:
        """Those that ``user`` handles. A volunteer's own are found by :meth:`own`; nobody else's ever."""
        scope = scope_of_permission(user, Permission.VOLUNTEER_CHECK)
        return self if scope.network else self.filter(organisation_id__in=scope.organisations)

    def own(self, user: Any) -> CheckQuerySet:
        return self.filter(volunteer__person__user=user.pk or 0)

    def standing(self, on: date) -> CheckQuerySet:
        """Decided in the volunteer's favour and in date on that day."""
        return self.filter(
            Q(next_due_on=None) | Q(next_due_on__gte=on),
            state=CheckState.DECISION_RECORDED,
            decision__in=[Check.Decision.SUITABLE, Check.Decision.RISK_ASSESSED],
        )

    def running_out(self, on: date) -> CheckQuerySet:
        """In date, and over within the longest warning; a newer one that stands longer silences it."""
        from datetime import timedelta

        newer = Check.objects.filter(
            volunteer=OuterRef("volunteer"),
            kind=OuterRef("kind"),
            title=OuterRef("title"),
            state=CheckState.DECISION_RECORDED,
        ).filter(Q(next_due_on=None) | Q(next_due_on__gt=OuterRef("next_due_on")))
        return self.standing(on).filter(
            ~Exists(newer), next_due_on__lte=on + timedelta(days=max(WARN_BEFORE))
        )


class Check(models.Model):
    """One check of one kind, asked for by one organisation. A new certificate is a new row.

    There is no field for a file, and none for what a certificate says: the code of practice under
    section 122 of the Police Act 1997 lets nobody keep either. ``next_due_on`` is the last day on which
    it counts; ``actions.checks`` derives it from the dates. The certificate's number is forgotten six
    months after the decision (``volunteers.retention``).
    """

    class Workforce(models.TextChoices):
        ADULTS = "adults", _("Adults")
        CHILDREN = "children", _("Children")
        BOTH = "both", _("Children and adults")
        OTHER = "other", _("Other")

    class Decision(models.TextChoices):
        SUITABLE = "suitable", _("suitable")
        RISK_ASSESSED = "risk-assessed", _("suitable, after a risk assessment")
        NOT_SUITABLE = "not-suitable", _("not suitable")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.CASCADE, related_name="checks"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=14, choices=CheckKind.choices)
    # Which training; which of the two references.
    title = models.CharField(_("which"), max_length=120, blank=True)
    state = models.CharField(max_length=17, choices=CheckState.choices, default=CheckState.NEEDED)
    level = models.CharField(_("level"), max_length=15, choices=DbsLevel.choices, blank=True)
    workforce = models.CharField(
        _("workforce"), max_length=8, choices=Workforce.choices, blank=True
    )
    certificate_number = models.CharField(
        _("certificate number"), max_length=12, blank=True, validators=[DBS_NUMBER]
    )
    issued_on = models.DateField(_("date of issue, or of the training"), null=True, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )
    decision = models.CharField(_("decision"), max_length=13, choices=Decision.choices, blank=True)
    # The number of a risk assessment in the organisation's own files; never what it says.
    decision_reference = models.CharField(
        _("reference of the risk assessment"), max_length=40, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    on_update_service = models.BooleanField(_("on the Update Service"), null=True, blank=True)
    update_checked_on = models.DateField(_("Update Service last looked at"), null=True, blank=True)
    update_unchanged = models.BooleanField(
        _("the certificate is still current"), null=True, blank=True
    )
    next_due_on = models.DateField(_("counts until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    number_forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["volunteer", "kind", "-created_at"]
        indexes = [
            models.Index(
                fields=["next_due_on"],
                name="volunteers_check_due",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(fields=["organisation", "state"], name="volunteers_check_by_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["seen", "decision-recorded"]) | Q(seen_at__isnull=False),
                name="volunteers_check_seen_when",
                violation_error_message=_("Say when it was seen."),
            ),
            models.CheckConstraint(
                condition=Q(state="decision-recorded", decided_at__isnull=False) & ~Q(decision="")
                | ~Q(state="decision-recorded") & Q(decided_at=None, decision=""),
                name="volunteers_check_decided_when_decided",
                violation_error_message=_("Say what was decided."),
            ),
            models.CheckConstraint(
                condition=~Q(decision="risk-assessed") | ~Q(decision_reference=""),
                name="volunteers_check_risk_assessment_named",
                violation_error_message=_("Give the reference of the risk assessment."),
            ),
            models.CheckConstraint(
                condition=Q(kind="dbs") | Q(level="", workforce="", certificate_number=""),
                name="volunteers_check_certificate_is_a_dbs",
                violation_error_message=_("Only a DBS check has a level and a certificate number."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="dbs") | Q(state="not-needed") | ~Q(level=""),
                name="volunteers_check_dbs_has_a_level",
                violation_error_message=_("Say which level."),
            ),
            models.CheckConstraint(
                condition=Q(certificate_number="") | Q(certificate_number__regex=r"^\d{12}$"),
                name="volunteers_check_number_has_12_figures",
                violation_error_message=_("A DBS certificate's number has 12 figures."),
            ),
            models.UniqueConstraint(
                fields=["volunteer", "organisation", "kind", "title"],
                condition=~Q(state="decision-recorded"),
                name="volunteers_check_open_once",
                violation_error_message=_("This check is under way already."),
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.id}"

    def in_date(self, on: date) -> bool:
        return self.next_due_on is None or self.next_due_on >= on

    def stands(self, on: date) -> bool:
        """Decided in the volunteer's favour and in date."""
        return (
            self.state == CheckState.DECISION_RECORDED
            and self.decision in (self.Decision.SUITABLE, self.Decision.RISK_ASSESSED)
            and self.in_date(on)
        )


class CheckWarning(models.Model):
    """That a check runs out: 60, 30 and 7 days before; each is given once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # "check" is a method of every model.
    of = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("warning that a check runs out")
        verbose_name_plural = _("warnings that checks run out")
        ordering = ["of", "-days"]
        constraints = [
            models.UniqueConstraint(fields=["of", "days"], name="volunteers_check_warned_once"),
            models.CheckConstraint(
                condition=Q(days__in=WARN_BEFORE), name="volunteers_check_warned_in_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before the end of {self.of_id}"
