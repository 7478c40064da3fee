"""The Plan page: options table at once, sentences as they pass, alerts, sources, what changed, signing and printing.

The page shows records and says what the user wants; it checks nothing, stores nothing and prints nothing itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.case.record import Role
from desktop.models.changes import PlanChangeModel
from desktop.models.records import screen_language
from desktop.models.sources import SourceModel
from desktop.report.decisions import Decisions, Signature, open_alerts
from desktop.views import plan_markup, theme
from desktop.views.basis import Basis, BasisPanel
from desktop.views.page_header import PageHeader, primary_icon
from desktop.views.plan_alerts import AlertPanel
from desktop.views.plan_options import OptionTable
from desktop.views.plan_override import OverridePanel
from desktop.views.plan_sentences import SentencePanel
from desktop.views.plan_uncovered import UncoveredPanel
from desktop.views.result_state import ResultState
from desktop.views.rich_delegate import rich_list
from desktop.views.sign import SignPanel
from desktop.words import NOT_A_DECISION, pick
from engine.api import Plan, PlanSentence, Versions

SIDE_BY_SIDE_EM = 40
"""A page narrower than this many text heights puts the sentences above the alerts."""
EMPTY, UNCOVERED, COVERED = range(3)
"""The pages of the stack under the header."""


class PlanPage(QWidget):
    """Keys: P build, C alerts, O set an alert aside, F2 basis, Ctrl+Return sign, Ctrl+P print, Esc stop or back."""

    plan_requested = Signal(bool)
    stop_requested = Signal()
    sentence_adopted = Signal(int)
    sentence_edited = Signal(int, str)
    override_given = Signal(str, str)
    sign_requested = Signal()
    print_requested = Signal()
    pdf_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="page")
        self._plan: Plan | None = None
        self._decisions = Decisions()
        self._signature: Signature | None = None
        self._basis = Basis()
        self.state = ResultState()
        self.table = OptionTable()
        self.sentences = SentencePanel()
        self.alerts = AlertPanel()
        self.uncovered = UncoveredPanel()
        self.sign = SignPanel()
        self.override = OverridePanel()
        self.basis = BasisPanel()
        self.source_model = SourceModel(self)
        self.change_model = PlanChangeModel(self)
        self.sources = rich_list(self.source_model, self._source_markup)
        self.changes = rich_list(self.change_model, self._change_markup)
        self.tabs = QTabWidget(documentMode=True)
        self.stack = QStackedWidget()
        self.lower = QStackedWidget()
        self.header = PageHeader()
        self._notes = QLabel(wordWrap=True)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.prose_button = QPushButton()
        self.sign_button = QPushButton()
        self.print_button = QPushButton()
        self.pdf_button = QPushButton()
        self._lay_out()
        self._connect()
        self._refresh()

    # ------------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        theme.set_role(self._empty, "muted")
        theme.set_role(self.sign_button, "primary")
        icons = {self.prose_button: "pen-line", self.sign_button: "signature", self.print_button: "printer",
                 self.pdf_button: "file-text"}
        for button, icon in icons.items():
            button.setIcon(primary_icon(icon) if button is self.sign_button else theme.icon(icon))
        for button in (self.prose_button, self.pdf_button, self.print_button, self.sign_button):
            self.header.add_button(button)
        for panel in (self.alerts, self.sources, self.changes, self.basis):
            self.tabs.addTab(panel, "")
        for panel in (self._empty, self.uncovered, self._body()):
            self.stack.addWidget(panel)
        self.stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout()
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.SPACE_PX)
        for widget in (self.header, self.state, self._notes):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        inside = QWidget(objectName="canvas")
        inside.setLayout(column)
        self._scroll = QScrollArea(widgetResizable=True, focusPolicy=Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._scroll)

    def _body(self) -> QSplitter:
        work = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        work.addWidget(self.sentences)
        work.addWidget(self.tabs)
        work.setSizes([600, 500])
        self.lower.addWidget(work)
        self.lower.addWidget(self.sign)
        self.lower.addWidget(self.override)
        body = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        body.addWidget(self.table)
        body.addWidget(self.lower)
        body.setSizes([260, 280])
        self._work = work
        return body

    def _connect(self) -> None:
        self.state.stop_requested.connect(self.stop_requested)
        self.state.run_requested.connect(lambda: self.plan_requested.emit(False))
        self.prose_button.clicked.connect(lambda: self.plan_requested.emit(True))
        self.sign_button.clicked.connect(self.open_sign)
        self.print_button.clicked.connect(self.print_requested)
        self.pdf_button.clicked.connect(self.pdf_requested)
        self.sentences.adopted.connect(self.sentence_adopted)
        self.sentences.edited.connect(self.sentence_edited)
        self.alerts.override_asked.connect(self._ask_override)
        self.override.given.connect(self.override_given)
        self.override.closed.connect(self.close_panel)
        self.sign.sign_requested.connect(self.sign_requested)
        self.sign.closed.connect(self.close_panel)
        for key, action in (("P", lambda: self.plan_requested.emit(False)), ("C", lambda: self._open(self.alerts)),
                            ("O", self._ask_override), ("F2", lambda: self._open(self.basis)),
                            ("Ctrl+Return", self.open_sign), ("Ctrl+P", self._ask_print), ("Esc", self._back)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # ------------------------------------------------------------------------------------------- slots

    def show_empty(self) -> None:
        """Show that no plan has been asked for in this case."""
        self._plan = None
        self._decisions = Decisions()
        self.state.set_stale(False)
        self.state.show_empty()
        self._show_plan()

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's table at once; decisions start afresh until `show_decisions`."""
        self._plan = plan
        self._decisions = Decisions()
        self.state.set_stale(False)
        self.state.show_ready()
        self._show_plan()

    def add_sentence(self, sentence: PlanSentence) -> None:
        """Show a sentence that has just been written."""
        self.sentences.add_sentence(sentence)

    def show_decisions(self, decisions: Decisions) -> None:
        """Show what the clinician has adopted, reworded and set aside."""
        self._decisions = decisions
        self.sentences.show_decisions(decisions)
        self.alerts.show_decisions(decisions)
        self._show_draft()

    def show_running(self, stage: str) -> None:
        """Say which stage a run has reached; what is on the page stays."""
        self.state.show_running(stage)

    def show_ready(self) -> None:
        """Say that the run has ended well."""
        self.state.show_ready()

    def show_stopped(self) -> None:
        """Say that the user stopped the run; what had arrived is kept."""
        self.state.show_stopped()

    def show_failed(self, code: str) -> None:
        """Say why a run failed."""
        self.state.show_failed(code)

    def show_versions(self, versions: Versions, made_at: str) -> None:
        """Show in the basis which versions made the plan, and when (local ISO time)."""
        self._basis = Basis(versions, made_at)
        self._refresh()

    def show_signer(self, name: str, role: Role) -> None:
        """Say who uses Lantern now."""
        self.sign.show_signer(name, role)

    def show_signature(self, signature: Signature | None) -> None:
        """Say that the plan is signed, or that it is a draft again."""
        self._signature = signature
        self.sign.show_signature(signature)
        self._refresh()

    def set_stale(self, stale: bool) -> None:
        """Mark the plan as older than the case."""
        self.state.set_stale(stale)
        self._refresh()

    # ------------------------------------------------------------------------------------------- actions

    def open_sign(self) -> None:
        """Show what a signature changes; from there, the same key signs."""
        if self._plan is None or not self._plan.covered:
            return
        if self.lower.currentWidget() is self.sign:
            self.sign.confirm()
            return
        self._show_draft()
        self.lower.setCurrentWidget(self.sign)
        self.sign.focus_first()
        self._scroll.ensureWidgetVisible(self.lower)

    def close_panel(self) -> None:
        """Go back from signing or from an override to the sentences."""
        self.lower.setCurrentIndex(0)
        self.sentences.view.setFocus()

    def _back(self) -> None:
        if self.sentences.editor.isVisible():
            self.sentences.close_editor()
        elif self.lower.currentIndex() > 0:
            self.close_panel()
        else:
            self.stop_requested.emit()

    def _ask_print(self) -> None:
        if self.print_button.isEnabled():
            self.print_requested.emit()

    def _ask_override(self) -> None:
        alert = self.alerts.current()
        if alert is not None and self.stack.currentIndex() == COVERED:
            self.override.ask(alert)
            self.lower.setCurrentWidget(self.override)
            self.override.focus_first()
            self._scroll.ensureWidgetVisible(self.lower)

    def _open(self, panel: QWidget) -> None:
        self.lower.setCurrentIndex(0)
        self.tabs.setCurrentWidget(panel)
        target = self.alerts.view if panel is self.alerts else panel
        target.setFocus()

    # ------------------------------------------------------------------------------------------- showing

    def _show_plan(self) -> None:
        plan = self._plan
        self.table.show_plan(plan)
        self.sentences.show_plan(plan, self._decisions)
        self.alerts.show_check(plan.check if plan is not None else None, self._decisions)
        self.source_model.set_sources(plan.sources if plan is not None else {})
        self.change_model.set_records(plan.changes if plan is not None else ())
        self.uncovered.show_plan(plan)
        self.stack.setCurrentIndex(EMPTY if plan is None else COVERED if plan.covered else UNCOVERED)
        self.lower.setCurrentIndex(0)
        self._show_draft()
        self._refresh()

    def _show_draft(self) -> None:
        if self._plan is not None:
            self.sign.show_draft(self._plan, self._decisions, len(open_alerts(self._plan, self._decisions)))

    def _refresh(self) -> None:
        language, plan = screen_language(), self._plan
        self.source_model.set_language(language)
        self.change_model.set_language(language)
        name = pick(plan.display_diagnosis, language) if plan is not None else ""
        title = self.tr("Plan for {diagnosis}").format(diagnosis=name) if name else self.tr("Plan")
        self.header.say(title, f"{self._standing()} · {pick(NOT_A_DECISION, language)}")
        self._empty.setText(self.tr("No plan yet. Choose a diagnosis on the Differential page and press P."))
        self._notes.setText(" ".join(pick(note, language) for note in plan.notes) if plan is not None else "")
        self._notes.setVisible(bool(self._notes.text()))
        self._refresh_buttons()
        self._refresh_tabs()
        self._show_draft()

    def _standing(self) -> str:
        if self._signature is None:
            return self.tr("Draft, not signed")
        return self.tr("Signed by {name}, {time}").format(
            name=self._signature.name, time=self._signature.signed_at.replace("T", " "))

    def _refresh_buttons(self) -> None:
        there = self._plan is not None
        self.prose_button.setText(self.tr("Write it out"))
        self.sign_button.setText(self.tr("Sign (Ctrl+Return)"))
        self.print_button.setText(self.tr("Print (Ctrl+P)"))
        self.pdf_button.setText(self.tr("PDF"))
        for button in (self.prose_button, self.print_button, self.pdf_button):
            button.setEnabled(there)
        self.sign_button.setEnabled(self._plan is not None and self._plan.covered)

    def _refresh_tabs(self) -> None:
        names = {self.alerts: self.tr("Alerts (C)"), self.sources: self.tr("Sources"),
                 self.changes: self.tr("Changes"), self.basis: self.tr("Basis (F2)")}
        for panel, name in names.items():
            self.tabs.setTabText(self.tabs.indexOf(panel), name)
        self.sources.setAccessibleName(self.tr("Sources"))
        self.changes.setAccessibleName(self.tr("Changes against the previous plan"))
        self.tabs.setTabVisible(self.tabs.indexOf(self.changes), self.change_model.rowCount() > 0)
        rows = tuple(self._plan.knowledge_rows) if self._plan is not None else ()
        self.basis.show_basis(Basis(self._basis.versions, self._basis.made_at, rows=rows))

    def _source_markup(self, index: object) -> str:
        source = self.source_model.record(index)  # type: ignore[arg-type]
        return "" if source is None else plan_markup.source(source)

    def _change_markup(self, index: object) -> str:
        change = self.change_model.record(index)  # type: ignore[arg-type]
        return "" if change is None else plan_markup.change(change)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        wide = self.width() >= em * SIDE_BY_SIDE_EM
        self._work.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        table_em, lower_em = (7, 14) if wide else (11, 22)
        self.table.setMinimumHeight(em * table_em)
        self.lower.setMinimumHeight(em * lower_em)
        self.stack.setMinimumHeight(em * (table_em + lower_em) + theme.SPACE_PX)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()
        super().changeEvent(event)
