"""Asks for the clinician's own working diagnosis before the list is shown, so that the list cannot anchor them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.views import theme


class CommitPanel(QFrame):
    """One field and one button; an empty field cannot be recorded."""

    own_diagnosis_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._title = QLabel(wordWrap=True)
        self._text = QLabel(wordWrap=True)
        self._label = QLabel()
        self.field = QLineEdit(maxLength=500)
        self.button = QPushButton(enabled=False)
        theme.set_role(self._title, "heading")
        theme.set_role(self._text, "muted")
        theme.set_role(self._label, "label")
        theme.set_role(self.button, "primary")
        self._label.setBuddy(self.field)
        self.field.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self._give)
        self.button.clicked.connect(self._give)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        margin = theme.SPACE_PX * 3
        column.setContentsMargins(margin, margin, margin, margin)
        for widget in (self._title, self._text, self._label):
            column.addWidget(widget)
        column.addLayout(row)
        column.addStretch(1)

    def _give(self) -> None:
        if text := self.field.text().strip():
            self.own_diagnosis_given.emit(text)

    def start(self, text: str = "") -> None:
        """Put `text` into the field and the cursor behind it."""
        self.field.setText(text)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._title.setText(self.tr("First, your own working diagnosis"))
        self._text.setText(self.tr("It is stored before the list is shown, and compared with it afterwards. "
                                   "Danger signs above never wait for this."))
        self._label.setText(self.tr("My working &diagnosis"))
        self.field.setPlaceholderText(self.tr("a diagnosis in your own words"))
        self.field.setAccessibleName(self.tr("My working diagnosis"))
        self.button.setText(self.tr("Record and show the list"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
