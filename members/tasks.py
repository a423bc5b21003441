"""What happens by itself: names and addresses are forgotten in time, reviews are not."""

from __future__ import annotations

from celery import shared_task

from members.actions.agreements import remind_of_reviews
from members.actions.complaints import remind_of_complaints
from members.actions.paper import wipe_old_requests
from members.finding.duplicates import look_for_duplicates
from members.models import Payment
from members.payments.online import read_again, sweep_payments
from members.payments.refunds import follow_refund, sweep_refunds
from members.tokens import expire_tokens


@shared_task(name="members.wipe_old_requests")
def wipe() -> None:
    wipe_old_requests()


@shared_task(name="members.remind_of_reviews")
def remind() -> None:
    remind_of_reviews()


@shared_task(name="members.look_for_duplicates")
def duplicates() -> None:
    look_for_duplicates()


@shared_task(name="members.remind_of_complaints")
def remind_complaints() -> None:
    remind_of_complaints()


@shared_task(name="members.read_payment")
def read_payment(payment_id: str) -> None:
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is not None:
        read_again(payment)
        follow_refund(payment)


@shared_task(name="members.sweep_payments", expires=240)
def sweep() -> None:
    sweep_payments()
    sweep_refunds()


@shared_task(name="members.expire_tokens")
def expire() -> None:
    expire_tokens()
