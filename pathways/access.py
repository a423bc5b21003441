"""Who may see and move pathways, in this app's own words.

The coordinator who is named, and the lead of the access point that coordinates it. An organisation that
takes part sees the sections that were shared with it (``plans``), an authoriser what waits for a name.
For everybody else a pathway does not exist: 404. Commissioners see totals, and nobody.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, register_scope
from dcsn.access.doors import Door, register_door
from members.models import Person
from pathways.models import Pathway, PathwayKind

register_door(
    Door(
        Permission.PATHWAY_VIEW,
        _("Pathways"),
        _("The people you go with: what is due, and what comes next."),
        "pathways:caseload",
        order=2,
        menu=_("Pathways"),
    )
)
register_door(
    Door(
        Permission.EMERGENCY_OPEN,
        _("Emergency plans of carers"),
        _("A carer suddenly cannot care: find their plan by the number on their card, or by name."),
        "pathways:emergency",
        order=6,
        # Somebody rings in the night: it must not have to be looked for.
        menu=_("Emergency"),
    )
)
register_door(
    Door(
        Permission.CARER_VIEW,
        _("Carers"),
        _("Who waits for the council's assessment, and whose telecare ends."),
        "pathways:carer_board",
        order=21,
    )
)

register_door(
    Door(
        Permission.PATHWAY_FIGURES,
        _("What pathways achieve"),
        _(
            "Totals of all pathways: what got better, who helps, what was reviewed. Nobody is in them."
        ),
        "pathways:figures",
        order=6,
    )
)
register_door(
    Door(
        Permission.CARER_ESTIMATE_ADD,
        _("How many carers there may be"),
        _("The figures, with their sources, that carers known are held against."),
        "pathways:carer_estimates",
        order=7,
    )
)
register_door(
    Door(
        Permission.PATHWAY_KIND_CHANGE,
        _("Kinds of pathway"),
        _("What can be begun, and how often plans are looked at again."),
        "pathways:kinds",
        order=75,
    )
)
# Of the network as a whole.
register_scope(PathwayKind, lambda kind: None)


def pathway_or_404(user: Any, pathway_id: UUID) -> Pathway:
    """The pathway, if ``user`` may see it; with what its page names."""
    return get_object_or_404(
        Pathway.objects.visible_to(user).select_related(
            "person", "kind", "stage", "organisation", "coordinator"
        ),
        id=pathway_id,
    )


def own_person_or_404(request: HttpRequest) -> Person:
    """Whoever is signed in, as a person that the network goes with. Staff have no such page."""
    return get_object_or_404(
        Person.objects.known().select_related("organisation"), user_id=request.user.pk
    )
