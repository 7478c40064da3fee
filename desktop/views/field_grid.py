"""Fields side by side, in as many columns as the width and the text size allow; lines that wrap like words."""

from __future__ import annotations

from collections.abc import Sequence

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


class WrappedLine(QWidget):
    """Inputs of different widths on one line, and on a second or third where the line is too short."""

    UNIT_CHARS = 4.5

    def __init__(self, inputs: Sequence[QWidget], units: Sequence[int]) -> None:
        super().__init__()
        self._inputs = inputs
        self._units = units
        self._capacity = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.SPACE_PX // 2)
        self._place(sum(units))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        unit_px = self.fontMetrics().averageCharWidth() * self.UNIT_CHARS
        self._place(max(int(self.width() / unit_px), max(self._units)))

    def _place(self, capacity: int) -> None:
        capacity = min(capacity, sum(self._units))
        if capacity == self._capacity:
            return
        for column in range(max(capacity, self._capacity)):
            self._grid.setColumnStretch(column, 1 if column < capacity else 0)
        self._capacity = capacity
        for line, placed in enumerate(_lines(self._units, capacity)):
            column = 0
            for number in placed:
                last = number == placed[-1]
                span = capacity - column if last else self._units[number]
                self._grid.addWidget(self._inputs[number], line, column, 1, span)
                column += span
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest input: more room means fewer lines."""
        hint = super().minimumSizeHint()
        hint.setWidth(int(self.fontMetrics().averageCharWidth() * self.UNIT_CHARS * max(self._units)))
        return hint


def _lines(units: Sequence[int], capacity: int) -> list[list[int]]:
    """Return which inputs stand on which line, as many on each as fit."""
    lines: list[list[int]] = [[]]
    used = 0
    for number, width in enumerate(units):
        if lines[-1] and used + width > capacity:
            lines.append([])
            used = 0
        lines[-1].append(number)
        used += width
    return lines
