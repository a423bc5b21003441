"""How long an organisation has to answer, and when the person is asked. All of it in one place.

Working days are England's. Nobody is turned down by the clock: a late answer goes to the hub lead.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from referrals.models.reminder import Reminder
from referrals.states import State
from referrals.working_days import add_working_days

ACKNOWLEDGE_AFTER = 2
REMIND_AFTER = 6
ESCALATE_AFTER = 9
OVERDUE_AFTER = 10
REMINDERS: dict[str, int] = {
    Reminder.Kind.ACKNOWLEDGE: ACKNOWLEDGE_AFTER,
    Reminder.Kind.REMIND: REMIND_AFTER,
    Reminder.Kind.ESCALATE: ESCALATE_AFTER,
    Reminder.Kind.OVERDUE: OVERDUE_AFTER,
}
# A day's grace is over when the next one begins; a reminder goes out on its own day.
ON_THE_DAY = (Reminder.Kind.REMIND, Reminder.Kind.ESCALATE)
DAY_AFTER = (Reminder.Kind.ACKNOWLEDGE, Reminder.Kind.OVERDUE)
# In calendar days after the end.
ASK_AFTER = (14, 90)

# The receiver's next word while it is under way, when no day was named: in working days.
NEXT_WORD_AFTER: dict[str, int] = {State.ACCEPTED: 10, State.IN_PROGRESS: 60, State.ON_HOLD: 30}


def london_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def due_on(sent_at: datetime, working_days: int) -> date:
    """The last day on which it is not late."""
    return add_working_days(london_day(sent_at), working_days)


def next_word_due(state: str, on: date, named: date | None = None) -> date | None:
    """By when the receiver says something next, for a referral that came into ``state`` on that day.

    A day they named themselves (a first visit, the end of the wait) counts, with two days' grace.
    """
    if state not in NEXT_WORD_AFTER:
        return None
    if named is not None and named >= on:
        return add_working_days(named, 2)
    return add_working_days(on, NEXT_WORD_AFTER[state])


def late_since(today: date, working_days: int, *, on_the_day: bool = False) -> datetime:
    """What was sent before this moment has used up so many working days; for a search by index.

    ``on_the_day`` counts the last day itself, as for a reminder; else it must be over.
    """
    end = today + timedelta(days=1) if on_the_day else today
    day = end
    while add_working_days(day, working_days) >= end:
        day -= timedelta(days=1)
    # The first moment of the day after the last one that is late.
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def ask_on(ended_at: datetime, after_days: int) -> date:
    return london_day(ended_at) + timedelta(days=after_days)
