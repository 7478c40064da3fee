"""What the clinician decides about the plan on the screen: sentences, overrides, signature; each kept at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from desktop.case.record import CaseId, ResultId
from desktop.opened_case import load_decisions, shown_signature
from desktop.report.decisions import Decisions, Signature, number_sentences
from desktop.store import decisions as store
from desktop.store.lane import StoreLane
from desktop.store.results import Results
from desktop.store.session import Session
from desktop.tasks import Tasks
from engine.api import Plan, PlanSentence


class PlanDecisions(QObject):
    """The decisions about one plan of one case; everything is stored before it is shown."""

    changed = Signal(object)
    """report.decisions.Decisions as they stand now."""
    signed = Signal(object)
    """report.decisions.Signature, or None when the plan is a draft again."""
    failed = Signal(str)

    def __init__(self, lane: StoreLane, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._tasks = lane, tasks
        self._session: Session | None = None
        self._result_id: Callable[[], ResultId] | None = None
        self._case_id = CaseId("")
        self.plan: Plan | None = None
        self.decisions = Decisions()
        self.signature: Signature | None = None

    def work_on(self, session: Session | None, case_id: CaseId, plan: Plan | None,
                result_id: Callable[[], ResultId] | None) -> None:
        """Decide about this plan from now on. `result_id` is called on the store lane."""
        self._session, self._case_id, self.plan, self._result_id = session, case_id, plan, result_id
        self._show(Decisions(), None)

    def show_stored(self, decisions: Decisions, signature: Signature | None) -> None:
        """Take over what was decided before the case was opened."""
        self._show(decisions, signature)

    def add_sentence(self, sentence: PlanSentence) -> None:
        """Take a sentence that was written after the table."""
        if self.plan is not None:
            self.plan = replace(self.plan, sentences=[*self.plan.sentences, sentence])

    def adopt(self, number: int) -> None:
        """Take a sentence without a source as the clinician's own, word for word."""
        self._edit(number, "adopted", None)

    def edit(self, number: int, text: str) -> None:
        """Take a sentence in the clinician's own words."""
        self._edit(number, "edited", text)

    def override(self, rule_id: str, reason: str) -> None:
        """Set an alert aside with a reason."""
        self._keep(lambda kept, result_id: kept.override(self._case_id, rule_id, reason, result_id))

    def sign(self) -> None:
        """Sign the plan with everything decided up to now."""
        if self._session is None or self._result_id is None:
            return
        session, result_id = self._session, self._result_id
        self._tasks.watch(self._lane.submit(lambda: store.Decisions(session).sign(result_id())),
                          lambda given: self._show(self.decisions, shown_signature(given)), self.failed.emit)

    def _edit(self, number: int, action: Literal["adopted", "edited"], text: str | None) -> None:
        if self.plan is None:
            return
        numbered = number_sentences(self.plan)[number]
        original = numbered.sentence.text
        self._keep(lambda kept, result_id: kept.edit_sentence(
            result_id, numbered.section, number, action, original, original if text is None else text))

    def _keep(self, work: Callable[[store.Decisions, ResultId], Any]) -> None:
        """Store one decision, then show all of them; a decision after a signature makes the plan a draft again."""
        if self._session is None or self._result_id is None:
            return
        session, result_id, case_id = self._session, self._result_id, self._case_id

        def stored() -> Decisions:
            work(store.Decisions(session), result_id())
            return load_decisions(session, case_id, Results(session).load(result_id()))

        self._tasks.watch(self._lane.submit(stored), lambda now: self._show(now, None), self.failed.emit)

    def _show(self, decisions: Decisions, signature: Signature | None) -> None:
        self.decisions, self.signature = decisions, signature
        self.changed.emit(decisions)
        self.signed.emit(signature)
