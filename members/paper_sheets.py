"""What goes into the envelope: the cover sheet, and the sheets that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dcsn.printing import Document, PaperColour, PrintSize, render_pdf
from directory.models import Service
from directory.printing import document_of, selection_pdf, service_pdf
from directory.selections import Group, Selection, Topic
from directory.sheets import printable
from members.models import PaperRequest


@dataclass
class Posted(Selection):
    """The services of one request: those they chose, then those of the topic."""

    request: PaperRequest

    @property
    def title(self) -> str:
        return _("What you asked for")

    @property
    def codes(self) -> dict[str, str]:
        return {"request": str(self.request.id)}

    @property
    def page(self) -> str:
        return self.request.get_absolute_url()

    def _groups(self) -> list[Group]:
        chosen = tuple(item.service_id for item in self.request.items.all())
        topic = self.request.topic
        groups = [Group(_("What you chose"), chosen)]
        if topic is not None:
            groups += [
                Group(group.name, tuple(key for key in group.service_ids if key not in chosen))
                for group in Topic(topic).groups
            ]
        return groups


def notes_of(request: PaperRequest) -> dict[str, str]:
    """What they wrote down, by the services' short ids."""
    return {item.service.short_id: item.note for item in request.items.all() if item.note}


def sheets_pdf(request: PaperRequest, *, now: datetime) -> bytes | None:
    """The sheets at the size that was asked for; ``None`` when none of them is published any more.

    One service has its full sheet; several are a list with contents where it is long.
    """
    size, notes = PrintSize(request.size), notes_of(request)
    selection = Posted(request)
    services = list(printable(Service.objects.filter(id__in=selection.service_ids))[:2])
    if not services:
        return None
    if len(services) == 1:
        only = services[0]
        return service_pdf(
            only, size=size, paper=PaperColour.WHITE, now=now, note=notes.get(only.short_id, "")
        )
    return selection_pdf(selection, size=size, paper=PaperColour.WHITE, now=now, notes=notes)


def sheets_document(request: PaperRequest, *, now: datetime) -> Document:
    """The same as a long document, for a job."""
    return document_of(
        Posted(request),
        size=PrintSize(request.size),
        paper=PaperColour.WHITE,
        now=now,
        notes=notes_of(request),
    )


def cover_pdf(requests: list[PaperRequest], *, size: PrintSize) -> bytes:
    """A cover sheet for each request, its address where the window of the envelope is."""
    return render_pdf(
        "print/paper_covers.html",
        {"requests": requests},
        size=size,
        title=_("What you asked for"),
        header="",
    )
