"""What can go wrong with paper."""

from __future__ import annotations


class PrintError(Exception):
    """A document could not be made rightly; the message is for the person who mends it."""


class EmptyDocumentError(PrintError):
    """There is nothing to print: what was asked for is gone."""


class ForbiddenAddressError(PrintError):
    """A template asked for something outside our static files."""
