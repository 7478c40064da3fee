"""The Plan page: options table at once, sentences as they pass, alerts, sources, what changed, signing and printing.

The page shows records and says what the user wants; it checks nothing, stores nothing and prints nothing itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QSplitter, QStackedWidget, QWidget

from desktop.case.record import Role
from desktop.models.records import screen_language
from desktop.report.decisions import Decisions, Signature
from desktop.views import theme
from desktop.views.page_header import primary_icon
from desktop.views.plan_handout import HandoutPanel
from desktop.views.plan_options import OptionTable
from desktop.views.plan_override import OverridePanel
from desktop.views.plan_sentences import SentencePanel
from desktop.views.plan_tabs import PlanTabs
from desktop.views.plan_uncovered import UncoveredPanel
from desktop.views.result_page import ResultPage
from desktop.views.sign import SignPanel
from desktop.words import NOT_A_DECISION, pick, readable_time
from engine.api import Plan, PlanSentence

EMPTY, UNCOVERED, COVERED = range(3)
"""The pages of the stack under the header."""
MIN_EM_WIDE = (7, 14)
MIN_EM_NARROW = (11, 22)
"""Least heights of the table and of what stands below it, in heights of text."""


class PlanPage(ResultPage):
    """Keys: P build, C alerts, O set an alert aside, F2 basis, H the patient's sheet, Ctrl+Return sign, Ctrl+P print,
    Esc stop or back."""

    plan_requested = Signal(bool)
    sentence_adopted = Signal(int)
    sentence_edited = Signal(int, str)
    override_given = Signal(str, str)
    sign_requested = Signal()
    print_requested = Signal()
    pdf_requested = Signal()
    handout_requested = Signal(object)
    """desktop.views.plan_handout.HandoutWish."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._decisions = Decisions()
        self._signature: Signature | None = None
        self._signing = False
        self.table = OptionTable()
        self.sentences = SentencePanel()
        self.tabs = PlanTabs()
        self.uncovered = UncoveredPanel()
        self.sign = SignPanel()
        self.override = OverridePanel()
        self.handout = HandoutPanel()
        self.stack, self.lower = QStackedWidget(), QStackedWidget()
        self._work = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._notes = QLabel(wordWrap=True)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.prose_button, self.sign_button = QPushButton(), QPushButton()
        self.print_button, self.pdf_button, self.handout_button = QPushButton(), QPushButton(), QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        theme.set_role(self._empty, "muted")
        theme.set_role(self.sign_button, "primary")
        self.prose_button.setIcon(theme.icon("pen-line"))
        self.pdf_button.setIcon(theme.icon("file-text"))
        self.print_button.setIcon(theme.icon("printer"))
        self.handout_button.setIcon(theme.icon("file-text"))
        self.sign_button.setIcon(primary_icon("signature"))
        for button in (self.prose_button, self.handout_button, self.pdf_button, self.print_button, self.sign_button):
            self.header.add_button(button)
        self._work.addWidget(self.sentences)
        self._work.addWidget(self.tabs)
        self._work.setSizes([600, 500])
        for panel in (self._work, self.sign, self.override, self.handout):
            self.lower.addWidget(panel)
        body = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        body.addWidget(self.table)
        body.addWidget(self.lower)
        body.setSizes([260, 280])
        for panel in (self._empty, self.uncovered, body):
            self.stack.addWidget(panel)
        self.stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.add(self._notes)
        self.add(self.stack, 1)

    def _connect(self) -> None:
        self.state.run_requested.connect(lambda: self.plan_requested.emit(False))
        self.prose_button.clicked.connect(lambda: self.plan_requested.emit(True))
        self.sign_button.clicked.connect(self.open_sign)
        self.print_button.clicked.connect(self.print_requested)
        self.pdf_button.clicked.connect(self.pdf_requested)
        self.handout_button.clicked.connect(self.open_handout)
        self.handout.wished.connect(self.handout_requested)
        self.handout.closed.connect(self.close_panel)
        self.sentences.adopted.connect(self.sentence_adopted)
        self.sentences.edited.connect(self.sentence_edited)
        self.tabs.alerts.override_asked.connect(self.open_override)
        self.override.given.connect(self.override_given)
        self.override.closed.connect(self.close_panel)
        self.sign.sign_requested.connect(self.sign_requested)
        self.sign.closed.connect(self.close_panel)
        self.sign.override_asked.connect(self.open_override)
        self.bind({"P": lambda: self.plan_requested.emit(False), "C": lambda: self._open(self.tabs.alerts),
                   "O": self.open_override, "H": self.open_handout, "F2": lambda: self._open(self.tabs.basis),
                   "Ctrl+Return": self.open_sign, "Ctrl+P": self._ask_print, "Esc": self._back})

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
        self.tabs.alerts.show_decisions(decisions)
        self._show_draft()

    def show_signer(self, name: str, role: Role) -> None:
        """Say who uses Lantern now."""
        self.sign.show_signer(name, role)

    def show_signature(self, signature: Signature | None) -> None:
        """Say that the plan is signed, or that it is a draft again."""
        self._signature = signature
        self.sign.show_signature(signature)
        self.retranslate()

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
        self.scroll_to(self.lower)

    def open_override(self) -> None:
        """Ask why the selected alert is set aside: the one on the sign panel where that is open."""
        self._signing = self.lower.currentWidget() is self.sign
        alert = self.sign.current_alert() if self._signing else self.tabs.alerts.current()
        if alert is not None and self.stack.currentIndex() == COVERED:
            self.override.ask(alert)
            self.lower.setCurrentWidget(self.override)
            self.override.focus_first()
            self.scroll_to(self.lower)

    def open_handout(self) -> None:
        """Ask what goes on the patient's sheet."""
        if self.handout_button.isEnabled():
            self.lower.setCurrentWidget(self.handout)
            self.handout.focus_first()
            self.scroll_to(self.lower)

    def close_panel(self) -> None:
        """Go back to the sentences; from an override that was opened while signing, to the signing."""
        if self._signing and self.lower.currentWidget() is self.override:
            self._signing = False
            self.open_sign()
            return
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

    def _open(self, panel: QWidget) -> None:
        self.lower.setCurrentIndex(0)
        self.tabs.setCurrentWidget(panel)
        (self.tabs.alerts.view if panel is self.tabs.alerts else panel).setFocus()

    # ------------------------------------------------------------------------------------------- showing

    def _show_plan(self) -> None:
        plan = self._plan
        self.table.show_plan(plan)
        self.sentences.show_plan(plan, self._decisions)
        self.tabs.show_plan(plan, self._decisions)
        self.uncovered.show_plan(plan)
        self.handout.show_plan(plan)
        self.stack.setCurrentIndex(EMPTY if plan is None else COVERED if plan.covered else UNCOVERED)
        self.lower.setCurrentIndex(0)
        self.retranslate()

    def _show_draft(self) -> None:
        if self._plan is not None:
            self.sign.show_draft(self._plan, self._decisions)

    def retranslate(self) -> None:
        """Speak the language in use."""
        language, plan = screen_language(), self._plan
        name = pick(plan.display_diagnosis, language) if plan is not None else ""
        title = self.tr("Plan for {diagnosis}").format(diagnosis=name) if name else self.tr("Plan")
        self.header.say(title, f"{self._standing()} · {pick(NOT_A_DECISION, language)}")
        self._empty.setText(self.tr("No plan yet. Choose a diagnosis on the Differential page and press P."))
        self._notes.setText(" ".join(pick(note, language) for note in plan.notes) if plan is not None else "")
        self._notes.setVisible(bool(self._notes.text()))
        self._name_buttons()
        self.tabs.retranslate()
        self.tabs.show_basis(self.made_by)
        self._show_draft()

    def _name_buttons(self) -> None:
        self.prose_button.setText(self.tr("Write it out"))
        self.sign_button.setText(self.tr("Sign (Ctrl+Return)"))
        self.print_button.setText(self.tr("Print (Ctrl+P)"))
        self.pdf_button.setText(self.tr("PDF"))
        self.handout_button.setText(self.tr("For the patient (H)"))
        for button in (self.prose_button, self.print_button, self.pdf_button):
            button.setEnabled(self._plan is not None)
        self.sign_button.setEnabled(self._plan is not None and self._plan.covered)
        self.handout_button.setEnabled(self.sign_button.isEnabled())

    def _standing(self) -> str:
        if self._signature is None:
            return self.tr("Draft, not signed")
        return self.tr("Signed by {name}, {time}").format(
            name=self._signature.name, time=readable_time(self._signature.signed_at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._work.setOrientation(Qt.Orientation.Horizontal if self.is_wide else Qt.Orientation.Vertical)
        table_em, lower_em = MIN_EM_WIDE if self.is_wide else MIN_EM_NARROW
        self.table.setMinimumHeight(self.em_px * table_em)
        self.lower.setMinimumHeight(self.em_px * lower_em)
        self.stack.setMinimumHeight(self.em_px * (table_em + lower_em) + theme.SPACE_PX)
