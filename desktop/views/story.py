"""The free-text box: what the patient tells, with marks where findings were read. The text is never changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop.case.suggestions import Chip
from desktop.views import theme


class StoryEdit(QPlainTextEdit):
    """Plain text only; marks are drawn over it and are no part of it."""

    place_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[Chip, ...] = ()
        self._chosen: tuple[int, int] | None = None
        self.setTabChangesFocus(True)
        self.cursorPositionChanged.connect(self._announce)

    def show_text(self, text: str) -> None:
        """Show `text` if it differs, so that typing is never disturbed."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def mark(self, chips: tuple[Chip, ...]) -> None:
        """Underline where these chips were read."""
        self._chips = chips
        self._draw()

    def choose(self, chip: Chip) -> None:
        """Light up the place of one chip."""
        self._chosen = chip.span
        self._draw()

    def _announce(self) -> None:
        self.place_chosen.emit(_code_points(self.toPlainText(), self.textCursor().position()))

    def _draw(self) -> None:
        text = self.toPlainText()
        marks = [self._mark(text, chip.span, _underline(chip)) for chip in self._chips
                 if chip.span and chip.span[1] <= len(text)]
        if self._chosen and self._chosen[1] <= len(text):
            marks.append(self._mark(text, self._chosen, _light()))
        self.setExtraSelections(marks)

    def _mark(self, text: str, span: tuple[int, int], look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = _cursor(self.document(), text, span)
        selection.format = look
        return selection


def _cursor(document: QTextDocument, text: str, span: tuple[int, int]) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(_utf16_units(text, span[0]))
    cursor.setPosition(_utf16_units(text, span[1]), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _utf16_units(text: str, position: int) -> int:
    """Qt counts UTF-16 units, the engine counts characters; they differ beyond the basic plane."""
    return len(text[:position].encode("utf-16-le")) // 2


def _code_points(text: str, units: int) -> int:
    return len(text.encode("utf-16-le")[:units * 2].decode("utf-16-le", errors="ignore"))


def _underline(chip: Chip) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFontUnderline(True)
    styles = QTextCharFormat.UnderlineStyle
    look.setUnderlineStyle(styles.DotLine if chip.is_negated else styles.SingleUnderline)
    look.setUnderlineColor(theme.colour("muted" if chip.is_negated else "accent"))
    look.setBackground(theme.colour("surface_alt" if chip.is_negated else "accent_soft"))
    return look


def _light() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(theme.colour("warning_soft"))
    look.setFontUnderline(True)
    look.setUnderlineColor(theme.colour("focus"))
    return look
