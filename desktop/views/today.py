"""Today: the cases of the day or all of them, a search box, and a new case."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.models.today_model import TodayModel, TodayRow
from desktop.views import theme
from desktop.views.banner import Banner

SEARCH_PAUSE_MS = 150
LEAST_COLUMN_CHARS = 12
"""No column of the list gets narrower, however large the text is."""


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What to list: cases whose name, number or text holds `text`, of today only or of all days."""

    text: str
    today_only: bool


class CaseTable(QTableView):
    """Whole rows; Enter opens the case."""

    opened = Signal(QModelIndex)

    def __init__(self, model: TodayModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * LEAST_COLUMN_CHARS)
        for stretched in (3, 5):  # the patient's name is never cut: the others give way, then the list scrolls
            header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class TodayPage(QWidget):
    """Asks for lists and shows them; it never looks anything up itself."""

    query_changed = Signal(object)
    case_chosen = Signal(str)
    new_case_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.model = TodayModel(self)
        self.banner = Banner()
        self.search = QLineEdit(clearButtonEnabled=True)
        self.new_button = QPushButton(icon=theme.icon("plus", "on_accent"))
        self.today_button = QPushButton(checkable=True, checked=True)
        self.all_button = QPushButton(checkable=True)
        self.table = CaseTable(self.model)
        self._title, self._count = QLabel(), QLabel()
        self._empty_title, self._empty_text = QLabel(), QLabel(wordWrap=True)
        self._content = QStackedWidget()
        self._scope = QButtonGroup(self)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._lay_out()
        self._connect()
        self.show_rows(())
        self.retranslate()

    def _lay_out(self) -> None:
        theme.set_role(self._title, "title")
        theme.set_role(self._count, "muted")
        theme.set_role(self.new_button, "primary")
        self.search.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        for button in (self.today_button, self.all_button):
            theme.set_role(button, "switch")
            self._scope.addButton(button)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_PX)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.new_button)
        tools = QHBoxLayout()
        tools.setSpacing(theme.SPACE_PX)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.today_button)
        tools.addWidget(self.all_button)
        self._content.addWidget(self.table)
        self._content.addWidget(self._empty())
        page = QVBoxLayout(self)
        edge = theme.SPACE_PX * 2
        page.setContentsMargins(edge, edge, edge, edge)
        page.setSpacing(theme.SPACE_PX * 2)
        page.addLayout(head)
        page.addWidget(self.banner)
        page.addLayout(tools)
        page.addWidget(self._content, 1)

    def _empty(self) -> QWidget:
        picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        picture.setPixmap(theme.pixmap("clipboard-list", "control", 48))
        theme.set_role(self._empty_title, "heading")
        theme.set_role(self._empty_text, "muted")
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setSpacing(theme.SPACE_PX)
        column.addStretch(1)
        column.addWidget(picture)
        for label in (self._empty_title, self._empty_text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(2)
        return panel

    def _connect(self) -> None:
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._open_first)
        self._pause.timeout.connect(self.ask)
        self._scope.buttonClicked.connect(self.ask)
        self.new_button.clicked.connect(self.new_case_requested)
        self.table.opened.connect(self._open)

    def ask(self) -> None:
        """Ask for the list that the search box and the switch describe."""
        self._pause.stop()
        self.query_changed.emit(CaseQuery(self.search.text().strip(), self.today_button.isChecked()))

    def show_rows(self, rows: tuple[TodayRow, ...]) -> None:
        """Show the list that was asked for."""
        self.banner.clear()
        self.model.show_rows(rows)
        self._content.setCurrentIndex(0 if rows else 1)
        if rows:
            self.table.selectRow(0)
        self._say_how_many()

    def show_failed(self, code: str) -> None:
        """Say why there is no list."""
        self.banner.show_code(code)

    def focus_search(self) -> None:
        """Put the keyboard into the search box."""
        self.search.setFocus()
        self.search.selectAll()

    def _open_first(self) -> None:
        if self._pause.isActive():
            self.ask()
        elif self.model.rowCount():
            self._open(self.model.index(0, 0))

    def _open(self, index: QModelIndex) -> None:
        self.case_chosen.emit(self.model.row(index.row()).case_id)

    def _say_how_many(self) -> None:
        self._count.setText(self.tr("%n case(s)", "", self.model.rowCount()))
        if self.search.text().strip():
            self._empty_title.setText(self.tr("Nothing found"))
            self._empty_text.setText(self.tr(
                "No name, number or text holds these words. Try fewer, or search all days."))
        elif self.today_button.isChecked():
            self._empty_title.setText(self.tr("No cases today yet"))
            self._empty_text.setText(self.tr("Ctrl+N starts a new case; All shows the earlier days."))
        else:
            self._empty_title.setText(self.tr("The case file is empty"))
            self._empty_text.setText(self.tr("Ctrl+N starts the first case."))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._title.setText(self.tr("Today"))
        self.search.setPlaceholderText(self.tr("Search name, number or text  ( / )"))
        self.search.setAccessibleName(self.tr("Search cases"))
        self.new_button.setText(self.tr("New case"))
        self.new_button.setToolTip("Ctrl+N")
        self.today_button.setText(self.tr("Today"))
        self.all_button.setText(self.tr("All days"))
        self.table.setAccessibleName(self.tr("Cases"))
        self.model.retranslate()
        self._say_how_many()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
