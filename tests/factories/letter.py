"""Letters to members as the tests need them: ``letter(person=…, kind=…)``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from members.models import Letter, LetterKind, LetterRun
from tests.factories.membership import membership


def letter(*, kind: str = LetterKind.RENEWAL, run: LetterRun | None = None, **facts: Any) -> Letter:
    """One by post to a member whose year ends in a month, in a run of its own unless one is given."""
    today = timezone.localdate()
    way, size = facts.pop("way", Letter.Way.POST), facts.pop("size", 18)
    row = membership(joined=facts.pop("joined", today - timedelta(days=335)), **facts)
    return Letter.objects.create(
        run=run or LetterRun.objects.create(kind=kind, as_of=today),
        membership=row,
        term=row.terms.get(),
        kind=kind,
        way=way,
        size=size,
    )
