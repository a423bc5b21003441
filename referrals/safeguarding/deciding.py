"""What the safeguarding lead does with a concern: every step with its reason, in the table's order."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import record
from referrals.events import CONCERN_MOVED
from referrals.models import Concern, ConcernChange
from referrals.models.concern import DECISION_AT_MOST
from referrals.refusals import ChangedMeanwhile, NotPossible, ReasonMissing

State = Concern.State


def locked(concern: Concern) -> Concern:
    """The row as it is now, held until the transaction ends."""
    return (
        Concern.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=concern.pk)
    )


@transaction.atomic
def move_concern(
    *, concern: Concern, to: str, by: User, decision: str, version: int | None = None
) -> Concern:
    """The one way in which a concern's state changes.

    What is decided at the first look goes by way of "looked at", so that the time of looking is kept.

    :param version: the concern's version on the page where this was decided.
    :raises ReasonMissing: nothing was written.
    :raises ChangedMeanwhile: another lead decided something since the page was opened.
    :raises NotPossible: a way that the table does not have.
    """
    if not Concern.objects.visible_to(by).filter(pk=concern.pk).exists():
        raise Http404
    current = locked(concern)
    decision = decision.strip()
    if not decision:
        raise ReasonMissing(_("Write down what you found, what you decided, and why."))
    if len(decision) > DECISION_AT_MOST:
        raise ReasonMissing(_("Please use 2,000 characters or fewer."))
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has decided about this since you opened it: it is now “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    for step in _steps(current.state, to):
        ConcernChange.objects.create(
            concern=current,
            number=current.changes.count(),
            from_state=current.state,
            to_state=step,
            by=by,
            decision=decision,
        )
        current.state = step
    current.settled_at = timezone.now() if current.is_settled else None
    current.version += 1
    current.save()
    record(
        CONCERN_MOVED,
        by=by,
        subject=current.id,
        details={"concern": current.id, "to": str(to)},
    )
    return current


def _steps(state: str, to: str) -> list[str]:
    if to in Concern.WAYS[state]:
        return [to]
    if state == State.RAISED and to in Concern.WAYS[State.TRIAGED]:
        return [State.TRIAGED, to]
    raise NotPossible(
        _("A concern that is “%(state)s” cannot become “%(to)s”.")
        % {
            "state": State(state).label,
            "to": State(to).label if to in State.values else to,
        }
    )
