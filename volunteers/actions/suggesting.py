"""Looking for volunteers for all open requests of an organisation at once, and keeping what was found.

A run writes suggestions and nothing else: whom to ask is a coordinator's to say (``actions.offers``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor
from dcsn.jobs import Job, start_job
from directory.hours.clock import london_date
from directory.models import Organisation
from volunteers.access import check_holds
from volunteers.matching import Matching, Outcome, Suggestion, suggest
from volunteers.matching.gather import gather
from volunteers.models import HelpRequest, Offer
from volunteers.states import HELP_SEEKING, OfferState

KIND = "volunteers.suggest"
REASON_AT_MOST = 200


@dataclass(frozen=True)
class Looked:
    """What a run came to, for the page that started it."""

    requests: int
    with_somebody: int
    with_nobody: int
    past: int


def start_looking(*, organisation: Organisation, by: User) -> Job:
    """Look for volunteers in the background; a second start while one is under way joins it."""
    check_holds(by, Permission.HELP_COORDINATE, organisation.pk)
    key = str(organisation.pk)
    return start_job(KIND, by=by, parameters={"organisation": key}, key=key)


def look_for_volunteers(
    *,
    organisation: Organisation,
    by: Actor,
    report: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Looked:
    """Suggest volunteers for every request of this organisation for which one is looked for.

    May be done again and again: what nobody has acted on is replaced by what is found now. Each
    request is written by itself, so a run that is stopped leaves whole requests behind.

    :raises MatchingCancelled: when ``cancelled()`` said so; also what ``report`` raises.
    """
    check_holds(by, Permission.HELP_COORDINATE, organisation.pk)
    seeking = HelpRequest.objects.seeking().filter(organisation=organisation)
    gathered = gather(seeking)

    def found(done: int, total: int) -> None:
        # Finding is one half of the bar, writing it down the other.
        if report is not None:
            report(done, total * 2)

    matching = suggest(
        gathered.candidates,
        gathered.needs,
        today=london_date(timezone.now()),
        report=found,
        cancelled=cancelled,
    )
    _keep_all(matching, report)
    return Looked(
        requests=len(matching.outcomes),
        with_somebody=matching.filled,
        with_nobody=len(matching.outcomes) - matching.filled,
        past=len(gathered.past),
    )


def look_for_one(*, help_request: HelpRequest, by: Actor) -> Outcome | None:
    """The same for one request, at once and without writing: whom to ask now, and how many are kept
    from it by which rule. ``None`` when its time is over."""
    check_holds(by, Permission.HELP_COORDINATE, help_request.organisation_id)
    gathered = gather(HelpRequest.objects.filter(pk=help_request.pk))
    matching = suggest(gathered.candidates, gathered.needs, today=london_date(timezone.now()))
    return matching.outcomes[0] if matching.outcomes else None


def _keep_all(matching: Matching, report: Callable[[int, int], None] | None) -> None:
    number = len(matching.outcomes)
    said = 100
    for done, outcome in enumerate(matching.outcomes, start=1):
        keep(outcome)
        step = 100 + done * 100 // number
        if report is not None and step > said:
            report(step, 200)
            said = step


@transaction.atomic
def keep(outcome: Outcome) -> None:
    """Write down whom to ask for one request, in order; drop older suggestions that nobody acted on.

    A request for which nobody is looked for any more is left alone, and so are suggestions that a
    coordinator has put in their own order.
    """
    request = (
        HelpRequest.objects.select_for_update()
        .filter(pk=outcome.need_id, state__in=sorted(HELP_SEEKING))
        .first()
    )
    if request is None:
        return
    there = {offer.volunteer_id: offer for offer in request.offers.live()}
    if any(offer.state != OfferState.SUGGESTED for offer in there.values()):
        return
    wanted = {one.candidate_id: one for one in outcome.suggestions}
    Offer.objects.filter(
        help_request=request, state=OfferState.SUGGESTED, queue_position=None
    ).exclude(volunteer__in=wanted).delete()
    now = timezone.now()
    new, changed = [], []
    for rank, (volunteer_id, one) in enumerate(wanted.items(), start=1):
        offer = there.get(volunteer_id)
        if offer is not None and offer.queue_position is not None:
            continue
        if offer is None:
            offer = Offer(help_request=request, volunteer_id=volunteer_id)
            new.append(offer)
        else:
            changed.append(offer)
        offer.suggested_at, offer.rank, offer.cost = now, rank, one.cost
        offer.reasons = _said(one)
        offer.starts_at, offer.ends_at = one.visit.starts_at, one.visit.ends_at
        offer.repeats = request.repeats
    Offer.objects.bulk_create(new)
    Offer.objects.bulk_update(
        changed,
        ["suggested_at", "rank", "cost", "reasons", "starts_at", "ends_at", "repeats"],
    )


def _said(one: Suggestion) -> list[str]:
    """The sentence, then what has to be settled."""
    return [line[:REASON_AT_MOST] for line in (one.in_words(), *one.warnings)]
