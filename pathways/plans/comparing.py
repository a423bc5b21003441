"""How one list of words or lines became another, in a time that nobody can drive up.

``difflib`` is quick for what people write, and takes minutes for what somebody writes to be slow: the same
short word a thousand times. Such a text is told as one piece taken out and one put in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

Step = tuple[str, int, int, int, int]
# Comparisons at most, less than half a second. A thousand words that are all written anew are fewer.
MOST_WORK = 12_000_000


def steps(old: Sequence[str], new: Sequence[str]) -> Sequence[Step]:
    """As ``SequenceMatcher.get_opcodes``: equal, delete, insert, replace; of ``old`` and of ``new``."""
    start, end = _same_ends(old, new)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    found: list[Step] = [("equal", 0, start, 0, start)] if start else []
    found += [
        (what, a + start, b + start, c + start, d + start)
        for what, a, b, c, d in _middle(before, after)
    ]
    if end:
        found.append(("equal", len(old) - end, len(old), len(new) - end, len(new)))
    return found


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _middle(old: Sequence[str], new: Sequence[str]) -> Sequence[Step]:
    if not old and not new:
        return []
    if not old or not new or _work(old, new) > MOST_WORK:
        what = "replace" if old and new else "delete" if old else "insert"
        return [(what, 0, len(old), 0, len(new))]
    return SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    """What ``difflib`` compares at worst: each pair of equal words, once for each stretch that it finds."""
    there = Counter(new)
    return sum(there[word] for word in old) * min(len(old), len(new))
