"""Who may stop a job: whoever asked for it, known by an account or by the browser's own session.

The public shares a print of the same content, so that its address alone must not let one reader stop what
another is waiting for.
"""

from __future__ import annotations

from django.http import HttpRequest

from dcsn.access import Permission, can
from dcsn.jobs.models import Job

SESSION_KEY = "jobs_asked_for"
MOST_REMEMBERED = 20


def remember_asking(request: HttpRequest, job: Job) -> None:
    """Note in the session that this browser had the job made; one found ready-made is somebody else's."""
    if job.was_made:
        known = request.session.get(SESSION_KEY, [])
        request.session[SESSION_KEY] = [*known, str(job.pk)][-MOST_REMEMBERED:]


def may_stop(request: HttpRequest, job: Job) -> bool:
    """Of a job that this visitor may see: may they also stop it?"""
    if not job.is_public or can(request.user, Permission.JOB_CANCEL):
        return True
    return str(job.pk) in request.session.get(SESSION_KEY, [])
