"""What has happened with one person, in plain sentences, newest first: one query, however long it is.

Every kind of row becomes the same few columns of a UNION, names included, so that a page of it needs no
look-ups. No safeguarding: an enquiry that ended with a concern reads like any other that was finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.messages.models import Channel, Message
from members.models import Consent, Person, Purpose
from referrals.models import Attempt, Enquiry, FollowUp, Referral, Reminder, Signpost, StateChange
from referrals.stories import say_answer, say_step

COLUMNS = ("at", "kind", "about", "code", "name", "place", "more", "extra")


@dataclass(frozen=True)
class Moment:
    """One thing that happened."""

    at: datetime
    what: str
    address: str = ""


def moments_of(user: User, person: Person, ids: Sequence[UUID]) -> QuerySet[Any]:
    """Everything that ``user`` may see of it, as plain columns, newest first. ``ids``: the person's,
    with those of merged records."""
    return joined(arms_of(user, person, ids))


def joined(arms: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    return arms[0].union(*arms[1:], all=True).order_by("-tl_at", "tl_kind", "tl_about")


def arms_of(user: User, person: Person, ids: Sequence[UUID]) -> list[QuerySet[Any]]:
    """The parts of the UNION; ``pathways`` joins others to them."""
    enquiries = Enquiry.objects.visible_to(user).filter(person=person)
    referrals = Referral.objects.sent_by(user).filter(person=person)
    return [
        arm(
            enquiries,
            "started_at",
            "enquiry",
            about="id",
            code="channel",
            place="organisation__name",
            more="origin",
        ),
        arm(
            enquiries.exclude(finished_at=None),
            "finished_at",
            "finished",
            about="id",
            code="state",
            place="organisation__name",
        ),
        arm(
            Signpost.objects.filter(enquiry__in=enquiries.values("pk")),
            "at",
            "signpost",
            about="enquiry_id",
            code="way",
            name="service__name",
        ),
        arm(
            Signpost.objects.filter(enquiry__in=enquiries.values("pk")).exclude(answered_at=None),
            "answered_at",
            "signpost-answer",
            about="enquiry_id",
            code="answer",
            name="service__name",
        ),
        arm(
            StateChange.objects.filter(referral__in=referrals.values("pk")),
            "at",
            "step",
            about="referral_id",
            code="to_state",
            name="referral__owner__name",
            place="referral__service__name",
            more="reason_code",
            extra="expected_on",
        ),
        arm(
            Reminder.objects.filter(referral__in=referrals.values("pk"), done_at__isnull=False),
            "done_at",
            "reminder",
            about="referral_id",
            code="kind",
            name="referral__owner__name",
        ),
        arm(
            FollowUp.objects.filter(referral__in=referrals.values("pk"), answered_at__isnull=False),
            "answered_at",
            "answer",
            about="referral_id",
            code="answer",
            name="referral__service__name",
            more="answered_by",
            extra="after_days",
        ),
        arm(
            Attempt.objects.filter(follow_up__referral__in=referrals.values("pk")).exclude(
                result=Attempt.Result.ANSWERED
            ),
            "at",
            "attempt",
            about="follow_up__referral_id",
            code="result",
            more="way",
        ),
        arm(
            Consent.objects.filter(person_id__in=list(ids)),
            "at",
            "consent",
            about="id",
            code="purpose",
            name="organisation__name",
            more="withdraws_id",
        ),
        arm(
            Message.objects.filter(about__in=list(ids)),
            "queued_at",
            "message",
            about="id",
            code="channel",
            more="state",
        ),
    ]


def arm(
    rows: QuerySet[Any],
    at: str,
    kind: str,
    *,
    about: str,
    code: str,
    name: str = "",
    place: str = "",
    more: str = "",
    extra: str = "",
) -> QuerySet[Any]:
    def text(path: str) -> Any:
        if not path:
            return Value("", output_field=TextField())
        return Coalesce(Cast(F(path), TextField()), Value("", output_field=TextField()))

    # Under names that no model has, for an annotation may not hide a field.
    return (
        rows.order_by()
        .annotate(
            tl_at=F(at),
            tl_kind=Value(kind, output_field=TextField()),
            tl_about=Cast(F(about), UUIDField()),
            tl_code=text(code),
            tl_name=text(name),
            tl_place=text(place),
            tl_more=text(more),
            tl_extra=text(extra),
        )
        .values_list(*(f"tl_{column}" for column in COLUMNS))
    )


def say(row: Sequence[Any]) -> Moment:
    """One row as a sentence."""
    at, kind, about, code, name, place, more, extra = row
    return Moment(at, _SAY[kind](code, name, place, more, extra), _address(kind, about))


def _address(kind: str, about: UUID) -> str:
    if kind in ("enquiry", "finished", "signpost", "signpost-answer"):
        return reverse("referrals:enquiry", args=[about])
    if kind in ("step", "reminder", "answer", "attempt"):
        return reverse("referrals:referral", args=[about])
    return ""


def _say_enquiry(code: str, _name: str, place: str, more: str, _extra: str) -> str:
    return say_begun(Enquiry.Channel(code), place, Enquiry.Origin(more))


def say_begun(channel: Enquiry.Channel, place: str, origin: Enquiry.Origin) -> str:
    """Where nobody came or rang, it says what the enquiry came from: no letter was written."""
    if origin == Enquiry.Origin.DESK:
        return _("They asked at %(place)s: %(how)s.") % {"place": place, "how": channel.label}
    return _("An enquiry at %(place)s: %(why)s.") % {"place": place, "why": origin.label}


def _say_finished(code: str, _name: str, place: str, _more: str, _extra: str) -> str:
    # That a concern was raised is for the named few.
    plain = (Enquiry.State.SAFEGUARDING, Enquiry.State.OPEN)
    if code in plain:
        return _("%(place)s finished the enquiry.") % {"place": place}
    return _("%(place)s finished the enquiry: %(state)s.") % {
        "place": place,
        "state": Enquiry.State(code).label,
    }


def _say_signpost(code: str, name: str, _place: str, _more: str, _extra: str) -> str:
    return _("They were told about %(service)s (%(how)s).") % {
        "service": name,
        "how": Signpost.Way(code).label,
    }


def _say_step(code: str, name: str, place: str, more: str, extra: str) -> str:
    return say_step(
        code,
        owner=name,
        requester=_("We"),
        service=place,
        reason=more,
        expected_on=date.fromisoformat(extra) if extra else None,
    )


def _say_reminder(code: str, name: str, _place: str, _more: str, _extra: str) -> str:
    return {
        Reminder.Kind.ACKNOWLEDGE: _("%(owner)s had not seen the request in two working days."),
        Reminder.Kind.REMIND: _("%(owner)s was reminded."),
        Reminder.Kind.ESCALATE: _("The hub lead was told that %(owner)s had not answered."),
        Reminder.Kind.OVERDUE: _("%(owner)s had not answered in ten working days."),
    }[Reminder.Kind(code)] % {"owner": name}


def _say_answer(code: str, name: str, _place: str, more: str, extra: str) -> str:
    said = say_answer(code, service=name, days=int(extra) if extra else None)
    if more == FollowUp.AnsweredBy.PROVIDER:
        return _("%(said)s (by the organisation's word)") % {"said": said}
    return said


def _say_attempt(code: str, _name: str, _place: str, more: str, _extra: str) -> str:
    return _("Somebody tried to ask them how it went %(way)s: %(result)s.") % {
        "way": Attempt.Way(more).label,
        "result": Attempt.Result(code).label,
    }


def _say_consent(code: str, name: str, _place: str, more: str, _extra: str) -> str:
    words = {"what": Purpose(code).label, "name": name}
    if more:
        return _("They no longer agree: %(what)s (%(name)s).") % words
    return _("They agreed: %(what)s (%(name)s).") % words


def _say_message(code: str, _name: str, _place: str, more: str, _extra: str) -> str:
    return _("%(channel)s to them: %(state)s.") % {
        "channel": Channel(code).label,
        "state": Message.State(more).label,
    }


def _say_signpost_answer(code: str, name: str, _place: str, _more: str, _extra: str) -> str:
    return say_answer(code, service=name)


_SAY = {
    "enquiry": _say_enquiry,
    "finished": _say_finished,
    "signpost": _say_signpost,
    "signpost-answer": _say_signpost_answer,
    "step": _say_step,
    "reminder": _say_reminder,
    "answer": _say_answer,
    "attempt": _say_attempt,
    "consent": _say_consent,
    "message": _say_message,
}
