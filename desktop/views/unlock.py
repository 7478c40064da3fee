"""The unlock page: who works now, the password, or the printed recovery code with a new password."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.password_strength import MINIMUM_CHARS, Strength, strength
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.card import Card, CentredPage, button_row, column
from desktop.views.fields import Field
from desktop.views.password_edit import PasswordEdit

FILE_FAULTS = frozenset({"file_damaged", "file_newer", "file_locked", "file_missing", "folder_unwritable"})
"""Codes for which no password helps."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A named user and a password; repr hides the password so that no log can hold it."""

    user_name: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(...)"


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery code, and the new password of the clinical lead whom it signs in."""

    recovery_code: str
    new_password: str

    def __repr__(self) -> str:
        return "Recovery(...)"


class UnlockPage(QWidget):
    """Asks; it does not open anything itself."""

    unlock_requested = Signal(object)
    recovery_requested = Signal(object)
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.user = Field(QComboBox())
        self.password = Field(PasswordEdit())
        self.recovery_code = Field(QLineEdit())
        self.new_password = Field(PasswordEdit())
        self.repeated = Field(PasswordEdit())
        self.unlock_button = QPushButton()
        self.forgot_button = QPushButton()
        self.recover_button = QPushButton()
        self.back_button = QPushButton()
        self.retry_button = QPushButton()
        self._working = QLabel()
        self._recovery_hint = QLabel(wordWrap=True)
        self._recovering = False
        self._card = Card(role="title", margin=3)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for part, role in ((self.unlock_button, "primary"), (self.recover_button, "primary"),
                           (self.forgot_button, "quiet"), (self.back_button, "quiet"),
                           (self._recovery_hint, "muted")):
            theme.set_role(part, role)
        theme.set_role(self._working, "muted")
        self.retry_button.setIcon(theme.icon("refresh-cw"))
        self._password_panel = column(self.user, self.password, button_row(self.unlock_button, self.forgot_button))
        self._recovery_panel = column(self._recovery_hint, self.recovery_code, self.new_password, self.repeated,
                                      button_row(self.recover_button, self.back_button))
        self._card.body.addWidget(self.banner)
        self._card.body.addWidget(self._password_panel)
        self._card.body.addWidget(self._recovery_panel)
        self._card.body.addWidget(self.retry_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._card.body.addWidget(self._working)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(CentredPage(self._card))
        self.retry_button.hide()

    def _connect(self) -> None:
        self.unlock_button.clicked.connect(self._ask_unlock)
        self.password.editor.returnPressed.connect(self._ask_unlock)
        self.recover_button.clicked.connect(self._ask_recovery)
        self.repeated.editor.returnPressed.connect(self._ask_recovery)
        self.forgot_button.clicked.connect(lambda: self._turn_to(recovering=True))
        self.back_button.clicked.connect(lambda: self._turn_to(recovering=False))
        self.retry_button.clicked.connect(self.retry_requested)

    def show_users(self, names: tuple[str, ...]) -> None:
        """Offer these users, keep the one who was chosen, and wait for the password."""
        chosen = self.user.editor.currentText()
        self.user.editor.clear()
        self.user.editor.addItems(names)
        if chosen in names:
            self.user.editor.setCurrentText(chosen)
        self._set_usable(True)
        self.banner.clear()
        self._turn_to(recovering=False)

    def show_failed(self, code: str) -> None:
        """Say why it did not open; a fault of the file itself puts the fields aside and offers to try again."""
        self._working.clear()
        self.banner.show_code(code)
        self._set_usable(code not in FILE_FAULTS)
        self._first_field().setFocus()

    def show_working(self) -> None:
        """Say that the file is being opened (the key derivation takes about a second by design)."""
        self.banner.clear()
        self._working.setText(self.tr("Opening the case file…"))
        self._set_busy(True)

    def show_idle(self) -> None:
        """Be ready for the next user."""
        self._working.clear()
        self._set_busy(False)
        self.password.editor.clear()

    def _ask_unlock(self) -> None:
        if not self.password.editor.text():
            self.password.set_problem(self.tr("Type your password."))
            return
        self.password.set_problem("")
        self.unlock_requested.emit(Credentials(self.user.editor.currentText(), self.password.editor.take()))

    def _ask_recovery(self) -> None:
        first, second = self.new_password.editor.text(), self.repeated.editor.text()
        short = strength(first) is Strength.TOO_SHORT
        self.recovery_code.set_problem("" if self.recovery_code.editor.text().strip()
                                       else self.tr("Type the code from the printed sheet."))
        self.new_password.set_problem(self.tr("At least %n characters.", "", MINIMUM_CHARS) if short else "")
        self.repeated.set_problem("" if first == second else self.tr("The two passwords differ."))
        if any(field.problem for field in (self.recovery_code, self.new_password, self.repeated)):
            return
        self.recovery_requested.emit(Recovery(self.recovery_code.editor.text().strip(),
                                              self.new_password.editor.take()))
        self.repeated.editor.clear()

    def _turn_to(self, *, recovering: bool) -> None:
        self._recovering = recovering
        self._password_panel.setVisible(not recovering)
        self._recovery_panel.setVisible(recovering)
        self._first_field().setFocus()

    def _first_field(self) -> QWidget:
        return self.recovery_code.editor if self._recovering else self.password.editor

    def _set_usable(self, usable: bool) -> None:
        self._set_busy(False)
        self._password_panel.setVisible(usable and not self._recovering)
        self._recovery_panel.setVisible(usable and self._recovering)
        self.retry_button.setVisible(not usable)

    def _set_busy(self, busy: bool) -> None:
        self._password_panel.setEnabled(not busy)
        self._recovery_panel.setEnabled(not busy)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._card.title.setText(self.tr("Unlock the case file"))
        self.user.name(self.tr("&User"))
        self.password.name(self.tr("&Password"))
        self._recovery_hint.setText(self.tr(
            "The code on the printed sheet opens the case file as its clinical lead and sets a new password for them."))
        self.recovery_code.name(self.tr("&Recovery code"))
        self.new_password.name(self.tr("&New password"))
        self.repeated.name(self.tr("New password &again"))
        self.unlock_button.setText(self.tr("Unlock"))
        self.forgot_button.setText(self.tr("I have forgotten my password"))
        self.recover_button.setText(self.tr("Set the new password"))
        self.back_button.setText(self.tr("Back"))
        self.retry_button.setText(self.tr("Try again"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
