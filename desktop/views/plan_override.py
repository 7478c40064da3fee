"""Setting an alert aside: five reasons by number key and a free text, which the next user sees."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.models.records import screen_language
from desktop.report.decisions import alert_key
from desktop.views import theme
from desktop.views.field_grid import FieldGrid
from desktop.words import OVERRIDE_REASONS, alert_drugs, shown, word
from engine.api import Alert


class ReasonGrid(FieldGrid):
    """The reasons in as many columns as their words need."""

    FIELD_WIDTH_CHARS = 44


class OverridePanel(QFrame):
    """Emits `given(key, words)`: the alert's key, then the reason's key and, after a colon, the free text."""

    given = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._alert: Alert | None = None
        self._title = QLabel(wordWrap=True)
        self._text = QLabel(wordWrap=True)
        self.reasons = QButtonGroup(self)
        self._label = QLabel()
        self.note = QLineEdit(maxLength=500)
        self.button = QPushButton(enabled=False)
        self.back = QPushButton()
        for widget, role in ((self._title, "heading"), (self._text, "muted"), (self._label, "label"),
                             (self.button, "danger")):
            theme.set_role(widget, role)
        self._label.setBuddy(self.note)
        self._lay_out()
        self.reasons.idToggled.connect(self._offer)
        self.button.clicked.connect(self._give)
        self.note.returnPressed.connect(self._give)
        self.back.clicked.connect(self.closed)
        self.retranslate()

    def _lay_out(self) -> None:
        for place, _ in enumerate(OVERRIDE_REASONS):
            self.reasons.addButton(QRadioButton(), place)
        more = QHBoxLayout()
        more.addWidget(self._label)
        more.addWidget(self.note, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(ReasonGrid(list(self.reasons.buttons())))
        column.addLayout(more)
        column.addLayout(buttons)
        column.addStretch(1)

    def ask(self, alert: Alert) -> None:
        """Ask for the reason to set `alert` aside; nothing is chosen beforehand."""
        self._alert = alert
        self.reasons.setExclusive(False)
        for choice in self.reasons.buttons():
            choice.setChecked(False)
        self.reasons.setExclusive(True)
        self.note.clear()
        self.retranslate()

    def focus_first(self) -> None:
        """Put the focus on the first reason; the number keys choose."""
        self.reasons.buttons()[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _offer(self) -> None:
        self.button.setEnabled(self._alert is not None and self.reasons.checkedId() >= 0)

    def _give(self) -> None:
        chosen = self.reasons.checkedId()
        if self._alert is None or chosen < 0:
            return
        reason, note = list(OVERRIDE_REASONS)[chosen], self.note.text().strip()
        self.given.emit(alert_key(self._alert), f"{reason}: {note}" if note else reason)
        self.closed.emit()

    def retranslate(self) -> None:
        """Speak the language in use."""
        alert, language = self._alert, screen_language()
        drugs = alert_drugs(alert, language) if alert is not None else ""
        self._title.setText(self.tr("Why is the alert on {drugs} set aside?").format(drugs=drugs))
        self._text.setText(shown(alert.display, alert.text, language) if alert is not None else "")
        for place, reason in enumerate(OVERRIDE_REASONS):
            choice = self.reasons.button(place)
            choice.setText(f"{place + 1}  {word(OVERRIDE_REASONS, reason, language)}")
            choice.setShortcut(str(place + 1))
        self._label.setText(self.tr("&More, in your own words"))
        self.note.setAccessibleName(self.tr("More, in your own words"))
        self.button.setText(self.tr("Set the alert aside"))
        self.back.setText(self.tr("Back (Esc)"))
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
