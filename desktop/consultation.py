"""One open case on its way from words to a plan: record, findings, runs, and what has gone stale. No widgets.

Pages connect to its signals and call its methods; it alone talks to the store lane and the engine about a case. What
the clinician thinks is saved before the ranking is asked for again, so the list is never seen first.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.case.mapping import case_hash, to_engine_case, variants_name
from desktop.case.record import CaseId, CaseRecord, FindingOrigin, FindingState, ItemId
from desktop.case.suggestions import confirmed_from, decided, drugs_taken, merged
from desktop.case.validate import errors_only, problems, refusal_of
from desktop.case_runs import CaseRuns
from desktop.engine_client.process import EngineProcess
from desktop.engine_client.stripped_variants import copy_stripped
from desktop.i18n import language
from desktop.kept_run import KeptRun, Kind, refused
from desktop.opened_case import OpenedCase, Staleness, latest_draft, load_case
from desktop.reading import Reading
from desktop.store.cases import Cases
from desktop.store.lane import StoreLane
from desktop.store.session import Session
from desktop.tasks import Tasks
from engine import api


@dataclass(frozen=True, slots=True)
class Ranking:
    """A differential with the clinician's own diagnosis as it stood when it was made."""

    differential: api.Differential
    own: str | None


class Consultation(QObject):
    """The state of one case for one signed-in user."""

    opened = Signal(object)
    """OpenedCase: show everything afresh."""
    findings_changed = Signal(object)
    """CaseRecord whose findings are new."""
    record_changed = Signal(object)
    """CaseRecord after any edit."""
    draft_kept = Signal(bool)
    finding_unknown = Signal(str)
    stage_reached = Signal(str, str)
    """Kind of run and its stage."""
    ranked = Signal(object)
    planned = Signal(object)
    sentence_written = Signal(object)
    checked = Signal(object)
    run_ended = Signal(object)
    staleness_changed = Signal(object)
    reading_noted = Signal(object)
    drugs_read = Signal(object)
    closed = Signal()
    failed = Signal(str)

    def __init__(self, lane: StoreLane, engine: EngineProcess, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._engine, self._tasks = lane, engine, tasks
        self._session: Session | None = None
        self._runs = CaseRuns(lane, engine, tasks, self)
        self._runs.arrived.connect(self._receive)
        for own, given in ((self.stage_reached, self._runs.stage_reached), (self.run_ended, self._runs.run_ended),
                           (self.failed, self._runs.failed)):
            given.connect(own)
        self._reading = Reading(engine, self)
        self._reading.failed.connect(self.failed)
        self._reading.noted.connect(self.reading_noted)
        self._made_from: dict[str, str] = {}
        self._is_unsaved = False
        self.record: CaseRecord | None = None
        self.plan_diagnosis = ""
        self.plan_run: KeptRun | None = None
        self._plan: api.Plan | None = None
        self._practice = api.Practice("published")

    # ------------------------------------------------------------------------------------------ opening and closing

    def work_as(self, session: Session | None) -> None:
        """Work for this user from now on; None while locked."""
        self._session = session

    def start_from(self, practice: api.Practice) -> None:
        """Tell every ranking from now on what the clinic knows of its own patients."""
        self._practice = practice

    def new_case(self) -> None:
        """Open a fresh case of today."""
        self._show(OpenedCase(CaseRecord(visit_date=date.today().isoformat())))

    def open(self, case_id: CaseId) -> None:
        """Open a stored case with its draft, its last results and decisions."""
        if self._session is not None:
            self._ask(self._lane.submit(load_case, self._session, case_id), self._show)

    def resume(self) -> None:
        """Open where work stopped today: the latest draft, if no case is open and there is one."""
        if self._session is not None and self.record is None:
            self._ask(self._lane.submit(latest_draft, self._session, date.today()),
                      lambda case_id: self.open(case_id) if case_id is not None and self.record is None else None)

    def close(self) -> None:
        """Stop what runs, save what was typed (as a draft where a value is impossible), and put the case away."""
        self._reading.stop()
        self._runs.forget()
        self._settle()
        self.record = None
        self._made_from = {}
        self.closed.emit()

    def _show(self, opened: OpenedCase) -> None:
        self.close()
        self.record = opened.record
        self.plan_diagnosis = opened.plan.diagnosis if opened.plan else ""
        self.plan_run, self._plan = None, opened.plan
        self._made_from = dict(opened.made_from)
        self.opened.emit(opened)
        self._tell_staleness()
        if opened.record.text and not opened.record.findings:  # never read yet: imported, or typed without an engine
            self._read(opened.record)

    def _settle(self) -> None:
        record, session = self.record, self._session
        if self._is_unsaved and record is not None and session is not None:
            self._is_unsaved = False
            if not errors_only(problems(record, date.today())):
                self._ask(self._lane.submit(Cases(session).save, record), lambda _: None)

    # ------------------------------------------------------------------------------------------ editing

    def edit(self, typed: CaseRecord) -> None:
        """Take over what was typed; findings, revision and own diagnosis stay as they are here."""
        known = self.record
        if known is None or typed.id != known.id:
            return
        self._change(replace(typed, revision=known.revision, findings=known.findings,
                             own_diagnosis=known.own_diagnosis, answers=known.answers))
        if typed.text != known.text:
            self._read(typed)

    def _read(self, record: CaseRecord) -> None:
        self._reading.read_story(record.text, record.patient, lambda found: self._take_entities(record.text, found))

    def decide_findings(self, ids: tuple[ItemId, ...], state: FindingState) -> None:
        """Confirm, deny or reject findings."""
        if self.record is not None:
            self._change_findings(replace(self.record, findings=decided(self.record.findings, ids, state)))

    def add_finding(self, typed: str) -> None:
        """Let the engine recognise a typed finding and add it as confirmed; an unknown one is said so."""
        if self.record is not None:
            self._reading.read_words(typed, self.record.patient, lambda found: self._add(typed, found))

    def answer(self, question: str, value: Any) -> None:
        """Keep the answer to a question of the ranking and rank again."""
        if self.record is not None:
            answers = dict(self.record.answers) | {question: tuple(value) if isinstance(value, list) else value}
            self._change(replace(self.record, answers=tuple(answers.items())))
            self.diagnose()

    def _add(self, typed: str, entities: list[api.Entity]) -> None:
        if self.record is None:
            return
        found = confirmed_from(entities, FindingOrigin.FORM)
        if not found:
            self.finding_unknown.emit(typed)
            return
        fresh = {finding.code for finding in found}
        others = tuple(finding for finding in self.record.findings if finding.code not in fresh)
        self._change_findings(replace(self.record, findings=others + found))

    def _take_entities(self, text: str, entities: list[api.Entity]) -> None:
        if self.record is not None and self.record.text == text:
            self._change_findings(replace(self.record, findings=merged(self.record.findings, entities)))
            self.drugs_read.emit(drugs_taken(text, entities))

    def _change_findings(self, record: CaseRecord) -> None:
        self._change(record)
        self.findings_changed.emit(record)

    def _change(self, record: CaseRecord) -> None:
        if record == self.record:
            return
        self.record = record
        self._is_unsaved = True
        self.record_changed.emit(record)
        self._tell_staleness()
        if self._session is not None:
            self.draft_kept.emit(False)
            self._ask(self._lane.submit(Cases(self._session).save_draft, record), lambda _: self.draft_kept.emit(True))

    def _tell_staleness(self) -> None:
        self.staleness_changed.emit(Staleness(*(self._is_stale(kind) for kind in ("diagnose", "plan", "check"))))

    def _is_stale(self, kind: str) -> bool:
        made_from = self._made_from.get(kind)
        return self.record is not None and made_from not in (None, case_hash(to_engine_case(self.record)))

    # ------------------------------------------------------------------------------------------ runs

    def diagnose(self) -> None:
        """Save the case and rank it."""
        self._save_then(
            "diagnose",
            lambda saved: self._start(
                saved, api.DiagnoseRequest(_run_id(), to_engine_case(saved), practice=self._practice)))

    def give_own_diagnosis(self, text: str) -> None:
        """Store the clinician's own working diagnosis; only then rank, so that agreement can be told."""
        if self.record is not None and text.strip():
            self._change(replace(self.record, own_diagnosis=text.strip()))
            self.diagnose()

    def plan(self, diagnosis: str = "", *, prose: bool = False) -> None:
        """Save the case and plan for `diagnosis`, else for the one planned before or the clinician's own."""
        own = self.record.own_diagnosis if self.record else None
        self.plan_diagnosis = diagnosis or self.plan_diagnosis or own or ""
        self._save_then("plan", lambda saved: self._with_variants(
            saved, lambda case: self._start(saved, self._plan_request(saved, case, prose))))

    def check(self) -> None:
        """Save the case and check the patient's own medications."""
        self._save_then(
            "check", lambda saved: self._with_variants(
                saved, lambda case: self._start(saved, api.CheckRequest(_run_id(), case))))

    def check_if_needed(self) -> None:
        """Check once, and again after the case has changed."""
        if not self._runs.is_running("check") and (self._is_stale("check") or "check" not in self._made_from):
            self.check()

    def _plan_request(self, saved: CaseRecord, case: api.Case, prose: bool) -> api.PlanRequest:
        return api.PlanRequest(_run_id(), case, self.plan_diagnosis, prose,
                               "zh" if language() == "zh" else "en", self._plan if saved.follow_up else None)

    def stop(self) -> None:
        """Stop every run of this case; what has arrived stays and is stored."""
        self._reading.stop()
        self._runs.stop()

    def _save_then(self, kind: Kind, go_on: Callable[[CaseRecord], None]) -> None:
        if self.record is None or self._session is None:
            return
        if refusal := refusal_of(self.record, date.today()):
            self.run_ended.emit(refused(kind, refusal))
            return
        self._ask(self._lane.submit(Cases(self._session).save, self.record), lambda saved: self._saved(saved, go_on))

    def _saved(self, saved: CaseRecord, go_on: Callable[[CaseRecord], None]) -> None:
        if self.record is None or self.record.id != saved.id:
            return
        self._is_unsaved = replace(self.record, revision=saved.revision) != saved
        self.record = replace(self.record, revision=saved.revision)
        self.draft_kept.emit(True)
        go_on(saved)

    def _with_variants(self, saved: CaseRecord, go_on: Callable[[api.Case], None]) -> None:
        """Go on with the engine's view of the case, once its variant file has a stripped copy in the child's folder."""
        if saved.vcf_path is None:
            go_on(to_engine_case(saved))
            return
        source, target = Path(saved.vcf_path), self._engine.private_folder / variants_name(saved.vcf_path)

        def copied(copy: Path) -> None:
            if self.record is not None and self.record.id == saved.id:
                go_on(to_engine_case(saved, vcf=str(copy)))

        self._tasks.in_pool(lambda: copy_stripped(source, target), copied, self.failed.emit)

    def _start(self, saved: CaseRecord, request: api.RunRequest) -> None:
        assert self._session is not None, "a case is only saved for a signed-in user"
        self._runs.start(self._session, saved, request)

    def _receive(self, run: KeptRun, event: api.RunEvent) -> None:
        match event:
            case api.Ranked():
                self._made(run)
                self.ranked.emit(Ranking(event.differential, run.record.own_diagnosis))
            case api.PlanTabled():
                self._made(run)
                self.plan_run, self._plan = run, event.plan
                self.planned.emit(event.plan)
            case api.SentenceWritten():
                self.sentence_written.emit(event.sentence)
            case api.Checked():
                self._made(run)
                self.checked.emit(event.result)

    def _made(self, run: KeptRun) -> None:
        self._made_from[run.request.kind] = case_hash(to_engine_case(run.record))
        self._tell_staleness()

    def _ask(self, future: Future[Any], done: Callable[[Any], None]) -> None:
        self._tasks.watch(future, done, self.failed.emit)


def _run_id() -> api.RunId:
    return api.RunId(uuid.uuid4().hex)
