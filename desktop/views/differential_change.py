"""What would change it: the single entry that would alter the first place, and what is missing from the case."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.views import theme
from desktop.words import field_word, pick, shown
from engine.api import Differential, Flip


class ChangePanel(QWidget):
    """Three short paragraphs; empty ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._differential: Differential | None = None
        self._title = QLabel(wordWrap=True)
        self._flip = QLabel(wordWrap=True)
        self._missing_title = QLabel(wordWrap=True)
        self._missing = QLabel(wordWrap=True)
        theme.set_role(self._title, "heading")
        theme.set_role(self._missing_title, "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_PX, 0, 0)
        for label in (self._title, self._flip, self._missing_title, self._missing):
            column.addWidget(label)
        column.addStretch(1)
        self.retranslate()

    def show_differential(self, differential: Differential | None) -> None:
        """Show what would change the first place of `differential`."""
        self._differential = differential
        self.retranslate()

    def text(self) -> str:
        """Return the sentence on the flip, for tests and for the status line."""
        return self._flip.text()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._title.setText(self.tr("What would change the first place"))
        self._missing_title.setText(self.tr("Missing, and worth adding"))
        flip = self._differential.flips if self._differential is not None else None
        self._flip.setText(self._flip_text(flip) if flip is not None
                           else self.tr("No single entry would change the first place."))
        missing = self._differential.missing if self._differential is not None else []
        names = (field_word(name, screen_language()) for name in missing)
        self._missing.setText("\n".join(f"• {name}" for name in names))
        self._missing.setVisible(bool(missing))
        self._missing_title.setVisible(bool(missing))

    def _flip_text(self, flip: Flip) -> str:
        before, after = self._state(flip.from_present), self._state(flip.to_present)
        return self.tr("If “{finding}” were {after} instead of {before}, {disease} would be first.").format(
            finding=shown(flip.display, flip.finding, screen_language()), before=before, after=after,
            disease=pick(flip.display_first, screen_language()) if flip.display_first
            else self._disease(flip.new_first))

    def _state(self, present: bool | None) -> str:
        if present is None:
            return self.tr("unknown")
        return self.tr("present") if present else self.tr("absent")

    def _disease(self, code_or_name: str) -> str:
        known = self._differential.hypotheses if self._differential is not None else []
        return next((pick(entry.display, screen_language()) for entry in known
                     if code_or_name in (entry.code, entry.name)), code_or_name)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
