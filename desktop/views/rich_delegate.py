"""Paints a row of a list or a cell of a table as wrapped rich text, as high as its words need."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter, QPalette, QTextDocument, QTextOption
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.views import theme
from desktop.views.differential_delegate import paint_row

Index = QModelIndex | QPersistentModelIndex
Markup = Callable[[Index], str]
"""Returns the rich text of an index; everything that comes from a record must be escaped in it."""

PAD_PX = theme.SPACE_PX


class RichDelegate(QStyledItemDelegate):
    """The text comes from a function, so that each view says in one place how its rows look."""

    def __init__(self, markup: Markup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._markup = markup

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        document = self._document(option, index, option.rect.width())
        painter.save()
        paint_row(painter, option)
        painter.translate(option.rect.left() + PAD_PX, option.rect.top() + PAD_PX)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
        document.documentLayout().draw(painter, context)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = _width(option, index)
        return QSize(0, round(self._document(option, index, width).size().height()) + PAD_PX * 2)

    def _document(self, option: QStyleOptionViewItem, index: Index, width: int) -> QTextDocument:
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(option.font)
        document.setDefaultTextOption(_wrapping())
        document.setHtml(self._markup(index))
        document.setTextWidth(max(40, width - PAD_PX * 2))
        return document


def _wrapping() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _width(option: QStyleOptionViewItem, index: Index) -> int:
    view = option.widget
    if isinstance(view, QTableView):
        return view.columnWidth(index.column())
    if isinstance(view, QListView):
        return view.viewport().width()
    return option.rect.width()


def rich_list(model: QAbstractItemModel, markup: Markup) -> QListView:
    """Return a list view of `model` whose rows are the wrapped rich text that `markup` gives."""
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(RichDelegate(markup, view))
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    return view


def muted(text: str) -> str:
    """Return escaped `text` in the muted colour."""
    return f"<span style='color:{theme.LIGHT['muted']}'>{text}</span>"


def toned(text: str, role: str) -> str:
    """Return escaped `text` in bold and in the colour of `role`; the words carry the meaning without it."""
    return f"<b style='color:{theme.LIGHT[role]}'>{text}</b>"
