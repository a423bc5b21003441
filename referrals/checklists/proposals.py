"""Which services each yes proposes: the directory's own search, near where the person lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from directory.nearby import NoSuchPostcode, Position, locate
from directory.search import Choices, Query, search
from directory.search.facets import TOPIC
from directory.search.searching import SectionKey
from referrals.models import Checklist, ChecklistAnswer, ChecklistQuestion
from referrals.offered import Offer, near_of, offers_of

# As many as somebody can weigh up in their kitchen, for one question.
FOR_EACH_YES = 3


@dataclass
class Proposal:
    """One yes, and what could follow from it. A service that an earlier yes proposed stands there."""

    question: ChecklistQuestion
    offers: list[Offer] = field(default_factory=list)
    # Proposed above already, by name.
    above: list[str] = field(default_factory=list)
    # All that it proposes, those above too.
    services: list[UUID] = field(default_factory=list)


def proposals_for(checklist: Checklist) -> list[Proposal]:
    """In the order of the questions, each with the best three near the person."""
    yeses = [
        row.question
        for row in checklist.answers.filter(answer=ChecklistAnswer.Answer.YES)
        .select_related("question")
        .prefetch_related("question__topics")
        .order_by("question__position")
    ]
    near = _position(near_of(checklist.enquiry))
    hits = {question.pk: _hits(question, near) for question in yeses}
    miles = {key: distance for found in hits.values() for key, distance in found}
    ids = list(dict.fromkeys(key for found in hits.values() for key, _distance in found))
    offers = {
        offer.service.id: offer
        for offer in offers_of(ids, desk=checklist.enquiry.organisation, miles=miles)
    }
    return list(_each_once(yeses, hits, offers))


def reasons(proposals: Iterable[Proposal], words: str = "") -> dict[UUID, str]:
    """For each proposed service: what was said yes to, and the person's own words."""
    asked: dict[UUID, list[str]] = {}
    for proposal in proposals:
        for key in proposal.services:
            asked.setdefault(key, []).append(
                _("They said yes to: %(question)s") % {"question": proposal.question.words}
            )
    return {key: "\n".join([*lines, words]).strip() for key, lines in asked.items()}


def _each_once(
    yeses: Iterable[ChecklistQuestion],
    hits: dict[UUID, list[tuple[UUID, float | None]]],
    offers: dict[UUID, Offer],
) -> Iterable[Proposal]:
    shown: set[UUID] = set()
    for question in yeses:
        proposal = Proposal(question)
        for key, _distance in hits[question.pk]:
            if key not in offers:
                continue
            proposal.services.append(key)
            if key in shown:
                proposal.above.append(offers[key].card.name)
            else:
                shown.add(key)
                proposal.offers.append(offers[key])
        yield proposal


def _hits(question: ChecklistQuestion, near: Position | None) -> list[tuple[UUID, float | None]]:
    """The best few services for one question; none for one that proposes nothing."""
    slugs = [term.slug for term in question.topics.all()]
    if not slugs and not question.search_words:
        return []
    query = Query(
        words=question.search_words,
        near=near,
        choices=Choices({TOPIC.key: slugs}) if slugs else Choices(),
    )
    sections = search(query).sections
    found = [hit for key in (SectionKey.MAIN, SectionKey.ELSEWHERE) for hit in sections[key].hits]
    found.sort(key=lambda hit: -hit.score)
    return [(hit.service_id, hit.miles) for hit in found[:FOR_EACH_YES]]


def _position(postcode: str) -> Position | None:
    if not postcode:
        return None
    try:
        return locate(postcode)
    except NoSuchPostcode:
        return None
