"""What every result page shares: header, state line, a column that scrolls, keys, and the language switch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.views import theme
from desktop.views.basis import Basis
from desktop.views.page_header import PageHeader
from desktop.views.result_state import ResultState
from engine.api import Versions

SIDE_BY_SIDE_EM = 40
"""A page narrower than this many text heights puts its panes one above the other."""


class ResultPage(QWidget):
    """Subclasses add their widgets to the column and say in `retranslate` how everything reads."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="page", focusPolicy=Qt.FocusPolicy.StrongFocus)
        self.header = PageHeader()
        self.state = ResultState()
        self.made_by = Basis()
        self.scroll = QScrollArea(widgetResizable=True, focusPolicy=Qt.FocusPolicy.NoFocus)
        inside = QWidget(objectName="canvas")
        self._column = QVBoxLayout(inside)
        margin = theme.SPACE_PX * 2
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(theme.SPACE_PX)
        self.scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.scroll)
        self.state.stop_requested.connect(self.stop_requested)
        self.add(self.header)
        self.add(self.state)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget at the lower end of the column."""
        self._column.addWidget(widget, stretch)

    def bind(self, keys: dict[str, Callable[[], object]]) -> None:
        """Give each key an action while the focus is on this page."""
        for key, action in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def scroll_to(self, widget: QWidget) -> None:
        """Bring the upper edge of `widget` into sight, where the page is too short for all of it."""
        top = widget.mapTo(self.scroll.widget(), QPoint(0, 0)).y()
        self.scroll.verticalScrollBar().setValue(top - theme.SPACE_PX)

    @property
    def em_px(self) -> int:
        """The height of a line of text, the unit of everything that must grow with it."""
        return self.fontMetrics().height()

    @property
    def is_wide(self) -> bool:
        """Whether panes fit side by side at this width and text size."""
        return self.width() >= self.em_px * SIDE_BY_SIDE_EM

    def show_versions(self, versions: Versions, made_at: str) -> None:
        """Show in the basis which versions made the result, and when (local ISO time)."""
        self.made_by = Basis(versions, made_at)
        self.retranslate()

    def show_running(self, stage: str) -> None:
        """Say which stage a run has reached; an earlier result stays on the page."""
        self.state.show_running(stage)

    def show_ready(self) -> None:
        """Say that the run has ended well."""
        self.state.show_ready()

    def show_stopped(self) -> None:
        """Say that the user stopped the run; what had arrived is kept."""
        self.state.show_stopped()

    def show_failed(self, code: str) -> None:
        """Say why a run failed."""
        self.state.show_failed(code)

    def set_stale(self, stale: bool) -> None:
        """Mark the result as older than the case."""
        self.state.set_stale(stale)

    def retranslate(self) -> None:
        """Speak the language in use."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
