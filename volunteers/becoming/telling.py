"""What a volunteer is told by the way they chose, and what managers are told.

Nobody under 16 whose parent has not said yes is told anything. Who is to be rung gets no message: the
board says whom to ring.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.messages.sealed import seal
from dcsn.network import network
from members.role_holders import holders
from volunteers.becoming.links import SEAL, redirected_by
from volunteers.helping.telling import way_to
from volunteers.models import Application, CheckWarning, NextStep, Redirection, Volunteer
from volunteers.rules import may_be_contacted
from volunteers.states import VolunteerState

CLOCK = SystemJob("volunteers clock")


def volunteer_moved(sender: Any, *, volunteer: Volunteer, by: Actor, **rest: Any) -> None:
    """Redirected: what was suggested goes to them at once."""
    if volunteer.state == VolunteerState.REDIRECTED:
        tell_suggestions(volunteer, by=by)


def tell_application_arrived(application: Application, *, by: Actor) -> bool:
    """That it arrived, and by when they hear more. No letter: the answer would be there before it."""
    return _tell(
        application.volunteer,
        key=f"volunteer-applied:{application.pk}",
        subject=_("Thank you for wanting to volunteer"),
        bodies={
            Channel.EMAIL: _(
                "Hello,\n\nthank you for wanting to volunteer. %(organisation)s has what you sent for this "
                "role: %(role)s.\n\nYou need do nothing now. You hear from us by %(day)s. If you want to "
                "change something, or did not send this, ring us. Your reference is %(reference)s.\n\n"
                "%(network)s, %(helpline)s"
            ),
            Channel.SMS: _(
                "Thank you for wanting to volunteer. You hear from us by %(day)s. Reference %(reference)s. "
                "%(network)s, %(helpline)s"
            ),
        },
        words={
            "organisation": application.opportunity.organisation.name,
            "role": application.opportunity.name,
        },
        by=by,
        letters=False,
    )


def tell_suggestions(volunteer: Volunteer, *, by: Actor) -> bool:
    """The roles and organisations that may suit them better. False where somebody has to ring.

    The newest suggestion is in the key: suggested again, they are told again.
    """
    change = redirected_by(volunteer)
    rows = list(
        volunteer.redirections.filter(taken_up_at=None).select_related(
            "opportunity__organisation", "organisation"
        )
    )
    if change is None or not rows:
        return False
    words = {"roles": "\n".join(_one(row) for row in rows), "link": seal(SEAL, change.pk)}
    return _tell(
        volunteer,
        key=f"volunteer-suggestions:{change.pk}:{max(rows, key=lambda row: row.at).pk}",
        subject=_("What may suit you better"),
        bodies={
            Channel.EMAIL: _(
                "Hello,\n\nthank you for wanting to volunteer. This may suit you better:\n\n%(roles)s\n\n"
                "On this page you can say yes to one of them with one button; you need not type anything "
                "again:\n\n%(link)s\n\nWe get in touch by %(day)s to ask whether it suits. Or ring us.\n\n"
                "%(network)s, %(helpline)s"
            ),
            Channel.LETTER: _(
                "Hello,\n\nthank you for wanting to volunteer. This may suit you better:\n\n%(roles)s\n\n"
                "Ring us and say which one you would like: we have your details and need not ask again. Your "
                "reference is %(reference)s. We get in touch by %(day)s to ask whether it suits.\n\n"
                "%(network)s, %(helpline)s"
            ),
            Channel.SMS: _("Roles that may suit you: %(link)s or ring %(helpline)s. %(network)s"),
        },
        words=words,
        by=by,
    )


def _one(row: Redirection) -> str:
    role, place = row.opportunity, row.organisation
    if role is not None:
        return f"* {role.name}, {role.organisation.name}"
    return f"* {place.name}" if place is not None else ""


def tell_nothing_yet(volunteer: Volunteer, step: NextStep, *, by: Actor) -> bool:
    """Nothing was found yet, and when they hear again. False where somebody has to ring."""
    return _tell(
        volunteer,
        key=f"volunteer-nothing-yet:{step.pk}",
        subject=_("Nothing for you yet: what happens next"),
        bodies={
            Channel.EMAIL: (
                waiting := _(
                    "Hello,\n\nthank you for wanting to volunteer. We have not found the right thing for you "
                    "yet. We go on looking, and you hear from us again by %(day)s.\n\nIf you see a role that "
                    "you like on our website, or want to change what you told us, ring us. Your reference is "
                    "%(reference)s.\n\n%(network)s, %(helpline)s"
                )
            ),
            Channel.LETTER: waiting,
            Channel.SMS: _(
                "Nothing for you yet: you hear from us by %(day)s. %(network)s, %(helpline)s"
            ),
        },
        words={},
        by=by,
    )


def _tell(
    volunteer: Volunteer,
    *,
    key: str,
    subject: str,
    bodies: dict[Channel, str],
    words: dict[str, str],
    by: Actor,
    letters: bool = True,
) -> bool:
    person = volunteer.person
    if person is None or not may_be_contacted(volunteer):
        return False
    way = way_to(person, letters=letters)
    if way is None:
        return False
    channel, address = way
    here = network()
    step = NextStep.objects.filter(volunteer=volunteer).open().first()
    queue_message(
        channel=channel,
        key=key,
        to=Recipient(person.name, address),
        subject=subject,
        body=bodies[channel]
        % {
            **words,
            "day": date_format(step.due_on, "l j F") if step else "",
            "reference": volunteer.reference,
            "network": here.name,
            "helpline": here.helpline,
        },
        by=by,
        about=person.pk,
        organisation=volunteer.organisation_id,
        size=person.print_size or 18,
    )
    return True


def tell_of_check(warning: CheckWarning) -> None:
    """Say to who looks after checks there that one runs out. No name stands in it."""
    check = warning.of
    if check.next_due_on is None:
        return
    users = holders("volunteer_manager", check.organisation_id) or holders("volunteer_coordinator")
    _mail(
        users,
        key=f"check-runs-out:{warning.pk}",
        subject=_("A volunteer's check runs out"),
        body=_(
            "A check of the volunteer %(reference)s counts until %(day)s: %(kind)s. After that day they "
            "are given no new task, shift or place. See their checks at your desk.\n\n%(network)s"
        )
        % {
            "reference": check.volunteer.reference,
            "day": date_format(check.next_due_on, "j F Y"),
            "kind": check.get_kind_display(),
            "network": network().name,
        },
        organisation=check.organisation_id,
    )


def _mail(users: Iterable[Any], *, key: str, subject: str, body: str, organisation: Any) -> None:
    for user in users:
        queue_message(
            channel=Channel.EMAIL,
            key=f"{key}:{user.pk}",
            to=Recipient(user.name, user.email),
            subject=subject,
            body=body,
            by=CLOCK,
            organisation=organisation,
        )
