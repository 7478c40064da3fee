"""The line at the foot of the window that always names the patient, the model and device, and the network block."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop.age_words import age_words
from desktop.case.record import CaseRecord
from desktop.case.validate import age_of
from desktop.i18n import in_language, language
from desktop.views import theme
from desktop.words import SEXES, word
from engine import api


class CutLabel(QLabel):
    """Words with an ellipsis at their end, or in their middle, where they do not fit."""

    def __init__(self, cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._cut = cut

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 6, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), self._cut, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Segment(QWidget):
    """One icon with its words; the words may be cut on screen but are whole in the tool tip."""

    def __init__(self, icon: str, cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._picture, self.words = QLabel(), CutLabel(cut)
        theme.set_role(self.words, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_PX // 2)
        row.addWidget(self._picture)
        row.addWidget(self.words, 1)
        self.show_words(icon, "")

    def show_words(self, icon: str, text: str, role: str = "muted") -> None:
        """Show `text` beside `icon`."""
        self._picture.setPixmap(theme.pixmap(icon, role, theme.line_px(self.words)))
        self.words.setText(text)
        self.words.setToolTip(text)
        self.setAccessibleName(text)


PATIENT_SHARE = 0.65
"""Part of the width that the patient and the allergies may take before anything of them is cut."""

ENGINE_AND_GAPS_CHARS = 26
"""Room, in widths of a letter, that icons, gaps and the start of the model's name keep beside patient and network."""


class StatusLine(QFrame):
    """Says what is so; knows no store and no engine."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "bar")
        self._record: CaseRecord | None = None
        self._hello: api.Hello | None = None
        self._engine_state = "starting"
        self.patient, self.network = Segment("user"), Segment("wifi-off")
        self.engine = Segment("cpu", Qt.TextElideMode.ElideMiddle)  # the model in front and the device behind stay
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_PX * 2, theme.SPACE_PX // 2, theme.SPACE_PX * 2, theme.SPACE_PX // 2)
        row.setSpacing(theme.SPACE_PX * 3)
        row.addWidget(self.patient, 1)
        row.addWidget(self.engine)
        row.addWidget(self.network)
        self.retranslate()

    def show_patient(self, record: CaseRecord | None) -> None:
        """Name the patient of the open case; None when no case is open."""
        self._record = record
        self.retranslate()

    def show_engine(self, hello: api.Hello) -> None:
        """Name model, device and network block as the engine reported them."""
        self._hello = hello
        self.retranslate()

    def show_engine_state(self, state: str) -> None:
        """Name the state of the engine's process: starting, ready, busy, stopped."""
        self._engine_state = state
        self.retranslate()

    def _patient_words(self) -> str:
        record = self._record
        if record is None:
            return self.tr("No case open")
        age = age_of(record)
        parts = [record.patient.name or self.tr("(no name)")]
        if age is not None:
            parts.append(age_words(age))
        if record.patient.sex.value != "unknown":
            parts.append(word(SEXES, record.patient.sex.value, language()))
        if record.allergies:
            parts.append(self.tr("Allergy: {names}").format(names=", ".join(row.name for row in record.allergies)))
        return " · ".join(parts)

    def _engine_words(self) -> str:
        if self._engine_state == "stopped":
            return self.tr("Engine stopped")
        if self._hello is None or self._engine_state == "pausing":
            return self.tr("Engine starting…")
        writes = self._hello.models.get("text") or self.tr("no language model")
        others = sum(task != "text" for task in self._hello.models)
        models = self.tr("{model} and {n} small models").format(model=writes, n=others) if others else writes
        return f"{models} · {self._hello.device}"

    def _network(self) -> tuple[str, str, str]:
        block = self._hello.network_block if self._hello else ""
        names = {"seccomp": self.tr("Network blocked (seccomp)"), "audit_hook": self.tr("Network blocked (tripwire)")}
        if block in names:
            return "wifi-off", names[block], "muted"
        if self._hello is None:
            return "wifi-off", self.tr("Network block: waiting for the engine"), "muted"
        return "wifi", self.tr("Network is not blocked"), "danger"

    def retranslate(self) -> None:
        """Speak the language in use."""
        urgent = self._record is not None and bool(self._record.allergies)
        self.patient.show_words("triangle-alert" if urgent else "user", self._patient_words(),
                                "danger" if urgent else "muted")
        self.network.show_words(*self._network())
        self._give_room()
        self._show_engine_words([in_language(problem) for problem in self._hello.problems] if self._hello else [])

    def _show_engine_words(self, problems: list[str]) -> None:
        words = self._engine_words()
        if not problems:
            self.engine.show_words("cpu", words)
            return
        counted = self.tr("%n note(s)", "", len(problems))
        self.engine.show_words("triangle-alert", f"{words} · {counted}", "warning")
        self.engine.words.setToolTip("\n".join([words, *problems]))
        self.engine.setAccessibleName(". ".join([words, *problems]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        words = self.patient.words
        needed_px = words.fontMetrics().horizontalAdvance(words.text()) + theme.SPACE_PX
        patient_px = min(needed_px, int(self.width() * PATIENT_SHARE))
        words.setMinimumWidth(patient_px)
        block = self.network.words
        left_px = self.width() - patient_px - block.fontMetrics().averageCharWidth() * ENGINE_AND_GAPS_CHARS
        block.setMinimumWidth(max(0, min(block.fontMetrics().horizontalAdvance(block.text()), left_px)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
