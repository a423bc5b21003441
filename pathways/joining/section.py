"""On a pathway's page: what each action of the plan has led to elsewhere, and how that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from pathways.joining.actions import enquiry_key
from pathways.models import Action, Plan
from pathways.page import Section, register_section
from referrals.models import Enquiry, Referral

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from pathways.models import Pathway


@dataclass(frozen=True)
class State:
    """What an action has led to: its reference, how it stands, and a link for whoever may follow it."""

    words: str
    colour: str
    address: str = ""


@dataclass(frozen=True)
class Joined:
    """One action with what it has led to, and what can be asked for now."""

    action: Action
    states: tuple[State, ...]
    may_ask: bool
    may_refer: bool


def joined_of(user: User, plan: Plan) -> list[Joined]:
    """Every action that goes on, in three queries however many there are."""
    rows = list(
        plan.actions.filter(done_on=None, stopped_on=None)
        .select_related("help_request", "referral__owner", "referral__enquiry")
        .order_by("created_at", "id")
    )
    enquiries = {
        one.key: one
        for one in Enquiry.objects.filter(key__in=[enquiry_key(row) for row in rows])
        .exclude(state=Enquiry.State.ENTERED_IN_ERROR)
        .prefetch_related("referrals__owner")
    }
    return [_joined(user, row, enquiries.get(enquiry_key(row))) for row in rows]


def _joined(user: User, action: Action, enquiry: Enquiry | None) -> Joined:
    help_request, referral = action.help_request, action.referral
    states: list[State] = []
    if help_request is not None:
        seen = can(user, Permission.HELP_COORDINATE, help_request)
        states.append(
            State(
                _("Help %(reference)s: %(state)s")
                % {
                    "reference": help_request.reference,
                    "state": help_request.get_state_display(),
                },
                "grey" if help_request.is_final else "blue",
                reverse("volunteers:help_one", args=[help_request.pk]) if seen else "",
            )
        )
    if referral is not None:
        states.append(_of_referral(user, referral))
    if enquiry is not None:
        takes = can(user, Permission.ENQUIRY_TAKE, enquiry)
        found = list(enquiry.referrals.all())
        states += [_of_referral(user, one) for one in found if one.pk != action.referral_id]
        if not found:
            states.append(
                State(
                    _("Enquiry %(reference)s: %(state)s")
                    % {"reference": enquiry.reference, "state": enquiry.get_state_display()},
                    "blue" if enquiry.is_open else "grey",
                    enquiry.get_absolute_url() if takes else "",
                )
            )
    return Joined(
        action=action,
        states=tuple(states),
        may_ask=help_request is None or help_request.is_final,
        may_refer=(referral is None or not referral.is_open) and enquiry is None,
    )


def _of_referral(user: User, referral: Referral) -> State:
    seen = can(user, Permission.REFERRAL_VIEW, referral)
    return State(
        _("Referral %(reference)s to %(owner)s: %(state)s")
        % {
            "reference": referral.reference,
            "owner": referral.owner.name,
            "state": referral.get_state_display(),
        },
        "blue" if referral.is_open else "grey",
        referral.get_absolute_url() if seen else "",
    )


def section_of(user: User, pathway: Pathway) -> Mapping[str, Any] | None:
    plan = Plan.objects.filter(pathway=pathway).current().first()
    if plan is None:
        return None
    rows = joined_of(user, plan)
    may = pathway.is_open and can(user, Permission.PATHWAY_COORDINATE, pathway)
    return {"rows": rows, "may": may} if rows else None


def register() -> None:
    register_section(
        Section(
            key="joining", template="pathways/joining/section.html", context=section_of, order=15
        )
    )
