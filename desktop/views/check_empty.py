"""What the Check page shows when the case has no medication: what would be checked, and the way to add it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.views import theme
from desktop.views.card import Card


class NoMedication(Card):
    """A card with one button; emits `add_requested`."""

    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=3)
        self._text = QLabel(wordWrap=True)
        self.button = QPushButton(icon=theme.icon("plus"))
        self.body.addWidget(self._text)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.button.clicked.connect(self.add_requested)
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.title.setText(self.tr("No medication is recorded"))
        self._text.setText(self.tr(
            "What the patient already takes is checked here: interactions, allergies, kidney function, pregnancy, "
            "breast-feeding, age and dose. The drugs that a plan proposes are checked on the Plan page."))
        self.button.setText(self.tr("Add medication on the Case page"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
