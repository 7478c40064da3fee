"""What the page shows when the engine did not rank: the reasons, what is missing, and the candidates one step away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.views import theme
from desktop.words import field_word, pick
from engine.api import Differential


class AbstainedPanel(QFrame):
    """No probability is shown here or behind the button."""

    candidates_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._differential: Differential | None = None
        self._title = QLabel(wordWrap=True)
        self.reasons = QLabel(wordWrap=True)
        self._missing = QLabel(wordWrap=True)
        self.button = QPushButton()
        theme.set_role(self._title, "heading")
        theme.set_role(self._missing, "muted")
        self.button.clicked.connect(self.candidates_requested)
        column = QVBoxLayout(self)
        margin = theme.SPACE_PX * 3
        column.setContentsMargins(margin, margin, margin, margin)
        for widget in (self._title, self.reasons, self._missing):
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.retranslate()

    def show_differential(self, differential: Differential | None) -> None:
        """Show why `differential` has no ranking."""
        self._differential = differential
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        language = screen_language()
        self._title.setText(self.tr("Lantern does not rank this case"))
        self.button.setText(self.tr("Show the candidates without ranking"))
        result = self._differential
        if result is None:
            return
        reasons = [pick(reason, language) for reason in result.display_reasons] or result.reasons
        self.reasons.setText("\n".join(f"• {reason}" for reason in reasons))
        names = ", ".join(field_word(name, language) for name in result.missing)
        self._missing.setText(self.tr("Adding this would help: {names}").format(names=names) if names else "")
        self._missing.setVisible(bool(names))
        self.button.setVisible(bool(result.hypotheses))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
