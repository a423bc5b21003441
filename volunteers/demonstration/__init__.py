"""Volunteers of the demonstration: roles, people who help in every state, and neighbours who ask.

What happened in the past is done today, by the actions themselves, and moved back; only the history and
the journal say the day on which the demonstration was loaded, because neither can be changed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from dcsn.accounts.models import User
from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from volunteers.becoming.demonstration import write_agreements
from volunteers.demonstration.employers import write_employers
from volunteers.demonstration.neighbours import write_requests
from volunteers.demonstration.people import HELPERS, write_volunteers
from volunteers.demonstration.roles import write_roles
from volunteers.models import Volunteer

# Who acts: the volunteer centre's coordinator.
COORDINATOR = "volunteer.centre@support.example"


@transaction.atomic
def load_volunteers(*, by: Actor) -> int:
    """Make all of it, once; returns how many volunteers were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented volunteers do not belong among real ones.")
    if Volunteer.objects.filter(pk=identity("volunteer", HELPERS[0].slug)).exists():
        return 0
    coordinator = User.objects.get(email=COORDINATOR)
    write_roles(by=coordinator)
    made = write_volunteers(by=coordinator, job=by)
    write_agreements(by=coordinator)
    write_requests(by=coordinator, job=by)
    write_employers(by=coordinator)
    return made
