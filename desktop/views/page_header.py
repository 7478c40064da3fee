"""The head of a result page: title, a line under it, and buttons that move below, on more lines, when text is large."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

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
        self._added: list[QPushButton] = []
        self._columns = 0
        self._buttons = QGridLayout()
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(words, 1)
        self._row.addLayout(self._buttons)

    def add_button(self, button: QPushButton) -> None:
        """Add a button at the right end."""
        self._added.append(button)
        self._columns = 0
        self._turn()

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
        widest = max((button.sizeHint().width() for button in self._added), default=0)
        return QSize(max(widest, self._title.minimumSizeHint().width()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        words_width = max(self._title.fontMetrics().horizontalAdvance(self._title.text()),
                          self._subtitle.fontMetrics().horizontalAdvance(self._subtitle.text()))
        widths = [button.sizeHint().width() for button in self._added if not button.isHidden()]
        buttons_width = sum(widths) + self._buttons.horizontalSpacing() * max(0, len(widths) - 1)
        side_by_side = words_width + buttons_width + theme.SPACE_PX * 4 <= self.width()
        self._place(len(self._added) if side_by_side or buttons_width <= self.width() else self._fitting())
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if side_by_side
                               else QBoxLayout.Direction.TopToBottom)

    def _fitting(self) -> int:
        """Return how many buttons of the widest kind stand side by side."""
        widest = max(button.sizeHint().width() for button in self._added) + self._buttons.horizontalSpacing()
        return max(1, (self.width() + self._buttons.horizontalSpacing()) // widest)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate(self._added):
            self._buttons.addWidget(button, place // columns, place % columns)
        self.updateGeometry()
