"""The cases of the day, or of a search, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.age_words import age_words
from desktop.i18n import language
from desktop.words import SEXES, word

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One case as the list shows it. `status` is open, ranked, planned or signed; `flags` are the store's words."""

    case_id: str
    name: str
    local_number: str
    sex: str
    age_years: float | None
    visit_date: str
    status: str
    own_diagnosis: str | None
    flags: frozenset[str]


COLUMNS = ("patient", "age", "visit", "diagnosis", "status", "flags")
_FLAG_ORDER = ("emergency", "interrupted", "stale", "allergy", "pregnant", "draft")


def _is_urgent(row: TodayRow, latest: str) -> bool:
    return "emergency" in row.flags and row.status != "signed" and row.visit_date == latest


class TodayModel(QAbstractTableModel):
    """Rows in the order they were given, but the emergencies of the latest day that nobody has signed come first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TodayRow, ...] = ()

    def show_rows(self, rows: tuple[TodayRow, ...]) -> None:
        """Show these rows."""
        latest = max((row.visit_date for row in rows), default="")
        self.beginResetModel()
        self._rows = tuple(sorted(rows, key=lambda row: not _is_urgent(row, latest)))
        self.endResetModel()

    def row(self, number: int) -> TodayRow:
        """Return the case in a row."""
        return self._rows[number]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: {self._text(row, column)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            "patient": self.tr("Patient"), "age": self.tr("Age, sex"), "visit": self.tr("Visit"),
            "diagnosis": self.tr("Diagnosis"), "status": self.tr("State"), "flags": self.tr("Note"),
        }[COLUMNS[section]]

    def _text(self, row: TodayRow, column: str) -> str:
        if column == "patient":
            name = row.name or self.tr("(no name)")
            return f"{name}  ·  {row.local_number}" if row.local_number else name
        if column == "age":
            return self._age_and_sex(row)
        if column == "status":
            return self._status(row.status)
        if column == "flags":
            return "  ·  ".join(self._flag(flag) for flag in _FLAG_ORDER if flag in row.flags)
        return row.visit_date if column == "visit" else row.own_diagnosis or "–"

    def _age_and_sex(self, row: TodayRow) -> str:
        sex = word(SEXES, row.sex, language()) if row.sex != "unknown" else ""
        age = "" if row.age_years is None else age_words(row.age_years)
        return ("，" if language() == "zh" else ", ").join(part for part in (age, sex) if part) or "–"

    def _status(self, status: str) -> str:
        words = {"open": self.tr("open"), "ranked": self.tr("ranked"), "planned": self.tr("planned"),
                 "signed": self.tr("signed")}
        return words.get(status, status)

    def _flag(self, flag: str) -> str:
        words = {"emergency": self.tr("emergency"), "interrupted": self.tr("result interrupted"),
                 "stale": self.tr("result out of date"), "allergy": self.tr("allergy"),
                 "pregnant": self.tr("pregnant"), "draft": self.tr("draft not saved")}
        return words.get(flag, flag)

    def retranslate(self) -> None:
        """Tell the views to read every text again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))
