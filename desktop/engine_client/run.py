"""One run of the engine as the desktop sees it: any number of events, then exactly one ending, whatever happens.

waiting -> running -> ended          the ending is the child's own Done, Failed or Cancelled,
     \\        \\-----^                 or one made here: crash, hang, garbage, no start, refused cancel
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from engine import api, errors


class RunState(Enum):
    WAITING = auto()
    RUNNING = auto()
    ENDED = auto()


class Run(QObject):
    """A request on its way. Signals come from the event loop, never from inside `submit`."""

    # QObject.event is Qt's own entry for QEvents; a signal of this name hides it from Python only, which nobody needs.
    event = Signal(object)  # type: ignore[assignment]
    """An api.RunEvent that is not an ending."""
    ended = Signal(object)
    """The api.Terminal; emitted once."""

    def __init__(self, request: api.RunRequest, cancel: Callable[[Run], None]) -> None:
        super().__init__()
        self.request = request
        self.ending: api.Terminal | None = None
        self.is_cancelling = False
        self._cancel = cancel
        self._state = RunState.WAITING

    @property
    def run_id(self) -> api.RunId:
        return self.request.run_id

    @property
    def state(self) -> RunState:
        return self._state

    def cancel(self) -> None:
        """Ask for an early end; it comes as Cancelled, or as the ending that was already on its way."""
        if self._state is not RunState.ENDED and not self.is_cancelling:
            self.is_cancelling = True
            self._cancel(self)

    def sent(self) -> None:
        """Note that the child has the request. Called by the process only."""
        if self._state is RunState.WAITING:
            self._state = RunState.RUNNING

    def receive(self, event: api.RunEvent) -> None:
        """Pass on an event of the child. Called by the process only."""
        if self._state is RunState.ENDED:
            return
        if isinstance(event, api.Terminal):
            self._end(event)
        else:
            self.event.emit(event)

    def fail(self, reason: errors.EngineError) -> None:
        """End the run that the child can no longer end; as Cancelled where the clinician had asked for that."""
        if self._state is not RunState.ENDED:
            failed = api.Failed(self.run_id, reason.code, reason.detail)
            self._end(api.Cancelled(self.run_id) if self.is_cancelling else failed)

    def _end(self, ending: api.Terminal) -> None:
        self._state = RunState.ENDED
        self.ending = ending
        self.ended.emit(ending)
