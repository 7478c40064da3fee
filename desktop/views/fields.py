"""Labelled fields of a form: every input with its buddy label and its problem written under it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.case.measures import read_measure
from desktop.views import theme


class NumberEdit(QLineEdit):
    """A number or nothing; nothing means unknown. Accepts the units that `measure` may be typed in ("98.6 F")."""

    def __init__(self, measure: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure = measure

    def number(self) -> float | None:
        """Return the number in the unit that the field is named for, or None when empty or unreadable."""
        value = read_measure(self.text(), self._measure) if self.text().strip() else None
        return value if value is not None and isfinite(value) else None

    def is_unreadable(self) -> bool:
        """Return whether something is written that is no number."""
        return bool(self.text().strip()) and self.number() is None

    def set_number(self, value: float | None) -> None:
        """Show `value`; None empties the field."""
        self.setText("" if value is None else f"{value:.6g}")


class ChoiceBox(QComboBox):
    """One of a few values; the wheel scrolls the page and never changes an answer by accident."""

    def __init__(self, values: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        for value in values:
            self.addItem(value, value)

    def value(self) -> str:
        """Return the chosen value, not its words."""
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        """Choose `value`; one that is not offered is added, so that nothing stored is lost."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))

    def name_values(self, words: Sequence[str]) -> None:
        """Give the offered values their `words`, in order."""
        for place, text in enumerate(words):
            self.setItemText(place, text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Field(QWidget):
    """A label above an input, and below it the problem with what was entered."""

    edited = Signal()

    def __init__(self, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.label = QLabel(wordWrap=True)
        self._problem = QLabel(wordWrap=True)
        self.label.setBuddy(editor)
        theme.set_role(self.label, "label")
        theme.set_role(self._problem, "problem")
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX // 2)
        for part in (self.label, editor, self._problem):
            column.addWidget(part)
        self._connect(editor)

    def _connect(self, editor: QWidget) -> None:
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self.edited)
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(self.edited)

    def name(self, text: str) -> None:
        """Set the label and the accessible name."""
        self.label.setText(text)
        self.editor.setAccessibleName(text.replace("&", ""))

    def set_problem(self, text: str) -> None:
        """Write `text` under the input and mark it; an empty text takes the mark away."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)
        if self.editor.property("problem") != bool(text):
            self.editor.setProperty("problem", bool(text))
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    @property
    def problem(self) -> str:
        """The problem on screen, or an empty text."""
        return self._problem.text()
