"""The runs of one case: at most one of each kind counts, and only its events reach the pages. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.case.record import CaseRecord
from desktop.engine_client.process import EngineProcess
from desktop.kept_run import KeptRun, RunEnding
from desktop.store.lane import StoreLane
from desktop.store.results import Results
from desktop.store.session import Session
from desktop.tasks import Tasks
from engine import api


class CaseRuns(QObject):
    """Starts runs that are kept in the store; a newer run of a kind stops the older one."""

    stage_reached = Signal(str, str)
    """Kind of run and its stage."""
    arrived = Signal(object, object)
    """KeptRun and its event."""
    run_ended = Signal(object)
    failed = Signal(str)

    def __init__(self, lane: StoreLane, engine: EngineProcess, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._engine, self._tasks = lane, engine, tasks
        self._runs: dict[str, KeptRun] = {}

    def start(self, session: Session, saved: CaseRecord, request: api.RunRequest) -> None:
        """Run `request` on a saved revision of the case."""
        earlier = self._runs.pop(request.kind, None)
        if earlier is not None:
            earlier.cancel()
        run = KeptRun(self._engine, self._lane, self._tasks, Results(session), saved, request, self)
        self._runs[request.kind] = run
        run.failed.connect(self.failed)
        run.event.connect(lambda event: self._receive(run, event))
        run.ended.connect(lambda ending: self._end(run, ending))
        self.stage_reached.emit(request.kind, request.kind)

    def is_running(self, kind: str) -> bool:
        """Return whether a run of this kind has not ended yet."""
        return kind in self._runs

    def stop(self) -> None:
        """Stop every run; what has arrived stays and is stored."""
        for run in list(self._runs.values()):
            run.cancel()

    def forget(self) -> None:
        """Stop every run and show nothing more of it: another case is opened."""
        self.stop()
        self._runs.clear()

    def _receive(self, run: KeptRun, event: api.RunEvent) -> None:
        if self._runs.get(run.request.kind) is not run:
            return
        if isinstance(event, api.Stage):
            self.stage_reached.emit(run.request.kind, event.name)
        else:
            self.arrived.emit(run, event)

    def _end(self, run: KeptRun, ending: RunEnding) -> None:
        if self._runs.get(run.request.kind) is run:
            del self._runs[run.request.kind]
            self.run_ended.emit(ending)
