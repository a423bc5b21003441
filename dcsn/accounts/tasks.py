"""What happens to accounts by night."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
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
