"""Long work on people's post."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access import Permission, can
from dcsn.jobs import Job, JobRefused, job_kind
from dcsn.printing import EmptyDocumentError, build_document, file_name

# Registered where they belong; read here, because the jobs are looked for in this module.
from members.letters import jobs as letter_jobs  # noqa: F401
from members.models import PaperRequest
from members.paper_sheets import sheets_document


def _may_fetch(user: Any, job: Job) -> bool:
    # What was written down for somebody is on the sheets: forgotten with them.
    request = PaperRequest.objects.filter(pk=job.parameters.get("request"), wiped_at=None).first()
    return request is not None and can(user, Permission.PAPER_QUEUE, request)


@job_kind("members.sheets", title=gettext_lazy("Sheets to be posted"), may_fetch=_may_fetch)
def build_sheets(job: Job) -> None:
    """More sheets than can be made while somebody waits."""
    request = PaperRequest.objects.filter(pk=job.parameters["request"], wiped_at=None).first()
    if request is None:
        raise JobRefused(_("This request has been forgotten, as was promised."))
    try:
        document = sheets_document(request, now=timezone.now())
    except EmptyDocumentError as error:
        raise JobRefused(_("None of these services is in the directory any more.")) from error
    path = job.folder / "sheets.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    build_document(document, path, progress=job.report)
    name = file_name(request.reference, size=document.size, on=timezone.localdate())
    job.attach(path, name)
