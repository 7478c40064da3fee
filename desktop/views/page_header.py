"""The head of a result page: title, a line under it, and buttons that move below the title when text is large."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.views import theme


def primary_icon(name: str) -> QIcon:
    """Return an icon for a primary button, readable on the accent colour and on the disabled one."""
    icon = QIcon(theme.pixmap(name, "on_accent", theme.ICON_PX * 2))
    icon.addPixmap(theme.pixmap(name, "disabled", theme.ICON_PX * 2), QIcon.Mode.Disabled)
    return icon


class PageHeader(QWidget):
    """Title left and buttons right where they fit side by side, else one above the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(wordWrap=True)
        self._subtitle = QLabel(wordWrap=True)
        theme.set_role(self._title, "title")
        theme.set_role(self._subtitle, "small")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._buttons = QHBoxLayout()
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(words, 1)
        self._row.addLayout(self._buttons)

    def add_button(self, button: QPushButton) -> None:
        """Add a button at the right end."""
        self._buttons.addWidget(button)

    def say(self, title: str, subtitle: str) -> None:
        """Show `title` and the small line under it."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._turn()

    def title(self) -> str:
        """Return the title on the screen."""
        return self._title.text()

    def subtitle(self) -> str:
        """Return the small line under the title."""
        return self._subtitle.text()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(self._buttons.sizeHint().width(), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        words_width = max(self._title.fontMetrics().horizontalAdvance(self._title.text()),
                          self._subtitle.fontMetrics().horizontalAdvance(self._subtitle.text()))
        side_by_side = words_width + self._buttons.sizeHint().width() + theme.SPACE_PX * 4 <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if side_by_side
                               else QBoxLayout.Direction.TopToBottom)
