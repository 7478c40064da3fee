"""A list inside the form that is edited in place: medications, allergies, labs. No popup windows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.i18n import in_language
from desktop.views import theme
from desktop.views.card import button_row
from desktop.views.field_grid import WrappedLine
from desktop.views.fields import ChoiceBox, NumberEdit
from engine.api import Bilingual


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the record's field, its heading, how wide, and how text becomes the field's value and back."""

    attribute: str
    heading: Bilingual
    stretch: int = 1
    is_number: bool = False
    choices: tuple[tuple[str, Bilingual], ...] = ()
    read: Callable[[str], Any] = lambda text: text or None
    write: Callable[[Any], str] = lambda value: "" if value is None else str(value)


class Row(QWidget):
    """The inputs of one record; keeps the record's id and what it does not show."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, item: Any, columns: tuple[Column, ...]) -> None:
        super().__init__()
        self._item = item
        self._columns = columns
        self.inputs = [_input(column) for column in columns]
        self.remove_button = QToolButton(icon=theme.icon("trash-2", "muted"))
        theme.set_role(self.remove_button, "quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE_PX // 2)
        layout.addWidget(WrappedLine(self.inputs, [column.stretch for column in columns]), 1)
        layout.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        for column, widget in zip(columns, self.inputs, strict=True):
            _fill(widget, column, getattr(item, column.attribute))
            _on_change(widget, self.edited.emit)
        self.remove_button.clicked.connect(lambda: self.removed.emit(self))
        self.retranslate()

    def is_empty(self) -> bool:
        """Return whether nothing was typed into any field."""
        return not any(edit.text().strip() for edit in self.inputs if isinstance(edit, QLineEdit))

    def is_complete(self) -> bool:
        """Return whether the first field, which names the thing, is filled and every number is one."""
        unreadable = any(edit.is_unreadable() for edit in self.inputs if isinstance(edit, NumberEdit))
        return bool(self.inputs[0].text().strip()) and not unreadable

    def item(self) -> Any:
        """Return the record with what the fields say now."""
        values = {column.attribute: _value(widget, column)
                  for column, widget in zip(self._columns, self.inputs, strict=True)}
        return replace(self._item, **values)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.remove_button.setToolTip(self.tr("Remove this line"))
        self.remove_button.setAccessibleName(self.tr("Remove this line"))
        for column, widget in zip(self._columns, self.inputs, strict=True):
            heading = in_language(column.heading)
            widget.setAccessibleName(heading)
            if isinstance(widget, QLineEdit):
                widget.setPlaceholderText(heading)
            else:
                widget.name_values([in_language(words) for _, words in column.choices])


class RowsEditor(QWidget):
    """Rows of one kind of record with a button to add one; an unfinished row is marked, never dropped in silence."""

    edited = Signal()

    def __init__(self, new_item: Callable[[], Any], columns: tuple[Column, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._new_item = new_item
        self._columns = columns
        self.rows: list[Row] = []
        self.add_button = QPushButton(icon=theme.icon("plus", "accent"))
        theme.set_role(self.add_button, "quiet")
        self._problem = QLabel(wordWrap=True)
        self._said = ""
        theme.set_role(self._problem, "problem")
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_PX // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX // 2)
        column.addLayout(self._list)
        column.addWidget(self._problem)
        column.addWidget(button_row(self.add_button))
        self.add_button.clicked.connect(self.add_empty)
        self.retranslate()

    def show_items(self, items: tuple[Any, ...]) -> None:
        """Show these records in place of the ones on screen."""
        for row in list(self.rows):
            self._drop(row)
        for item in items:
            self._append(item)
        self._mark()

    def items(self) -> tuple[Any, ...]:
        """Return the finished rows as records, in order."""
        return tuple(row.item() for row in self.rows if row.is_complete())

    def unfinished(self) -> bool:
        """Return whether a row has text but no name, or a number that is none."""
        return any(not row.is_empty() and not row.is_complete() for row in self.rows)

    def add_empty(self) -> None:
        """Add a row and put the keyboard into its first field."""
        self._append(self._new_item())
        self.rows[-1].inputs[0].setFocus()

    def add(self, items: Iterable[Any]) -> None:
        """Add these records below the others, as if they had been typed."""
        for item in items:
            self._append(item)
        self._changed()

    def _append(self, item: Any) -> None:
        row = Row(item, self._columns)
        row.edited.connect(self._changed)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._list.addWidget(row)

    def _remove(self, row: Row) -> None:
        self._drop(row)
        self.add_button.setFocus()
        self._changed()

    def _drop(self, row: Row) -> None:
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _changed(self) -> None:
        self._mark()
        self.edited.emit()

    def set_problem(self, text: str) -> None:
        """Write `text` under the rows; an unfinished row says so by itself."""
        self._said = text
        self._mark()

    @property
    def problem(self) -> str:
        """The problem on screen, or an empty text."""
        return self._problem.text()

    def focus_first(self) -> None:
        """Put the keyboard into the first row, or on the button that adds one."""
        target = self.rows[0].inputs[0] if self.rows else self.add_button
        target.setFocus()

    def _mark(self) -> None:
        unfinished = self.tr("A line is not finished: its first field is needed, and numbers must be numbers.")
        text = unfinished if self.unfinished() else self._said
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.add_button.setText(self.tr("Add"))
        self._mark()
        for row in self.rows:
            row.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _input(column: Column) -> QLineEdit | ChoiceBox:
    if column.choices:
        return ChoiceBox([value for value, _ in column.choices])
    return NumberEdit() if column.is_number else QLineEdit()


def _fill(widget: QLineEdit | ChoiceBox, column: Column, value: Any) -> None:
    if isinstance(widget, ChoiceBox):
        widget.set_value(str(value))
    elif isinstance(widget, NumberEdit):
        widget.set_number(value)
    else:
        widget.setText(column.write(value))


def _value(widget: QLineEdit | ChoiceBox, column: Column) -> Any:
    if isinstance(widget, ChoiceBox):
        return column.read(widget.value())
    return widget.number() if isinstance(widget, NumberEdit) else column.read(widget.text().strip())


def _on_change(widget: QLineEdit | ChoiceBox, changed: Callable[[], None]) -> None:
    signal = widget.currentIndexChanged if isinstance(widget, ChoiceBox) else widget.textChanged
    signal.connect(lambda *_: changed())
