"""The list of questions that a new network begins with."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor, record
from directory.models import TaxonomyTerm
from referrals.events import QUESTIONS_PUBLISHED
from referrals.models import ChecklistQuestion, ChecklistVersion

FILE = Path(__file__).parent / "starter.toml"


@cache
def starter_questions() -> list[dict[str, Any]]:
    """``[{"code", "words", "hint", "topics", "search"}]`` in the order of the list."""
    with FILE.open("rb") as handle:
        found: list[dict[str, Any]] = tomllib.load(handle)["question"]
    return found


@transaction.atomic
def load_starter(*, by: Actor) -> ChecklistVersion | None:
    """Put the starter list into use where there is none yet; ``None`` where there is one."""
    if ChecklistVersion.objects.exists():
        return None
    version = ChecklistVersion.objects.create(number=1)
    terms = {term.slug: term for term in TaxonomyTerm.objects.all()}
    for position, entry in enumerate(starter_questions(), start=1):
        question = ChecklistQuestion.objects.create(
            version=version,
            position=position,
            code=entry["code"],
            words=entry["words"],
            hint=entry["hint"],
            search_words=entry.get("search", ""),
        )
        # A network with other topics has questions that propose nothing until somebody chooses some.
        question.topics.set(terms[slug] for slug in entry["topics"] if slug in terms)
    version.state = ChecklistVersion.State.PUBLISHED
    version.published_at = timezone.now()
    version.save()
    record(
        QUESTIONS_PUBLISHED,
        by=by,
        subject=version.id,
        details={"version": version.id, "number": version.number},
    )
    return version
