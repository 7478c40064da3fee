"""The store lane: one thread that owns the case file's connection and does all its work in order.

Callers get `concurrent.futures.Future`s; the window turns those into signals. The connection is made and used only
inside functions given to `submit`, which SQLite itself enforces (a connection refuses other threads).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class StoreLane:
    """Runs work one piece after the other on its own thread."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue `work` and return its future; what it raises is raised by `Future.result`."""
        return self._executor.submit(work, *args, **kwargs)

    def close(self) -> None:
        """Finish everything that was queued, then end the thread. A save that was asked for is never dropped."""
        self._executor.shutdown(wait=True)
