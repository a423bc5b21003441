"""How whoever caused an event is called where staff are not named: by role and organisation."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from enum import Enum
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from dcsn.access import organisations
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ROLES, SAFEGUARDING_LEAD
from dcsn.audit import SystemJob
from dcsn.audit.models import Event


class StandsFor(Enum):
    """Whose hand it was when a job of the portal acted on a link that somebody opened."""

    PERSON = "person"
    ORGANISATION = "organisation"  # the event's


_jobs: dict[str, StandsFor] = {}


def register_link(job: SystemJob, whose: StandsFor) -> SystemJob:
    """Say who acts when ``job`` does, for an app above whose pages open by a link."""
    _jobs[job.name] = whose
    return job


def who_acted(
    events: Sequence[Event],
    *,
    person: str,
    by_link: str,
    account: UUID | None,
    at: Container[UUID] | None = None,
) -> Callable[[Event], str]:
    """What to call who caused each of these events. Three queries, however many there are.

    :param person: what to call the person whom the events are about when they act: "You".
    :param by_link: the same, by a link of theirs: "You, by your link,".
    :param account: theirs, if they have one.
    :param at: the organisations that the reader may be told of; ``None`` for all.
    """
    said = _by_role({event.actor_user for event in events if event.actor_user}, at)
    places = organisations.names(
        {
            event.organisation
            for event in events
            if event.actor_job in _jobs and _may_name(event.organisation, at)
        }
    )

    def name(event: Event) -> str:
        if event.actor_user is None:
            return _of_job(event, by_link, places)
        if event.actor_user == account:
            return person
        return said.get(event.actor_user) or _("Somebody who works for the network")

    return name


def _may_name(organisation: UUID | None, at: Container[UUID] | None) -> bool:
    return at is None or organisation in at


def _of_job(event: Event, by_link: str, places: dict[UUID | None, str]) -> str:
    whose = _jobs.get(event.actor_job)
    if whose is StandsFor.PERSON:
        return by_link
    if whose is StandsFor.ORGANISATION:
        place = places.get(event.organisation)
        return _("%(organisation)s, by its link,") % {
            "organisation": place or _("The receiving organisation")
        }
    return _("The portal itself")


def _by_role(users: set[UUID], at: Container[UUID] | None) -> dict[UUID, str]:
    # What they are now before what they were. Never as who deals with safeguarding: that one of them
    # looked would say that there is something.
    assignments = list(
        RoleAssignment.objects.filter(user__in=users)
        .exclude(role=SAFEGUARDING_LEAD.code)
        .order_by(F("ended_at").desc(nulls_first=True), "granted_at")
    )
    where = organisations.names(
        {one.organisation_id for one in assignments if _may_name(one.organisation_id, at)}
    )
    said: dict[UUID, str] = {}
    for one in assignments:
        if one.user_id in said or one.role not in ROLES:
            continue
        role, place = str(ROLES[one.role].name), where.get(one.organisation_id)
        said[one.user_id] = (
            _("%(role)s at %(organisation)s") % {"role": role, "organisation": place}
            if place
            else role
        )
    return said
