"""The findings of a case as a list of chips."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.case.record import CaseFinding, FindingState
from desktop.case.suggestions import Chip, chips
from desktop.i18n import language
from desktop.words import sentence_case

ChipRole = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()


class ChipsModel(QAbstractListModel):
    """Read only; decisions go through the consultation and come back as new findings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[Chip, ...] = ()

    def show_findings(self, findings: tuple[CaseFinding, ...]) -> None:
        """Show these findings in the order of the text."""
        shown = chips(findings)
        if len(shown) == len(self._chips):
            self._chips = shown
            if shown:
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
            return
        self.beginResetModel()
        self._chips = shown
        self.endResetModel()

    def chip(self, row: int) -> Chip:
        """Return the chip in `row`."""
        return self._chips[row]

    def row_at(self, position: int) -> int | None:
        """Return the row of the chip whose span holds the character at `position`, or None."""
        for row, chip in enumerate(self._chips):
            if chip.span and chip.span[0] <= position < chip.span[1]:
                return row
        return None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._chips)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        chip = self._chips[index.row()]
        if role == ChipRole:
            return chip
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name(chip)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self._name(chip)}: {self.standing(chip)}"
        return None

    def standing(self, chip: Chip) -> str:
        """Return in words how the chip stands."""
        if chip.state is FindingState.SUGGESTED:
            return self.tr("read as absent, not confirmed") if chip.is_negated else self.tr("read, not confirmed")
        return self.tr("absent") if chip.is_negated else self.tr("present")

    @staticmethod
    def _name(chip: Chip) -> str:
        first = chip.findings[0]
        return sentence_case((first.name_zh if language() == "zh" else first.name_en) or first.code)
