"""Agreeing to a version of a policy."""

from __future__ import annotations

from django.db import transaction

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import is_persons_own, party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import POLICY_AGREED
from volunteers.models import Agreement, PolicyVersion, Volunteer


@transaction.atomic
def agree_policy(*, volunteer: Volunteer, policy: PolicyVersion, how: str, by: Actor) -> Agreement:
    """The volunteer agrees to this version: themself, or staff write down that they did."""
    current = locked(volunteer)
    party_to_volunteer(by, current)
    themself = isinstance(by, User) and is_persons_own(by, current.person)
    agreement, created = Agreement.objects.get_or_create(
        volunteer=current,
        policy=policy,
        defaults={
            "how": how,
            "recorded_by": by if isinstance(by, User) and not themself else None,
        },
    )
    if created:
        record(
            POLICY_AGREED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"volunteer": current.pk, "policy": policy.pk, "how": str(how)},
        )
    return agreement
