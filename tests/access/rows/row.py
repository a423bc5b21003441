"""A row of the access matrix: who may open one address; and the names for who does what together."""

from __future__ import annotations

from dataclasses import dataclass

from dcsn.access.roles import ROLES


@dataclass(frozen=True)
class Row:
    """Who may open one address."""

    roles: frozenset[str]  # codes of roles; of no weight when everybody or signed_in
    everybody: bool = False
    signed_in: bool = False
    sample: str | None = None
    belongs_to_organisation: bool = False
    query: str = ""
    # Opened also by somebody who still has to set up their second factor.
    without_second_factor: bool = False
    # The page answers 404 when there is nothing to show, to everybody alike (say why beside the row).
    may_be_absent: bool = False
    # A step of signing in: a visitor who is not in the middle of it is sent to its beginning.
    step_of_sign_in: bool = False


def everybody(**options: object) -> Row:
    return Row(roles=frozenset(ROLES), everybody=True, **options)  # type: ignore[arg-type]


def signed_in(**options: object) -> Row:
    return Row(roles=frozenset(ROLES) - {"resident"}, signed_in=True, **options)  # type: ignore[arg-type]


def only(*roles: str, **options: object) -> Row:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"No such role: {unknown}")
    return Row(roles=frozenset(roles), **options)  # type: ignore[arg-type]


EVERYBODY = everybody()
SIGNED_IN = signed_in()

# Who prints discount cards.
CARDS = ("access_point_staff", "hub_lead", "membership_officer")
# Who looks after volunteers: at one organisation, or for all.
VOLUNTEERING = ("volunteer_manager", "volunteer_coordinator")
# Who takes enquiries at an access point.
DESK = ("access_point_staff", "hub_lead")
# Who finds volunteers for neighbours.
HELPERS = ("volunteer_manager", "volunteer_coordinator")
# Who deals with the post of an access point.
# Who writes down that somebody asked for a copy, and fetches it once it was let go.
COPIES = ("hub_lead", "coordinator", "data_protection_lead")
POST = ("access_point_staff", "hub_lead", "coordinator")

# Who finds, records and changes people.
KNOWING = (*POST, "membership_officer")
# Who takes money; and who is banking's second name, gives money back and sees the journal.
MONEY = (*DESK, "membership_officer")
SECOND_NAME = ("hub_lead", "membership_officer")
# Who looks after shops and what they give.
SHOPS = ("hub_lead", "membership_officer")
# Who joins people, takes their money and looks after their memberships.
MEMBERSHIP = (*DESK, "membership_officer")
# Who has a case in front of them.
# Who asks for somebody who cannot pay.
SAFETY_NET = (*DESK, "membership_officer")
CASES = ("access_point_staff", "hub_lead", "coordinator", "referral_receiver")
