"""Texts made to be slow: what a pattern that tries everything in every way takes minutes or years over."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# As long as the longest description of the directory, which is read at each import and each print.
LENGTH = 20_000
SLOW_TEXTS = [
    (part * LENGTH)[:LENGTH]
    for part in ("@", "a", "a@", "a@a.", "0", "a.", "1-", "www.", "http://", " ", "\n", " \t", "£1,0", "(")
]  # fmt: skip


@contextmanager
def in_time(seconds: int = 10) -> Iterator[None]:
    """Fail instead of hanging. Generous: what is looked for takes minutes, what is right milliseconds."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not finished after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
