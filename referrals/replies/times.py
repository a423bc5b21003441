"""How long services take to answer, from what they did in the last twelve months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.clocks import london_day
from referrals.models import StateChange
from referrals.states import Party, State
from referrals.working_days import working_days_between

# From fewer nothing can be said, and it could be told who was meant.
AT_LEAST = 3
LOOKED_BACK = timedelta(days=365)


class ReplyTime(NamedTuple):
    """The median time to a first answer, in working days, and of how many referrals."""

    days: float
    n: int

    @property
    def words(self) -> str:
        whole = int(self.days + 0.5)
        if whole == 0:
            return _("usually answers on the same day")
        return ngettext(
            "usually answers in about %(days)d working day",
            "usually answers in about %(days)d working days",
            whole,
        ) % {"days": whole}


def reply_times(service_ids: Iterable[UUID]) -> dict[UUID, ReplyTime]:
    """For each service that answered at least three referrals lately; one query for all of them.

    An answer is the receiver's first word of any kind: seen, taken on or turned down.
    """
    wanted = set(service_ids)
    if not wanted:
        return {}
    first_words = (
        StateChange.objects.filter(
            referral__service_id__in=wanted,
            referral__requested_at__gte=timezone.now() - LOOKED_BACK,
            party=Party.RECEIVER,
        )
        .exclude(referral__state=State.ENTERED_IN_ERROR)
        .order_by()
        .values_list("referral__service_id", "referral__requested_at", "referral_id")
        .annotate(first=Min("at"))
    )
    days: dict[UUID, list[int]] = defaultdict(list)
    for service, asked, _referral, answered in first_words:
        days[service].append(working_days_between(london_day(asked), london_day(answered)))
    return {
        service: ReplyTime(float(median(found)), len(found))
        for service, found in days.items()
        if len(found) >= AT_LEAST
    }
