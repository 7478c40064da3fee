"""A consultation over a real encrypted case file and a scripted engine that answers only what a test tells it to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir

from desktop.engine_client.run import Run
from engine import api

VERSIONS = api.Versions("0.1.0", "test", {})


class ScriptedEngine(QObject):
    """Takes requests as EngineProcess does; each run waits until the test gives its events."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self.cancelled: list[Run] = []
        self._folder = QTemporaryDir()
        self.private_folder = Path(self._folder.path())

    def submit(self, request: api.RunRequest) -> Run:
        run = Run(request, self.cancelled.append)
        self.runs.append(run)
        run.sent()
        return run

    def last(self, kind: str) -> Run:
        """Return the newest run of one kind."""
        return next(run for run in reversed(self.runs) if run.request.kind == kind)

    def count(self, kind: str) -> int:
        return sum(run.request.kind == kind for run in self.runs)

    def answer(self, kind: str, *events: object) -> None:
        """End the newest run of one kind well, after these events."""
        run = self.last(kind)
        for event in events:
            run.receive(event)
        run.receive(api.Done(run.run_id, VERSIONS, 12.0))


def entities(run: Run, *words: tuple[str, str]) -> api.EntitiesFound:
    """Return what an engine would have read: each (word, code) at its place in the request's text."""
    text = run.request.text
    found = [api.Entity(text.index(word), text.index(word) + len(word), word, "symptom", code,
                        display=api.Bilingual(word, word)) for word, code in words]
    return api.EntitiesFound(run.run_id, found)
