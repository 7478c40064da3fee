"""A Qt list of frozen records, shown in one language at a time: the base of every list of results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop import i18n
from desktop.words import Language

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex

RecordRole = int(Qt.ItemDataRole.UserRole)
"""The frozen record itself, for delegates."""


def screen_language() -> Language:
    """Return the language in use on the screen."""
    return "zh" if i18n.language() == "zh" else "en"


class RecordModel(QAbstractListModel, Generic[Record]):
    """Subclasses say how a record reads: `text` for the row, `spoken` for a screen reader."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: tuple[Record, ...] = ()
        self.language: Language = screen_language()

    def set_records(self, records: Sequence[Record]) -> None:
        """Show `records` instead of what was there."""
        self.beginResetModel()
        self._records = tuple(records)
        self.endResetModel()

    def set_language(self, language: Language) -> None:
        """Show every row in `language`."""
        self.language = language
        if self._records:
            self.dataChanged.emit(self.index(0), self.index(len(self._records) - 1))

    def records(self) -> tuple[Record, ...]:
        """Return the records in the order of the rows."""
        return self._records

    def record(self, index: Index) -> Record | None:
        """Return the record of a row, or None outside the list."""
        return self._records[index.row()] if index.isValid() and index.row() < len(self._records) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._records)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record = self.record(index)
        if record is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(record)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.spoken(record)
        return record if role == RecordRole else None

    def text(self, record: Record) -> str:
        """Return the row as one plain line."""
        raise NotImplementedError

    def spoken(self, record: Record) -> str:
        """Return the row as a screen reader should say it."""
        return self.text(record)
