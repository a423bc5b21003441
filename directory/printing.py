"""Selections as PDFs: a sheet, a short list at once, a long one for a job."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.printing import (
    Document,
    PaperColour,
    PrintSize,
    Section,
    document_pdf,
    file_name,
    render_pdf,
)
from directory.hours import load_calendars
from directory.hours.clock import london_date
from directory.models import Service
from directory.selections import Selection
from directory.sheets import Sheet, entries_of, printable, sheet_of

# Up to this many the reader waits: at 24 point about a second and a half.
AT_ONCE = 50
# Up to this many follow their title without contents: they fit a few pages.
WITHOUT_CONTENTS = 6


def service_pdf(
    service: Service, *, size: PrintSize, paper: PaperColour, now: datetime, note: str = ""
) -> bytes:
    """One service's sheet; ``service`` comes from :func:`directory.sheets.printable`."""
    sheet = sheet_of(service, load_calendars(), now, full=True, note=note)
    return render_pdf(
        "print/service.html", {"sheet": sheet}, size=size, title=service.name, paper=paper
    )


def selection_pdf(
    selection: Selection,
    *,
    size: PrintSize,
    paper: PaperColour,
    now: datetime,
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """Up to ``AT_ONCE`` services, while the reader waits.

    ``notes`` by the services' short ids are printed and kept nowhere.
    """
    if selection.count <= WITHOUT_CONTENTS:
        return _few(selection, size=size, paper=paper, now=now, notes=notes or {})
    document = document_of(selection, size=size, paper=paper, now=now, notes=notes)
    return document_pdf(document)


def _few(
    selection: Selection,
    *,
    size: PrintSize,
    paper: PaperColour,
    now: datetime,
    notes: Mapping[str, str],
) -> bytes:
    services = printable(Service.objects.filter(id__in=selection.service_ids)).in_bulk()
    calendars = load_calendars()
    sheets: list[tuple[str, Sheet]] = [
        (
            service.name,
            sheet_of(service, calendars, now, full=False, note=notes.get(service.short_id, "")),
        )
        for key in selection.service_ids
        if (service := services.get(key))
    ]
    return render_pdf(
        "print/services.html",
        {"sheets": sheets, "intro": intro(selection, now)},
        size=size,
        title=selection.title,
        paper=paper,
    )


def document_of(
    selection: Selection,
    *,
    size: PrintSize,
    paper: PaperColour,
    now: datetime,
    notes: Mapping[str, str] | None = None,
) -> Document:
    """The selection as a document with contents and, where it is long, an index."""
    services = printable(Service.objects.filter(id__in=selection.service_ids)).in_bulk()
    calendars = load_calendars()
    sections = [
        Section(
            name=group.name,
            entries=entries_of(
                [services[key] for key in group.service_ids if key in services],
                calendars,
                now,
                notes=notes,
            ),
        )
        for group in selection.groups
    ]
    return Document(
        title=selection.title,
        sections=tuple(section for section in sections if section.entries),
        size=size,
        paper=paper,
        intro=intro(selection, now),
        private=bool(notes),
    )


def intro(selection: Selection, now: datetime) -> tuple[str, ...]:
    """What this is and when it was printed."""
    count = selection.count
    return (
        *selection.intro,
        ngettext("%(count)d service.", "%(count)d services.", count) % {"count": count}
        + " "
        + _("Printed on %(date)s.") % {"date": date_format(london_date(now), "l j F Y")},
    )


def selection_file_name(selection: Selection, *, size: PrintSize, on: date | None = None) -> str:
    return file_name(selection.title, size=size, on=on or timezone.localdate())


def content_key(document: Document) -> str:
    """Names a print by every word on it, so that two people who ask for the same share one job.

    By what is printed, not by when a service was last saved: when its place becomes confidential, only the
    place is saved, and nobody may be handed yesterday's file.
    """
    digest = hashlib.sha256()
    head = (document.title, int(document.size), str(document.paper), document.lang, document.intro)
    digest.update(repr(head).encode())
    for section in document.sections:
        digest.update(repr((section.name, section.intro)).encode())
        for entry in section.entries:
            digest.update(repr((entry.key, entry.name, str(entry.body))).encode())
    return digest.hexdigest()[:40]
