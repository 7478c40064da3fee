"""The left edge of the window: the pages, the language, and who is at work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.i18n import language
from desktop.views import theme

PAGES: tuple[tuple[str, str], ...] = (
    ("today", "calendar-days"), ("case", "clipboard-pen"), ("differential", "chart-bar-decreasing"),
    ("plan", "clipboard-list"), ("check", "shield-check"), ("clinic", "users"), ("models", "cpu"),
)
NEEDS_CASE = frozenset({"case", "differential", "plan", "check"})


class Navigation(QFrame):
    """One button a page; the pages of a case wait until a case is open."""

    page_chosen = Signal(str)
    language_requested = Signal()
    lock_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "nav")
        self._group = QButtonGroup(self)
        self.buttons = {name: self._button(icon) for name, icon in PAGES}
        self.language_button = _quiet("languages")
        self.lock_button = _quiet("lock")
        self.user = QLabel(wordWrap=True)
        theme.set_role(self.user, "small")
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, page=name: self.page_chosen.emit(page))
        self.language_button.clicked.connect(self.language_requested)
        self.lock_button.clicked.connect(self.lock_requested)
        self.retranslate()

    def _lay_out(self) -> None:
        picture, name = QLabel(), QLabel("Lantern")
        theme.set_role(name, "heading")
        picture.setPixmap(theme.pixmap("lamp", "accent", theme.line_px(name)))
        brand = QHBoxLayout()
        brand.addWidget(picture)
        brand.addWidget(name)
        brand.addStretch(1)
        column = QVBoxLayout(self)
        edge = theme.SPACE_PX + theme.SPACE_PX // 2
        column.setContentsMargins(edge, edge * 2, edge, edge)
        column.setSpacing(theme.SPACE_PX // 2)
        column.addLayout(brand)
        column.addSpacing(theme.SPACE_PX * 2)
        for button in self.buttons.values():
            column.addWidget(button)
        column.addStretch(1)
        for part in (self.user, self.language_button, self.lock_button):
            column.addWidget(part)

    def _button(self, icon: str) -> QToolButton:
        button = QToolButton(checkable=True, icon=theme.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_role(button, "nav")
        self._group.addButton(button)
        return button

    def show_page(self, name: str) -> None:
        """Mark the page on screen."""
        self.buttons[name].setChecked(True)

    def allow_case_pages(self, allowed: bool) -> None:
        """Let the pages of a case be reached, or not."""
        for name in NEEDS_CASE:
            self.buttons[name].setEnabled(allowed)

    def show_user(self, name: str) -> None:
        """Name who is at work."""
        self.user.setText(name)

    def retranslate(self) -> None:
        """Speak the language in use."""
        titles = {"today": self.tr("Today"), "case": self.tr("Case"), "differential": self.tr("Differential"),
                  "plan": self.tr("Plan"), "check": self.tr("Check"), "clinic": self.tr("Clinic"),
                  "models": self.tr("Models")}
        keys = {"today": "/", "case": "Ctrl+N", "differential": "D", "plan": "P", "check": "C", "clinic": "Ctrl+I",
                "models": "Ctrl+M"}
        for name, button in self.buttons.items():
            button.setText(titles[name])
            button.setToolTip(f"{titles[name]}  ({keys[name]})")
        self.language_button.setText("English" if language() == "zh" else "简体中文")
        self.language_button.setToolTip(self.tr("Switch the language  (F9)"))
        self.lock_button.setText(self.tr("Lock"))
        self.lock_button.setToolTip(self.tr("Lock or switch the user  (Ctrl+L)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _quiet(icon: str) -> QToolButton:
    button = QToolButton(icon=theme.icon(icon, "accent"))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    theme.set_role(button, "nav")
    return button
