"""Fields side by side, in as many columns as the width and the text size allow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.views import theme


class FieldGrid(QWidget):
    """Lays its fields out again when the window or the text size changes; the tab order stays that of the fields."""

    FIELD_WIDTH_CHARS = 17

    def __init__(self, fields: list[QWidget], wide: frozenset[QWidget] = frozenset()) -> None:
        super().__init__()
        self._fields = fields
        self._wide = wide
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_PX + theme.SPACE_PX // 2)
        self._grid.setVerticalSpacing(theme.SPACE_PX)
        self._place(4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self._fitting())

    def _fitting(self) -> int:
        field_px = self.fontMetrics().averageCharWidth() * self.FIELD_WIDTH_CHARS
        return max(1, min(4, self.width() // max(field_px, 1)))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        row = column = 0
        for field in self._fields:
            span = min(2, columns) if field in self._wide else 1
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return a narrow minimum, so that large text leads to fewer columns and not to a wider page."""
        hint = super().minimumSizeHint()
        hint.setWidth(self.fontMetrics().averageCharWidth() * self.FIELD_WIDTH_CHARS)
        return hint
