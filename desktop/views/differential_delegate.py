"""Paints the rows of the ranking: rank, name, a probability bar, the likelihood in words, and the voices' votes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.models.ranking import RankingModel
from desktop.views import theme
from engine.api import Hypothesis

Index = QModelIndex | QPersistentModelIndex
BAR_PX = 8
PAD_PX = theme.SPACE_PX
NAME_EM = 9
"""A name gets at least this many text heights of width beside its likelihood, or the whole row."""
WRAP = int(Qt.TextFlag.TextWordWrap)


def bold(font: QFont) -> QFont:
    """Return `font` in semi-bold."""
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    return strong


def small(font: QFont) -> QFont:
    """Return `font` a step smaller, as the style sheet's `small` role has it."""
    reduced = QFont(font)
    reduced.setPointSizeF(font.pointSizeF() * 0.9)
    return reduced


def paint_row(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Paint the background of a row as the style sheet says, selected or not."""
    style = option.widget.style() if option.widget is not None else QApplication.style()
    style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)


def _rank_width(font: QFont) -> int:
    return QFontMetrics(bold(font)).horizontalAdvance("00.") + PAD_PX


class RankingDelegate(QStyledItemDelegate):
    """Three lines a row. Length of the bar, words and number say the same thing; colour adds nothing."""

    def __init__(self, model: RankingModel) -> None:
        super().__init__(model)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hypothesis = self._model.record(index)
        if hypothesis is None:
            return QSize()
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        room = QRect(0, 0, width - PAD_PX * 4 - _rank_width(option.font), 0)
        likelihood = self._likelihood_place(option.font, room, hypothesis)
        lines = max(self._name_place(option.font, room.width(), hypothesis).height(), likelihood.bottom() + 1)
        lines += QFontMetrics(small(option.font)).height()
        return QSize(0, lines + BAR_PX + PAD_PX * 3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hypothesis = self._model.record(index)
        if hypothesis is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row(painter, option)
        inside = option.rect.adjusted(PAD_PX * 2, PAD_PX, -PAD_PX * 2, -PAD_PX)
        self._text(painter, inside, bold(option.font), f"{hypothesis.rank}.", "muted")
        body = inside.adjusted(_rank_width(option.font), 0, 0, 0)
        name_height = self._paint_name(painter, option.font, body, hypothesis)
        bar = QRect(body.left(), body.top() + name_height + PAD_PX // 2, body.width(), BAR_PX)
        self._paint_bar(painter, bar, hypothesis)
        votes = body.adjusted(0, bar.bottom() + PAD_PX // 2 - body.top(), 0, 0)
        self._paint_votes(painter, small(option.font), votes, hypothesis)
        painter.restore()

    def _paint_name(self, painter: QPainter, font: QFont, body: QRect, hypothesis: Hypothesis) -> int:
        place = self._name_place(font, body.width(), hypothesis)
        painter.setFont(bold(font))
        painter.setPen(theme.colour("text"))
        painter.drawText(place.translated(body.topLeft()), WRAP, self._model.name(hypothesis))
        likelihood = self._likelihood_place(font, body, hypothesis)
        self._text(painter, likelihood.translated(body.topLeft()), font, self._model.likelihood(hypothesis), "text")
        return max(place.height(), likelihood.bottom() + 1)

    def _name_place(self, font: QFont, width: int, hypothesis: Hypothesis) -> QRect:
        beside = width - self._likelihood_width(font, hypothesis) - PAD_PX * 2
        room = QRect(0, 0, beside if self._side_by_side(font, width, hypothesis) else width, 10_000)
        return QFontMetrics(bold(font)).boundingRect(room, WRAP, self._model.name(hypothesis))

    def _likelihood_place(self, font: QFont, body: QRect, hypothesis: Hypothesis) -> QRect:
        """Return where the likelihood stands: right of the name, or below it where the row is too narrow."""
        width, height = self._likelihood_width(font, hypothesis), QFontMetrics(font).height()
        if self._side_by_side(font, body.width(), hypothesis):
            return QRect(body.width() - width, 0, width, height)
        return QRect(0, self._name_place(font, body.width(), hypothesis).height(), width, height)

    def _likelihood_width(self, font: QFont, hypothesis: Hypothesis) -> int:
        return QFontMetrics(font).horizontalAdvance(self._model.likelihood(hypothesis)) + 2

    def _side_by_side(self, font: QFont, width: int, hypothesis: Hypothesis) -> bool:
        return width - self._likelihood_width(font, hypothesis) >= QFontMetrics(font).height() * NAME_EM

    def _paint_bar(self, painter: QPainter, bar: QRect, hypothesis: Hypothesis) -> None:
        probability = self._model.probability(hypothesis)
        if probability is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface_alt"))
        painter.drawRoundedRect(bar, BAR_PX / 2, BAR_PX / 2)
        painter.setBrush(theme.colour("accent"))
        filled = max(BAR_PX, round(bar.width() * probability))
        painter.drawRoundedRect(QRect(bar.left(), bar.top(), filled, BAR_PX), BAR_PX / 2, BAR_PX / 2)

    def _paint_votes(self, painter: QPainter, font: QFont, line: QRect, hypothesis: Hypothesis) -> None:
        right = 0
        if hypothesis.cant_miss:
            mark = "⚠ " + QCoreApplication.translate("RankingModel", "do not miss")
            right = QFontMetrics(font).horizontalAdvance(mark) + PAD_PX * 2
            self._text(painter, line, font, mark, "danger", Qt.AlignmentFlag.AlignRight)
        votes = QFontMetrics(font).elidedText(
            self._model.votes(hypothesis), Qt.TextElideMode.ElideRight, line.width() - right)
        self._text(painter, line, font, votes, "muted")

    @staticmethod
    def _text(painter: QPainter, place: QRect, font: QFont, text: str, role: str,
              side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        kept_whole = Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip  # Chinese glyphs reach below a Latin font
        painter.drawText(place, side | Qt.AlignmentFlag.AlignTop | kept_whole, text)
