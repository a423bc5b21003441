"""Two pairs of eyes on money: the one place that says who may not decide on a volunteer's claim, or pay it.

Nobody decides on their own, and nobody on what they wrote down for somebody else: they neither approve nor
refuse it, nor write down that it was paid. What they typed wrong they take back, as long as nobody has
decided. The actions ask it under the lock of the claim, the page asks it to say so before, and the database
refuses a writer who is the approver. Whoever approved a claim may pay it: with the writer these are two, so
that an organisation with one manager and the volunteer centre behind it is not stuck.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ROLES
from dcsn.accounts.models import User
from volunteers.access import is_persons_own
from volunteers.models import Expense

# As many names as a page needs to say whom to ask.
MOST_NAMED = 5
_OPEN = (Expense.State.CLAIMED, Expense.State.APPROVED)


def why_not_decide(expense: Expense, user: User) -> str:
    """Why ``user`` may not approve or refuse this claim, nor write down that it was paid, in words; empty
    when they may, and when nothing is left to decide."""
    if expense.state not in _OPEN:
        return ""
    if is_persons_own(user, expense.volunteer.person):
        return _("It is your own claim: somebody else decides on it.")
    if not wrote(expense, user):
        return ""
    if expense.state == Expense.State.APPROVED:
        return _("You wrote this claim down: somebody else has to pay it and write that down.")
    return _("You wrote this claim down: somebody else has to approve or refuse it.")


def wrote(expense: Expense, user: User) -> bool:
    return expense.claimed_by_id is not None and expense.claimed_by_id == user.pk


def who_can_decide(expense: Expense) -> list[User]:
    """Who else decides on claims of this organisation, without whoever wrote it or whose it is."""
    codes = [code for code, role in ROLES.items() if Permission.HOURS_CONFIRM in role.permissions]
    held = RoleAssignment.objects.current().filter(role__in=codes)
    here = held.filter(organisation_id=expense.organisation_id)
    # Those of the whole network only where nobody nearer can.
    for found in (here, held.filter(organisation_id=None)):
        users = User.objects.filter(pk__in=found.values("user"), is_active=True)
        person = expense.volunteer.person
        barred = {expense.claimed_by_id, person.user_id if person else None} - {None}
        names = list(users.exclude(pk__in=barred).order_by("name", "pk")[:MOST_NAMED])
        if names:
            return names
    return []
