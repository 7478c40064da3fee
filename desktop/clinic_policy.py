"""What the clinic knows of its own patients, and who may change it: own priors and the switch for own cases.

Everybody may see it; only a role that may change policy changes it. The engine checks a priors file before it is kept,
so that one that cannot be used never stands between a patient and a ranking. No widgets.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from desktop import errors, paths
from desktop.engine_client.process import EngineProcess
from desktop.models.clinic_view import ClinicView
from desktop.settings import Settings
from desktop.store.lane import StoreLane
from desktop.store.own_cases import confirmed_cases
from desktop.store.permissions import Permission
from desktop.store.session import Session
from desktop.tasks import Tasks, code_of
from engine import api

LARGEST_FILE_BYTES = 512 * 1024


class ClinicPolicy(QObject):
    """Keeps the policy and tells the consultation what every ranking starts from."""

    changed = Signal(object)
    """ClinicView."""
    practice_changed = Signal(object)
    """api.Practice for the next ranking."""
    settings_changed = Signal(object)
    """A function from the settings as they are to the settings as they shall be."""
    failed = Signal(str)

    def __init__(self, lane: StoreLane, engine: EngineProcess, tasks: Tasks, path: Path, settings: Settings,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._engine, self._tasks, self._path = lane, engine, tasks, path
        self._session: Session | None = None
        self._place = settings.region or None
        self.view = ClinicView(own_cases_on=settings.own_cases)

    def start(self) -> None:
        """Take up the kept priors file; one that has become unreadable is left out and said."""
        try:
            self._set(priors=read_priors(self._path) if self._path.exists() else None)
        except (errors.DesktopError, OSError) as unfit:
            self._set(refused=str(unfit))
            self.failed.emit(code_of(unfit))

    def work_as(self, session: Session | None) -> None:
        """Count the cases that this user may read; None while locked."""
        self._session = session
        may = session is not None and session.may(Permission.CHANGE_POLICY)
        self._set(may_change=may, confirmed=() if session is None else self.view.confirmed)
        self.count()

    def count(self) -> None:
        """Count the clinic's own signed cases again."""
        if self._session is not None and self._session.may(Permission.READ_CASES):
            self._tasks.watch(self._lane.submit(confirmed_cases, self._session),
                              lambda found: self._set(confirmed=found), self.failed.emit)

    def use_own_cases(self, on: bool) -> None:
        """Let own cases move the ranking, or not. Only for a role that may change policy."""
        if self._allowed():
            self._set(own_cases_on=on)
            self.settings_changed.emit(lambda settings: replace(settings, own_cases=on))

    def choose_priors(self, path: Path) -> None:
        """Have the engine check a priors file, and keep it when it fits. Only for a role that may change policy."""
        if not self._allowed():
            return
        try:
            priors = read_priors(path)
        except (errors.DesktopError, OSError) as unfit:
            self._set(refused=str(unfit))
            return
        self._set(is_checking=True, refused="")
        request = api.DiagnoseRequest(
            api.RunId(uuid.uuid4().hex), api.Case(), practice=api.Practice("published", priors=priors))
        run = self._engine.submit(request)
        run.ended.connect(lambda ending: self._checked(priors, ending))

    def remove_priors(self) -> None:
        """Go back to the published rates."""
        if self._allowed() and self._written(lambda: self._path.unlink(missing_ok=True)):
            self._set(priors=None, refused="")

    def practice(self) -> api.Practice:
        """Return what a ranking is told."""
        own = self.view.confirmed if self.view.own_cases_on else ()
        counts = {cases.code: cases.count for cases in own}
        return api.Practice("published", self._place, self.view.priors, counts)

    def _checked(self, priors: api.ClinicPriors, ending: api.Terminal) -> None:
        if not isinstance(ending, api.Done):
            told = ending.message if isinstance(ending, api.Failed) else ""
            self._set(is_checking=False, refused=told or "the engine did not answer")
        elif self._written(lambda: paths.write_durably(self._path, msgspec.json.encode(priors))):
            self._set(is_checking=False, priors=priors)
        else:
            self._set(is_checking=False)

    def _allowed(self) -> bool:
        if not self.view.may_change:
            self.failed.emit(errors.NotAllowed.code)
        return self.view.may_change

    def _written(self, write: Callable[[], object]) -> bool:
        try:
            write()
        except (errors.DesktopError, OSError) as refused:
            self.failed.emit(code_of(refused))
            return False
        return True

    def _set(self, **what: object) -> None:
        self.view = replace(self.view, **what)  # type: ignore[arg-type]
        self.changed.emit(self.view)
        self.practice_changed.emit(self.practice())


def read_priors(path: Path) -> api.ClinicPriors:
    """Return the priors in a file as far as their shape goes. Raises PriorsRefused with the place of the fault."""
    content = path.read_bytes()
    if len(content) > LARGEST_FILE_BYTES:
        raise errors.PriorsRefused(f"longer than {LARGEST_FILE_BYTES} bytes")
    try:
        return msgspec.json.decode(content, type=api.ClinicPriors)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as unfit:
        raise errors.PriorsRefused(str(unfit)) from unfit
