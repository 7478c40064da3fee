"""The line above a result that says how it stands: empty, running, stopped, failed, stale or ready."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.messages import Message, Tone


class State(Enum):
    EMPTY = "empty"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    READY = "ready"


class ResultState(QWidget):
    """Shows one state at a time; being stale is shown beside it and never hides the result itself."""

    stop_requested = Signal()
    run_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = State.EMPTY
        self.stale = False
        self._stage = ""
        self._banner = Banner()
        self._stage_label = QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self._stop = QPushButton()
        self._again = QPushButton()
        self._running = QWidget()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self._stop.setIcon(theme.icon("square"))
        self._again.setIcon(theme.icon("refresh-cw"))
        self._stop.clicked.connect(self.stop_requested)
        self._again.clicked.connect(self.run_requested)
        row = QHBoxLayout(self._running)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._stage_label)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._running)
        column.addWidget(self._banner)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)

    def show_empty(self) -> None:
        """Nothing has been asked for yet."""
        self._become(State.EMPTY)

    def show_running(self, stage: str) -> None:
        """A run has reached `stage`, a name of `engine.api.Stage`."""
        self._stage = stage
        self._become(State.RUNNING)

    def show_stopped(self) -> None:
        """The user stopped the run; what had arrived is kept."""
        self._become(State.STOPPED)

    def show_failed(self, code: str) -> None:
        """The run failed with an error `code`."""
        self._banner.show_code(code)
        self._become(State.FAILED)

    def show_ready(self) -> None:
        """A result is on the screen."""
        self._become(State.READY)

    def set_stale(self, stale: bool) -> None:
        """Mark the result as older than the case."""
        self.stale = stale
        self.retranslate()

    def _become(self, state: State) -> None:
        self.state = state
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._stop.setText(self.tr("Stop (Esc)"))
        self._again.setText(self.tr("Run again"))
        self._stage_label.setText(self._stage_text())
        self._bar.setAccessibleName(self._stage_text())
        self._running.setVisible(self.state is State.RUNNING)
        self._again.setVisible(self.state in (State.STOPPED, State.FAILED) or (self.stale and not self._is_running))
        if self.state is State.STOPPED:
            self._banner.show_message(self._stopped_message())
        elif self.stale and self.state is not State.FAILED:
            self._banner.show_message(self._stale_message())
        elif self.state is not State.FAILED:
            self._banner.clear()
        self.setVisible(self.state in (State.RUNNING, State.STOPPED, State.FAILED) or self.stale)

    @property
    def _is_running(self) -> bool:
        return self.state is State.RUNNING

    def _stage_text(self) -> str:
        texts = {
            "extract": self.tr("Reading the text"), "diagnose": self.tr("Ranking the diagnoses"),
            "plan": self.tr("Building the plan table"), "check": self.tr("Checking the drugs"),
            "load_model": self.tr("Loading the language model"), "prose": self.tr("Writing sentences"),
        }
        return texts.get(self._stage, self.tr("Working"))

    def _stopped_message(self) -> Message:
        return Message("", Tone.WARNING, self.tr("Stopped"), self.tr("What had arrived before is kept and marked."),
                       self.tr("Run again to finish it."))

    def _stale_message(self) -> Message:
        return Message("", Tone.WARNING, self.tr("Out of date"),
                       self.tr("The case has changed since this result was made."),
                       self.tr("Run again before using it."))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
