"""First start: the first user (clinical lead), the password, and the recovery code that must be kept on paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.password_strength import MINIMUM_CHARS, Strength, strength
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.card import Card, CentredPage, button_row, column
from desktop.views.fields import Field
from desktop.views.password_edit import PasswordEdit
from desktop.views.unlock import Credentials

CONFIRM_CHARS = 4
"""How many last characters of the recovery code are typed back, as proof that it was kept."""


class SetupPage(QWidget):
    """Two steps: the first user, then the recovery code; the second ends only when its last signs are typed back."""

    create_requested = Signal(object)
    print_requested = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.user_name = Field(QLineEdit())
        self.password = Field(PasswordEdit())
        self.repeated = Field(PasswordEdit())
        self.confirmation = Field(QLineEdit())
        self.create_button = QPushButton()
        self.copy_button = QPushButton()
        self.print_button = QPushButton()
        self.finish_button = QPushButton()
        self.strength_hint = QLabel(wordWrap=True)
        self.code = QLabel(wordWrap=True)
        self._lead = QLabel(wordWrap=True)
        self._warning = QLabel(wordWrap=True)
        self._confirm_hint = QLabel(wordWrap=True)
        self._working = QLabel()
        self._card = Card(role="title", margin=3)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for button in (self.create_button, self.finish_button):
            theme.set_role(button, "primary")
        for label, role in ((self._lead, "muted"), (self.strength_hint, "small"), (self._working, "muted"),
                            (self._confirm_hint, "muted"), (self.code, "secret")):
            theme.set_role(label, role)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                          | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.copy_button.setIcon(theme.icon("copy"))
        self.print_button.setIcon(theme.icon("printer"))
        self._first_step = column(self._lead, self.user_name, self.password, self.strength_hint, self.repeated,
                                  button_row(self.create_button), self._working)
        self._second_step = column(self._warning, self.code, button_row(self.copy_button, self.print_button),
                                   self._confirm_hint, self.confirmation, button_row(self.finish_button))
        self._second_step.hide()
        self._card.body.addWidget(self.banner)
        self._card.body.addWidget(self._first_step)
        self._card.body.addWidget(self._second_step)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(CentredPage(self._card))

    def _connect(self) -> None:
        self.create_button.clicked.connect(self._ask_create)
        self.repeated.editor.returnPressed.connect(self._ask_create)
        self.password.edited.connect(self._show_strength)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.code.text()))
        self.print_button.clicked.connect(lambda: self.print_requested.emit(self.code.text()))
        self.confirmation.edited.connect(self._compare)
        self.finish_button.clicked.connect(self.finished)

    def show_working(self) -> None:
        """Say that the case file is being made."""
        self.banner.clear()
        self._working.setText(self.tr("Creating the encrypted case file…"))
        self.create_button.setEnabled(False)

    def show_failed(self, code: str) -> None:
        """Say why it could not be made; what was typed stays, but for the passwords."""
        self._working.clear()
        self.create_button.setEnabled(True)
        self.banner.show_code(code)

    def show_recovery_code(self, recovery_code: str) -> None:
        """Go on to the second step."""
        self._working.clear()
        self.banner.clear()
        self.code.setText(recovery_code)
        self.finish_button.setEnabled(False)
        self._first_step.hide()
        self._second_step.show()
        self.retranslate()
        self.confirmation.editor.setFocus()

    def _ask_create(self) -> None:
        name, first = self.user_name.editor.text().strip(), self.password.editor.text()
        short = strength(first, name) is Strength.TOO_SHORT
        self.user_name.set_problem("" if name else self.tr("Type your name as it should stand under a report."))
        self.password.set_problem(self.tr("At least %n characters.", "", MINIMUM_CHARS) if short else "")
        same = first == self.repeated.editor.text()
        self.repeated.set_problem("" if same else self.tr("The two passwords differ."))
        if name and same and not short:
            self.repeated.editor.clear()
            self.create_requested.emit(Credentials(name, self.password.editor.take()))

    def _show_strength(self) -> None:
        password = self.password.editor.text()
        words = {
            Strength.TOO_SHORT: self.tr("Too short: at least %n characters.", "", MINIMUM_CHARS),
            Strength.WEAK: self.tr("Easy to guess. Three or four words that do not belong together are better."),
            Strength.FAIR: self.tr("Fair. A longer one is harder to guess."),
            Strength.GOOD: self.tr("Good."),
        }
        self.strength_hint.setText(words[strength(password, self.user_name.editor.text())] if password else "")

    def _compare(self) -> None:
        typed = self.confirmation.editor.text().strip().upper()
        self.finish_button.setEnabled(len(typed) >= CONFIRM_CHARS and self.code.text().upper().endswith(typed))

    def retranslate(self) -> None:
        """Speak the language in use."""
        second = self._second_step.isVisibleTo(self)
        self._card.title.setText(self.tr("Keep the recovery code") if second else self.tr("Set up the case file"))
        self._lead.setText(self.tr("Lantern keeps all cases in one encrypted file on this computer. The first user is "
                                   "the clinical lead, who can add the others."))
        self.user_name.name(self.tr("Your &name"))
        self.password.name(self.tr("&Password"))
        self.repeated.name(self.tr("Password &again"))
        self.create_button.setText(self.tr("Create the case file"))
        self._warning.setText(self.tr(
            "This code opens the case file when every password is forgotten. Lantern shows it only now. Without "
            "password and code, nobody can read the cases."))
        self.copy_button.setText(self.tr("Copy"))
        self.print_button.setText(self.tr("Print"))
        self._confirm_hint.setText(self.tr(
            "Print it or write it down and lock it away. Then type its last %n characters.", "", CONFIRM_CHARS))
        self.confirmation.name(self.tr("&Last characters of the code"))
        self.finish_button.setText(self.tr("Start working"))
        self._show_strength()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
