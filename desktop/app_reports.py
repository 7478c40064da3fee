"""The report of the open case: gathers what it says, writes the PDF in the pool, prints. Part of the wiring place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from desktop.consultation import Consultation, Ranking
from desktop.errors import DesktopError
from desktop.i18n import language
from desktop.kept_run import RunEnding
from desktop.opened_case import OpenedCase, Staleness
from desktop.paths import make_private_folder, narrow_file
from desktop.plan_decisions import PlanDecisions
from desktop.report.blocks import Report
from desktop.report.content import ReportInput, build_report
from desktop.report.handout import HandoutInput, build_handout
from desktop.report.render import PageSize, print_to, write_pdf
from desktop.settings import Settings
from desktop.tasks import Tasks, code_of
from desktop.views.messages import report_saved
from desktop.views.plan_handout import HandoutWish
from desktop.views.shell import ShellWindow
from engine import __version__, api

_NO_VERSIONS = api.Versions(__version__, "", {})


@dataclass(frozen=True, slots=True)
class Basis:
    """What the latest runs of the open case gave."""

    differential: api.Differential | None = None
    versions: api.Versions = _NO_VERSIONS
    stale: bool = False


class Reports(QObject):
    """Follows the consultation, so that a report can be made at any moment."""

    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, tasks: Tasks, consultation: Consultation, decisions: PlanDecisions, folder: Path,
                 settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._consultation, self._decisions = tasks, consultation, decisions
        self._folder, self._page_size = folder, PageSize(settings.page_size)
        self._basis = Basis()
        consultation.opened.connect(self._opened)
        consultation.ranked.connect(self._ranked)
        consultation.run_ended.connect(self._ended)
        consultation.staleness_changed.connect(self._aged)

    def report(self) -> Report | None:
        """Return the report as the case stands, in the language of the screen; None when no case is open."""
        record = self._consultation.record
        if record is None:
            return None
        given = ReportInput(record, self._basis.versions, datetime.now().isoformat(timespec="seconds"),
                            self._basis.differential, self._decisions.plan, record.own_diagnosis,
                            self._decisions.decisions, self._decisions.signature, self._basis.stale)
        return build_report(given, "zh" if language() == "zh" else "en")

    def save_pdf(self) -> None:
        """Write the report into the reports folder; its file name holds no patient data."""
        report, record = self.report(), self._consultation.record
        if report is None or record is None:
            return
        path = self._folder / f"{record.visit_date or 'undated'}-{record.id[:8]}-{datetime.now():%H%M%S}.pdf"
        self._tasks.in_pool(lambda: _write(report, path, self._page_size), self.saved.emit, self.failed.emit)

    def print(self, window: ShellWindow) -> None:
        """Print the report in the system's own print window."""
        report = self.report()
        if report is not None:
            self._print(report, window)

    def _print(self, report: Report, window: ShellWindow) -> None:
        printer = QPrinter()
        if not QPrintDialog(printer, window).exec():
            return
        try:
            print_to(report, printer)
        except DesktopError as error:
            self.failed.emit(code_of(error))

    def handout(self, wish: HandoutWish) -> Report | None:
        """Return the patient's sheet with what was chosen, in the language of the screen; None without a plan."""
        record, plan = self._consultation.record, self._decisions.plan
        if record is None or plan is None:
            return None
        given = HandoutInput(record, plan, wish.chosen, datetime.now().isoformat(timespec="seconds"),
                             self._decisions.decisions, self._decisions.signature)
        return build_handout(given, "zh" if language() == "zh" else "en")

    def give_handout(self, wish: HandoutWish, window: ShellWindow) -> None:
        """Save the patient's sheet in the reports folder, or print it."""
        report, record = self.handout(wish), self._consultation.record
        if report is None or record is None:
            return
        if wish.print_it:
            self._print(report, window)
            return
        path = self._folder / f"{record.visit_date or 'undated'}-{record.id[:8]}-{datetime.now():%H%M%S}-patient.pdf"
        self._tasks.in_pool(lambda: _write(report, path, wish.page_size), self.saved.emit, self.failed.emit)

    def _opened(self, opened: OpenedCase) -> None:
        known = [ending.versions for ending in opened.endings if ending.versions is not None]
        self._basis = Basis(opened.differential, known[-1] if known else _NO_VERSIONS)

    def _ranked(self, ranking: Ranking) -> None:
        self._basis = replace(self._basis, differential=ranking.differential)

    def _ended(self, ending: RunEnding) -> None:
        if ending.versions is not None:
            self._basis = replace(self._basis, versions=ending.versions)

    def _aged(self, now: Staleness) -> None:
        self._basis = replace(self._basis, stale=now.differential or now.plan)


def _write(report: Report, path: Path, page_size: PageSize) -> Path:
    make_private_folder(path.parent)
    write_pdf(report, path, page_size)
    narrow_file(path)
    return path


def wire_reports(window: ShellWindow, reports: Reports) -> None:
    """Print and PDF from the plan page."""
    window.pages.plan.pdf_requested.connect(reports.save_pdf)
    window.pages.plan.handout_requested.connect(lambda wish: reports.give_handout(wish, window))
    window.pages.plan.print_requested.connect(lambda: reports.print(window))
    reports.saved.connect(lambda path: window.banner.show_made(lambda: report_saved(str(path))))
    reports.failed.connect(window.show_failed)
