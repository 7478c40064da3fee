"""How long the desktop waits for its engine, and what it concludes when nothing comes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from engine import errors


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the desktop waits for what, in milliseconds. `pong_ms` is waited for twice."""

    hello_ms: int = 20_000
    ping_every_ms: int = 2_000
    pong_ms: int = 5_000
    cancel_ms: int = 5_000
    goodbye_ms: int = 1_500
    first_pause_ms: int = 500
    longest_pause_ms: int = 30_000

    def pause_ms(self, deaths: int) -> int:
        """Return how long to wait before the next start after so many deaths in a row: doubling, up to the longest."""
        if not deaths:
            return 0
        return min(self.first_pause_ms << min(deaths - 1, 16), self.longest_pause_ms)


class Watchdog(QObject):
    """Watches one child at a time: its hello, its answers to pings, its obedience to cancel."""

    ping_due = Signal()
    gave_up = Signal(object)
    """The errors.EngineError that says what was waited for in vain."""

    def __init__(self, patience: Patience, parent: QObject) -> None:
        super().__init__(parent)
        self._hello = self._timer(patience.hello_ms, errors.EngineStartFailed("no hello in time"))
        self._cancel = self._timer(patience.cancel_ms, errors.EngineHung("did not cancel in time"))
        self._pong = QTimer(self, singleShot=True, interval=patience.pong_ms)
        self._pong.timeout.connect(self._no_pong)
        self._ping = QTimer(self, interval=patience.ping_every_ms)
        self._ping.timeout.connect(self._send_ping)
        self._missed_one = False

    def expect_hello(self) -> None:
        """Begin with a new child."""
        self.rest()
        self._hello.start()

    def hello_came(self) -> None:
        """Begin to ping."""
        self._hello.stop()
        self._ping.start()

    def sign_of_life(self) -> None:
        """Note that a valid line has come: whatever it says, the child is not hung."""
        self._pong.stop()
        self._missed_one = False

    def expect_cancel(self) -> None:
        """A run was asked to end early."""
        self._cancel.start()

    def cancel_came(self) -> None:
        """No run is being cancelled any more."""
        self._cancel.stop()

    def rest(self) -> None:
        """There is no child to watch."""
        for timer in (self._hello, self._cancel, self._pong, self._ping):
            timer.stop()
        self._missed_one = False

    def _send_ping(self) -> None:
        self.ping_due.emit()
        if not self._pong.isActive():
            self._pong.start()

    def _no_pong(self) -> None:
        """Give up at the second miss only: after the first, this process itself may have slept or been busy."""
        if self._missed_one:
            self.gave_up.emit(errors.EngineHung("pings stayed unanswered"))
            return
        self._missed_one = True
        self._send_ping()

    def _timer(self, interval_ms: int, conclusion: errors.EngineError) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(lambda: self.gave_up.emit(conclusion))
        return timer
