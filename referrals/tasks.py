"""What happens by itself. Each task is safe to run twice at once, late, and again."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from referrals.actions.asking import ask_those_due
from referrals.actions.clock import run_clock
from referrals.models import PersonalLink
from referrals.safeguarding.telling import escalate_waiting


@shared_task(name="referrals.clock", expires=3000)
def clock() -> None:
    """Whatever is due since the last run, however long ago that was."""
    run_clock()


@shared_task(name="referrals.ask", expires=3000)
def ask() -> None:
    """Ask those who chose letters, e-mail or text messages; a telephone call is made by staff."""
    ask_those_due()


@shared_task(name="referrals.forget_links")
def forget_links() -> int:
    """Links that ran out 30 days ago open nothing and tell nothing."""
    removed, _by_table = PersonalLink.objects.long_over(timezone.now()).delete()
    return removed


@shared_task(name="referrals.look_after_concerns", expires=3000)
def look_after_concerns() -> None:
    escalate_waiting()
