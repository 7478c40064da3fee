"""The case page: the story with its chips on the left, the form on the right, and the way on to the differential."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from desktop.case.record import CaseFinding, CaseRecord, FindingState
from desktop.case.suggestions import chips, confirmed_state, waiting
from desktop.case.validate import age_of, refusal_of
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.card import Card
from desktop.views.case_form import CaseForm
from desktop.views.case_problems import ShownProblem, shown_problems
from desktop.views.chips import ChipsView
from desktop.views.reading_lines import ReadingLines
from desktop.views.story import StoryEdit

TYPING_PAUSE_MS = 150
SIDES = (430, 700)
"""Shares of the width that story and form begin with."""


class CasePage(QWidget):
    """Shows one record and says what the clinician changed; it saves nothing and runs nothing itself."""

    edited = Signal(object)
    finding_decided = Signal(object, object)
    finding_typed = Signal(str)
    run_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._base = CaseRecord()
        self._findings: tuple[CaseFinding, ...] = ()
        self.banner = Banner()
        self.story = StoryEdit()
        self.chips = ChipsView()
        self.form = CaseForm()
        self.reading = ReadingLines(lambda: self.form.lists["medications"].items())
        self.waiting_line = QLabel(wordWrap=True)
        self.confirm_button = QPushButton(icon=theme.icon("check", "accent"))
        self.finding_edit = QLineEdit()
        self.run_button = QPushButton(icon=theme.icon("play", "on_accent"))
        self._title, self._saved = QLabel(), QLabel()
        self._story_card, self._chips_card = Card(), Card()
        self._chips_hint, self._text_problem = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._loading = False
        self._pending = False
        self._is_saved: bool | None = None
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for widget, role in ((self._title, "title"), (self._saved, "muted"), (self.run_button, "primary"),
                             (self._chips_hint, "small"), (self._text_problem, "problem")):
            theme.set_role(widget, role)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._saved)
        head.addSpacing(theme.SPACE_PX * 2)
        head.addWidget(self.run_button)
        self.finding_edit.addAction(theme.icon("plus", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._story_card.body.addWidget(self.story, 1)
        self._story_card.body.addWidget(self._text_problem)
        self._story_card.body.addWidget(self.reading)
        for part in (self.chips, self.waiting_line, self.confirm_button, self._chips_hint, self.finding_edit):
            self._chips_card.body.addWidget(part)
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.setHandleWidth(theme.SPACE_PX * 2)
        split.addWidget(self._left())
        self._form_area = _scrolled(self.form)
        split.addWidget(self._form_area)
        split.setSizes([SIDES[0], SIDES[1]])
        split.setStretchFactor(0, SIDES[0])
        split.setStretchFactor(1, SIDES[1])
        page = QVBoxLayout(self)
        edge = theme.SPACE_PX * 2
        page.setContentsMargins(edge, edge, theme.SPACE_PX * 2, theme.SPACE_PX * 2)
        page.setSpacing(theme.SPACE_PX * 2)
        page.addLayout(head)
        page.addWidget(self.banner)
        page.addWidget(split, 1)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX + theme.SPACE_PX // 2)
        column.addWidget(self._story_card, 1)
        column.addWidget(self._chips_card)
        return _scrolled(left)

    def _connect(self) -> None:
        self.story.textChanged.connect(self._typed)
        self.form.edited.connect(self._typed)
        self._pause.timeout.connect(self.flush)
        self.chips.decided.connect(self.finding_decided)
        self.chips.chip_chosen.connect(self.story.choose)
        self.story.place_chosen.connect(self.chips.choose_at)
        self.chips.all_confirmed.connect(self.confirm_all)
        self.confirm_button.clicked.connect(self.confirm_all)
        self.finding_edit.returnPressed.connect(self._add_finding)
        self.reading.taken.connect(self.form.lists["medications"].add)
        self.form.edited.connect(self.reading.refresh)
        self.run_button.clicked.connect(self.ask_run)

    def show_case(self, record: CaseRecord) -> None:
        """Show `record` from the start."""
        self._pause.stop()
        self._loading = True
        self._base = record
        self.story.show_text(record.text)
        self.form.show_record(record)
        self._loading = False
        self.banner.clear()
        self.reading.forget()
        self.show_findings(record.findings)
        self._show_problems(record)
        self.story.setFocus()

    def show_findings(self, findings: tuple[CaseFinding, ...]) -> None:
        """Show the findings of the record, as chips and as marks in the text."""
        self._findings = findings
        self.chips.show_findings(findings)
        self.story.mark(chips(findings))
        self._chips_hint.setText(self._hint(bool(findings)))
        self._show_waiting()

    def confirm_all(self) -> None:
        """Confirm every undecided finding as it was read: present as present, absent as absent."""
        open_chips = waiting(self._findings)
        for state in (FindingState.CONFIRMED, FindingState.DENIED):
            ids = tuple(name for chip in open_chips if confirmed_state(chip) is state for name in chip.ids)
            if ids:
                self.finding_decided.emit(ids, state)

    def add_medication(self) -> None:
        """Put the keyboard where a medication is typed."""
        self.form.focus_field("medications")
        rows = self.form.lists["medications"]
        if not rows.rows:
            rows.add_empty()
        QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        """Scroll the form to where the keyboard is."""
        if (focused := self.form.focusWidget()) is not None:
            self._form_area.ensureWidgetVisible(focused)

    def _show_waiting(self) -> None:
        count = len(waiting(self._findings))
        self.waiting_line.setText(self.tr("%n finding(s) not confirmed yet: not counted.", "", count))
        self.waiting_line.setVisible(count > 0)
        self.confirm_button.setVisible(count > 0)

    def show_saved(self, saved: bool) -> None:
        """Say whether what is on the screen is kept as a draft."""
        self._is_saved = saved
        if saved and self.banner.code == "disk_full":
            self.banner.clear()
        self._saved.setText(self.tr("Draft kept") if saved else self.tr("Keeping…"))

    def show_failed(self, code: str) -> None:
        """Say why something did not work; everything typed stays."""
        self.banner.show_code(code)

    def record(self) -> CaseRecord:
        """Return the case as it stands on the screen."""
        return self.form.record(replace(self._base, text=self.story.toPlainText()))

    def flush(self) -> None:
        """Hand out what was typed since the last pause, if anything was."""
        if self._pending:
            self._pending = False
            self._pause.stop()
            record = self.record()
            self._show_problems(record)
            self.edited.emit(record)

    def ask_run(self) -> None:
        """Ask for a run, unless a field holds something impossible: then go to that field."""
        self.flush()
        stopping = [name for name, problem in self._show_problems(self.record()).items() if problem.stops]
        if stopping:
            self.banner.show_code(refusal_of(self.record(), date.today()) or "out_of_range")
            self.form.focus_field(stopping[0])
            self._show_focus()
            return
        self.banner.clear()
        self.run_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._may_run_from(event.modifiers()):
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.confirm_all if is_shifted else self.ask_run)()
            return
        super().keyPressEvent(event)

    def _may_run_from(self, modifiers: Qt.KeyboardModifier) -> bool:
        """Enter runs from any field of the form, and with Ctrl from everywhere; the field that adds keeps its own."""
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return True
        return isinstance(self.focusWidget(), QLineEdit) and self.focusWidget() is not self.finding_edit

    def _typed(self) -> None:
        if not self._loading:
            self._pending = True
            self._pause.start()

    def _add_finding(self) -> None:
        typed = self.finding_edit.text().strip()
        if typed:
            self.finding_edit.clear()
            self.finding_typed.emit(typed)

    def _show_problems(self, record: CaseRecord) -> dict[str, ShownProblem]:
        unreadable = ShownProblem(self.tr("Not a number."), stops=True)
        found = shown_problems(record, date.today()) | dict.fromkeys(self.form.unreadable(), unreadable)
        self.form.show_age(age_of(record))
        self.form.show_problems({name: problem.text for name, problem in found.items()})
        self._text_problem.setText(found["text"].text if "text" in found else "")
        self._text_problem.setVisible("text" in found)
        return found

    def _hint(self, any_finding: bool) -> str:
        if any_finding:
            return self.tr("Enter confirms · Ctrl+Shift+Enter confirms all · F turns present/absent · Delete rejects")
        return self.tr("Findings that Lantern reads in the text appear here for you to confirm.")

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._title.setText(self.tr("Case"))
        self._story_card.title.setText(self.tr("What the patient tells"))
        self._chips_card.title.setText(self.tr("Findings"))
        self.story.setAccessibleName(self.tr("What the patient tells"))
        self.story.setPlaceholderText(self.tr("Complaint, onset, course, examination, in English or Chinese or both."))
        self.chips.setAccessibleName(self.tr("Findings"))
        self.finding_edit.setPlaceholderText(self.tr("Add a finding and press Enter"))
        self.finding_edit.setAccessibleName(self.tr("Add a finding"))
        self.run_button.setText(self.tr("Run differential"))
        self.run_button.setToolTip(self.tr("Enter in a field, or Ctrl+Enter"))
        self._chips_hint.setText(self._hint(self.chips.chips.rowCount() > 0))
        self.confirm_button.setText(self.tr("Confirm all as read"))
        self.confirm_button.setToolTip(self.tr("Ctrl+Shift+Enter from anywhere on this page"))
        self._show_waiting()
        self.reading.retranslate()
        if self._is_saved is not None:
            self.show_saved(self._is_saved)
        self.chips.show_findings(self._findings)
        self._show_problems(self.record())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _scrolled(content: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    content.setObjectName("canvas")
    area.setWidget(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
