"""What the demonstration shows of being a volunteer: who helps has agreed to the policies, but for one."""

from __future__ import annotations

from django.utils import timezone

from dcsn.accounts.models import User
from volunteers.actions.policies import agree_policy
from volunteers.models import Agreement, PolicyVersion, Volunteer
from volunteers.states import VolunteerState


def write_agreements(*, by: User) -> None:
    """All but the last policy: there is something to agree to on a volunteer's own page."""
    policies = list(PolicyVersion.objects.in_force(timezone.localdate()).filter(organisation=None))
    for row in Volunteer.objects.filter(state=VolunteerState.ACTIVE):
        for policy in policies[:-1]:
            agree_policy(volunteer=row, policy=policy, how=Agreement.How.PAPER, by=by)
