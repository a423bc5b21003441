"""Until when a card is good. The printed month, the till and the member's page all ask here.

A card names a month, and is good to the end of it: a shop that reads the paper and a shop that scans it
come to the same answer. The days of grace are for renewing, and count for nothing at a till: the month
is printed, the grace is not (docs/decisions/0061).
"""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from members.models import Card, Membership, Person


def month_end(day: date) -> date:
    return day + relativedelta(day=31)


def good_until(stored: str, ends_on: date | None) -> date | None:
    """The last day on which a card of such a membership is good; None for one that gives no card.

    :param stored: what the membership stores: "" while it is neither waiting nor ended.
    :param ends_on: the end of its latest term.
    """
    return None if stored or ends_on is None else month_end(ends_on)


def membership_good_until(membership: Membership) -> date | None:
    return good_until(membership.stored, membership.ends_on)


def belongs(membership: Membership, person: Person) -> bool:
    """Whether somebody joined, or shares it today: only they have a card of it."""
    if membership.person_id == person.pk:
        return True
    return membership.shares.filter(person=person, until=None).exists()


def state_words(card: Card, today: date) -> str:
    """The card's state as a page says it; "expired" follows from the date and is stored nowhere."""
    from django.utils.translation import gettext as _

    until = membership_good_until(card.membership)
    if card.is_live and (until is None or until < today):
        return _("run out")
    return card.get_state_display()
