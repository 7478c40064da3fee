"""The handout panel: which options go on the patient's sheet, on which paper, and whether it is saved or printed.

Nothing is chosen beforehand: a list of alternatives on a patient's sheet would be taken as an order for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.report.handout import may_be_handed_out
from desktop.report.render import PageSize
from desktop.views import theme
from desktop.words import regimen_text, shown
from engine.api import Plan, TreatmentOption


@dataclass(frozen=True, slots=True)
class HandoutWish:
    """What the clinician asked for."""

    chosen: tuple[str, ...]
    page_size: PageSize
    print_it: bool


class HandoutPanel(QFrame):
    """Keys 1-9 choose options; the buttons save or print."""

    wished = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._options: tuple[TreatmentOption, ...] = ()
        self.boxes: list[QCheckBox] = []
        self._title, self._text = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._list = QVBoxLayout()
        self.a4, self.a5 = QRadioButton("A4"), QRadioButton("A5")
        self.save, self.print_button, self.back = QPushButton(), QPushButton(), QPushButton()
        for widget, role in ((self._title, "heading"), (self._text, "muted"), (self.save, "primary")):
            theme.set_role(widget, role)
        self.a5.setChecked(True)
        self._lay_out()
        self.save.clicked.connect(lambda: self._wish(print_it=False))
        self.print_button.clicked.connect(lambda: self._wish(print_it=True))
        self.back.clicked.connect(self.closed)
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.a4, self.a5, self.save, self.print_button, self.back):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(self._list)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_plan(self, plan: Plan | None) -> None:
        """Offer the options of `plan` that may be handed out, none of them chosen."""
        for box in self.boxes:
            box.deleteLater()
        self._options = tuple(filter(may_be_handed_out, plan.options)) if plan is not None else ()
        self.boxes = [QCheckBox() for _ in self._options]
        for box in self.boxes:
            self._list.addWidget(box)
        self.retranslate()

    def focus_first(self) -> None:
        """Put the focus on the first option."""
        (self.boxes[0] if self.boxes else self.save).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def chosen(self) -> tuple[str, ...]:
        """Return the rows of the options that are ticked."""
        ticked = zip(self.boxes, self._options, strict=True)
        return tuple(option.row for box, option in ticked if box.isChecked())

    def _wish(self, *, print_it: bool) -> None:
        size = PageSize.A4 if self.a4.isChecked() else PageSize.A5
        self.wished.emit(HandoutWish(self.chosen(), size, print_it))

    def retranslate(self) -> None:
        """Speak the language in use."""
        language = screen_language()
        self._title.setText(self.tr("What goes on the patient's sheet?"))
        self._text.setText(self.tr("Advice, danger signs and the next visit are always on it. It is printed in the"
                                   " language of the screen."))
        for place, (box, option) in enumerate(zip(self.boxes, self._options, strict=True)):
            dose = f": {regimen_text(option.regimen, language)}" if option.regimen is not None else ""
            box.setText(f"{place + 1}  {shown(option.display, option.name, language)}{dose}".replace("&", "&&"))
            if place < 9:
                box.setShortcut(str(place + 1))
        self.save.setText(self.tr("Save as PDF"))
        self.print_button.setText(self.tr("Print the sheet"))
        self.back.setText(self.tr("Back (Esc)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
