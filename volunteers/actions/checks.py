"""Checks: needed, asked for, seen, decided; and warned of before they run out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own, looks_after
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.events import CHECK_DECIDED, CHECK_RECORDED, CHECK_WARNED
from volunteers.models import Check, CheckKind, CheckWarning, Volunteer
from volunteers.models.check import WARN_BEFORE
from volunteers.refusals import NotPossible, ReasonMissing
from volunteers.states import CHECK, CheckState, allowed

# A certificate has no end in law; these are the network's own rules (docs/decisions/0067). In years.
COUNTS_FOR = {CheckKind.DBS: 3, CheckKind.RIGHT_TO_DRIVE: 1, CheckKind.TRAINING: 3}
UPDATE_SERVICE_COUNTS_FOR = 1
# What may be said besides when a check is recorded; everything else has its own action.
FACTS = frozenset(
    {
        "level",
        "workforce",
        "certificate_number",
        "issued_on",
        "on_update_service",
        "update_checked_on",
        "update_unchanged",
        "next_due_on",
        "title",
    }
)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def counts_until(check: Check) -> date | None:
    """The last day on which it counts, from its dates: of issue, or of the last look at the Update
    Service where the certificate was found unchanged. None: for good."""
    if check.kind == CheckKind.DBS and check.update_checked_on and check.update_unchanged:
        return years_after(check.update_checked_on, UPDATE_SERVICE_COUNTS_FOR)
    years = COUNTS_FOR.get(CheckKind(check.kind))
    begins = check.issued_on or (
        timezone.localtime(check.seen_at).date() if check.seen_at else None
    )
    return years_after(begins, years) if years and begins else None


@transaction.atomic
def need_check(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    kind: str,
    by: Actor,
    title: str = "",
    level: str = "",
    needed: bool = True,
) -> Check:
    """Say that a check is needed for what they will do, or that it is not. Asked twice, it is one row.

    :param level: of a DBS check; ask only for what the role is eligible for.
    """
    current = locked_volunteer(volunteer)
    _may(by, current, organisation.pk)
    state = CheckState.NEEDED if needed else CheckState.NOT_NEEDED
    there = (
        Check.objects.filter(volunteer=current, organisation=organisation, kind=kind, title=title)
        .exclude(state=CheckState.DECISION_RECORDED)
        .first()
    )
    if there is not None:
        return there
    check = Check.objects.create(
        volunteer=current,
        organisation=organisation,
        kind=kind,
        title=title,
        level=level if kind == CheckKind.DBS else "",
        state=state,
    )
    _write(CHECK_RECORDED, check, by, to=str(state))
    return check


@transaction.atomic
def record_check(
    *, check: Check, to: str, by: Actor, seen_on: date | None = None, **facts: Any
) -> Check:
    """How far a check is: *requested*, *seen* (when and by whom), *not needed*.

    :param seen_on: the day on which ``by`` saw it, when it is written down later.
    :param facts: of :data:`FACTS`; what the certificate says beyond its number, level, workforce and date
        is written nowhere.
    :raises NotPossible: for a way that the table does not have. Nobody records their own.
    """
    current = _locked(check)
    _may(by, current.volunteer, current.organisation_id)
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"record_check() takes no {', '.join(sorted(unknown))}.")
    if current.state != to and to not in allowed(CHECK, current.state):
        raise NotPossible(
            _("A check that is “%(state)s” cannot become “%(to)s”.")
            % {"state": current.get_state_display(), "to": CheckState(to).label}
        )
    if current.state == CheckState.DECISION_RECORDED or to == CheckState.DECISION_RECORDED:
        raise NotPossible(_("A decision stays as it was made: begin a new check."))
    if seen_on is not None and seen_on > timezone.localdate():
        raise NotPossible(_("This day has not come yet."))
    for name, value in facts.items():
        setattr(current, name, value)
    moment = timezone.now()
    if to == CheckState.REQUESTED and current.requested_at is None:
        current.requested_at = moment
    if to == CheckState.SEEN and current.seen_at is None:
        current.seen_at, current.seen_by = moment, by if isinstance(by, User) else None
        if seen_on is not None and seen_on < timezone.localdate():
            # The hour is not known; noon is that day by every clock.
            current.seen_at = timezone.make_aware(datetime.combine(seen_on, time(12)))
    if to == CheckState.NOT_NEEDED:
        current.level = current.workforce = current.certificate_number = ""
    current.state = to
    current.save()
    _write(CHECK_RECORDED, current, by, to=str(to))
    return current


@transaction.atomic
def decide_check(
    *, check: Check, decision: str, by: Actor, reference: str = "", next_due_on: date | None = None
) -> Check:
    """Say what was decided; from then on the check counts, until the day that follows from its dates.

    :param reference: of a risk assessment in the organisation's own files.
    :param next_due_on: an earlier day, when somebody wants to look at it again sooner.
    """
    current = _locked(check)
    _may(by, current.volunteer, current.organisation_id)
    if current.state == CheckState.DECISION_RECORDED:
        if current.decision == decision:
            return current
        raise NotPossible(_("A decision stays as it was made: begin a new check."))
    if current.state != CheckState.SEEN:
        raise NotPossible(_("Say first when it was seen."))
    if decision not in Check.Decision.values:
        raise ReasonMissing(_("Say what was decided."))
    if decision == Check.Decision.RISK_ASSESSED and not reference.strip():
        raise ReasonMissing(_("Give the reference of the risk assessment."))
    current.decision, current.decision_reference = decision, reference.strip()
    current.decided_at, current.decided_by = timezone.now(), by if isinstance(by, User) else None
    ends = [day for day in (counts_until(current), next_due_on, current.next_due_on) if day]
    current.next_due_on = min(ends, default=None)
    current.state = CheckState.DECISION_RECORDED
    current.save()
    _write(CHECK_DECIDED, current, by)
    return current


@transaction.atomic
def look_at_update_service(*, check: Check, unchanged: bool, by: Actor, on: date) -> Check:
    """The Update Service was looked at: unchanged, the check counts a year longer; changed, it ends that
    day and a new certificate must be seen."""
    current = _locked(check)
    _may(by, current.volunteer, current.organisation_id)
    if current.kind != CheckKind.DBS or current.state != CheckState.DECISION_RECORDED:
        raise NotPossible(_("Only a DBS check that was decided can be looked up."))
    current.on_update_service = True
    current.update_checked_on, current.update_unchanged = on, unchanged
    current.next_due_on = counts_until(current) if unchanged else on - timedelta(days=1)
    current.save()
    _write(CHECK_RECORDED, current, by, to=str(current.state))
    return current


def warn_of_checks(
    *, by: Actor, today: date | None = None, tell: Callable[[CheckWarning], None] | None = None
) -> list[CheckWarning]:
    """Note which checks run out in 60, 30 or 7 days, each once; for the beat.

    :param tell: says it to somebody, in the transaction of each row (``warning.of`` is its check).
    """
    day = today or timezone.localdate()
    given = []
    for check in Check.objects.all().running_out(day).select_related("volunteer").order_by("pk"):
        left = (check.next_due_on - day).days  # type: ignore[operator]  # running_out() has a day
        reached = min(days for days in WARN_BEFORE if left <= days)
        with transaction.atomic():
            warning, created = CheckWarning.objects.get_or_create(of=check, days=reached)
            if created:
                given.append(warning)
                if tell is not None:
                    tell(warning)
                record(
                    CHECK_WARNED,
                    by=by,
                    subject=check.volunteer.person_id,
                    organisation=check.organisation_id,
                    details={
                        "volunteer": check.volunteer_id,
                        "check": check.pk,
                        "days": reached,
                    },
                )
    return given


def _locked(check: Check) -> Check:
    return (
        Check.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "organisation")
        .get(pk=check.pk)
    )


def _may(by: Actor, volunteer: Volunteer, organisation_id: Any) -> None:
    check_holds(by, Permission.VOLUNTEER_CHECK, organisation_id)
    if isinstance(by, SystemJob):
        return
    if is_persons_own(by, volunteer.person):
        raise PermissionDenied
    if not looks_after(by, volunteer, Permission.VOLUNTEER_CHECK):
        raise PermissionDenied


def _write(event: Any, check: Check, by: Actor, **details: str) -> None:
    record(
        event,
        by=by,
        subject=check.volunteer.person_id,
        organisation=check.organisation_id,
        details={
            "volunteer": check.volunteer_id,
            "check": check.pk,
            "kind": str(check.kind),
            **details,
        },
    )
