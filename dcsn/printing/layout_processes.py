"""Processes that lay out shards beside each other.

Not ``multiprocessing``: a Celery worker is a daemonic process, which may have no such children, and a
fork of it would carry its database connections along. These are plain programs that read shards from a
pipe and answer on another. When their parent is killed, the pipe closes and they end by themselves.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from types import TracebackType
from typing import Any, BinaryIO

from dcsn.printing import fonts
from dcsn.printing.errors import PrintError
from dcsn.printing.press import PressSetup
from dcsn.printing.shards import LaidOut, Shard, ShardCache, lay_out_shard


class Workers:
    """Lays out shards, in ``processes`` processes or, with none, in this one."""

    def __init__(self, setup: PressSetup, cache: ShardCache, *, processes: int) -> None:
        self.setup = setup
        self.cache = cache
        self._processes = [_start() for _number in range(processes)]
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        # A thread for each process: it only waits for the answer.
        self._threads = ThreadPoolExecutor(processes) if processes else None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            # Killed without asking: what they made is in the cache, and half a file never is.
            process.kill()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()

    @property
    def process_ids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def lay_out(
        self, shards: Sequence[Shard], *, each: Callable[[], None] = lambda: None
    ) -> list[LaidOut]:
        """The shards' pages in the same order; ``each`` is called as one after another is ready."""
        found: dict[int, LaidOut] = {}
        for number, laid_out in self._in_any_order(shards):
            found[number] = laid_out
            each()
        return [found[number] for number in range(len(shards))]

    def _in_any_order(self, shards: Sequence[Shard]) -> Iterator[tuple[int, LaidOut]]:
        if self._threads is None:
            for number, shard in enumerate(shards):
                yield number, lay_out_shard(shard, self.setup, str(self.cache.folder))
            return
        # The longest first, so that no process waits for the other at the end.
        order = sorted(range(len(shards)), key=lambda n: -len(shards[n].html))
        futures: dict[Future[LaidOut], int] = {
            self._threads.submit(self._send, shards[n]): n for n in order
        }
        for future in as_completed(futures):
            yield futures[future], future.result()

    def _send(self, shard: Shard) -> LaidOut:
        process = self._idle.get()
        assert process.stdin is not None  # noqa: S101  (for the type checker: both are pipes)
        assert process.stdout is not None  # noqa: S101
        try:
            pickle.dump((shard, self.setup, str(self.cache.folder)), process.stdin)
            process.stdin.flush()
            answer, trouble = pickle.load(process.stdout)  # noqa: S301  (our own child's answer)
        except (EOFError, OSError) as error:
            raise PrintError("A process that lays out pages has ended.") from error
        finally:
            self._idle.put(process)
        if trouble:
            raise PrintError(trouble)
        laid_out: LaidOut = answer
        return laid_out


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dcsn.printing.layout_processes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=fonts.BASE_DIR,
    )


def answer(asked: BinaryIO, answers: BinaryIO) -> None:
    """Lay out what comes in, until nothing more can come."""
    while True:
        try:
            shard, setup, folder = pickle.load(asked)  # noqa: S301  (our own parent's request)
        except EOFError:
            return
        try:
            reply: tuple[Any, str] = (lay_out_shard(shard, setup, folder), "")
        except PrintError as error:
            reply = (None, str(error))
        except Exception:
            reply = (None, traceback.format_exc())
        pickle.dump(reply, answers)
        answers.flush()


def main() -> None:
    # The pipe is kept for answers: whatever a library prints goes to the log instead.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        answer(sys.stdin.buffer, answers)
    os._exit(0)  # at once: the pipe may be gone, so nothing is left to say goodbye to


if __name__ == "__main__":
    main()
