"""What Celery is told: an id. Everything else is in the row."""

from __future__ import annotations

from celery import shared_task

from dcsn.messages.actions import send_message, sweep_messages


@shared_task(name="outbox.send")
def send(message_id: str) -> None:
    send_message(message_id)


@shared_task(name="outbox.sweep", expires=60)
def sweep() -> None:
    sweep_messages()
