"""Findings as chips: arrows move, Enter confirms, A confirms all, F flips, Delete rejects; a double click confirms."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.case.record import CaseFinding, FindingState
from desktop.case.suggestions import Chip, confirmed_state, flipped_state
from desktop.models.chips_model import ChipRole, ChipsModel
from desktop.views import theme

_Index = QModelIndex | QPersistentModelIndex
_PAD_PX = 10
_ALL_KEY = Qt.Key.Key_A
_DECIDING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ChipDelegate(QStyledItemDelegate):
    """Paints a pill. Shape says it without colour: a tick or a cross for present or absent, dashes while undecided."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        metrics = QFontMetrics(option.font)
        text_px = metrics.horizontalAdvance(str(index.data()))
        room_px = option.widget.width() - 32 if option.widget else 600
        return QSize(min(text_px + _glyph_px(metrics) + 4 * _PAD_PX, max(room_px, 120)), metrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        chip: Chip = index.data(ChipRole)
        box = QRectF(option.rect).adjusted(3, 3, -3, -3)
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus) and bool(state & QStyle.StateFlag.State_Active)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour(_fill(chip)))
        painter.setPen(_edge(chip, focused))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        glyph_px = _glyph_px(QFontMetrics(option.font))
        glyph = theme.pixmap(_glyph(chip), _ink(chip), glyph_px)
        painter.drawPixmap(int(box.left()) + _PAD_PX, int(box.center().y()) - glyph_px // 2, glyph)
        indent = _PAD_PX + glyph_px + 6
        words = box.adjusted(indent, 0, -_PAD_PX, 0).toRect()
        painter.setPen(theme.colour(_ink(chip)))
        painter.setFont(option.font)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


def _glyph_px(metrics: QFontMetrics) -> int:
    return int(metrics.height() * 0.75)


def _fill(chip: Chip) -> str:
    if chip.state is FindingState.SUGGESTED:
        return "surface"
    return "surface_alt" if chip.is_negated else "accent_soft"


def _ink(chip: Chip) -> str:
    return "muted" if chip.is_negated else "accent" if chip.state is FindingState.CONFIRMED else "text"


def _glyph(chip: Chip) -> str:
    if chip.is_negated:
        return "ban"
    return "check" if chip.state is FindingState.CONFIRMED else "circle-question-mark"


def _edge(chip: Chip, focused: bool) -> QPen:
    if focused:
        return QPen(theme.colour("focus"), 2)
    undecided = chip.state is FindingState.SUGGESTED
    return QPen(theme.colour("control"), 1, Qt.PenStyle.DashLine if undecided else Qt.PenStyle.SolidLine)


class ChipsView(QListView):
    """The list of chips; as tall as its content up to a third of the page, then it scrolls."""

    decided = Signal(object, object)
    all_confirmed = Signal()
    chip_chosen = Signal(object)

    MAX_ROWS = 5

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = ChipsModel(self)
        self.setModel(self.chips)
        self.setItemDelegate(ChipDelegate(self))
        theme.set_role(self, "chips")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._announce)
        self.doubleClicked.connect(lambda index: self._decide(index, confirmed_state(self.chips.chip(index.row()))))

    def show_findings(self, findings: tuple[CaseFinding, ...]) -> None:
        """Show these findings and keep the place of the keyboard."""
        row = self.currentIndex().row()
        self.chips.show_findings(findings)
        if row >= 0 and self.chips.rowCount():
            self.setCurrentIndex(self.chips.index(min(row, self.chips.rowCount() - 1)))
        self.scheduleDelayedItemsLayout()
        self._fit()

    def choose_at(self, position: int) -> None:
        """Move to the chip that was read at this place of the text, if there is one."""
        row = self.chips.row_at(position)
        if row is not None:
            self.setCurrentIndex(self.chips.index(row))

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_override and event.key() in (*_DECIDING_KEYS, _ALL_KEY):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == _ALL_KEY and not event.modifiers():
            self.all_confirmed.emit()
            return
        if event.key() in _DECIDING_KEYS and index.isValid() and not event.modifiers():
            self._decide(index, _state_for(event.key(), self.chips.chip(index.row())))
            return
        super().keyPressEvent(event)

    def _decide(self, index: QModelIndex, state: FindingState) -> None:
        self.decided.emit(self.chips.chip(index.row()).ids, state)

    def _announce(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chip_chosen.emit(self.chips.chip(current.row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        row_px = QFontMetrics(self.font()).height() + 18
        self.doItemsLayout()
        last = self.chips.rowCount() - 1
        bottom_px = self.visualRect(self.chips.index(last)).bottom() + self.verticalOffset() + 8
        content_px = bottom_px if last >= 0 else row_px
        height = max(row_px + 6, min(content_px, row_px * self.MAX_ROWS))
        if self.height() != height:
            self.setFixedHeight(height)


def _state_for(key: int, chip: Chip) -> FindingState:
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return confirmed_state(chip)
    if key == Qt.Key.Key_F:
        return flipped_state(chip)
    return FindingState.REJECTED
