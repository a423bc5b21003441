"""Long work of this app."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access import Permission
from dcsn.jobs import Job, JobRefused, job_kind
from directory.models import Organisation
from volunteers.access import check_holds
from volunteers.actions.suggesting import KIND, look_for_volunteers


def _may_fetch(user: Any, job: Job) -> bool:
    try:
        check_holds(user, Permission.HELP_COORDINATE, _organisation(job).pk)
    except (PermissionDenied, JobRefused):
        return False
    return True


def _back(job: Job) -> str:
    return f"{reverse('volunteers:help_board')}?show=looking"


@job_kind(KIND, title=gettext_lazy("Looking for volunteers"), may_fetch=_may_fetch, back=_back)
def look(job: Job) -> None:
    """Suggestions for all open requests of one organisation. Done again, it replaces its own.

    Cancelling is noticed at each report, of which there is one for each hundredth.
    """
    if job.started_by is None:
        raise JobRefused(_("Whoever asked for this has no account any more."))
    try:
        look_for_volunteers(organisation=_organisation(job), by=job.started_by, report=job.report)
    except PermissionDenied as refusal:
        raise JobRefused(_("Whoever asked for this may not look for volunteers here.")) from refusal


def _organisation(job: Job) -> Organisation:
    found = Organisation.objects.filter(pk=job.parameters.get("organisation")).first()
    if found is None:
        raise JobRefused(_("This organisation is no longer here."))
    return found
