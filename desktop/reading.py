"""Reading free text for findings: the newest text counts, an older reading is stopped. No widgets."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.case.masking import mask
from desktop.case.record import Patient
from desktop.engine_client.process import EngineProcess
from desktop.engine_client.run import Run
from engine import api

Take = Callable[[list[api.Entity]], None]


class Reading(QObject):
    """Asks the engine what a text says; the engine gets the text with every known identifier masked."""

    failed = Signal(str)
    noted = Signal(object)
    """What must be known of the newest reading of the story: a tuple of api.Bilingual, empty where nothing."""

    def __init__(self, engine: EngineProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._current: Run | None = None

    def read_story(self, text: str, patient: Patient, take: Take) -> None:
        """Give `take` what the whole text says, unless a newer text comes first. Empty or too long says nothing."""
        self.stop()
        if not text.strip() or len(text) > api.MAX_TEXT_CHARS:
            self.noted.emit(())
            take([])
            return
        self._current = self._submit(text, patient, take)
        self._current.event.connect(
            lambda event: self.noted.emit(tuple(event.notes)) if isinstance(event, api.EntitiesFound) else None
        )

    def read_words(self, text: str, patient: Patient, take: Take) -> None:
        """Give `take` what a few typed words say."""
        self._submit(text, patient, take)

    def stop(self) -> None:
        """Stop reading the story."""
        if self._current is not None:
            self._current.cancel()
            self._current = None

    def _submit(self, text: str, patient: Patient, take: Take) -> Run:
        run = self._engine.submit(api.ExtractRequest(api.RunId(uuid.uuid4().hex), mask(text, patient)))
        found: list[api.Entity] = []
        run.event.connect(lambda event: found.extend(event.entities) if isinstance(event, api.EntitiesFound) else None)
        run.ended.connect(lambda ending: self._end(run, ending, found, take))
        return run

    def _end(self, run: Run, ending: api.Terminal, found: list[api.Entity], take: Take) -> None:
        if self._current is run:
            self._current = None
        if isinstance(ending, api.Done):
            take(found)
        if isinstance(ending, api.Failed):
            self.failed.emit(ending.code)
