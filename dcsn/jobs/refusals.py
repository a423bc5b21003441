"""How a job ends other than by being done."""

from __future__ import annotations


class JobRefused(Exception):
    """Raised by a kind's code when trying again cannot help; its text is shown to the asker."""


class JobCancelled(Exception):
    """Somebody asked for the job to stop. Raised by ``job.report``; let it pass."""


class JobLost(Exception):
    """Another worker took the job over, because this one was silent for too long. Let it pass."""


class NotIdsOnly(ValueError):
    """A job's parameters hold something that is not an id, a number or a code."""
