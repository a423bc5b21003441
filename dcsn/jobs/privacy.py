"""What a row of long work holds: ids, numbers and codes; ``refuse_words`` sees to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Basis, Kept, classified

FIELDS = {
    "jobs.Job": classified(
        Kept(_("30 days after its end; its file for one day"), days=30),
        personal="started_by key parameters",
        safe="id kind state done total attempts lease heartbeat nudged_at not_before cancel_asked "
        "error is_public result_name created_at started_at ended_at expires_at",
        basis=Basis.WORK,
    ),
}
