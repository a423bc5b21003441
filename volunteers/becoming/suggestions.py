"""What was suggested to somebody, as their page shows it, and one of it taken up without typing again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from directory.models import Organisation
from volunteers.actions.applications import apply
from volunteers.actions.policies import agree_policy
from volunteers.models import (
    Agreement,
    Application,
    Opportunity,
    PolicyVersion,
    Redirection,
    Volunteer,
)
from volunteers.opportunities.apply_form import policies_of
from volunteers.opportunities.finding import with_facts
from volunteers.opportunities.words import RoleCard, card_of
from volunteers.refusals import NotPossible, TooYoung

MOST_OF_ONE = 10


@dataclass(frozen=True)
class Suggested:
    """One suggestion: its open roles (none: it is over), and why it might suit."""

    note: str
    name: str
    organisation: Organisation
    cards: tuple[RoleCard, ...]


def suggestions_of(volunteer: Volunteer) -> list[Suggested]:
    """The newest first; four queries, however many there are."""
    rows = list(
        volunteer.redirections.filter(taken_up_at=None)
        .select_related("opportunity__organisation", "organisation")
        .order_by("-at", "id")
    )
    of_place = {
        row.organisation_id for row in rows if row.organisation_id and row.opportunity_id is None
    }
    named = {row.opportunity_id for row in rows if row.opportunity_id}
    roles = with_facts(
        Opportunity.objects.public().filter(pk__in=named)
        | Opportunity.objects.public().filter(organisation_id__in=of_place)
    ).order_by("sort_key", "id")
    cards = [card_of(role) for role in roles]
    return [_one(row, cards) for row in rows]


def _one(row: Redirection, cards: list[RoleCard]) -> Suggested:
    if row.opportunity is not None:
        found = [card for card in cards if card.role.pk == row.opportunity_id]
        return Suggested(row.note, row.opportunity.name, row.opportunity.organisation, tuple(found))
    place = row.organisation
    if place is None:
        raise ValueError("A suggestion is a role or an organisation: the database holds to it.")
    found = [card for card in cards if card.role.organisation_id == place.pk]
    return Suggested(row.note, place.name, place, tuple(found[:MOST_OF_ONE]))


def suggested_role(volunteer: Volunteer, role_id: UUID) -> Opportunity | None:
    """The role, if it was suggested to them, itself or with its organisation; and is open."""
    rows = volunteer.redirections.filter(taken_up_at=None)
    role = Opportunity.objects.public().select_related("organisation").filter(pk=role_id).first()
    if role is None:
        return None
    mine = rows.filter(opportunity=role) | rows.filter(
        opportunity=None, organisation=role.organisation
    )
    return role if mine.exists() else None


def policies_to_agree(volunteer: Volunteer, role: Opportunity) -> list[PolicyVersion]:
    agreed = set(volunteer.agreements.values_list("policy", flat=True))
    return [policy for policy in policies_of(role) if policy.pk not in agreed]


@transaction.atomic
def take_up(*, volunteer: Volunteer, role: Opportunity, by: Actor) -> Application:
    """Apply with what we know already. They have seen and ticked the policies that were new to them.

    :raises Refused: when the role has closed meanwhile, or they are too young for it.
    """
    person = volunteer.person
    if person is None:
        raise NotPossible(_("This is over."))
    years = volunteer.age_on(timezone.localdate())
    if years is not None and years < role.minimum_age:
        raise TooYoung(
            _("For this, volunteers must be %(age)s or over.") % {"age": role.minimum_age}
        )
    application = apply(person=person, opportunity=role, by=by)
    for policy in policies_to_agree(volunteer, role):
        agree_policy(volunteer=volunteer, policy=policy, how=Agreement.How.ONLINE, by=by)
    return application
