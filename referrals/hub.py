"""The hub's first page: four short lists of what somebody must do now, and two of whom one waits for.

================  ==================================================================================
today             promised for today or earlier: "I will ring you back on Thursday"
unanswered        past 2, 6, 9 or 10 working days; or the day that the receiver named has passed
ask               people to be asked whether they got the help; signposts that were agreed to be asked about
unhelped          they said that no help came
================  ==================================================================================

Each is a QuerySet, narrowed by ``due`` ("today" or "overdue"). What is late is found by its day, not by
what the clock has already done, so that nothing hides while no worker runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dcsn.accounts.models import User
from members.models import Person
from referrals.clocks import (
    ACKNOWLEDGE_AFTER,
    ESCALATE_AFTER,
    OVERDUE_AFTER,
    REMIND_AFTER,
    late_since,
    london_day,
)
from referrals.models import Enquiry, FollowUp, Referral, Reminder, Signpost
from referrals.states import OPEN, UNANSWERED, UNDER_WAY, State
from referrals.working_days import working_days_between

TODAY, OVERDUE = "today", "overdue"
DUE: dict[str, Promise | str] = {
    TODAY: gettext_lazy("due today"),
    OVERDUE: gettext_lazy("overdue"),
}


@dataclass(frozen=True)
class Tag:
    """A status in a word; the colour says nothing more."""

    words: str
    colour: str


@dataclass(frozen=True)
class Row:
    """One thing to do, with the one way to do it."""

    title: str
    address: str
    what: str
    when: str
    action: str
    action_address: str
    reference: str
    tag: Tag | None = None
    posts: bool = False  # the action is a button that sends a form, not a link
    day: str = ""  # sent with it: for which day it was promised


@dataclass(frozen=True)
class Desk:
    """What one user sees of the work, on one day."""

    user: User
    today: date

    # --- The lists ---
    def promised(self, due: str = "") -> QuerySet[Enquiry]:
        rows = (
            Enquiry.objects.visible_to(self.user)
            .exclude(state=Enquiry.State.ENTERED_IN_ERROR)
            .filter(promise_kept_at=None, **self._by_day("promised_on", due))
        )
        return rows.select_related("person").order_by("promised_on", "id")

    def unanswered(self, due: str = "") -> QuerySet[Referral]:
        today = self.today
        if due == TODAY:
            wanted = Q(
                Exists(Reminder.objects.filter(referral=OuterRef("pk"), due_on=today)),
                state__in=sorted(UNANSWERED),
            ) | Q(state__in=sorted(UNDER_WAY), next_due_on=today)
        elif due == OVERDUE:
            wanted = self._sent_before(OVERDUE_AFTER) | self._word_missed
        else:
            wanted = (
                Q(
                    state=State.REQUESTED,
                    requested_at__lt=late_since(today, ACKNOWLEDGE_AFTER),
                )
                | Q(
                    state=State.RECEIVED,
                    requested_at__lt=late_since(today, REMIND_AFTER, on_the_day=True),
                )
                | self._word_missed
            )
        escalated = Q(
            state__in=sorted(UNANSWERED),
            requested_at__lt=late_since(today, ESCALATE_AFTER, on_the_day=True),
        )
        return (
            Referral.objects.sent_by(self.user)
            .filter(wanted)
            .annotate(
                is_escalated=Case(
                    When(escalated, then=Value(True)),
                    default=Value(False),
                    output_field=BooleanField(),
                )
            )
            .order_by("-is_escalated", "requested_at", "id")
        )

    def ask(self, due: str = "") -> QuerySet[FollowUp]:
        return (
            FollowUp.objects.open()
            .asked_by(self.user)
            .filter(**self._by_day("next_try_on", due))
            .order_by("next_try_on", "id")
        )

    def ask_about_signposts(self, due: str = "") -> QuerySet[Signpost]:
        return (
            Signpost.objects.asked_by(self.user)
            .filter(follow_up=Signpost.FollowUpState.DUE, **self._by_day("follow_up_on", due))
            .order_by("follow_up_on", "id")
        )

    def unhelped(self, due: str = "") -> QuerySet[Referral]:
        rows = Referral.objects.sent_by(self.user).filter(
            unhelped_since__isnull=False, unhelped_settled_at=None
        )
        if due == TODAY:
            rows = rows.filter(unhelped_since__gte=_midnight(self.today))
        elif due == OVERDUE:
            rows = rows.filter(unhelped_since__lt=late_since(self.today, ACKNOWLEDGE_AFTER))
        return rows.order_by("unhelped_since", "id")

    def waiting_for_receiver(self) -> QuerySet[Referral]:
        return (
            Referral.objects.sent_by(self.user)
            .filter(state__in=sorted(OPEN))
            .order_by("requested_at", "id")
        )

    def waiting_for_person(self) -> QuerySet[FollowUp]:
        return (
            FollowUp.objects.asked_by(self.user)
            .filter(state=FollowUp.State.WAITING)
            .order_by("next_try_on", "id")
        )

    def counts(self) -> dict[str, int]:
        """How many in each list and under each filter: one query, whatever there is."""
        wanted: dict[str, Iterable[QuerySet[Any]]] = {
            "today": [self.promised()],
            "unanswered": [self.unanswered()],
            "ask": [self.ask(), self.ask_about_signposts()],
            "unhelped": [self.unhelped()],
            "receiver": [self.waiting_for_receiver()],
            "person": [self.waiting_for_person()],
            **{
                f"due-{due}": [
                    self.promised(due),
                    self.unanswered(due),
                    self.ask(due),
                    self.ask_about_signposts(due),
                    self.unhelped(due),
                ]
                for due in DUE
            },
        }
        arms = [
            rows.order_by()
            .values(which=Value(name))
            .annotate(many=Count("pk"))
            .values_list("which", "many")
            for name, several in wanted.items()
            for rows in several
        ]
        found = dict.fromkeys(wanted, 0)
        for name, many in arms[0].union(*arms[1:], all=True):
            found[name] += many
        return found

    # --- The rows as they are shown ---
    def say_promised(self, rows: Iterable[Enquiry]) -> list[Row]:
        return [
            Row(
                title=_name(row.person) or _("Somebody who gave no name"),
                address=row.get_absolute_url(),
                what=row.promise or _("You promised to get in touch"),
                when=_("promised for %(day)s") % {"day": _day(row.promised_on)},
                action=_("It is done"),
                action_address=reverse("referrals:promise_kept", args=[row.id]),
                reference=row.reference,
                tag=_late_tag(row.promised_on, self.today),
                posts=True,
                day=row.promised_on.isoformat() if row.promised_on else "",
            )
            for row in rows
        ]

    def say_unanswered(self, rows: Iterable[Referral]) -> list[Row]:
        return [
            Row(
                title=_name(row.person),
                address=row.get_absolute_url(),
                what=_("%(service)s, %(organisation)s")
                % {"service": row.service.name, "organisation": row.owner.name},
                when=self._since(row),
                action=_("Ring them"),
                action_address=_relay_address(row),
                reference=row.reference,
                tag=self._level(row),
            )
            for row in rows
        ]

    def say_ask(self, rows: Iterable[FollowUp]) -> list[Row]:
        return [
            Row(
                title=_name(row.referral.person),
                address=row.referral.get_absolute_url(),
                what=_("%(service)s, %(days)d days after the end")
                % {"service": row.referral.service.name, "days": row.after_days},
                when=(
                    _("to be asked on %(day)s")
                    if row.state == FollowUp.State.DUE
                    else _("try again on %(day)s")
                )
                % {"day": _day(row.next_try_on)},
                action=_("Ask"),
                action_address=reverse("referrals:ask", args=[row.id]),
                reference=row.referral.reference,
                tag=_late_tag(row.next_try_on, self.today),
            )
            for row in rows
        ]

    def say_signposts(self, rows: Iterable[Signpost]) -> list[Row]:
        return [
            Row(
                title=_name(row.enquiry.person),
                address=row.enquiry.get_absolute_url(),
                what=_("told about %(service)s") % {"service": row.service.name},
                when=_("to be asked on %(day)s") % {"day": _day(row.follow_up_on)},
                action=_("Ask"),
                action_address=reverse("referrals:ask_signpost", args=[row.id]),
                reference=row.enquiry.reference,
                tag=_late_tag(row.follow_up_on, self.today),
            )
            for row in rows
        ]

    def say_unhelped(self, rows: Iterable[Referral]) -> list[Row]:
        return [
            Row(
                title=_name(row.person),
                address=row.get_absolute_url(),
                what=_("%(service)s: %(answer)s")
                % {"service": row.service.name, "answer": row.get_loop_display()},
                when=_("said so on %(day)s") % {"day": _day(london_day(row.unhelped_since))},
                action=_("Deal with it"),
                action_address=reverse("referrals:unhelped", args=[row.id]),
                reference=row.reference,
            )
            for row in rows
            if row.unhelped_since is not None
        ]

    # --- How long, and what the clock has done ---
    def _since(self, row: Referral) -> str:
        if row.state in UNANSWERED and row.requested_at is not None:
            days = working_days_between(london_day(row.requested_at), self.today)
            said = ngettext(
                "sent %(day)s, %(count)d working day ago",
                "sent %(day)s, %(count)d working days ago",
                days,
            ) % {"day": _day(london_day(row.requested_at)), "count": days}
            done = {one.kind: one.done_at for one in row.reminders.all() if one.done_at}
            if Reminder.Kind.REMIND in done:
                said += "; " + _("reminded %(day)s") % {
                    "day": _day(london_day(done[Reminder.Kind.REMIND]))
                }
            return said
        if row.state == State.ON_HOLD and row.expected_on:
            said = _("on a waiting list until about %(day)s") % {"day": _day(row.expected_on)}
        elif row.state == State.ACCEPTED and row.first_contact_on:
            said = _("first contact was planned for %(day)s") % {"day": _day(row.first_contact_on)}
        else:
            said = str(row.get_state_display())
        if row.next_due_on and row.next_due_on < self.today:
            said += "; " + _("no word since")
        return said

    def _level(self, row: Referral) -> Tag | None:
        if row.state in UNANSWERED and row.requested_at is not None:
            sent = row.requested_at
            if sent < late_since(self.today, OVERDUE_AFTER):
                return Tag(_("Overdue"), "red")
            if sent < late_since(self.today, ESCALATE_AFTER, on_the_day=True):
                return Tag(_("For the hub lead"), "orange")
            if sent < late_since(self.today, REMIND_AFTER, on_the_day=True):
                return Tag(_("No answer"), "yellow")
            if row.state == State.REQUESTED and sent < late_since(self.today, ACKNOWLEDGE_AFTER):
                return Tag(_("Not seen yet"), "grey")
            return None
        if row.next_due_on is not None and row.next_due_on < self.today:
            return Tag(_("Overdue"), "red")
        return None

    def _sent_before(self, days: int) -> Q:
        return Q(state__in=sorted(UNANSWERED), requested_at__lt=late_since(self.today, days))

    @property
    def _word_missed(self) -> Q:
        return Q(state__in=sorted(UNDER_WAY), next_due_on__lt=self.today)

    def _by_day(self, column: str, due: str) -> Mapping[str, date]:
        if due == TODAY:
            return {column: self.today}
        return {f"{column}__lt" if due == OVERDUE else f"{column}__lte": self.today}


def with_people(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """What the lists of referrals show, in two queries."""
    return rows.select_related("person", "service", "owner").prefetch_related("reminders")


def with_referrals(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.select_related("referral", "referral__person", "referral__service")


def with_services(rows: QuerySet[Signpost]) -> QuerySet[Signpost]:
    return rows.select_related("service", "enquiry", "enquiry__person")


def _relay_address(row: Referral) -> str:
    """Where what the receiver says on the telephone is written down."""
    try:
        return reverse("referrals:relay", args=[row.id])
    except NoReverseMatch:
        return row.get_absolute_url()


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""


def _day(day: date | None) -> str:
    return date_format(day, "l j F") if day else ""


def _late_tag(day: date | None, today: date) -> Tag | None:
    return Tag(_("Overdue"), "red") if day is not None and day < today else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
