"""Two records of one person become one, and both had an open pathway of one kind: one of the two goes on.

Which: the one whose plan is in place, else that of the record that stays. The other is ended as "it goes on
as another pathway", with its plan, its words and its history; undoing the merge opens it again.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from pathways.models import Pathway, Plan, Review, ReviewState
from pathways.plans.states import PlanState

# Beside the ids of the pathways that were moved, what was ended with the merge.
_ENDED, _DUE, _BOOKED = "ended:", "due:", "booked:"


def merge_pathways(old: UUID, current: UUID) -> list[str]:
    """Hand over the pathways of ``old``; returns what ``unmerge_pathways`` needs."""
    done: list[str] = []
    theirs = {
        one.kind_id: one
        for one in Pathway.objects.select_for_update().filter(person=current, ended_at=None)
    }
    for mine in Pathway.objects.select_for_update().filter(person=old, ended_at=None):
        other = theirs.get(mine.kind_id)
        if other is not None:
            done += _end(other if _in_place(mine) and not _in_place(other) else mine)
    rows = Pathway.objects.filter(person=old)
    done += [str(key) for key in rows.values_list("pk", flat=True)]
    rows.update(person=current)
    return done


def unmerge_pathways(current: UUID, old: UUID, moved: list[str]) -> None:
    """Hand back what was moved, and open what was ended; what has changed since stays."""
    Pathway.objects.filter(pk__in=_plain(moved), person=current).update(person=old)
    for pathway in Pathway.objects.filter(
        pk__in=_of(moved, _ENDED), end=Pathway.End.ANOTHER_PATHWAY
    ):
        same = Pathway.objects.filter(
            person=pathway.person_id, kind=pathway.kind_id, ended_at=None
        ).exists()
        if not same:
            pathway.end, pathway.ended_at = "", None
            pathway.version += 1
            pathway.save()
    reviews = Review.objects.filter(state=ReviewState.NOT_NEEDED)
    reviews.filter(pk__in=_of(moved, _DUE)).update(state=ReviewState.DUE)
    reviews.filter(pk__in=_of(moved, _BOOKED)).update(state=ReviewState.BOOKED)


def _in_place(pathway: Pathway) -> bool:
    return Plan.objects.filter(
        pathway=pathway, state__in=[PlanState.ACTIVE, PlanState.ON_HOLD]
    ).exists()


def _end(pathway: Pathway) -> list[str]:
    done = [f"{_ENDED}{pathway.pk}"]
    reviews = Review.objects.filter(pathway=pathway).to_come()
    for key, state in reviews.values_list("pk", "state"):
        done.append(f"{_BOOKED if state == ReviewState.BOOKED else _DUE}{key}")
    reviews.update(state=ReviewState.NOT_NEEDED)
    pathway.end, pathway.ended_at = Pathway.End.ANOTHER_PATHWAY, timezone.now()
    pathway.paused_on, pathway.paused_because = None, ""
    pathway.version += 1
    pathway.save()
    return done


def _plain(moved: list[str]) -> list[str]:
    return [key for key in moved if ":" not in key]


def _of(moved: list[str], mark: str) -> list[str]:
    return [key.removeprefix(mark) for key in moved if key.startswith(mark)]
