"""One consultation through the real windows without a person: for machines without a display, and to prove a build.

It unlocks the demonstration file, opens a case, confirms what was read from the text, states a diagnosis of its own,
ranks, plans with worded sentences, checks, signs and prints to PDF, and leaves a picture of every screen in both
languages. Nothing is simulated: the store, the engine's process, the model and the report are those of the product.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

from desktop.app import Application, Arguments, build
from desktop.case.record import CaseId
from desktop.consultation import Ranking
from desktop.demo_file import LOGIN, PASSWORD, ensure_demo_file
from desktop.errors import DesktopError
from desktop.kept_run import RunEnding
from desktop.store.cases import Cases
from desktop.tour_clock import TourClock
from desktop.views.unlock import Credentials
from engine import api

PAGES = ("today", "case", "differential", "plan", "check")
SCREEN_PX = (1366, 768)
LONGEST_STEP_S = 180
SETTLING_MS = 150
FIRST_CASE = "Grace Okafor"
OWN_DIAGNOSIS = "Pneumonia"


class TourFailed(DesktopError):
    """A step did not come to its end; the detail names it."""

    code = "tour_failed"


@dataclass(slots=True)
class Seen:
    """What the consultation gave on the way."""

    ranking: Ranking | None = None
    plan: api.Plan | None = None
    check: api.CheckResult | None = None
    sentences: list[api.PlanSentence] = field(default_factory=list)
    endings: list[RunEnding] = field(default_factory=list)


def run_tour(output: Path, data_dir: Path) -> int:
    """Run the tour; leave report.pdf, draft.pdf, result.json and screens under `output`. Returns the exit status."""
    output.mkdir(parents=True, exist_ok=True)
    ensure_demo_file(data_dir, date.today())
    application = build(Arguments(data_dir, "en"))
    try:
        Tour(application, output).run()
    except TourFailed as failed:
        sys.stderr.write(f"lantern tour: {failed.detail}\n")
        return 1
    finally:
        application.close()
    sys.stderr.write(f"lantern tour: report.pdf, result.json and the screens are in {output.name}/\n")
    return 0


class Tour:
    """Drives one wired application from the unlock screen to a signed report."""

    def __init__(self, application: Application, output: Path) -> None:
        self._app, self._output = application, output
        self._seen = Seen()
        self._failures: list[str] = []
        self._clock = TourClock()
        consultation = application.consultation
        consultation.ranked.connect(lambda _: self._clock.mark("differential_s"))
        consultation.planned.connect(lambda _: self._clock.mark("plan_table_s"))
        consultation.sentence_written.connect(lambda _: self._clock.mark("first_sentence_s"))
        consultation.ranked.connect(lambda ranking: setattr(self._seen, "ranking", ranking))
        consultation.planned.connect(lambda plan: setattr(self._seen, "plan", plan))
        consultation.checked.connect(lambda result: setattr(self._seen, "check", result))
        consultation.sentence_written.connect(self._seen.sentences.append)
        consultation.run_ended.connect(self._seen.endings.append)
        for source in (consultation.failed, application.access.failed, application.reports.failed):
            source.connect(self._failures.append)

    def run(self) -> None:
        """Do every step in order. Raises TourFailed at the first that does not end."""
        app = self._app
        app.window.resize(*SCREEN_PX)
        self._until(app.access.users_listed, app.start, "list the users")
        self._clock.mark_since_start("start_to_typing_s")
        self._picture("unlock")
        self._until(app.access.entered, lambda: app.access.unlock(Credentials(LOGIN, PASSWORD)), "unlock")
        self._clock.mark("unlock_s")
        self._open_case()
        consultation = app.consultation
        self._run_ends("diagnose", lambda: consultation.give_own_diagnosis(OWN_DIAGNOSIS))
        self._clock.weigh(app.engine.process_id)
        self._clock.measured["engine_without_model_rss_mb"] = self._clock.measured.pop("engine_rss_mb", 0.0)
        self._run_ends("plan", lambda: consultation.plan(self._planned_for(), prose=True))
        self._clock.weigh(app.engine.process_id)
        self._run_ends("check", consultation.check)
        self._pdf("draft.pdf")
        self._until(app.decisions.signed, app.decisions.sign, "sign")
        self._pdf("report.pdf")
        self._clock.mark("pdf_s")
        self._pictures()
        self._write_result()

    def _open_case(self) -> None:
        """Open the case and confirm what the engine read in its text, as a clinician would with one key."""
        consultation = self._app.consultation
        case_id = self._case_id()
        start: Callable[[], Any] = lambda: consultation.open(case_id)  # noqa: E731 - replaced once it has been called
        while consultation.record is None or consultation.record.id != case_id:
            self._until(consultation.opened, start, "open the case")
            start = _nothing
        if not consultation.record.findings:  # opened for the first time: its text is being read
            self._until(consultation.findings_changed, _nothing, "read the text")
        self._app.window.pages.case.confirm_all()

    def _case_id(self) -> CaseId:
        session = self._app.access.session
        if session is None:
            raise TourFailed("nobody is signed in")
        found = self._app.lane.submit(Cases(session).search, FIRST_CASE).result()
        if not found:
            raise TourFailed(f"the demonstration file has no case of {FIRST_CASE}")
        return found[0].id

    def _planned_for(self) -> str:
        ranking = self._seen.ranking
        if ranking is None or not ranking.differential.hypotheses:
            raise TourFailed("the ranking is empty")
        return ranking.differential.hypotheses[0].code

    def _pdf(self, name: str) -> None:
        made: list[Path] = []
        self._app.reports.saved.connect(made.append)
        self._until(self._app.reports.saved, self._app.reports.save_pdf, f"write {name}")
        (self._output / name).write_bytes(made[0].read_bytes())

    def _pictures(self) -> None:
        """Grab every page at work, in both languages."""
        for language in ("zh", "en"):
            self._app.use_language(language)
            for page in PAGES:
                self._app.window.show_page(page)
                self._picture(f"{page}-{language}")

    def _picture(self, name: str) -> None:
        self._settle()
        self._app.window.grab().save(str(self._output / f"{name}.png"))

    @staticmethod
    def _settle() -> None:
        """Let the window speak the language, lay itself out and paint: each of these asks for the next."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLING_MS, loop.quit)
        loop.exec()
        QApplication.sendPostedEvents()
        QApplication.processEvents()

    def _write_result(self) -> None:
        assert self._seen.ranking is not None
        result = {
            "differential": self._seen.ranking.differential,
            "plan": self._seen.plan,
            "written_sentences": self._seen.sentences,
            "check": self._seen.check,
            "runs": self._seen.endings,
            "measured": self._clock.measured,
        }
        text = msgspec.json.format(msgspec.json.encode(result), indent=1)
        (self._output / "result.json").write_bytes(text)

    def _run_ends(self, kind: str, start: Callable[[], Any]) -> None:
        """Start a run and wait for its one ending, which must be a good one."""
        before = len(self._seen.endings)
        while len(self._seen.endings) == before or self._seen.endings[-1].kind != kind:
            self._until(self._app.consultation.run_ended, start, kind)
            start = _nothing
        ending = self._seen.endings[-1]
        if ending.status != "ok":
            raise TourFailed(f"{kind} ended as {ending.status} {ending.code}")

    def _until(self, signal: SignalInstance, start: Callable[[], Any], step: str) -> None:
        """Call `start` and run the event loop until `signal` comes. Raises TourFailed after LONGEST_STEP_S."""
        loop, timer = QEventLoop(), QTimer(singleShot=True)
        arrived: list[bool] = []
        signal.connect(lambda *_: (arrived.append(True), loop.quit()))
        timer.timeout.connect(loop.quit)
        timer.start(LONGEST_STEP_S * 1000)
        self._clock.begin()
        QTimer.singleShot(0, start)
        loop.exec()
        if not arrived:
            raise TourFailed(f"{step} did not end; {', '.join(self._failures) or 'no failure was reported'}")


def _nothing() -> None:
    """Keep waiting."""
