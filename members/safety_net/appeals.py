"""Looking again: two people who did not refuse it. One proposes, the other agrees, or it starts over."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import Actor
from members.models import Concession
from members.refusals import Refused
from members.safety_net.actions import (
    State,
    check_asker,
    checked_reasons,
    give_term,
    granted,
    is_theirs,
    locked_concession,
    moved,
    not_about_themselves,
    note,
    unchanged,
)
from members.safety_net.events import SAFETY_NET_PROPOSED
from members.safety_net.no_numbers import refuse_numbers
from members.safety_net.refusals import MovedOn, NotYours
from members.safety_net.telling import tell

Proposal = Concession.Proposal


@transaction.atomic
def appeal(
    *,
    concession: Concession,
    via: str,
    by: Actor,
    words: str = "",
    version: int | None = None,
) -> Concession:
    """They want it looked at again; no reason is needed, and there is no last day.

    :raises MovedOn: when it is not refused any more.
    """
    current = locked_concession(concession)
    check_asker(current.membership, by)
    if current.state == State.APPEALED:
        return current
    unchanged(current, State.NOT_GRANTED, version)
    if current.wiped_at is not None:
        raise Refused(_("This is so long ago that nothing is known of it. Ask anew."))
    if current.membership.concessions.filter(state__in=[*Concession.OPEN, State.GRANTED]).exists():
        raise MovedOn(_("They have asked anew meanwhile."))
    words = words.strip()
    refuse_numbers(words)
    current.state = State.APPEALED
    current.appealed_at, current.appeal_via, current.appeal_words = timezone.now(), via, words
    # Whoever wants it looked at again has heard the answer.
    current.to_be_told = False
    moved(current, by=by)
    return current


def may_propose(user: User, concession: Concession) -> bool:
    return (
        concession.state == State.APPEALED
        and not concession.proposal
        and concession.decided_by_id != user.pk
        and can(user, Permission.SAFETY_NET_DECIDE, concession.membership)
        and not is_theirs(concession.membership, user)
    )


def may_confirm(user: User, concession: Concession) -> bool:
    return (
        concession.state == State.APPEALED
        and bool(concession.proposal)
        and user.pk not in (concession.decided_by_id, concession.proposed_by_id)
        and can(user, Permission.SAFETY_NET_DECIDE, concession.membership)
        and not is_theirs(concession.membership, user)
    )


@transaction.atomic
def propose(
    *,
    concession: Concession,
    proposal: str,
    by: User,
    reasons: str = "",
    version: int | None = None,
) -> Concession:
    """The first of two says what they think. Nothing is decided by it.

    :raises NotYours: for whoever refused it.
    :raises MovedOn: when somebody has proposed already.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_DECIDE, current.membership)
    not_about_themselves(current.membership, by)
    if current.proposed_by_id == by.pk and current.proposal == proposal:
        return current
    unchanged(current, State.APPEALED, version)
    _not_who_refused(current, by)
    if current.proposal:
        raise MovedOn(_("Somebody has proposed an answer already: agree, or not."))
    proposal = Proposal(proposal).value
    reasons = reasons.strip()
    refuse_numbers(reasons)
    current.proposal = proposal
    current.proposed_reasons = checked_reasons(reasons) if proposal == Proposal.REFUSE else reasons
    current.proposed_by, current.proposed_at = by, timezone.now()
    current.version += 1
    current.version_at = timezone.now()
    current.save()
    note(SAFETY_NET_PROPOSED, current, by)
    return current


@transaction.atomic
def confirm(
    *,
    concession: Concession,
    agree: bool,
    by: User,
    review_on: date | None = None,
    version: int | None = None,
) -> Concession:
    """The second agrees, and it is decided; or does not, and it waits for a new proposal.

    :raises NotYours: for whoever refused it, or proposed this.
    :raises MovedOn: when the proposal is not the one that the page showed.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_DECIDE, current.membership)
    not_about_themselves(current.membership, by)
    if current.confirmed_by_id == by.pk:
        return current
    unchanged(current, State.APPEALED, version)
    if not current.proposal:
        raise MovedOn(_("Nobody has proposed an answer yet."))
    _not_who_refused(current, by)
    if current.proposed_by_id == by.pk:
        raise NotYours(_("Somebody else has to agree."))
    if not agree:
        current.proposal = current.proposed_reasons = ""
        current.proposed_by = current.proposed_at = None
        moved(current, by=by)
        return current
    current.confirmed_by, current.confirmed_at = by, timezone.now()
    if current.proposal == Proposal.GRANT:
        current.evidence = current.evidence or Concession.Evidence.WORD
        granted(current, review_on=review_on)
        moved(current, by=by)
        give_term(current, by=by)
    else:
        current.state, current.reasons = State.UPHELD, current.proposed_reasons
        moved(current, by=by)
    tell(current, by=by)
    return current


def _not_who_refused(concession: Concession, by: User) -> None:
    if concession.decided_by_id == by.pk:
        raise NotYours(_("You did not grant it. Two others have to look at it again."))
