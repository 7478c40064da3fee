"""The options table: wrapped cells, a struck-through dose where it is blocked, rows as high as their words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.models.options import Column, OptionModel
from desktop.models.records import screen_language
from desktop.views import plan_markup
from desktop.views.rich_delegate import RichDelegate
from engine.api import Plan

SHARES: dict[Column, float] = {
    Column.OPTION: 0.26, Column.VERDICT: 0.29, Column.BENEFIT: 0.16, Column.HARM: 0.14, Column.MONITORING: 0.15,
}
"""How the width left by the two narrow columns is shared."""
FOLDED: dict[Column, float] = {Column.OPTION: 0.33, Column.VERDICT: 0.37, Column.BENEFIT: 0.30}
"""The same for large text: benefit, harm and monitoring share one column."""
FOLD_BELOW_EM = 45
"""A table narrower than this many text heights is folded."""


class OptionTable(QTableView):
    """Read only; the arrow keys move from option to option."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folded = False
        self.options = OptionModel(self)
        self.setModel(self.options)
        self.setItemDelegate(RichDelegate(self._markup, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.retranslate()

    def show_plan(self, plan: Plan | None) -> None:
        """Show the options of `plan`, the first one current."""
        self.options.set_plan(plan)
        self._fit()
        if self.options.rowCount():
            self.setCurrentIndex(self.options.index(0, Column.OPTION))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.options.set_language(screen_language())
        self.setAccessibleName(self.tr("Treatment options"))
        self._fit()

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        option = self.options.option(index)
        if option is None:
            return ""
        if self.folded and index.column() == Column.BENEFIT:
            return plan_markup.option_effects(self.options, option)
        return plan_markup.option_cell(self.options, option, Column(index.column()))

    def _fit(self) -> None:
        em = self.fontMetrics().height()
        self.folded = self.viewport().width() < em * FOLD_BELOW_EM
        for column in (Column.HARM, Column.MONITORING):
            self.setColumnHidden(column, self.folded)
        narrow = {Column.RANK: em * 2, Column.SOURCES: em * 4}
        for column, least in narrow.items():
            narrow[column] = max(least, self.horizontalHeader().sectionSizeHint(column))
            self.setColumnWidth(column, narrow[column])
        room = max(400, self.viewport().width() - sum(narrow.values()))
        for column, share in (FOLDED if self.folded else SHARES).items():
            self.setColumnWidth(column, int(room * share))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
