"""What can go wrong with paper."""

from __future__ import annotations


class PrintError(Exception):
    """A document could not be made rightly; the message is for the person who mends it."""


class ForbiddenAddressError(PrintError):
    """A template asked for something outside our static files."""
