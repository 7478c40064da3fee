"""A calm inline message: icon, title, text, next step and code, in place of modal boxes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.views import theme
from desktop.views.messages import Message, Tone, message

_ICONS = {Tone.DANGER: "octagon-alert", Tone.WARNING: "triangle-alert", Tone.INFO: "info", Tone.OK: "circle-check"}


class Banner(QFrame):
    """Shows one message at a time and hides itself when there is none; speaks the new language after a switch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code: str | None = None
        self._make: Callable[[], Message] | None = None
        self._picture = QLabel()
        self._title = QLabel(wordWrap=True)
        self._text = QLabel(wordWrap=True)
        self._code_label = QLabel()
        self._close = QToolButton()
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        theme.set_role(self._title, "heading")
        theme.set_role(self._code_label, "small")
        theme.set_role(self._close, "quiet")
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close.setIcon(theme.icon("x"))
        self._close.clicked.connect(self.clear)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE_PX // 2)
        for label in (self._title, self._text, self._code_label):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_PX * 2, theme.SPACE_PX, theme.SPACE_PX, theme.SPACE_PX)
        row.setSpacing(theme.SPACE_PX * 2)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    @property
    def code(self) -> str | None:
        """The code of the message on screen, or None."""
        return self._code

    def show_code(self, code: str) -> None:
        """Show the message of an error code."""
        self.show_made(lambda: message(code))
        self._code = code

    def show_made(self, make: Callable[[], Message]) -> None:
        """Show what `make` returns, and make it anew when the language is switched."""
        self.show_message(make())
        self._make = make

    def show_message(self, shown: Message) -> None:
        """Show `shown`; one without a code is not an error."""
        self._code, self._make = None, None
        theme.set_role(self, f"banner-{shown.tone.value}")
        self._picture.setPixmap(theme.pixmap(_ICONS[shown.tone], shown.tone.value, theme.line_px(self._title)))
        self._title.setText(shown.title)
        self._text.setText(" ".join(part for part in (shown.text, shown.next_step) if part))
        self._text.setVisible(bool(self._text.text()))
        self._code_label.setText(self.tr("Code: {code}").format(code=shown.code))
        self._code_label.setVisible(bool(shown.code))
        self.setAccessibleName(f"{shown.title}. {self._text.text()}")
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self._code, self._make = None, None
        self.hide()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        if self._make is not None:
            code, make = self._code, self._make
            self.show_made(make)
            self._code = code

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
