"""Long prints, made by a worker."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.jobs import Job, JobRefused, job_kind
from dcsn.printing import EmptyDocumentError, PaperColour, PrintSize, build_document
from directory.actions.printing import PRINT_JOB
from directory.nearby import NoSuchPostcode
from directory.printing import document_of, selection_file_name
from directory.selections import NothingSelected, selection_from


@job_kind(
    PRINT_JOB,
    title=gettext_lazy("Your print"),
    attempts=5,
    longest=timedelta(minutes=30),
    keep_result=timedelta(days=1),
)
def print_selection(job: Job) -> None:
    """Build the document. Called again after a crash, it goes on with the shards it had."""
    size = PrintSize(int(job.parameters["size"]))
    try:
        selection = selection_from(job.parameters)
        document = document_of(
            selection,
            size=size,
            paper=PaperColour(job.parameters["paper"]),
            # The day it was asked for is printed on it, also when a crash carries it past midnight.
            now=job.created_at,
        )
    except (NothingSelected, NoSuchPostcode, EmptyDocumentError) as error:
        raise JobRefused(_("What was to be printed is no longer there.")) from error
    path = job.folder / "document.pdf"
    build_document(document, path, progress=job.report)
    name = selection_file_name(selection, size=size, on=timezone.localdate(job.created_at))
    job.attach(path, name)
