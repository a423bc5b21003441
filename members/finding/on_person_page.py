"""What finding people adds to a person's page: why it is open to you; other records of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.privacy.models import PersonAlias
from members.access import Standing, opening_of, standing_of
from members.finding.agreements import under_agreement
from members.models import Person, PossibleDuplicate
from members.person_page import Section, register_section


def opened_with_a_reason(user: User, person: Person) -> Mapping[str, Any] | None:
    if standing_of(user, person) is Standing.NEAR:
        return None
    opening = opening_of(user, person)
    return {"opening": opening} if opening else None


def other_records(user: User, person: Person) -> Mapping[str, Any] | None:
    """Records that were put together with this one, and those that look like it."""
    if not can(user, Permission.PERSON_MERGE, person):
        return None
    aliases = list(
        PersonAlias.objects.filter(current_id=person.pk, undone_at=None).order_by("merged_at")
    )
    olds = Person.objects.in_bulk([alias.old_id for alias in aliases]) if aliases else {}
    pairs = (
        PossibleDuplicate.objects.open()
        .mergeable_by(user, under_agreement(timezone.localdate()))
        .filter(Q(first=person) | Q(second=person))
        .for_list()[:5]
    )
    return {
        "person": person,
        "merged": [(alias, olds[alias.old_id]) for alias in aliases if alias.old_id in olds],
        "alike": [pair.second if pair.first_id == person.pk else pair.first for pair in pairs],
    }


def register() -> None:
    register_section(
        Section(
            key="members:opened",
            template="members/desk/person_opened.html",
            context=opened_with_a_reason,
            order=1,
        )
    )
    register_section(
        Section(
            key="members:other_records",
            template="members/desk/person_other_records.html",
            context=other_records,
            order=90,
            beside=True,
        )
    )
