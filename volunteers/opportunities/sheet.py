"""The large-print sheet of roles: everything that fits, by kind, tasters first."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.printing import Document, Entry, PaperColour, PrintSize, Section
from volunteers.models import Opportunity
from volunteers.opportunities.finding import RoleQuery, all_roles
from volunteers.opportunities.words import card_of

MOST_ON_PAPER = 120
_K = Opportunity.Kind
ORDER = (_K.TASTER, _K.ONE_OFF, _K.FAMILY, _K.REGULAR, _K.TEAM)


def sheet_of_roles(query: RoleQuery, *, size: PrintSize, paper: PaperColour) -> Document | None:
    """With contents; ``None`` where nothing fits."""
    roles = all_roles(query, MOST_ON_PAPER)
    if not roles:
        return None
    groups = [(kind, [role for role in roles if role.kind == kind]) for kind in ORDER]
    intro = [
        _("Not sure? Ring us, or answer five questions on our website. Nobody is turned away."),
        _(
            "You may say no at any time. You get back what you spend, and that does not change your "
            "benefits; tell your Jobcentre before you begin."
        ),
    ]
    if query.near:
        intro.append(query.near.in_words())
    intro.append(
        ngettext("%(count)d role.", "%(count)d roles.", len(roles)) % {"count": len(roles)}
        + " "
        + _("Printed on %(date)s.") % {"date": date_format(timezone.localdate(), "l j F Y")}
    )
    return Document(
        title=_("Ways to volunteer"),
        sections=tuple(
            Section(name=str(kind.label), entries=tuple(_entry(role) for role in of_kind))
            for kind, of_kind in groups
            if of_kind
        ),
        size=size,
        paper=paper,
        intro=tuple(intro),
    )


def _entry(role: Opportunity) -> Entry:
    return Entry(
        key=f"role-{role.short_id}",
        name=role.name,
        body=render_to_string("volunteers/print/role_body.html", {"card": card_of(role)}),
        sort_key=role.sort_key,
    )
