"""The roles of an organisation, on its page in the directory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.organisation_page import Line, Part, register_part
from volunteers.models import Opportunity
from volunteers.opportunities.words import address_of, how_much

# More than these are found by searching.
MOST = 20


def roles_of(organisation: Organisation) -> list[Line]:
    """Open roles, by their name."""
    rows = Opportunity.objects.public().filter(organisation=organisation)
    return [
        Line(
            name=role.name,
            address=address_of(role),
            words=how_much(role),
        )
        for role in rows.order_by("sort_key", "id")[:MOST]
    ]


def register() -> None:
    register_part(Part("volunteering", _("Help them as a volunteer"), roles_of))
