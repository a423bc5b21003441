"""What happens to accounts by night."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models.functions import Coalesce
from django.utils import timezone

from dcsn.accounts.models import Invitation

KEPT = timedelta(days=90)


@shared_task(name="accounts.forget_old_invitations")
def forget_old_invitations() -> int:
    """Remove invitations 90 days after they were accepted, withdrawn or ran out (``privacy.py``).

    Who was invited by whom stays in the audit trail, without the e-mail address. Returns how many went.
    """
    removed, _by_table = (
        Invitation.objects.annotate(over_at=Coalesce("accepted_at", "withdrawn_at", "expires_at"))
        .filter(over_at__lt=timezone.now() - KEPT)
        .delete()
    )
    return removed


@shared_task(name="accounts.forget_ended_sessions")
def forget_ended_sessions() -> int:
    """Remove sessions that are over, and what was noted of the browsers they were in.

    Nothing else does: a session whose browser was closed simply stays, and a reader's own list lies in it.
    Returns how many sessions went.
    """
    removed, _by_table = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return removed
