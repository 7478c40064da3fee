"""A white card with a title, and a page that centres one card: the frame of unlock and set-up."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.views import theme


class Card(QFrame):
    """A titled box; add content to `body`."""

    def __init__(self, parent: QWidget | None = None, role: str = "heading", margin: int = 2) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.title = QLabel(wordWrap=True)
        theme.set_role(self.title, role)
        self.body = QVBoxLayout(self)
        edge = theme.SPACE_PX * margin
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.SPACE_PX + theme.SPACE_PX // 2)
        self.body.addWidget(self.title)


class CentredPage(QScrollArea):
    """One card in the middle of the window under Lantern's name; scrolls when the text is large."""

    CARD_WIDTH_EM = 34

    def __init__(self, card: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        canvas = QWidget(objectName="canvas")
        width = int(self.fontMetrics().averageCharWidth() * self.CARD_WIDTH_EM * 2)
        card.setMaximumWidth(max(width, 480))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 8)
        row.addStretch(1)
        column = QVBoxLayout(canvas)
        column.addStretch(1)
        column.addLayout(_brand())
        column.addSpacing(theme.SPACE_PX * 2)
        column.addLayout(row)
        column.addStretch(2)
        self.setWidget(canvas)


def _brand() -> QHBoxLayout:
    picture, name = QLabel(), QLabel("Lantern")
    theme.set_role(name, "title")
    picture.setPixmap(theme.pixmap("lamp", "accent", theme.line_px(name)))
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE_PX)
    row.addStretch(1)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(name)
    row.addStretch(1)
    return row


def column(*parts: QWidget) -> QWidget:
    """Return a panel with `parts` under one another."""
    panel = QWidget()
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.SPACE_PX + theme.SPACE_PX // 2)
    for part in parts:
        layout.addWidget(part)
    return panel


def button_row(*buttons: QWidget) -> QWidget:
    """Return a panel with `buttons` side by side from the left."""
    panel = QWidget()
    row = QHBoxLayout(panel)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_PX)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return panel
