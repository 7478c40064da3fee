"""Owns the engine's child process: starts it when needed, watches it, ends it step by step, starts it again.

The desktop never waits for the child and never dies with it. A crash, a hang, a line that is no message or a wrong
version ends every open run with a code of engine.errors; the next request starts a fresh child, after a growing pause
when it keeps dying.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTemporaryDir, QTimer, Signal

from desktop.engine_client.command import ChildCommand, engine_command, minimal_environment
from desktop.engine_client.framing import LineSplitter, check_hello, decode_event
from desktop.engine_client.run import Run, RunState
from desktop.engine_client.watchdog import Patience, Watchdog
from engine import api, errors

log = logging.getLogger(__name__)


class EngineProcess(QObject):
    """The engine as one object of the main thread. `state` is stopped, starting, ready, busy or pausing."""

    hello = Signal(object)
    """The api.Hello of a child that has just become ready."""
    state_changed = Signal(str)

    def __init__(
        self, command: ChildCommand | None = None, patience: Patience | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._command = command or engine_command()
        self._patience = patience or Patience()
        self._folder = QTemporaryDir()
        self._process: QProcess | None = None
        self._lines = LineSplitter()
        self._runs: dict[api.RunId, Run] = {}
        self._ready = False
        self._reason: errors.EngineError | None = None
        self._deaths = 0
        self._state = "stopped"
        self._watchdog = Watchdog(self._patience, self)
        self._watchdog.ping_due.connect(lambda: self._write(api.PingRequest("ping")))
        self._watchdog.gave_up.connect(self._give_up)
        self._pause_timer = QTimer(self, singleShot=True)
        self._pause_timer.timeout.connect(self._launch)

    @property
    def state(self) -> str:
        return self._state

    @property
    def process_id(self) -> int:
        """The child's process id, 0 where there is none."""
        return self._process.processId() if self._process else 0

    @property
    def private_folder(self) -> Path:
        """The child's own folder, gone when Lantern ends: stripped copies of files go there, nothing else does."""
        return Path(self._folder.path())

    def start(self) -> None:
        """Start the child, if there is none; returns at once."""
        if self._process is None and not self._pause_timer.isActive():
            self._pause_timer.start(self._patience.pause_ms(self._deaths))
            self._show_state("pausing" if self._deaths else "starting")

    def submit(self, request: api.RunRequest) -> Run:
        """Return the run of `request`. It waits until the child is ready; its signals come from the event loop."""
        run = Run(request, self._cancel)
        self._runs[request.run_id] = run
        if self._ready:
            QTimer.singleShot(0, run, lambda: self._send_run(run))
        else:
            self.start()
        return run

    def stop(self) -> None:
        """End the child without waiting: ask, then terminate, then kill; open runs end as crashed."""
        self._pause_timer.stop()
        if self._process is None:
            self._end_runs(errors.EngineCrashed("the engine was stopped"))
            self._show_state("stopped")
            return
        self._write(api.ShutdownRequest())
        self._process.closeWriteChannel()
        QTimer.singleShot(self._patience.goodbye_ms, self._process, self._process.terminate)
        QTimer.singleShot(2 * self._patience.goodbye_ms, self._process, self._process.kill)

    def close(self) -> None:
        """End the child and wait for it, a few seconds at most: for the end of the application."""
        process = self._process
        self.stop()
        if process is None:
            return
        for step in (None, process.terminate, process.kill):
            if step is not None:
                step()
            if process.state() == QProcess.ProcessState.NotRunning:
                return
            if process.waitForFinished(self._patience.goodbye_ms):
                return

    # ------------------------------------------------------------------------------------------- the child's life

    def _launch(self) -> None:
        process = QProcess(self)
        process.setProgram(self._command.program)
        process.setArguments(list(self._command.arguments))
        process.setProcessEnvironment(minimal_environment(self._command, self._folder.path()))
        process.setWorkingDirectory(self._folder.path())
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.errorOccurred.connect(self._failed_to_start)
        process.finished.connect(self._finished)
        self._process, self._lines = process, LineSplitter()
        self._ready, self._reason = False, None
        self._show_state("starting")
        self._watchdog.expect_hello()
        process.start()

    def _welcome(self, hello: api.Hello) -> None:
        self._watchdog.hello_came()
        self._ready = True
        self.hello.emit(hello)
        for run in list(self._runs.values()):
            self._send_run(run)
        self._show_busy()

    def _give_up(self, reason: errors.EngineError) -> None:
        """Kill a child that is of no more use; `finished` then ends its runs with `reason`."""
        if self._process is not None and self._reason is None:
            log.warning("ending the engine: %s: %s", reason.code, reason.detail)
            self._reason = reason
            self._process.kill()

    def _finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        self._read()
        self._read_log()
        self._process.deleteLater()
        self._process, self._ready = None, False
        self._watchdog.rest()
        crashed = status == QProcess.ExitStatus.CrashExit or exit_code != 0
        reason = self._reason or errors.EngineCrashed(f"exit code {exit_code}")
        self._deaths = self._deaths + 1 if crashed or self._runs else 0
        self._show_state("stopped")
        self._end_runs(reason)

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._reason = errors.EngineStartFailed(self._process.errorString())
            self._finished(1, QProcess.ExitStatus.CrashExit)

    def _end_runs(self, reason: errors.EngineError) -> None:
        runs, self._runs = list(self._runs.values()), {}
        for run in runs:
            run.fail(reason)

    # ------------------------------------------------------------------------------------------------- the lines

    def _read(self) -> None:
        if self._process is None or self._reason is not None:
            return
        try:
            for untrusted_line in self._lines.feed(bytes(self._process.readAllStandardOutput().data())):
                self._take(decode_event(untrusted_line))
        except errors.EngineProtocolError as garbage:
            self._give_up(garbage)

    def _take(self, event: api.Event) -> None:
        if not self._ready:
            self._welcome(check_hello(event))
            return
        self._watchdog.sign_of_life()
        match event:
            case api.Pong():
                pass
            case api.Hello():
                raise errors.EngineProtocolError("a second hello")
            case _:
                self._pass_on(event)

    def _pass_on(self, event: api.RunEvent) -> None:
        run = self._runs.get(event.run_id)
        if run is None:
            log.warning("a %s for a run that is not open", event.kind)
            return
        if isinstance(event, api.Terminal):
            del self._runs[event.run_id]
            self._deaths = 0
            if not any(other.is_cancelling for other in self._runs.values()):
                self._watchdog.cancel_came()
        run.receive(event)
        self._show_busy()

    def _read_log(self) -> None:
        if self._process is not None:
            untrusted_text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            for line in untrusted_text.splitlines():
                log.debug("engine: %s", line[:1000])

    def _write(self, request: api.Request) -> None:
        if self._process is not None and self._process.state() == QProcess.ProcessState.Running:
            self._process.write(api.encode(request))

    def _send_run(self, run: Run) -> None:
        if not self._ready or run.state is not RunState.WAITING:
            return
        try:
            self._write(run.request)
        except errors.TooLarge as too_large:
            del self._runs[run.run_id]
            run.fail(too_large)
            return
        run.sent()
        self._show_busy()

    def _cancel(self, run: Run) -> None:
        if run.state is RunState.WAITING:
            self._runs.pop(run.run_id, None)
            QTimer.singleShot(0, run, lambda: run.receive(api.Cancelled(run.run_id)))
            return
        self._write(api.CancelRequest(run.run_id))
        self._watchdog.expect_cancel()

    # ---------------------------------------------------------------------------------------------------- states

    def _show_busy(self) -> None:
        if self._ready:
            self._show_state("busy" if self._runs else "ready")

    def _show_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
