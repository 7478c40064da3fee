"""The models of this machine as the desktop sees them: asked of the engine, changed only by a role that may.

After an installation or a roll-back the engine starts anew, so that the status line names what is in use from then on.
No widgets.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import errors
from desktop.engine_client.process import EngineProcess
from desktop.models.model_view import ModelView
from desktop.store.permissions import Permission
from desktop.store.session import Session
from engine import api

CHANGING = frozenset({"install", "rollback"})


class ModelShelf(QObject):
    """Keeps the last report and runs one action at a time."""

    changed = Signal(object)
    """ModelView."""
    failed = Signal(str)

    def __init__(self, engine: EngineProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.view = ModelView()

    def work_as(self, session: Session | None) -> None:
        """Let this user look, and change what the role allows; None while locked."""
        may = session is not None and session.may(Permission.MANAGE_MODELS)
        self._set(may_change=may, failure="")

    def look(self) -> None:
        """Ask what is installed."""
        self._ask("list")

    def verify(self, name: str) -> None:
        """Have every byte of a pack checked again."""
        self._ask("verify", name=name)

    def measure(self) -> None:
        """Have the language model's speed measured."""
        self._ask("bench")

    def install(self, folder: Path) -> None:
        """Install the pack in a folder, if this user may."""
        if self._allowed():
            self._ask("install", folder=str(folder))

    def roll_back(self, name: str) -> None:
        """Go back to a pack's earlier version, if this user may."""
        if self._allowed():
            self._ask("rollback", name=name)

    def _ask(self, action: str, name: str = "", folder: str = "") -> None:
        if self.view.busy_with:
            return
        self._set(busy_with=action, failure="")
        request = api.ModelsRequest(api.RunId(uuid.uuid4().hex), action, name, folder)  # type: ignore[arg-type]
        run = self._engine.submit(request)
        run.event.connect(self._receive)
        run.ended.connect(lambda ending: self._ended(action, ending))

    def _receive(self, event: api.RunEvent) -> None:
        if isinstance(event, api.ModelsReported):
            self._set(report=event)

    def _ended(self, action: str, ending: api.Terminal) -> None:
        if isinstance(ending, api.Failed):
            self._set(busy_with="", failure=ending.message or ending.code, failure_code=ending.code)
        else:
            self._set(busy_with="")
        if action in CHANGING and isinstance(ending, api.Done):
            self._engine.stop()
            self._engine.start()

    def _allowed(self) -> bool:
        if not self.view.may_change:
            self.failed.emit(errors.NotAllowed.code)
        return self.view.may_change

    def _set(self, **what: object) -> None:
        self.view = replace(self.view, **what)  # type: ignore[arg-type]
        self.changed.emit(self.view)
