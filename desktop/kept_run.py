"""One run of the engine that is kept from its first moment: begun, every event and its ending go to the store.

The engine never waits for the disk: events reach the screen at once and the store lane right after, in order. When the
power fails in between, the store finds a run without an ending and calls it interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop.case.record import CaseRecord, ResultId
from desktop.engine_client.process import EngineProcess
from desktop.errors import CaseFileError, DesktopError
from desktop.store.lane import StoreLane
from desktop.store.results import Results
from desktop.tasks import Tasks
from engine import __version__, api

Kind = Literal["extract", "diagnose", "plan", "check"]


@dataclass(frozen=True, slots=True)
class RunEnding:
    """How a run ended. `made_at` is local ISO time; `code` is one of engine.errors when it failed."""

    kind: Kind
    status: Literal["ok", "failed", "cancelled", "interrupted"]
    made_at: str
    code: str = ""
    versions: api.Versions | None = None


class KeptRun(QObject):
    """Submits one request and keeps what comes back; `ended` comes exactly once."""

    event = Signal(object)
    ended = Signal(object)
    failed = Signal(str)
    """Code of a failure of the store; the run itself goes on."""

    def __init__(self, engine: EngineProcess, lane: StoreLane, tasks: Tasks, results: Results, record: CaseRecord,
                 request: api.RunRequest, parent: QObject) -> None:
        super().__init__(parent)
        self.request = request
        self.record = record
        self._lane = lane
        self._tasks = tasks
        self._results = results
        self._result_id: ResultId | None = None
        self._never_kept: DesktopError = CaseFileError("the run was not begun")
        self._keep(self._begin)
        self._run = engine.submit(request)
        self._run.event.connect(self._receive)
        self._run.ended.connect(self._end)

    def cancel(self) -> None:
        """Ask the engine to stop; what has arrived stays."""
        self._run.cancel()

    def result_id(self) -> ResultId:
        """Return the id in the store. Call it on the store lane, where it is set before anything else of this run.

        Raises what refused the run when the store could not keep it: then nothing of it can be kept or signed.
        """
        if self._result_id is None:
            raise self._never_kept
        return self._result_id

    def _receive(self, event: api.RunEvent) -> None:
        if not isinstance(event, api.Stage | api.Terminal):
            self._keep(lambda: self._results.add_events(self.result_id(), event))
        if not isinstance(event, api.Terminal):
            self.event.emit(event)

    def _end(self, ending: api.Terminal) -> None:
        self._keep(lambda: self._results.finish(self.result_id(), ending))
        self.ended.emit(ending_of(self.request.kind, ending))

    def _begin(self) -> None:
        try:
            self._result_id = self._results.start(self.record, self.request, __version__)
        except DesktopError as refused:
            self._never_kept = refused
            raise

    def _keep(self, work: Callable[[], object]) -> None:
        self._tasks.watch(self._lane.submit(work), lambda _: None, self.failed.emit)


def refused(kind: Kind, code: str) -> RunEnding:
    """Return the ending of a run that was never sent, with the code that says why."""
    return RunEnding(kind, "failed", datetime.now().isoformat(timespec="seconds"), code)


def ending_of(kind: Kind, ending: api.Terminal) -> RunEnding:
    """Return a run's terminal event as an ending for the pages."""
    now = datetime.now().isoformat(timespec="seconds")
    match ending:
        case api.Done():
            return RunEnding(kind, "ok", now, versions=ending.versions)
        case api.Failed():
            return RunEnding(kind, "failed", now, code=ending.code)
        case _:
            return RunEnding(kind, "cancelled", now)
