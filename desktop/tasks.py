"""Background work brought back to the main thread: futures of the store lane, and a pool for PDF and exports.

The callbacks always run in the thread that owns `Tasks`; an exception arrives as a code that has a text on screen.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from desktop.errors import DesktopError
from desktop.paths import refusal
from engine.errors import EngineError

log = logging.getLogger(__name__)

POOL_THREADS = 2
_REFUSED_WRITES = frozenset({errno.ENOSPC, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS})


def code_of(error: BaseException) -> str:
    """Return the code under which `error` is shown; anything that is not ours is a bug and is logged."""
    if isinstance(error, DesktopError | EngineError):
        log.warning("%s: %s", error.code, error.detail)
        return error.code
    if isinstance(error, OSError) and error.errno in _REFUSED_WRITES:
        log.warning("the system refused a file: %s", error.strerror)
        return refusal(error, "a file").code
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return "internal"


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    """Run `work` and put its outcome into `future`."""
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whatever it was, the future carries it to the main thread
        future.set_exception(error)


class Tasks(QObject):
    """Watches futures; each ends in exactly one of its two callbacks."""

    _settled = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Qt's own threads: a QTextDocument that paints a report starts timers, which need an event dispatcher.
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(POOL_THREADS)
        self._settled.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def watch(self, future: Future[Any], done: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        """Call `done(result)` or `failed(code)` in the main thread once `future` has ended."""
        future.add_done_callback(lambda ended: self._announce(ended, done, failed))

    def in_pool(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        """Run `work` in the pool and bring its outcome back. It must not touch widgets or the store."""
        future: Future[Any] = Future()
        self.watch(future, done, failed)
        self._pool.start(lambda: _settle(future, work))

    def close(self) -> None:
        """Wait for running work, drop what has not begun, and deliver nothing more."""
        self._closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def _announce(self, ended: Future[Any], done: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        if not self._closed:
            self._settled.emit(ended, done, failed)

    def _deliver(self, ended: Future[Any], done: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        if self._closed:
            return
        try:
            result = ended.result()
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - the border: every failure becomes a code on screen
            failed(code_of(error))
            return
        done(result)
