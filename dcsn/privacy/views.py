"""How long things are kept, what is due to be forgotten, and what the last nights did: counts only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.privacy.jobs import start_retention
from dcsn.privacy.models import LegalHold, RetentionRun
from dcsn.privacy.retention import classes, count_due

RUNS_SHOWN = 14


@requires(Permission.RETENTION_RUN)
@never_cache
@require_safe
def kept(request: SignedInRequest) -> HttpResponse:
    """What a run would do now, and what the last ones did."""
    names = {one.name: one.what for one in classes()}
    runs = [
        {
            "run": run,
            "done": [
                (names.get(name, name), counts)
                for name, counts in sorted(run.counts.items())
                if counts.get("done") or counts.get("failed")
            ],
        }
        for run in RetentionRun.objects.all()[:RUNS_SHOWN]
    ]
    return render(
        request,
        "privacy/retention.html",
        {"counts": count_due(), "runs": runs, "holds": LegalHold.objects.standing().count()},
    )


@requires(Permission.RETENTION_RUN)
@require_POST
def run(request: SignedInRequest) -> HttpResponse:
    """Do it now instead of tonight."""
    job = start_retention(by=request.user)
    messages.success(request, _("It is under way."))
    return redirect(job)
