"""What has happened with a person over all organisations: one query, and no record of anybody is copied.

``referrals.timeline`` has the enquiries, referrals, agreements and messages; what pathways and volunteers
know is joined to them as further parts of its UNION. Each part is narrowed to what this user may see:
requests for help and carers' assessments by their own ``visible_to``; of an enquiry a named contact learns
that it was made, not what was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from members.models import Person
from pathways.models import CarerAssessment, Contact, Pathway, PlanVersion, Review, StageChange
from referrals.models import Enquiry
from referrals.timeline import Moment, arm, arms_of, joined, say_begun
from referrals.timeline import say as say_of_referrals
from volunteers.models import HelpChange, HelpRequest
from volunteers.states import HelpState

_OURS = "pathway-"


def moments_of(user: User, person: Person, ids: Sequence[UUID]) -> QuerySet[Any]:
    """As plain columns, newest first; ``say`` makes sentences of them."""
    return joined([*arms_of(user, person, ids), *_arms(user, person)])


def _arms(user: User, person: Person) -> list[QuerySet[Any]]:
    pathways = Pathway.objects.visible_to(user).filter(person=person)
    within = {"pathway__in": pathways.values("pk")}
    found = [
        arm(
            StageChange.objects.filter(**within), "at", "pathway-step",
            about="pathway_id", code="number", name="stage__name", place="pathway__kind__name",
        ),
        arm(
            pathways.exclude(ended_at=None), "ended_at", "pathway-end",
            about="id", code="end", place="kind__name",
        ),
        arm(
            Contact.objects.filter(**within), "at", "pathway-contact",
            about="pathway_id", code="way", extra="on",
        ),
        arm(
            _last_of_each_day(PlanVersion.objects.filter(plan__pathway__in=pathways.values("pk"))),
            "at", "pathway-plan", about="plan__pathway_id", code="number", name="by_name",
        ),
        arm(
            Review.objects.filter(**within, recorded_at__isnull=False), "recorded_at",
            "pathway-review", about="pathway_id", code="why", extra="held_on",
        ),
        arm(
            HelpChange.objects.filter(
                help_request__in=HelpRequest.objects.visible_to(user)
                .filter(person=person)
                .values("pk")
            ),
            "at", "pathway-help", about="help_request_id", code="to_state",
            name="help_request__reference", place="help_request__organisation__name",
        ),
        # The carer's own: nothing of it hangs on the person whom they look after.
        arm(
            CarerAssessment.objects.visible_to(user)
            .filter(carer=person)
            .annotate(on_day=Cast(F("assessed_on"), DateTimeField())),
            "on_day", "pathway-carer", about="id", code="stage", place="organisation__name",
        ),
    ]  # fmt: skip
    if not can(user, Permission.ENQUIRY_TAKE) and person.coordinator_id == user.pk:
        found.append(
            arm(
                Enquiry.objects.counted().filter(person=person),
                "started_at", "pathway-enquiry",
                about="id", code="channel", place="organisation__name", extra="origin",
            )
        )  # fmt: skip
    return found


def _last_of_each_day(versions: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    """A morning's writing saves twenty versions; what happened with the person is one thing."""
    same_day = PlanVersion.objects.annotate(day=TruncDate("at")).filter(
        plan=OuterRef("plan"), day=OuterRef("day"), number__gt=OuterRef("number")
    )
    return versions.annotate(day=TruncDate("at")).filter(~Exists(same_day))


def say(row: Sequence[Any], user: User) -> Moment:
    """One row as a sentence, with a link where this user may follow it."""
    at, kind, about, code, name, place, _more, extra = row
    if not kind.startswith(_OURS):
        return say_of_referrals(row)
    return Moment(at, _SAY[kind](code, name, place, extra), _address(kind, about, user))


def _address(kind: str, about: UUID, user: User) -> str:
    if kind == "pathway-help":
        seen = can(user, Permission.HELP_COORDINATE)
        return reverse("volunteers:help_one", args=[about]) if seen else ""
    if kind in ("pathway-carer", "pathway-enquiry"):
        return ""
    return reverse("pathways:pathway", args=[about])


def _say_step(code: str, name: str, place: str, _extra: str) -> str:
    if code == "1":
        return _("A pathway began: %(kind)s.") % {"kind": place}
    return _("%(kind)s: %(stage)s.") % {"kind": place, "stage": name}


def _say_end(code: str, _name: str, place: str, _extra: str) -> str:
    return _("%(kind)s ended: %(end)s.") % {"kind": place, "end": Pathway.End(code).label}


def _say_contact(code: str, _name: str, _place: str, extra: str) -> str:
    way = Contact.Way(code)
    words = {"day": date_format(date.fromisoformat(extra), "j F"), "how": way.label}
    if way == Contact.Way.TRIED:
        return _("The coordinator tried to reach them (%(day)s).") % words
    return _("The coordinator spoke with them %(how)s (%(day)s).") % words


def _say_plan(code: str, name: str, _place: str, _extra: str) -> str:
    if name:
        return _("%(name)s wrote in the plan (version %(number)s).") % {
            "name": name,
            "number": code,
        }
    return _("The plan was written in (version %(number)s).") % {"number": code}


def _say_review(_code: str, _name: str, _place: str, extra: str) -> str:
    day = date_format(date.fromisoformat(extra), "j F") if extra else ""
    return _("The plan was looked at together (%(day)s).") % {"day": day}


def _say_help(code: str, name: str, place: str, _extra: str) -> str:
    return _("Help from a volunteer, %(reference)s at %(place)s: %(state)s.") % {
        "reference": name,
        "place": place,
        "state": HelpState(code).label,
    }


def _say_carer(code: str, _name: str, place: str, _extra: str) -> str:
    return _("As a carer: %(stage)s, %(place)s.") % {
        "stage": CarerAssessment.Stage(code).label,
        "place": place,
    }


def _say_enquiry(code: str, _name: str, place: str, extra: str) -> str:
    origin = Enquiry.Origin(extra)
    if origin == Enquiry.Origin.CARER:
        # That somebody is a carer is for those who may see it, which who goes with them need not.
        return _("An enquiry at %(place)s.") % {"place": place}
    return say_begun(Enquiry.Channel(code), place, origin)


_SAY = {
    "pathway-step": _say_step,
    "pathway-end": _say_end,
    "pathway-contact": _say_contact,
    "pathway-plan": _say_plan,
    "pathway-review": _say_review,
    "pathway-help": _say_help,
    "pathway-carer": _say_carer,
    "pathway-enquiry": _say_enquiry,
}
