"""What is left of a shared membership, when the one who joined dies, leaves or is forgotten.

Those who share it would else find their card dead at the till on the day after a funeral. One of them gets
a membership of their own with the days that are left, the others share that one, and all keep their cards.
Nothing of the first member's goes along: neither what they paid nor why they did not (decision 0099).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from members.actions.memberships import Ended, HasMembership, locked
from members.cards.validity import month_end
from members.membership.events import MEMBERSHIP_EXTENDED, MEMBERSHIP_STARTED
from members.models import AgeBand, Card, Membership, Person, Term
from members.refusals import Refused
from members.signals import membership_extended


class NotSharing(Refused):
    """They do not share it."""


def handed_over(membership: Membership) -> Term | None:
    """The term that somebody else got of it; None while it was not handed over."""
    return Term.objects.filter(source=Term.Source.GIFT, source_id=membership.pk).first()


@transaction.atomic
def hand_over(
    *, membership: Membership, to: Person, by: Actor, on: date | None = None
) -> Membership:
    """The days that are left to one of those who share it. Done before, nothing happens.

    :raises Ended: nothing is left of it.
    :raises NotSharing: they do not share it.
    :raises HasMembership: they have one of their own.
    :raises Refused: it went to another.
    """
    current = locked(membership)
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, current)
    done = handed_over(current)
    if done is not None:
        if done.membership.person_id != to.pk:
            raise Refused(_("It has gone to somebody else who shared it."))
        return done.membership
    today = on or timezone.localdate()
    until = current.ends_on
    if current.stored or until is None or month_end(until) < today:
        raise Ended(_("Nothing is left of this membership that could be handed over."))
    # Whoever joined may share their own: two records of one person that were put together.
    share = current.shares.filter(person=to, until=None).exclude(person=current.person_id).first()
    owner = Person.objects.known().filter(pk=to.pk).first()
    if share is None or owner is None:
        raise NotSharing(_("They do not share this membership."))
    if owner.memberships.live().exists():
        raise HasMembership(
            _("They have a membership of their own. If that has run out, end it first.")
        )
    new = Membership.objects.create(
        person=owner,
        organisation=current.organisation,
        plan=current.plan,
        plan_terms=current.plan_terms,
        via=Membership.Via.GIFT,
        stored="",
        joined_on=min(today, until),
    )
    Term.objects.create(
        membership=new,
        plan_terms=current.plan_terms,
        # A card is good to the end of the month that it names, some days longer than the term.
        starts_on=min(today, until),
        ends_on=until,
        source=Term.Source.GIFT,
        source_id=current.pk,
    )
    _take_along(current, new, owner, today)
    for event, details in (
        (MEMBERSHIP_STARTED, {"plan": new.plan.code, "via": str(new.via)}),
        (MEMBERSHIP_EXTENDED, {"until": until}),
    ):
        record(
            event,
            by=by,
            subject=owner.pk,
            organisation=new.organisation_id,
            details={"membership": new.pk, **details},
        )
    membership_extended.send(sender=Membership, membership=new)
    return new


def _take_along(old: Membership, new: Membership, owner: Person, today: date) -> None:
    """The others' shares, and everybody's card: the same number, on the same paper."""
    sharing = old.shares.filter(until=None).exclude(person=old.person_id)
    people = list(sharing.values_list("person_id", flat=True))
    sharing.filter(person=owner).update(until=today)
    sharing.exclude(person=owner).update(membership=new)
    Card.objects.live().filter(membership=old, person__in=people).update(membership=new)


def hand_over_what_is_shared(membership: Membership, *, by: SystemJob) -> Membership | None:
    """To whoever has shared it longest and has none of their own; None where there is nobody.

    Somebody under 18 gets it only where nobody else shares it: letters about money go to whose it is.
    """
    shares = (
        membership.shares.filter(until=None)
        .exclude(person=membership.person_id)
        .select_related("person")
        .order_by("since", "id")
    )
    today = timezone.localdate()
    for share in sorted(shares, key=lambda one: one.person.age_band_on(today) == AgeBand.UNDER_18):
        try:
            return hand_over(membership=membership, to=share.person, by=by)
        except HasMembership:
            continue
        except Refused:
            return None
    return None
