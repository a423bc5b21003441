"""Paper: tagged PDFs in large print, from one sheet to a whole directory.

Importing this package loads neither WeasyPrint nor pikepdf, so a process that never prints stays small.
"""

from __future__ import annotations

from dcsn.printing.documents import (
    Document,
    DocumentReport,
    Entry,
    Section,
    build_document,
    document_pdf,
)
from dcsn.printing.errors import EmptyDocumentError, ForbiddenAddressError, PrintError
from dcsn.printing.responses import pdf_response
from dcsn.printing.runs import Batch, RunReport, build_run
from dcsn.printing.sheets import render_exact_pdf, render_pdf
from dcsn.printing.sizes import PaperColour, PrintSize
from dcsn.printing.words import file_name

__all__ = [
    "Batch",
    "Document",
    "DocumentReport",
    "EmptyDocumentError",
    "Entry",
    "ForbiddenAddressError",
    "PaperColour",
    "PrintError",
    "PrintSize",
    "RunReport",
    "Section",
    "build_document",
    "build_run",
    "document_pdf",
    "file_name",
    "pdf_response",
    "render_exact_pdf",
    "render_pdf",
]
