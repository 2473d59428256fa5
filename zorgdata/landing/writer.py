"""A database connection that works in a thread of its own: files are read on while records are written.

Everything is done in the order in which it was asked. After a failure nothing more is done; it is told at the
next moment somebody waits.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import duckdb

_AHEAD = 3
"""So many pieces of work may wait; each may hold hundreds of thousands of records."""


class Writer:
    """Does one piece of work after the other, beside the thread that asks for it, or in it."""

    def __init__(self, *, beside: bool) -> None:
        self._pool = ThreadPoolExecutor(1, "landing") if beside else None
        self._waiting: deque[Future[None]] = deque()
        self._failed = False

    def later(self, work: Callable[[], None]) -> None:
        """Have this done, after what was asked before. Raises what that failed on."""
        if self._pool is None:
            work()
            return
        while len(self._waiting) >= _AHEAD:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(self._unless_failed, work))

    def settle(self) -> None:
        """Wait until everything is done. Raises what it failed on."""
        while self._waiting:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Wait until nothing is being done any more, whatever became of it."""
        while self._waiting:
            with suppress(duckdb.Error):
                self._waiting.popleft().result()
        if self._pool is not None:
            self._pool.shutdown()

    def _unless_failed(self, work: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            work()
        except BaseException:
            self._failed = True
            raise
