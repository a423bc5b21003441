"""Who is a member, until when, and by what it came."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.membership.periods import ONE_DAY
from members.models.plan import Plan, PlanTerms
from members.references import membership_reference


class Status(models.TextChoices):
    """What a membership is today, in CiviMember's words. Derived from dates when it is read."""

    PENDING = "pending", _("waiting for payment or a decision")
    NEW = "new", _("new")
    CURRENT = "current", _("current")
    GRACE = "grace", _("just run out")
    EXPIRED = "expired", _("run out")
    CANCELLED = "cancelled", _("cancelled")
    DECEASED = "deceased", _("deceased")


# While one of these, a renewal adds to the end; the start stays.
MEMBER = frozenset({Status.NEW, Status.CURRENT, Status.GRACE})


class _Months(models.Func):
    """So many months as an interval; added to a date PostgreSQL stops at the month's end, as we do."""

    template = "make_interval(months => %(expressions)s)"
    output_field = models.DurationField()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        scope = scope_of_permission(user, Permission.MEMBERSHIP_VIEW)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def live(self) -> MembershipQuerySet:
        """Neither cancelled nor ended by a death."""
        return self.exclude(stored__in=[Status.CANCELLED, Status.DECEASED])

    # ``Any``, because the type checker cannot know the columns that an annotation brings.
    def with_dates(self) -> Any:
        """With ``first_day`` and ``last_day`` of the terms that count, for lists: no query a row."""
        counting = Term.objects.filter(membership=OuterRef("pk"), voided_at=None).values(
            "membership"
        )
        return self.annotate(
            first_day=Subquery(counting.annotate(day=Min("starts_on")).values("day")),
            last_day=Subquery(counting.annotate(day=Max("ends_on")).values("day")),
        )

    def with_status(self, today: date) -> Any:
        """With ``status_then``, the status of that day, to filter, sort and count by: ``status_of`` in SQL.

        Derived when it is read, so nothing has to run at night, and a list is right at one minute past
        midnight. A test holds it against ``status_of``. To show and to count by; to filter many rows
        by one status, ``of_status`` is quicker.
        """
        newly = Cast(F("joined_on") + _Months("plan_terms__new_months"), models.DateField())
        grace = Cast(F("last_day") + _Months("plan_terms__grace_months"), models.DateField())
        return (
            self.with_dates()
            .annotate(newly_until=newly, grace_until=grace)
            .annotate(
                status_then=Case(
                    When(stored="", last_day=None, then=Value(Status.PENDING)),
                    When(
                        stored="",
                        last_day__gte=today,
                        newly_until__gt=today,
                        then=Value(Status.NEW),
                    ),
                    When(stored="", last_day__gte=today, then=Value(Status.CURRENT)),
                    When(stored="", grace_until__gte=today, then=Value(Status.GRACE)),
                    When(stored="", then=Value(Status.EXPIRED)),
                    default=F("stored"),
                    output_field=models.CharField(),
                )
            )
        )

    def of_status(self, status: str, today: date) -> MembershipQuerySet:
        """Those of one status that day: the same rule as conditions on terms, which PostgreSQL answers by
        joining two indexes, where the expression of ``with_status`` is worked out row by row."""
        if status in (Status.CANCELLED, Status.DECEASED):
            return self.filter(stored=status)
        counting = Term.objects.filter(membership=OuterRef("pk"), voided_at=None)
        lasts = Exists(counting.filter(ends_on__gte=today))
        if status in (Status.NEW, Status.CURRENT):
            newly = Cast(F("joined_on") + _Months("plan_terms__new_months"), models.DateField())
            rows = self.filter(lasts, stored="").annotate(newly_until=newly)
            if status == Status.NEW:
                return rows.filter(newly_until__gt=today)
            return rows.filter(newly_until__lte=today)
        if status == Status.PENDING:
            return self.filter(Q(stored=Status.PENDING) | Q(~Exists(counting), stored=""))
        grace = Cast(
            F("ends_on") + _Months(OuterRef("plan_terms__grace_months")), models.DateField()
        )
        in_grace = Exists(counting.annotate(grace_until=grace).filter(grace_until__gte=today))
        over = self.filter(~lasts, Exists(counting), stored="")
        return over.filter(in_grace) if status == Status.GRACE else over.filter(~in_grace)

    def ending(self, first: date, last: date) -> MembershipQuerySet:
        """Those whose last day is one of these, both included."""
        counting = Term.objects.filter(membership=OuterRef("pk"), voided_at=None)
        return self.filter(
            Exists(counting.filter(ends_on__range=(first, last))),
            ~Exists(counting.filter(ends_on__gt=last)),
            stored="",
        )


class Membership(models.Model):
    """Somebody's membership. One of their own at a time; how long it lasts stands in its terms.

    Only what no date can tell is stored: pending, cancelled, deceased.
    """

    class Via(models.TextChoices):
        ONLINE = "online", _("on the website")
        DESK = "desk", _("at the desk")
        PAPER = "paper", _("on paper")
        GIFT = "gift", _("as a gift")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one membership.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=membership_reference, editable=False
    )
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("access point"),
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="memberships")
    # Those that were agreed when they joined; a renewal takes the ones of its own day.
    plan_terms = models.ForeignKey(PlanTerms, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.DESK)
    stored = models.CharField(
        max_length=9,
        choices=[("", "")] + [(s.value, s.label) for s in Status],
        default=Status.PENDING,
        blank=True,
        editable=False,
    )
    # Never changes, however often it is renewed.
    joined_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(stored__in=["", "pending"]),
                name="members_membership_one_each",
                violation_error_message=_("They have a membership already: renew that one."),
            ),
            models.CheckConstraint(
                condition=Q(stored__in=["", "pending", "cancelled", "deceased"]),
                name="members_membership_stores_what_no_date_tells",
            ),
            models.CheckConstraint(
                condition=Q(stored__in=["cancelled", "deceased"], ended_on__isnull=False)
                | Q(stored__in=["", "pending"], ended_on=None),
                name="members_membership_ended_on_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(stored="") | Q(joined_on__isnull=False),
                name="members_membership_joined_when_not_pending",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="members_membership_person_until_anonymised",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.reference}"

    def counting_terms(self) -> list[Term]:
        """Its terms that were not taken back, the earliest first."""
        return sorted(
            (term for term in self.terms.all() if term.voided_at is None),
            key=lambda term: (term.starts_on, term.ends_on),
        )

    @property
    def ends_on(self) -> date | None:
        """The end of the latest term; None without one."""
        return max((term.ends_on for term in self.counting_terms()), default=None)

    @property
    def starts_on(self) -> date | None:
        """The first day of the unbroken stretch that lasts until ``ends_on``."""
        begun: date | None = None
        until: date | None = None
        for term in self.counting_terms():
            if until is None or term.starts_on > until + ONE_DAY:
                begun = term.starts_on
            until = max(until or term.ends_on, term.ends_on)
        return begun

    def status(self, today: date) -> Status:
        return status_of(self.stored, self.joined_on, self.ends_on, self.plan_terms, today)


def status_of(
    stored: str, joined_on: date | None, ends_on: date | None, terms: PlanTerms, today: date
) -> Status:
    """The status that follows from the dates. The same for paid, free and given memberships."""
    if stored:
        return Status(stored)
    if ends_on is None or joined_on is None:
        return Status.PENDING
    if today > ends_on:
        grace = ends_on + relativedelta(months=terms.grace_months)
        return Status.GRACE if today <= grace else Status.EXPIRED
    newly = joined_on + relativedelta(months=terms.new_months)
    return Status.NEW if today < newly else Status.CURRENT


class Term(models.Model):
    """From a day until a day, by one source: the same source twice changes nothing.

    Both days are included. A refund takes a term back (``voided_at``); the row stays.
    """

    class Source(models.TextChoices):
        PAYMENT = "payment", _("a payment")
        CONCESSION = "concession", _("the safety net")
        GIFT = "gift", _("a gift")
        CARER = "carer", _("a carer's card")
        FREE = "free", _("a plan that costs nothing")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="terms")
    plan_terms = models.ForeignKey(PlanTerms, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=10, choices=Source.choices)
    source_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("term of a membership")
        verbose_name_plural = _("terms of memberships")
        ordering = ["membership", "starts_on"]
        # Lists ask each membership for its last day: this answers without reading the row.
        indexes = [
            models.Index(
                fields=["membership", "-ends_on"],
                name="members_term_last_day",
                condition=Q(voided_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], name="members_term_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="members_term_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"term {self.starts_on} to {self.ends_on}"


class MembershipShare(models.Model):
    """Somebody who shares a membership: of a household, or the person a carer cares for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="shares")
    person = models.ForeignKey(
        "members.Person", on_delete=models.PROTECT, related_name="shared_memberships"
    )
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("shared membership")
        verbose_name_plural = _("shared memberships")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "person"],
                condition=Q(until=None),
                name="members_share_once",
                violation_error_message=_("They share this membership already."),
            )
        ]

    def __str__(self) -> str:
        return f"share {self.id}"
