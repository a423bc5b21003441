"""How far a run is, and whether to go on with it."""

from __future__ import annotations

from collections.abc import Callable

STEPS = 100


class MatchingCancelled(Exception):
    """Somebody asked the run to stop."""


class Watch:
    """``report(done, total)`` is called when another hundredth is done, so that it may write to a
    database, and may raise to end the run. ``cancelled()`` is asked at the same moments."""

    def __init__(
        self,
        report: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._report = report
        self._cancelled = cancelled
        self._said = -1

    def at(self, step: int) -> None:
        """The run is at this hundredth.

        :raises MatchingCancelled: when ``cancelled()`` says so; also whatever ``report`` raises.
        """
        if step <= self._said:
            return
        self._said = step
        if self._cancelled is not None and self._cancelled():
            raise MatchingCancelled
        if self._report is not None:
            self._report(step, STEPS)
