"""The Differential page: what must not wait, the clinician's own diagnosis first, then the ranked and explained list.

The page shows records and says what the user wants; it ranks nothing, stores nothing and asks no engine.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QListView,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.case.record import CaseRecord
from desktop.models.ranking import RankingModel
from desktop.models.records import screen_language
from desktop.views import theme
from desktop.views.basis import Basis, BasisPanel
from desktop.views.differential_abstained import AbstainedPanel
from desktop.views.differential_change import ChangePanel
from desktop.views.differential_commit import CommitPanel
from desktop.views.differential_delegate import RankingDelegate
from desktop.views.differential_notices import CantMissStrip, DangerSigns
from desktop.views.differential_questions import QuestionPanel
from desktop.views.evidence import EvidencePanel
from desktop.views.page_header import PageHeader, primary_icon
from desktop.views.result_state import ResultState
from desktop.words import AGREEMENTS, NOT_A_DECISION, VOICE_AGREEMENTS, pick, word
from engine.api import Differential, Hypothesis, Versions

SIDE_BY_SIDE_EM = 40
"""A page narrower than this many text heights puts the list above its explanation."""


class DifferentialPage(QWidget):
    """Keys: D own diagnosis, Return run, W what would change it, F2 basis, P plan for the selected one, Esc stop."""

    own_diagnosis_given = Signal(str)
    run_requested = Signal()
    stop_requested = Signal()
    plan_requested = Signal(str)
    answer_given = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="page", focusPolicy=Qt.FocusPolicy.StrongFocus)
        self._differential: Differential | None = None
        self._own: str | None = None
        self._waiting = False
        self._basis = Basis()
        self.model = RankingModel(self)
        self.state = ResultState()
        self.danger = DangerSigns()
        self.cant_miss = CantMissStrip()
        self.commit = CommitPanel()
        self.abstained = AbstainedPanel()
        self.view = QListView()
        self.evidence = EvidencePanel()
        self.questions = QuestionPanel()
        self.change = ChangePanel()
        self.basis = BasisPanel()
        self.tabs = QTabWidget(documentMode=True)
        self.stack = QStackedWidget()
        self.header = PageHeader()
        self._standing = QLabel(wordWrap=True)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.run_button = QPushButton()
        self.own_button = QPushButton()
        self.plan_button = QPushButton()
        self._lay_out()
        self._connect()
        self._refresh()

    # ------------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        theme.set_role(self._empty, "muted")
        theme.set_role(self.plan_button, "primary")
        icons = {self.run_button: "play", self.own_button: "pen-line", self.plan_button: "clipboard-list"}
        for button, icon in icons.items():
            button.setIcon(primary_icon(icon) if button is self.plan_button else theme.icon(icon))
        for button in (self.own_button, self.run_button, self.plan_button):
            self.header.add_button(button)
        self._lay_out_list()
        column = QVBoxLayout()
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.SPACE_PX)
        for widget in (self.header, self.state, self.danger, self.cant_miss, self._standing):
            column.addWidget(widget)
        column.addWidget(self._body(), 1)
        inside = QWidget(objectName="canvas")
        inside.setLayout(column)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def _lay_out_list(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(RankingDelegate(self.model))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        for panel in (self._empty, self.commit, self.abstained, self.view):
            self.stack.addWidget(panel)
        for panel in (self.evidence, self.questions, self.change, self.basis):
            self.tabs.addTab(panel, "")

    def _body(self) -> QSplitter:
        body = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        body.addWidget(self.stack)
        body.addWidget(self.tabs)
        body.setStretchFactor(0, 1)
        body.setStretchFactor(1, 1)
        body.setSizes([560, 540])
        body.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._panes = body
        return body

    def _connect(self) -> None:
        self.state.stop_requested.connect(self.stop_requested)
        self.state.run_requested.connect(self.run_requested)
        self.run_button.clicked.connect(self.run_requested)
        self.own_button.clicked.connect(self.ask_own_diagnosis)
        self.plan_button.clicked.connect(self.ask_for_plan)
        self.commit.own_diagnosis_given.connect(self.own_diagnosis_given)
        self.questions.answer_given.connect(self.answer_given)
        self.abstained.candidates_requested.connect(self._show_candidates)
        self.cant_miss.chosen.connect(self.select)
        self.view.activated.connect(self.ask_for_plan)
        self.view.selectionModel().currentChanged.connect(self._show_evidence)
        for key, action in (("D", self.ask_own_diagnosis), ("W", lambda: self._open_tab(self.change)),
                            ("F2", lambda: self._open_tab(self.basis)), ("P", self.ask_for_plan),
                            ("Esc", self._stop)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # ------------------------------------------------------------------------------------------- slots

    def show_case(self, record: CaseRecord) -> None:
        """Start afresh with a case: no result yet."""
        self._differential = None
        self._own = record.own_diagnosis
        self._waiting = False
        self._basis = Basis()
        self.state.set_stale(False)
        self.state.show_empty()
        self._show_result()

    def show_running(self, stage: str) -> None:
        """Say which stage a run has reached; an earlier result stays on the page."""
        self.state.show_running(stage)
        self._refresh()

    def show_differential(self, differential: Differential, own: str | None, commit_first: bool) -> None:
        """Show a result. With `commit_first` and no `own` diagnosis, the list waits; danger signs never do."""
        self._differential = differential
        self._own = own
        self._waiting = commit_first and not own
        self.state.set_stale(False)
        self.state.show_ready()
        self._show_result()

    def show_versions(self, versions: Versions, made_at: str) -> None:
        """Show in the basis which versions made the result, and when (local ISO time)."""
        self._basis = Basis(versions, made_at)
        self._refresh()

    def show_stopped(self) -> None:
        """Say that the user stopped the run."""
        self.state.show_stopped()
        self._refresh()

    def show_failed(self, code: str) -> None:
        """Say why a run failed."""
        self.state.show_failed(code)
        self._refresh()

    def set_stale(self, stale: bool) -> None:
        """Mark the result as older than the case."""
        self.state.set_stale(stale)
        self._refresh()

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
            self._open_tab(self.evidence)

    def selected(self) -> Hypothesis | None:
        """Return the hypothesis that is selected in the list."""
        return self.model.record(self.view.currentIndex())

    def _stop(self) -> None:
        if self.stack.currentWidget() is self.commit and not self._waiting and self._differential is not None:
            self._show_list()
        else:
            self.stop_requested.emit()

    def _open_tab(self, panel: QWidget) -> None:
        if self.tabs.isTabEnabled(self.tabs.indexOf(panel)):
            self.tabs.setCurrentWidget(panel)

    # ------------------------------------------------------------------------------------------- showing

    def _show_result(self) -> None:
        result = self._differential
        self.danger.show_flags(result.red_flags if result is not None else [])
        self.cant_miss.show_entries(result.cant_miss if result is not None else [])
        self.model.set_differential(None if self._waiting else result)
        self.abstained.show_differential(result)
        self.questions.show_questions(result, with_effects=not self._waiting)
        self.change.show_differential(None if self._waiting else result)
        self._show_list()
        self.view.setCurrentIndex(self.model.index(0) if self.model.rowCount() else QModelIndex())
        self._show_evidence(self.view.currentIndex())
        self._refresh()

    def _show_list(self) -> None:
        if self._differential is None:
            self.stack.setCurrentWidget(self._empty)
        elif self._waiting:
            self.stack.setCurrentWidget(self.commit)
            self.commit.start()
        elif self.model.abstained:
            self.stack.setCurrentWidget(self.abstained)
        else:
            self.stack.setCurrentWidget(self.view)
        self.tabs.setVisible(self._differential is not None)
        ready = self._differential is not None and not self._waiting
        for panel in (self.evidence, self.change, self.basis):
            self.tabs.setTabEnabled(self.tabs.indexOf(panel), ready)
        self.tabs.setCurrentWidget(self.evidence if ready and not self.model.abstained else self.questions)

    def _show_candidates(self) -> None:
        self.stack.setCurrentWidget(self.view)
        self._open_tab(self.evidence)
        self.view.setFocus()
        self._refresh()

    def _show_evidence(self, index: QModelIndex) -> None:
        self.evidence.show_hypothesis(self.model.record(index))

    def _refresh(self) -> None:
        language = screen_language()
        self.model.set_language(language)
        self.header.say(self.tr("Differential"), pick(NOT_A_DECISION, language))
        self._empty.setText(self.tr("No differential yet. Press Return to rank the diagnoses for this case."))
        self._standing.setText(self.standing_text())
        self._standing.setVisible(bool(self._standing.text()))
        self.own_button.setText(self.tr("My diagnosis (D)"))
        self.run_button.setText(self.tr("Run (Return)"))
        self.plan_button.setText(self.tr("Plan for the selected one (P)"))
        self.plan_button.setEnabled(self.stack.currentWidget() is self.view and self.selected() is not None)
        self.view.setAccessibleName(self.tr("Candidates without ranking") if self.model.abstained
                                    else self.tr("Ranked diagnoses"))
        for panel, text in ((self.evidence, self.tr("For and against")), (self.questions, self.tr("Next question")),
                            (self.change, self.tr("What if (W)")), (self.basis, self.tr("Basis (F2)"))):
            self.tabs.setTabText(self.tabs.indexOf(panel), text)
        self._show_basis()

    def _show_basis(self) -> None:
        result = self._differential
        if result is None:
            self.basis.show_basis(self._basis)
            return
        self.basis.show_basis(Basis(self._basis.versions, self._basis.made_at, tuple(result.missing),
                                    tuple(result.unrecognised), tuple(result.knowledge_rows)))

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
        if result.unrecognised:
            parts.append(self.tr("Not understood: {names}.").format(names=", ".join(result.unrecognised)))
        return " ".join(parts)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        wide = self.width() >= em * SIDE_BY_SIDE_EM
        self._panes.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self._panes.setMinimumHeight(em * (14 if wide else 26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            else:
                self.run_requested.emit()
        else:
            super().keyPressEvent(event)
