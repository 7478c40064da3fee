"""The Clinic page: what this clinic's rankings start from, and the two things its clinical lead may change about it.

Everybody sees which priors are in force and how many own cases count; the switch and the file are for the lead.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.models.clinic_view import ClinicView
from desktop.models.records import screen_language
from desktop.views import theme
from desktop.views.card import Card, button_row
from desktop.views.page_header import PageHeader
from desktop.words import pick

CASES_SHOWN = 12
"""More than this many diseases are counted in one line; the list is for the eye, the engine gets all of them."""


class ClinicPage(QWidget):
    """Emits what the lead wants changed; whether it may be is decided elsewhere."""

    own_cases_switched = Signal(bool)
    priors_chosen = Signal(object)
    """Path of the chosen file."""
    priors_removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="page")
        self._view = ClinicView()
        self.header = PageHeader()
        self.own_cards, self.priors_card = Card(), Card()
        self.switch = QCheckBox()
        self.cases, self.priors = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._cases_note, self._priors_note = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.refused = QLabel(wordWrap=True)
        self.choose_button, self.remove_button = QPushButton(), QPushButton()
        self._lay_out()
        self.switch.clicked.connect(self.own_cases_switched)
        self.choose_button.clicked.connect(self._choose)
        self.remove_button.clicked.connect(self.priors_removed)
        self.retranslate()

    def _lay_out(self) -> None:
        for note in (self._cases_note, self._priors_note):
            theme.set_role(note, "small")
        theme.set_role(self.refused, "danger")
        for label in (self.cases, self.priors, self.refused):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for card, parts in (
            (self.own_cards, (self.switch, self._cases_note, self.cases)),
            (self.priors_card, (self.priors, self._priors_note, self.refused,
                                button_row(self.choose_button, self.remove_button))),
        ):
            for part in parts:
                card.body.addWidget(part)
        inside = QWidget(objectName="canvas")
        column = QVBoxLayout(inside)
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        for part in (self.header, self.own_cards, self.priors_card):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True, focusPolicy=Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def show_policy(self, view: ClinicView) -> None:
        """Show what is in force now."""
        self._view = view
        self.switch.setChecked(view.own_cases_on)
        for control in (self.switch, self.choose_button, self.remove_button):
            control.setEnabled(view.may_change and not view.is_checking)
        self.remove_button.setVisible(view.priors is not None)
        self.retranslate()

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose the clinic's own priors"), "", "JSON (*.json)")
        if name:
            self.priors_chosen.emit(Path(name))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.header.say(self.tr("Clinic"), self.tr("What rankings of common conditions start from in this clinic"))
        self.own_cards.title.setText(self.tr("This clinic's own cases"))
        self.switch.setText(self.tr("Let this clinic's own confirmed cases move the ranking"))
        self._cases_note.setText(self.tr(
            "A case counts once a clinician has signed its plan. The rates below weigh as much as fifty cases, so a few"
            " cases change little; a dangerous condition never falls below half of its rate."))
        self.cases.setText(self._cases_text())
        self.priors_card.title.setText(self.tr("How common conditions are here"))
        self.priors.setText(self._priors_text())
        self._priors_note.setText(
            self.tr("A file of the clinic's own rates by age, sex, place and month stands before the published ones,"
                    " condition by condition. Its format is described beside Lantern's knowledge (priors).")
            if self._view.may_change else self.tr("Only the clinical lead can change what is on this page."))
        self.refused.setText(self.tr("The file was not taken: {why}").format(why=self._view.refused))
        self.refused.setVisible(bool(self._view.refused))
        self.choose_button.setText(self.tr("Choose a file of own rates"))
        self.remove_button.setText(self.tr("Go back to published rates"))

    def _cases_text(self) -> str:
        if not self._view.confirmed:
            return self.tr("No confirmed cases yet.")
        language = screen_language()
        shown = [f"{pick(cases.display, language)}: {cases.count}" for cases in self._view.confirmed[:CASES_SHOWN]]
        left = len(self._view.confirmed) - len(shown)
        lines = [self.tr("%n confirmed case(s)", "", sum(cases.count for cases in self._view.confirmed)), *shown]
        return "\n".join([*lines, self.tr("and %n further disease(s)", "", left)] if left else lines)

    def _priors_text(self) -> str:
        if self._view.is_checking:
            return self.tr("The engine is checking the file.")
        if self._view.priors is None:
            return self.tr("Published incidence rates, by age, sex, region and season where a source says so.")
        return self.tr("{name}: {rows} own rows before the published rates.").format(
            name=self._view.priors.name, rows=len(self._view.priors.rows))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
