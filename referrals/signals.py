"""What happens to enquiries that an app above may have to act on: as ``members.signals``."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with ``enquiry`` and ``by`` when what was promised for a day has been done.
promise_done = Signal()
