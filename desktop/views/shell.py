"""The window: set-up, unlock and the workplace with its pages, the navigation, the status line and the keys."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.case.record import Role
from desktop.i18n import language
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.case_page import CasePage
from desktop.views.check import CheckPage
from desktop.views.clinic import ClinicPage
from desktop.views.differential import DifferentialPage
from desktop.views.models_page import ModelsPage
from desktop.views.navigation import NEEDS_CASE, Navigation
from desktop.views.plan import PlanPage
from desktop.views.setup import SetupPage
from desktop.views.status_line import StatusLine
from desktop.views.today import TodayPage
from desktop.views.unlock import UnlockPage
from desktop.words import ROLES, word


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the workplace, by the names of the navigation."""

    today: TodayPage
    case: CasePage
    differential: DifferentialPage
    plan: PlanPage
    check: CheckPage
    clinic: ClinicPage
    models: ModelsPage


LEFT_TO_PAGE = {
    "differential": frozenset({"D", "P", "Esc"}), "plan": frozenset({"P", "C", "Esc"}), "check": frozenset({"Esc"}),
}
"""Keys that mean something of their own on a page; two owners of one key would cancel each other out."""


class ShellWindow(QMainWindow):
    """Shows one page at a time; what a page asks for is wired in desktop.app."""

    page_shown = Signal(str)
    language_requested = Signal()
    lock_requested = Signal()
    new_case_requested = Signal()
    own_diagnosis_requested = Signal()
    stop_requested = Signal()
    closing = Signal()

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self.setWindowTitle("Lantern")
        self.setWindowIcon(theme.icon("lamp", "accent"))
        self.resize(1366, 768)
        self.pages = pages
        self.setup, self.unlock = SetupPage(), UnlockPage()
        self.navigation, self.status, self.banner = Navigation(), StatusLine(), Banner()
        self.gate_language = QToolButton(icon=theme.icon("languages", "accent"))
        self._gate, self._content, self._whole = QStackedWidget(), QStackedWidget(), QStackedWidget()
        self.page = "today"
        self._user: tuple[str, Role] | None = None
        self._lay_out()
        self._bind_keys()
        self.navigation.page_chosen.connect(self.show_page)
        self.navigation.language_requested.connect(self.language_requested)
        self.navigation.lock_requested.connect(self.lock_requested)
        self.gate_language.clicked.connect(self.language_requested)
        self.open_case(False)
        self.retranslate()

    def _lay_out(self) -> None:
        for page in (getattr(self.pages, part.name) for part in fields(self.pages)):
            self._content.addWidget(page)
        right = QWidget(objectName="page")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_edged(self.banner))
        column.addWidget(self._content, 1)
        column.addWidget(self.status)
        workplace = QWidget()
        row = QHBoxLayout(workplace)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(right, 1)
        self._whole.addWidget(self._gate_panel())
        self._whole.addWidget(workplace)
        self.setCentralWidget(self._whole)

    def _gate_panel(self) -> QWidget:
        for page in (self.unlock, self.setup):  # what fails before the file was looked at is no first start
            self._gate.addWidget(page)
        theme.set_role(self.gate_language, "quiet")
        self.gate_language.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        panel = QWidget(objectName="page")
        column = QVBoxLayout(panel)
        head = QHBoxLayout()
        head.addStretch(1)
        head.addWidget(self.gate_language)
        column.addLayout(head)
        column.addWidget(self._gate, 1)
        return panel

    def _bind_keys(self) -> None:
        keys = {
            "F9": self.language_requested.emit, "Ctrl+L": self.lock_requested.emit,
            "Ctrl+N": self.new_case_requested.emit,
            "/": self._search, "D": self._own_diagnosis, "P": lambda: self.show_page("plan"),
            "C": lambda: self.show_page("check"), "Ctrl+I": lambda: self.show_page("clinic"),
            "Ctrl+M": lambda: self.show_page("models"),
            "Esc": self.stop_requested.emit,
        }
        self._shortcuts = {key: QShortcut(QKeySequence(key), self) for key in keys}
        for key, action in keys.items():
            self._shortcuts[key].activated.connect(action)

    def _arm_keys(self) -> None:
        """Leave to a page the keys it knows itself; before the unlock only the language key works."""
        left = LEFT_TO_PAGE.get(self.page, frozenset())
        for key, shortcut in self._shortcuts.items():
            shortcut.setEnabled(key == "F9" or (self.is_at_work and key not in left))

    def show_setup(self) -> None:
        """Show the first start."""
        self._whole.setCurrentIndex(0)
        self._gate.setCurrentWidget(self.setup)
        self._arm_keys()
        self.setup.user_name.editor.setFocus()

    def show_unlock(self) -> None:
        """Show who may unlock; nothing of the work stays visible."""
        self._whole.setCurrentIndex(0)
        self._gate.setCurrentWidget(self.unlock)
        self._arm_keys()

    def show_workplace(self) -> None:
        """Show the page that was last worked at."""
        self._whole.setCurrentIndex(1)
        self.show_page(self.page)

    @property
    def is_at_work(self) -> bool:
        """Whether somebody has unlocked."""
        return self._whole.currentIndex() == 1

    @property
    def is_setting_up(self) -> bool:
        """Whether the first start is on the screen."""
        return not self.is_at_work and self._gate.currentWidget() is self.setup

    def show_user(self, name: str, role: Role) -> None:
        """Name who is at work."""
        self._user = (name, role)
        self.navigation.show_user(f"{name}\n{word(ROLES, role.value, language())}")

    def open_case(self, is_open: bool) -> None:
        """Let the pages of a case be reached, or not."""
        self._case_open = is_open
        self.navigation.allow_case_pages(is_open)

    def show_page(self, name: str) -> None:
        """Turn to a page; a page of a case only while one is open."""
        if not self.is_at_work or (name in NEEDS_CASE and not self._case_open):
            return
        self.page = name
        self._content.setCurrentWidget(getattr(self.pages, name))
        self.navigation.show_page(name)
        self._arm_keys()
        if self.banner.code is None:
            self.banner.clear()
        self.page_shown.emit(name)

    def show_failed(self, code: str) -> None:
        """Say above every page what went wrong."""
        self.banner.show_code(code)

    def _search(self) -> None:
        self.show_page("today")
        self.pages.today.focus_search()

    def _own_diagnosis(self) -> None:
        self.show_page("differential")
        if self.page == "differential":
            self.own_diagnosis_requested.emit()

    def retranslate(self) -> None:
        """Speak the language in use."""
        if self._user is not None:
            self.show_user(*self._user)
        self.gate_language.setText("English" if language() == "zh" else "简体中文")
        self.gate_language.setToolTip(self.tr("Switch the language  (F9)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def _edged(banner: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    edge = theme.SPACE_PX * 2
    row.setContentsMargins(edge, theme.SPACE_PX, edge, 0)
    row.addWidget(banner)
    return holder
