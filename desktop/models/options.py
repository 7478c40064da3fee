"""The options of a plan as a Qt table: rank, option with its regimen, verdict, benefit, harm, monitoring, sources."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, Qt

from desktop.models.records import Index, RecordRole, screen_language
from desktop.words import (
    VERDICT_SIGNS,
    VERDICTS,
    Language,
    pick,
    regimen_text,
    shown,
    source_marks,
    standing_text,
    watch_text,
    word,
)
from engine.api import Plan, SourceRecord, TreatmentOption


class Column(IntEnum):
    RANK = 0
    OPTION = 1
    VERDICT = 2
    BENEFIT = 3
    HARM = 4
    MONITORING = 5
    SOURCES = 6


class OptionModel(QAbstractTableModel):
    """The options in the engine's order; a blocked one stays in its place with the reason."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._options: tuple[TreatmentOption, ...] = ()
        self._sources: dict[str, SourceRecord] = {}
        self.language: Language = screen_language()

    def set_plan(self, plan: Plan | None) -> None:
        """Show the options of `plan`, or none."""
        self.beginResetModel()
        self._options = tuple(plan.options) if plan is not None else ()
        self._sources = plan.sources if plan is not None else {}
        self.endResetModel()

    def set_language(self, language: Language) -> None:
        """Show every cell and header in `language`."""
        self.beginResetModel()
        self.language = language
        self.endResetModel()

    def option(self, index: Index) -> TreatmentOption | None:
        """Return the option of a row, or None outside the table."""
        return self._options[index.row()] if index.isValid() and index.row() < len(self._options) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._options)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._headers()[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        option = self.option(index)
        if option is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(option, Column(index.column()))
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.spoken(option, Column(index.column()))
        return option if role == RecordRole else None

    def cell(self, option: TreatmentOption, column: Column) -> str:
        """Return the plain text of one cell."""
        language = self.language
        match column:
            case Column.RANK:
                return str(option.rank)
            case Column.OPTION:
                lines = (self.name(option), *self.regimen_lines(option), self.standing(option))
                return "\n".join(part for part in lines if part)
            case Column.VERDICT:
                return "\n".join((self.verdict(option), *self.reasons(option)))
            case Column.BENEFIT:
                return shown(option.display_benefit, option.benefit, language)
            case Column.HARM:
                return shown(option.display_harm, option.harm, language)
            case Column.MONITORING:
                return watch_text(option, language)
            case Column.SOURCES:
                return source_marks(self._sources, option.sources)

    def spoken(self, option: TreatmentOption, column: Column) -> str:
        """Return a cell as a screen reader should say it: a blocked option says so in every cell of its name."""
        said = self.cell(option, column).replace("\n", ". ")
        if column is Column.OPTION and option.verdict == "blocked":
            return f"{word(VERDICTS, 'blocked', self.language)}: {said}"
        return said

    def name(self, option: TreatmentOption) -> str:
        """Return the option's name on the screen."""
        return shown(option.display, option.name, self.language)

    def regimen_lines(self, option: TreatmentOption) -> tuple[str, ...]:
        """Return the regimen and how it was worked out, one line each; empty where there is no regimen."""
        if option.regimen is None:
            return ()
        worked = QCoreApplication.translate("OptionModel", "Worked out: %1").replace(
            "%1", shown(option.regimen.display_working, option.regimen.working, self.language))
        return (regimen_text(option.regimen, self.language), *((worked,) if option.regimen.working else ()))

    def standing(self, option: TreatmentOption) -> str:
        """Return cost level and utility in one line."""
        return standing_text(option, self.language)

    def verdict(self, option: TreatmentOption) -> str:
        """Return the verdict as a sign and a word."""
        return f"{VERDICT_SIGNS[option.verdict]} {word(VERDICTS, option.verdict, self.language)}"

    def reasons(self, option: TreatmentOption) -> tuple[str, ...]:
        """Return why the verdict is so."""
        if option.display_reasons:
            return tuple(pick(reason, self.language) for reason in option.display_reasons)
        return tuple(option.reasons)

    def _headers(self) -> tuple[str, ...]:
        translate = QCoreApplication.translate
        return (
            translate("OptionModel", "No."), translate("OptionModel", "Consider"),
            translate("OptionModel", "Safety check"), translate("OptionModel", "Benefit"),
            translate("OptionModel", "Harm"), translate("OptionModel", "Monitoring"),
            translate("OptionModel", "Sources"),
        )
