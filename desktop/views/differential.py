"""The Differential page: what must not wait, the clinician's own diagnosis first, then the ranked and explained list.

The page shows records and says what the user wants; it ranks nothing, stores nothing and asks no engine.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QListView,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from desktop.case.record import CaseRecord
from desktop.models.ranking import RankingModel
from desktop.models.records import screen_language
from desktop.views import theme
from desktop.views.basis import Basis
from desktop.views.differential_abstained import AbstainedPanel
from desktop.views.differential_commit import CommitPanel
from desktop.views.differential_delegate import RankingDelegate
from desktop.views.differential_notices import CantMissStrip, DangerSigns, WaitingFindings
from desktop.views.differential_tabs import DifferentialTabs
from desktop.views.page_header import primary_icon
from desktop.views.result_page import ResultPage
from desktop.words import AGREEMENTS, NOT_A_DECISION, PERCENTAGES, VOICE_AGREEMENTS, VOICES, pick, word
from engine.api import Differential, Hypothesis


class DifferentialPage(ResultPage):
    """Keys: D own diagnosis, Return run, W what would change it, F2 basis, P plan for the selected one, Esc stop."""

    own_diagnosis_given = Signal(str)
    run_requested = Signal()
    plan_requested = Signal(str)
    answer_given = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._differential: Differential | None = None
        self._own: str | None = None
        self._waiting = False
        self.model = RankingModel(self)
        self.danger = DangerSigns()
        self.cant_miss = CantMissStrip()
        self.waiting_findings = WaitingFindings()
        self.commit = CommitPanel()
        self.abstained = AbstainedPanel()
        self.view = QListView()
        self.tabs = DifferentialTabs()
        self.stack = QStackedWidget()
        self._panes = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._standing = QLabel(wordWrap=True)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.run_button, self.own_button, self.plan_button = QPushButton(), QPushButton(), QPushButton()
        self._lay_out()
        self._connect()
        self._show_result()

    def _lay_out(self) -> None:
        theme.set_role(self._empty, "muted")
        theme.set_role(self.plan_button, "primary")
        self.own_button.setIcon(theme.icon("pen-line"))
        self.run_button.setIcon(theme.icon("play"))
        self.plan_button.setIcon(primary_icon("clipboard-list"))
        for button in (self.own_button, self.run_button, self.plan_button):
            self.header.add_button(button)
        self.view.setModel(self.model)
        self.view.setItemDelegate(RankingDelegate(self.model))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        for panel in (self._empty, self.commit, self.abstained, self.view):
            self.stack.addWidget(panel)
        self._panes.addWidget(self.stack)
        self._panes.addWidget(self.tabs)
        self._panes.setSizes([560, 540])
        self._panes.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        for widget in (self.danger, self.cant_miss, self.waiting_findings, self._standing):
            self.add(widget)
        self.add(self._panes, 1)

    def _connect(self) -> None:
        self.state.run_requested.connect(self.run_requested)
        self.run_button.clicked.connect(self.run_requested)
        self.own_button.clicked.connect(self.ask_own_diagnosis)
        self.plan_button.clicked.connect(self.ask_for_plan)
        self.commit.own_diagnosis_given.connect(self.own_diagnosis_given)
        self.tabs.questions.answer_given.connect(self.answer_given)
        self.abstained.candidates_requested.connect(self._show_candidates)
        self.cant_miss.chosen.connect(self.select)
        self.view.activated.connect(self.ask_for_plan)
        self.view.selectionModel().currentChanged.connect(self._show_evidence)
        self.bind({"D": self.ask_own_diagnosis, "W": lambda: self.tabs.open(self.tabs.change),
                   "F2": lambda: self.tabs.open(self.tabs.basis), "P": self.ask_for_plan, "Esc": self._stop})

    # ------------------------------------------------------------------------------------------- slots

    def show_case(self, record: CaseRecord) -> None:
        """Start afresh with a case: no result yet."""
        self._differential = None
        self._own = record.own_diagnosis
        self._waiting = False
        self.made_by = Basis()
        self.state.set_stale(False)
        self.state.show_empty()
        self._show_result()

    def show_differential(self, differential: Differential, own: str | None, commit_first: bool) -> None:
        """Show a result. With `commit_first` and no `own` diagnosis, the list waits; danger signs never do."""
        self._differential = differential
        self._own = own
        self._waiting = commit_first and not own
        self.state.set_stale(False)
        self.state.show_ready()
        self._show_result()

    # ------------------------------------------------------------------------------------------- actions

    def ask_own_diagnosis(self) -> None:
        """Open the field for the clinician's own working diagnosis."""
        self.stack.setCurrentWidget(self.commit)
        self.commit.start(self._own or "")

    def ask_for_plan(self) -> None:
        """Ask for the plan of the selected diagnosis."""
        hypothesis = self.selected()
        if hypothesis is not None and self.stack.currentWidget() is self.view:
            self.plan_requested.emit(hypothesis.code)

    def select(self, code: str) -> None:
        """Select a disease of the list, where the list is on the page."""
        row = self.model.row_of(code)
        if row is not None and self.stack.currentWidget() is self.view:
            self.view.setCurrentIndex(self.model.index(row))
            self.tabs.open(self.tabs.evidence)

    def selected(self) -> Hypothesis | None:
        """Return the hypothesis that is selected in the list."""
        return self.model.record(self.view.currentIndex())

    def _stop(self) -> None:
        if self.stack.currentWidget() is self.commit and not self._waiting:
            self._show_stack()
        else:
            self.stop_requested.emit()

    # ------------------------------------------------------------------------------------------- showing

    def _show_result(self) -> None:
        result = self._differential
        self.danger.show_flags(result.red_flags if result is not None else [], result.sources if result else {})
        self.cant_miss.show_entries(result.cant_miss if result is not None else [])
        self.model.set_differential(None if self._waiting else result)
        self.abstained.show_differential(result)
        self.tabs.show_differential(result, waiting=self._waiting)
        self.view.setCurrentIndex(self.model.index(0) if self.model.rowCount() else QModelIndex())
        self._show_evidence(self.view.currentIndex())
        self._show_stack()

    def _show_stack(self) -> None:
        if self._differential is None:
            self.stack.setCurrentWidget(self._empty)
        elif self._waiting:
            self.ask_own_diagnosis()
        else:
            self.stack.setCurrentWidget(self.abstained if self.model.abstained else self.view)
        self.retranslate()

    def _show_candidates(self) -> None:
        self.stack.setCurrentWidget(self.view)
        self.tabs.open(self.tabs.evidence)
        self.view.setFocus()
        self.retranslate()

    def _show_evidence(self, index: QModelIndex) -> None:
        sources = self._differential.sources if self._differential is not None else {}
        self.tabs.evidence.show_hypothesis(self.model.record(index), sources)

    def retranslate(self) -> None:
        """Speak the language in use."""
        language = screen_language()
        self.model.set_language(language)
        self.header.say(
            self.tr("Differential"), f"{pick(NOT_A_DECISION, language)} · {pick(PERCENTAGES, language)}"
        )
        self._empty.setText(self.tr("No differential yet. Press Return to rank the diagnoses for this case."))
        self._standing.setText(self.standing_text())
        self._standing.setVisible(bool(self._standing.text()))
        self.own_button.setText(self.tr("My diagnosis (D)"))
        self.run_button.setText(self.tr("Run (Return)"))
        self.plan_button.setText(self.tr("Plan for the selected one (P)"))
        self.plan_button.setEnabled(self.stack.currentWidget() is self.view and self.selected() is not None)
        self.view.setAccessibleName(self.tr("Candidates without ranking") if self.model.abstained
                                    else self.tr("Ranked diagnoses"))
        self.tabs.retranslate()
        self.tabs.show_basis(self.made_by, self._differential)

    def standing_text(self) -> str:
        """Return agreement, voices and what was not understood in one line."""
        result, language = self._differential, screen_language()
        if result is None or self._waiting:
            return ""
        parts = []
        if self.model.abstained and self.stack.currentWidget() is self.view:
            parts.append(self.tr("Candidates only: Lantern did not rank this case."))
        if self._own and result.agreement is not None:
            parts.append(self.tr("Your diagnosis: {own}. {agreement}.").format(
                own=self._own, agreement=word(AGREEMENTS, result.agreement, language)))
        elif self._own:
            parts.append(self.tr("Your diagnosis: {own}. It could not be compared.").format(own=self._own))
        if result.voices_agree is not None and not self.model.abstained:
            parts.append(word(VOICE_AGREEMENTS, result.voices_agree, language) + self.tr("."))
        if (mute := self.model.mute_voices()) and self.model.rowCount() and not self.model.abstained:
            parts.append(self.tr("No vote from: {names}.").format(
                names=("、" if language == "zh" else ", ").join(word(VOICES, name, language) for name in mute)))
        if result.unrecognised:
            parts.append(self.tr("Not understood: {names}.").format(names=", ".join(result.unrecognised)))
        return " ".join(parts)

    # ------------------------------------------------------------------------------------------- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panes.setOrientation(Qt.Orientation.Horizontal if self.is_wide else Qt.Orientation.Vertical)
        self._panes.setMinimumHeight(self.em_px * (14 if self.is_wide else 26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        else:
            self.run_requested.emit()
