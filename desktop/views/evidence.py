"""For and against one hypothesis: each finding with its signed bar, its log likelihood ratio and its source."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.models.evidence import EvidenceModel, signed
from desktop.models.records import screen_language
from desktop.views import theme
from desktop.views.differential_delegate import PAD_PX, WRAP, paint_row, small
from desktop.words import pick
from engine.api import Evidence, Hypothesis, SourceRecord

Index = QModelIndex | QPersistentModelIndex
BAR_PX = 10


class EvidenceDelegate(QStyledItemDelegate):
    """A bar to the right of the middle line speaks for, one to the left against; the sign says it too."""

    def __init__(self, model: EvidenceModel) -> None:
        super().__init__(model)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = self._model.record(index)
        if entry is None:
            return QSize()
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        names = _names_width(width)
        finding, source = self._heights(option, entry, names)
        return QSize(0, finding + source + PAD_PX * 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._model.record(index)
        if entry is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row(painter, option)
        names = _names_width(option.rect.width())
        left = option.rect.adjusted(PAD_PX, PAD_PX, 0, -PAD_PX)
        finding, source = self._heights(option, entry, names)
        painter.setFont(option.font)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(left.left(), left.top(), names, finding), WRAP, self._model.finding(entry))
        painter.setFont(small(option.font))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRect(left.left(), left.top() + finding, names, source), WRAP, self._source(entry))
        bars = option.rect.adjusted(names + PAD_PX * 2, 0, -PAD_PX, 0)
        self._paint_bar(painter, option, bars, entry)
        painter.restore()

    def _heights(self, option: QStyleOptionViewItem, entry: Evidence, width: int) -> tuple[int, int]:
        room = QRect(0, 0, width, 10_000)
        finding = QFontMetrics(option.font).boundingRect(room, WRAP, self._model.finding(entry)).height()
        words = self._source(entry)
        source = QFontMetrics(small(option.font)).boundingRect(room, WRAP, words).height() if words else 0
        return finding, source

    def _source(self, entry: Evidence) -> str:
        """Return the source of a row; one that every row shares stands above the list instead."""
        return "" if self._model.common_source() else self._model.source(entry)

    def _paint_bar(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, entry: Evidence) -> None:
        number_width = QFontMetrics(option.font).horizontalAdvance("+00.00") + PAD_PX // 2
        track = place.adjusted(0, 0, -number_width, 0)
        middle = track.center().x()
        half = track.width() // 2
        length = max(2, round(half * abs(entry.log_lr) / self._model.widest()))
        top = track.center().y() - BAR_PX // 2
        painter.setPen(Qt.PenStyle.NoPen)
        if entry.log_lr >= 0:
            painter.setBrush(theme.colour("accent"))
            painter.drawRect(QRect(middle, top, length, BAR_PX))
        else:
            painter.setBrush(theme.colour("warning"))
            painter.drawRect(QRect(middle - length, top, length, BAR_PX))
        painter.setPen(theme.colour("control"))
        painter.drawLine(middle, top - 3, middle, top + BAR_PX + 3)
        painter.setPen(theme.colour("text"))
        painter.setFont(option.font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, signed(entry.log_lr))


def _names_width(width: int) -> int:
    return max(80, int((width - PAD_PX * 3) * 0.62))


class EvidencePanel(QWidget):
    """The evidence of the hypothesis that is selected in the ranking."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hypothesis: Hypothesis | None = None
        self.model = EvidenceModel(self)
        self._title = QLabel(wordWrap=True)
        self._legend = QLabel(wordWrap=True)
        self.small_button = QPushButton()
        self._view = QListView()
        self._view.setModel(self.model)
        self._view.setItemDelegate(EvidenceDelegate(self.model))
        self._view.setResizeMode(QListView.ResizeMode.Adjust)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        theme.set_role(self._title, "heading")
        theme.set_role(self._legend, "small")
        theme.set_role(self.small_button, "quiet")
        self.small_button.clicked.connect(self._show_small)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_PX, 0, 0)
        for widget in (self._title, self._legend, self._view):
            column.addWidget(widget)
        column.addWidget(self.small_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.retranslate()

    def show_hypothesis(
        self, hypothesis: Hypothesis | None, sources: Mapping[str, SourceRecord] | None = None
    ) -> None:
        """Show the evidence of `hypothesis`, or say that there is none; `sources` are the records it names."""
        self._hypothesis = hypothesis
        self.model.set_hypothesis(hypothesis, sources)
        self.retranslate()

    def _show_small(self) -> None:
        self.model.show_small(True)
        self._view.setFocus()
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.model.set_language(screen_language())
        self._view.setAccessibleName(self.tr("Evidence for and against"))
        self._view.setVisible(self.model.rowCount() > 0)
        self.small_button.setText(self.tr("Show %n small contribution(s)", "", self.model.small_count()))
        self.small_button.setVisible(self.model.small_count() > 0)
        if self._hypothesis is None:
            self._title.setText("")
            self._legend.setText(self.tr("Select a diagnosis to see what speaks for and against it."))
            return
        self._title.setText(pick(self._hypothesis.display, self.model.language))
        if self.model.rowCount():
            self._legend.setText(self._legend_text())
        else:
            self._legend.setText(self.tr("No single finding was weighed for or against this diagnosis."))

    def _legend_text(self) -> str:
        legend = self.tr("Log likelihood ratio: right of the line speaks for, left speaks against.")
        source = self.model.common_source()
        named = self.tr("Source: {title}").format(title=source)
        return f"{legend}\n{named}" if source else legend

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
