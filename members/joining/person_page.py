"""What membership adds to a person's page: until when, or the way to join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dcsn.access import Permission, can
from members.access import access_points_of
from members.models import JoinCode, Membership
from members.person_page import Section, register_section

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person


def membership_of(user: User, person: Person) -> Mapping[str, Any] | None:
    """Their own, or the one that they share; ``None`` for whoever has nothing to do with memberships."""
    if not can(user, Permission.MEMBERSHIP_VIEW):
        return None
    row = (
        Membership.objects.live()
        .filter(Q(person=person) | Q(shares__person=person, shares__until=None))
        .select_related("plan", "plan_terms", "organisation")
        .prefetch_related("terms")
        .order_by("-created_at")
        .distinct()
        .first()
    )
    gifts = JoinCode.objects.open_on(timezone.localdate()).filter(giver=person, kind="gift")
    may_join = bool(access_points_of(user, Permission.MEMBERSHIP_ADD))
    if row is None:
        return {
            "membership": None,
            "may_give": may_join,
            "person": person,
            "gifts": gifts,
            "join": reverse("members:join_at_desk", args=[person.pk]) if may_join else "",
        }
    return {
        "membership": row,
        "may_give": may_join,
        "person": person,
        "gifts": gifts,
        "is_shared": row.person_id != person.pk,
        "status": row.status(timezone.localdate()).label,
        "address": reverse("members:membership", args=[row.pk])
        if can(user, Permission.MEMBERSHIP_VIEW, row)
        else "",
        "join": reverse("members:join_at_desk", args=[person.pk])
        if may_join and row.person_id != person.pk
        else "",
    }


def register() -> None:
    register_section(
        Section(
            key="members:membership",
            template="members/joining/person_section.html",
            context=membership_of,
            order=30,
            beside=True,
        )
    )
