"""Which policies a volunteer has yet to agree to."""

from __future__ import annotations

from django.utils import timezone

from volunteers.models import PolicyVersion, Volunteer


def policies_for(volunteer: Volunteer) -> list[PolicyVersion]:
    """In force today, the network's and those of the organisations that they are with, and not agreed."""
    agreed = set(volunteer.agreements.values_list("policy", flat=True))
    places = set(volunteer.standings.current().values_list("organisation", flat=True))
    return [
        policy
        for policy in PolicyVersion.objects.in_force(timezone.localdate())
        if policy.pk not in agreed and policy.organisation_id in {None, *places}
    ]
