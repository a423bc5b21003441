"""The kinds of job there are: a name, the function that does the work, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from dcsn.jobs.models import Job

Run = Callable[["Job"], None]


@dataclass(frozen=True)
class Kind:
    """What the runner needs to know of one kind.

    ``attempts``: how often a job that fails or whose worker dies is tried.
    ``longest``: after this the runner stops vouching for it, so the sweep starts it afresh.
    ``keep_result``: how long its file can be fetched.
    ``may_fetch``: one more question asked of whoever started it, each time the page is opened;
    a person whose role was taken away yesterday must not fetch today what they asked for then.
    ``back``: for work without a file, the address at which what it did can be seen.
    """

    name: str
    run: Run
    title: str | Promise
    attempts: int = 3
    longest: timedelta = timedelta(hours=2)
    keep_result: timedelta = timedelta(days=1)
    may_fetch: Callable[[Any, Job], bool] | None = None
    back: Callable[[Job], str] | None = None


_kinds: dict[str, Kind] = {}


def job_kind(name: str, *, title: str | Promise = "", **limits: Any) -> Callable[[Run], Run]:
    """Register the function that does the work of ``name``; its module is ``<app>/jobs.py``.

    The function may be called again for the same job, after a crash: it must go on, or start over,
    without doing anything twice that matters. ``title`` is what the progress page is headed.
    """

    def register(run: Run) -> Run:
        known = _kinds.get(name)
        if known is not None and known.run.__module__ != run.__module__:
            raise ValueError(f"Two kinds of job are called {name!r}.")
        _kinds[name] = Kind(name=name, run=run, title=title or name, **limits)
        return run

    return register


def kind_named(name: str) -> Kind:
    """The kind, or ``KeyError``: a row can outlive the code that knew it."""
    return _kinds[name]


def is_known(name: str) -> bool:
    return name in _kinds
