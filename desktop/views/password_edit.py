"""A password field with a button that shows what was typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.views import theme


class PasswordEdit(QLineEdit):
    """Hides its text until the eye is pressed; input methods stay off so that nothing is remembered elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(theme.icon("eye", "muted"), "", self, checkable=True)
        self._eye.toggled.connect(self._show)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self.retranslate()

    def take(self) -> str:
        """Return the password and forget it."""
        password = self.text()
        self.clear()
        return password

    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(theme.icon("eye-off" if shown else "eye", "muted"))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._eye.setText(self.tr("Show the password"))
        self._eye.setToolTip(self.tr("Show the password"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
