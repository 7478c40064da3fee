"""The quiet lines under the story: what of it was not read, and which drugs it names that the medication list lacks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.case.record import DrugTaken
from desktop.case.suggestions import not_listed
from desktop.i18n import language
from desktop.views import theme
from engine import api


class ReadingLines(QWidget):
    """Shows nothing where there is nothing to say; `taken` carries the medications to add."""

    taken = Signal(object)

    def __init__(self, listed: Callable[[], tuple[DrugTaken, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed = listed
        self._notes: tuple[api.Bilingual, ...] = ()
        self._drugs: tuple[api.Bilingual, ...] = ()
        self.note = QLabel(wordWrap=True)
        self.drugs_line = QLabel(wordWrap=True)
        self.drugs_button = QPushButton(icon=theme.icon("plus", "accent"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX // 2)
        for part in (self.note, self.drugs_line, self.drugs_button):
            column.addWidget(part)
        for part, role in ((self.note, "small"), (self.drugs_line, "small"), (self.drugs_button, "quiet")):
            theme.set_role(part, role)
        self.drugs_button.clicked.connect(self._take)
        self.retranslate()

    def forget(self) -> None:
        """Say nothing: another case is on screen, or nothing was read yet."""
        self._notes, self._drugs = (), ()
        self.refresh()

    def show_notes(self, notes: tuple[api.Bilingual, ...]) -> None:
        """Say what of the text was not read."""
        self._notes = notes
        self.refresh()

    def show_drugs(self, drugs: tuple[api.Bilingual, ...]) -> None:
        """Offer the drugs that the text says the patient takes."""
        self._drugs = drugs
        self.refresh()

    def refresh(self) -> None:
        """Compare with the medication list again."""
        fresh = [_name(drug) for drug in not_listed(self._drugs, self._listed())]
        names = ("、" if language() == "zh" else ", ").join(fresh)
        self.note.setText("\n".join(map(_name, self._notes)))
        self.drugs_line.setText(self.tr("In the text, not in the medication list: {names}").format(names=names))
        self.note.setVisible(bool(self._notes))
        self.drugs_line.setVisible(bool(fresh))
        self.drugs_button.setVisible(bool(fresh))
        self.setVisible(bool(self._notes or fresh))

    def _take(self) -> None:
        fresh = not_listed(self._drugs, self._listed())
        self.taken.emit(tuple(DrugTaken(_name(drug)) for drug in fresh))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.drugs_button.setText(self.tr("Add to the &medications"))
        self.refresh()


def _name(said: api.Bilingual) -> str:
    return said.zh if language() == "zh" else said.en
