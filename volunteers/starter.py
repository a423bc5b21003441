"""The lists that a new network begins with: what volunteers like and can do, and what they agree to."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor, record
from volunteers.events import STARTER_LOADED
from volunteers.models import Interest, PolicyVersion

FILE = Path(__file__).parent / "starter.toml"


@cache
def starter() -> dict[str, Any]:
    with FILE.open("rb") as handle:
        return tomllib.load(handle)


@transaction.atomic
def load_starter(*, by: Actor) -> tuple[int, int]:
    """Fill each of the two lists where it is empty; a list that somebody has begun is left alone.

    :returns: how many interests and skills, and how many policies, were put in.
    """
    listed = 0 if Interest.objects.exists() else _write_interests()
    rules = 0 if PolicyVersion.objects.filter(organisation=None).exists() else _write_policies()
    if listed or rules:
        record(STARTER_LOADED, by=by, details={"interests": listed, "policies": rules})
    return listed, rules


def _write_interests() -> int:
    rows = [
        Interest(kind=kind, slug=slug, name=name, position=position * 10)
        for kind, key in ((Interest.Kind.INTEREST, "interests"), (Interest.Kind.SKILL, "skills"))
        for position, (slug, name) in enumerate(starter()[key], 1)
    ]
    return len(Interest.objects.bulk_create(rows))


def _write_policies() -> int:
    today = timezone.localdate()
    rows = [
        PolicyVersion(
            key=one["key"],
            number=1,
            title=one["title"],
            text=one["text"].strip(),
            in_force_from=today,
        )
        for one in starter()["policy"]
    ]
    return len(PolicyVersion.objects.bulk_create(rows))
