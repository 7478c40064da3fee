"""A stored case as it is opened: the record or its draft, the last results and what was decided about the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from desktop.case.record import CaseId, CaseRecord
from desktop.errors import CaseFileMissing
from desktop.kept_run import RunEnding
from desktop.report import decisions as shown
from desktop.store.cases import Cases
from desktop.store.decisions import Decisions
from desktop.store.records import Override, ResultStatus, SentenceEdit, StoredResult
from desktop.store.records import Signature as StoredSignature
from desktop.store.results import Results
from desktop.store.session import Session
from engine import api


@dataclass(frozen=True, slots=True)
class Staleness:
    """Which results are older than the case as it stands now."""

    differential: bool = False
    plan: bool = False
    check: bool = False


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """Everything the pages need to go on where somebody stopped."""

    record: CaseRecord
    differential: api.Differential | None = None
    plan: api.Plan | None = None
    check: api.CheckResult | None = None
    endings: tuple[RunEnding, ...] = ()
    decisions: shown.Decisions = field(default_factory=shown.Decisions)
    signature: shown.Signature | None = None
    plan_result: StoredResult | None = None
    made_from: tuple[tuple[str, str], ...] = ()
    """Kind of run and the hash of the case that its result was made from."""


def load_case(session: Session, case_id: CaseId) -> OpenedCase:
    """Return a case as it was left. Runs on the store lane. Raises CaseFileMissing when there is no such case."""
    cases = Cases(session)
    draft = cases.load_draft(case_id)
    record = draft.record if draft else cases.load(case_id)
    if record is None:
        raise CaseFileMissing("no such case")
    newest = Results(session)
    ranking, plan, check = (newest.latest(case_id, kind) for kind in ("diagnose", "plan", "check"))
    found = [result for result in (ranking, plan, check) if result is not None]
    return OpenedCase(
        record=record,
        differential=ranking.differential() if ranking else None,
        plan=whole_plan(plan) if plan else None,
        check=check.check() if check else None,
        endings=tuple(_ending(result) for result in found),
        decisions=load_decisions(session, case_id, plan),
        signature=valid_signature(session, case_id, plan),
        plan_result=plan,
        made_from=tuple((result.kind, result.case_hash) for result in found if _has_result(result)),
    )


def latest_draft(session: Session, today: date) -> CaseId | None:
    """Return the case whose typing of today was kept last and not saved, None when there is none."""
    drafts = [draft.record for draft in Cases(session).drafts() if draft.record.visit_date == today.isoformat()]
    return drafts[0].id if drafts else None


def whole_plan(result: StoredResult) -> api.Plan | None:
    """Return the plan of a result with the sentences that were written after its table."""
    plan = result.plan()
    return None if plan is None else replace(plan, sentences=[*plan.sentences, *result.sentences()])


def load_decisions(session: Session, case_id: CaseId, plan: StoredResult | None) -> shown.Decisions:
    """Return what was decided about a plan, as the pages and the report show it."""
    if plan is None:
        return shown.Decisions()
    kept = Decisions(session)
    return shown.Decisions(own_words(kept.sentence_edits(plan.id)), overrides(kept.overrides(case_id)))


def own_words(edits: Iterable[SentenceEdit]) -> tuple[shown.OwnWords, ...]:
    """Return stored edits as the words a clinician took as their own."""
    return tuple(shown.OwnWords(edit.position, edit.text if edit.action == "edited" else None) for edit in edits)


def overrides(given: Iterable[Override]) -> tuple[shown.Override, ...]:
    """Return stored overrides; the reason is a key of the five choices, then a colon and the free text."""
    parts = ((override.rule_id, *override.reason.partition(":")) for override in given)
    return tuple(shown.Override(rule_id, reason.strip(), note.strip()) for rule_id, reason, _, note in parts)


def valid_signature(session: Session, case_id: CaseId, plan: StoredResult | None) -> shown.Signature | None:
    """Return the last signature under this plan if what it covers is unchanged."""
    kept = Decisions(session)
    signatures = [given for given in kept.signatures(case_id) if plan is not None and given.result_id == plan.id]
    if not signatures or not kept.still_holds(signatures[-1]):
        return None
    return shown_signature(signatures[-1])


def shown_signature(given: StoredSignature) -> shown.Signature:
    """Return a stored signature as it stands under the plan and the report."""
    return shown.Signature(given.signer_name, given.signer_role.value, _local(given.signed_at))


def _has_result(result: StoredResult) -> bool:
    return (result.differential() or result.plan() or result.check()) is not None


def _ending(result: StoredResult) -> RunEnding:
    status = "interrupted" if result.status is ResultStatus.STARTED else result.status.value
    return RunEnding(result.kind, status, _local(result.ended_at or result.started_at), result.error_code or "",
                     result.versions)


def _local(utc: str) -> str:
    return datetime.fromisoformat(utc).astimezone().replace(tzinfo=None).isoformat(timespec="seconds")
