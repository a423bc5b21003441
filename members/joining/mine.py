"""What somebody sees of their own membership: the same for paid, free and given ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from members.cards.actions import card_for
from members.cards.number import as_printed
from members.cards.qr import qr_svg
from members.cards.validity import membership_good_until
from members.joining.actions import Due, due_of, may_renew_online
from members.joining.prices import say_price
from members.models import Card, Concession, JoinCode, Membership, Person, Saving, Status
from members.models.membership import MEMBER


@dataclass(frozen=True)
class MyMembership:
    """``is_owner``: theirs, and not one that another shares with them."""

    row: Membership
    is_owner: bool
    status: Status
    card: Card | None
    good_until: date | None
    due: Due | None
    may_renew: bool
    names: list[str]
    codes: list[JoinCode]
    room: int
    asked_for_safety_net: bool
    # Theirs, which was not granted: they may have it looked at again.
    refused: Concession | None
    # Their own, where another shares one with them that holds today: it is paid or renewed on the same page.
    own: MyMembership | None = None

    @property
    def to_pay(self) -> MyMembership | None:
        """The one that they may pay for."""
        return self if self.is_owner else self.own

    @property
    def card_number(self) -> str:
        return as_printed(self.card.number) if self.card else ""

    @property
    def card_works(self) -> bool:
        """To the end of the month that it names: a few days longer than the membership, as a rule."""
        return self.good_until is not None and self.good_until >= timezone.localdate()

    @property
    def card_code(self) -> SafeString | str:
        """What a shop scans, from the screen as well as from the card; none before it is printed."""
        if self.card is None or not self.card.is_good or not self.card_works:
            return ""
        label = _("The code of your card %(number)s") % {"number": self.card_number}
        return qr_svg(self.card.number, label=label)

    @property
    def waits(self) -> bool:
        return self.status == Status.PENDING

    @property
    def has_run_out(self) -> bool:
        return self.status in (Status.GRACE, Status.EXPIRED)

    @property
    def price(self) -> str:
        return say_price(self.due.terms, concession=self.due.by_safety_net) if self.due else ""


def my_membership(person: Person) -> MyMembership | None:
    """The membership that holds for them today, their own first; None for whoever has none that lives.

    Somebody whose own has run out, or was never paid, and who shares another sees that one and its card.
    """
    row = (
        Membership.objects.live()
        .filter(Q(person=person) | Q(shares__person=person, shares__until=None))
        .select_related("plan", "plan_terms", "organisation", "person")
        .prefetch_related("terms")
        .distinct()
    )
    today = timezone.localdate()
    rows = sorted(
        row,
        key=lambda one: (
            one.status(today) not in MEMBER,
            one.person_id != person.pk,
            one.created_at,
        ),
    )
    if not rows:
        return None
    own = next((one for one in rows[1:] if one.person_id == person.pk), None)
    return _of(rows[0], person, today, own=_of(own, person, today) if own is not None else None)


def _of(
    found: Membership, person: Person, today: date, own: MyMembership | None = None
) -> MyMembership:
    is_owner = found.person_id == person.pk
    shares = list(found.shares.filter(until=None).select_related("person")) if is_owner else []
    codes = (
        list(JoinCode.objects.open_on(today).filter(kind="share", membership=found))
        if is_owner
        else []
    )
    return MyMembership(
        row=found,
        is_owner=is_owner,
        status=found.status(today),
        card=card_for(found, person),
        good_until=membership_good_until(found),
        due=due_of(found, today) if is_owner else None,
        may_renew=is_owner and may_renew_online(found, today),
        names=[share.person.name for share in shares],
        codes=codes,
        room=found.plan.people_at_most - 1 - len(shares) - len(codes),
        asked_for_safety_net=is_owner and found.concessions.filter(state__in=_OPEN).exists(),
        refused=refused_of(found) if is_owner else None,
        own=own,
    )


def refused_of(membership: Membership) -> Concession | None:
    """The question that was not granted, while nothing was asked since and it is still known why."""
    latest = membership.concessions.order_by("-asked_at", "-id").first()
    if latest is None or latest.state != Concession.State.NOT_GRANTED or latest.wiped_at:
        return None
    return latest


_OPEN = ("asked", "appealed")


def saved(person: Person) -> int:
    """What their own notes come to, in pence."""
    return Saving.objects.filter(person=person).aggregate(sum=Sum("pence"))["sum"] or 0
