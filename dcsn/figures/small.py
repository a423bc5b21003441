"""Which counts may not be shown, so that nobody is recognised by a number (decision record 0054)."""

from __future__ import annotations

from collections.abc import Sequence

from dcsn.figures.shapes import Value, count_of

LEAST = 5


def hidden_of(cells: Sequence[Value], *, has_total: bool) -> set[int]:
    """Which of these counts may not be shown."""
    counts = [count_of(cell) for cell in cells]
    hidden = {n for n, count in enumerate(counts) if count < LEAST}
    if not has_total:
        return hidden
    others = sorted((n for n in range(len(counts)) if n not in hidden), key=lambda n: counts[n])
    while hidden and others and (len(hidden) == 1 or sum(counts[n] for n in hidden) < LEAST):
        hidden.add(others.pop(0))
    return hidden
