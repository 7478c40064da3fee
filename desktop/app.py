"""The only wiring place: paths, settings, store lane, engine, consultation and windows are made and joined here."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QLocale, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop import app_pages as wiring
from desktop.access import Access, Entered
from desktop.app_reports import Reports, wire_reports
from desktop.clinic_policy import ClinicPolicy
from desktop.consultation import Consultation
from desktop.engine_client.command import ChildCommand
from desktop.engine_client.process import EngineProcess
from desktop.errors import DesktopError
from desktop.i18n import LANGUAGES, Languages
from desktop.idle_lock import IdleLock
from desktop.model_shelf import ModelShelf
from desktop.paths import DataPaths, data_paths, make_private_folder
from desktop.plan_decisions import PlanDecisions
from desktop.resources import resources
from desktop.settings import Settings, load_settings, save_settings
from desktop.store.files import CaseFiles
from desktop.store.keys import STANDARD_COST, HashingCost
from desktop.store.lane import StoreLane
from desktop.tasks import Tasks, code_of
from desktop.today_list import TodayList
from desktop.views import theme
from desktop.views.case_page import CasePage
from desktop.views.check import CheckPage
from desktop.views.clinic import ClinicPage
from desktop.views.differential import DifferentialPage
from desktop.views.models_page import ModelsPage
from desktop.views.plan import PlanPage
from desktop.views.printing import print_recovery_code
from desktop.views.shell import Pages, ShellWindow
from desktop.views.today import TodayPage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a start may choose. `engine` and `cost` are for tests and measurements; None means the usual."""

    data_dir: Path | None = None
    language: str | None = None
    engine: ChildCommand | None = None
    cost: HashingCost = STANDARD_COST


class Application(QObject):
    """Everything that lives as long as the window. `start` shows it, `close` ends it in order."""

    def __init__(self, qt: QApplication, arguments: Arguments) -> None:
        super().__init__(qt)
        self.paths: DataPaths = data_paths(arguments.data_dir)
        self._refused = _folder_refused(self.paths.root)
        loaded = load_settings(self.paths.settings)
        self.settings: Settings = loaded.settings
        theme.apply(qt, self.settings.font_percent / 100)
        self.languages = Languages(qt, resources() / "i18n")
        self.lane = StoreLane()
        self.tasks = Tasks(self)
        self.engine = EngineProcess(arguments.engine, parent=self)
        self.access = Access(CaseFiles(self.paths.case_folder), self.lane, self.tasks, arguments.cost)
        self.consultation = Consultation(self.lane, self.engine, self.tasks, self)
        self.decisions = PlanDecisions(self.lane, self.tasks, self)
        self.clinic = ClinicPolicy(self.lane, self.engine, self.tasks, self.paths.priors, self.settings, self)
        self.shelf = ModelShelf(self.engine, self)
        self.today = TodayList(self.lane, self.tasks, self)
        self.window = ShellWindow(Pages(TodayPage(), CasePage(), DifferentialPage(), PlanPage(), CheckPage(),
                                        ClinicPage(), ModelsPage()))
        self.reports = Reports(self.tasks, self.consultation, self.decisions, self.paths.reports, self.settings, self)
        self.idle_lock = IdleLock(qt, self.settings.lock_after_minutes, self)
        self._closed = False
        self._wire()
        self.window.pages.case.form.offer_genotypes(self.settings.genotype_module)
        self.use_language(arguments.language or self.settings.language or _language_of_system())
        if loaded.damaged is not None:
            self.window.show_failed(code_of(loaded.damaged))

    def _wire(self) -> None:
        window, consultation = self.window, self.consultation
        wiring.wire_gate(window, self.access)
        wiring.wire_today(window, self.today, consultation)
        wiring.wire_case(window, consultation)
        wiring.wire_differential(window, consultation, commit_first=self.settings.commit_first)
        wiring.wire_plan(window, consultation, self.decisions, self.access)
        wiring.wire_check(window, consultation)
        wiring.wire_clinic(window, self.clinic, consultation, self.decisions, self.access)
        self.clinic.settings_changed.connect(lambda change: self._save_settings(change(self.settings)))
        wiring.wire_models(window, self.shelf, self.access)
        wiring.wire_status(window, self.engine)
        wire_reports(window, self.reports)
        self.access.created.connect(self._enter)
        self.access.entered.connect(self._enter)
        self.access.locked.connect(lambda: (window.pages.case.flush(), self.today.work_as(None)))
        window.setup.finished.connect(window.show_workplace)
        window.setup.print_requested.connect(lambda code: print_recovery_code(window, code))
        self.idle_lock.idle.connect(self.access.lock)
        window.language_requested.connect(self._switch_language)
        window.closing.connect(self.close)

    def start(self) -> None:
        """Show the window, ask who works, and start the engine meanwhile."""
        self.window.show()
        if self._refused:
            self.access.failed.emit(self._refused)
        else:
            self.access.start()
        self.engine.start()
        self.clinic.start()

    def use_language(self, language: str) -> None:
        """Speak `language` everywhere; say so when its translation was not built."""
        self.languages.use(language)
        QApplication.sendPostedEvents()  # the new words now, so that the windows take their new sizes next
        if self.languages.missing:
            self.window.show_failed("translation_missing")

    def close(self) -> None:
        """Keep what was typed, stop what runs, close the case file, end the engine; in this order, once."""
        if self._closed:
            return
        self._closed = True
        self.idle_lock.stop()
        self.window.pages.case.flush()
        self.consultation.close()
        self.access.close()
        self.lane.close()
        self.tasks.close()
        self.engine.close()

    def _enter(self, entered: Entered) -> None:
        wiring.enter(self.window, self.consultation, self.today, entered)
        self._save_settings(replace(self.settings, last_login=entered.user.login))

    def _switch_language(self) -> None:
        self.use_language("en" if self.languages.current == "zh" else "zh")
        self._save_settings(replace(self.settings, language=self.languages.current))

    def _save_settings(self, settings: Settings) -> None:
        self.settings = settings
        try:
            save_settings(self.paths.settings, settings)
        except DesktopError as error:
            self.window.show_failed(code_of(error))


def build(arguments: Arguments) -> Application:
    """Return the wired application; its window is not shown yet. Makes the QApplication where there is none."""
    qt = QApplication.instance() or QApplication(["lantern"])
    assert isinstance(qt, QApplication)
    QGuiApplication.setDesktopFileName("lantern")
    qt.setApplicationName("lantern")
    qt.setApplicationDisplayName("Lantern")
    return Application(qt, arguments)


def _folder_refused(root: Path) -> str:
    """Make the data folder; return the code of why it cannot be used, empty where it can."""
    try:
        make_private_folder(root)
    except DesktopError as error:
        return code_of(error)
    return ""


def _language_of_system() -> str:
    code = QLocale.system().name().partition("_")[0]
    return code if code in LANGUAGES else "en"
