"""What happens by itself. Each task is safe to run twice at once, late, and again."""

from __future__ import annotations

from celery import shared_task

from volunteers.becoming.clock import leave_nobody_waiting, warn
from volunteers.giving.thanking import follow_thanks
from volunteers.helping.clock import ask_for_whom_it_is_time, follow_up_help, let_offers_lapse
from volunteers.rotas.clock import remind_of_shifts


@shared_task(name="volunteers.lapse_offers", expires=550)
def lapse_offers() -> None:
    """Offers that nobody answered in time go to the next."""
    let_offers_lapse()


@shared_task(name="volunteers.follow_up_help", expires=3000)
def follow_up() -> None:
    """Requests for which nobody was found in time: never silence. And: did you get the help?"""
    follow_up_help()
    ask_for_whom_it_is_time()


@shared_task(name="volunteers.look_after")
def look_after() -> None:
    """Checks that run out; volunteers for whom nothing is due."""
    warn()
    leave_nobody_waiting()


@shared_task(name="volunteers.remind_of_shifts", expires=3000)
def remind() -> None:
    """Who comes tomorrow is reminded today, once."""
    remind_of_shifts()


@shared_task(name="volunteers.follow_thanks", expires=3000)
def follow_thanks_sent() -> None:
    """Thanks that have arrived, and those that must become a letter or be told."""
    follow_thanks()
