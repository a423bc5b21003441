"""How far a job is, its file, and stopping it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, public, requires
from dcsn.jobs.actions import cancel_job
from dcsn.jobs.askers import may_stop
from dcsn.jobs.kinds import is_known, kind_named
from dcsn.jobs.models import Job


def _job_for(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """The job, if this visitor may see it; else 404, so that nobody learns that it exists."""
    job = get_object_or_404(Job, pk=job_id)
    if not job.may_be_seen_by(request.user):
        raise Http404
    return job


def _back(job: Job) -> str:
    """Where to see what came of it, or nothing."""
    kind = kind_named(job.kind) if is_known(job.kind) else None
    return kind.back(job) if kind and kind.back else ""


# Open to all by its unguessable address when the public asked for it; the lookup decides.
@public
@require_safe
@never_cache
def job_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = _job_for(request, job_id)
    return render(
        request,
        "jobs/job.html",
        {"job": job, "title": job.title, "may_stop": may_stop(request, job), "back": _back(job)},
    )


@public
@require_safe
@never_cache
def job_file(request: HttpRequest, job_id: uuid.UUID) -> FileResponse:
    path = _job_for(request, job_id).result_path
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@requires(Permission.JOB_LIST)
@require_safe
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    """For those who look after the machine: what is under way, and what failed lately. Says neither what
    a job is about nor what is in its file."""
    return render(
        request,
        "jobs/list.html",
        {
            "live": Job.objects.live().select_related("started_by").order_by("created_at")[:100],
            "failed": Job.objects.failed_lately().select_related("started_by")[:100],
            "may_cancel": can(request.user, Permission.JOB_CANCEL),
        },
    )


@requires(Permission.JOB_CANCEL)
@require_POST
def job_stop(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Stop somebody's job: it runs for ever, or keeps others waiting."""
    job = cancel_job(job=get_object_or_404(Job, pk=job_id), by=request.user)
    if job.is_live:
        messages.success(request, _("It will stop at its next step."))
    else:
        messages.success(request, _("It is stopped."))
    return redirect("jobs:jobs")


@public
@require_POST
def job_cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = _job_for(request, job_id)
    if not may_stop(request, job):
        raise PermissionDenied
    cancel_job(job=job, by=request.user)
    return redirect(job)
