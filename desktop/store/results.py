"""Runs of the engine: stored when they start, event by event, and closed by exactly one ending.

A run without an ending when the file is opened was cut short; it is then closed as interrupted, and what it had
written so far stays readable. Everything here is append-only.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from desktop import errors
from desktop.case.mapping import case_hash
from desktop.case.record import CaseRecord, ResultId, UserId, new_uuid
from desktop.store.case_file import LANTERN_ITSELF, CaseFile, Transaction
from desktop.store.codec import from_json, to_json
from desktop.store.permissions import Permission
from desktop.store.records import ResultKind, ResultStatus, StoredResult, Verdict
from engine import api
from engine.errors import EngineError

if TYPE_CHECKING:
    from desktop.store.session import Session

_SELECT = """
SELECT r.id, r.case_id, r.case_revision, r.kind, r.case_hash, r.request_hash, r.request, r.lantern_version,
    r.started_at, r.started_by, e.status, e.error_code, e.versions, e.elapsed_ms, e.timings_ms, e.ended_at,
    i.case_hash AS current_hash
FROM results r LEFT JOIN result_endings e ON e.result_id = r.id LEFT JOIN case_index i ON i.case_id = r.case_id
"""


class Results:
    """The results of an open case file, on behalf of the signed-in user."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._file = session.case_file

    def start(self, case: CaseRecord, request: api.RunRequest, lantern_version: str) -> ResultId:
        """Store that a run begins on this saved revision of a case, and return its id."""
        self._session.require(Permission.WRITE_CASES)
        result_id = ResultId(new_uuid())
        with self._file.transaction() as work:
            work.insert("results", id=result_id, case_id=case.id, case_revision=case.revision, kind=request.kind,
                        case_hash=_hash_of_case(request), request_hash=request_hash(request),
                        request=to_json(request), lantern_version=lantern_version, started_at=work.at,
                        started_by=self._session.user.id)
            work.record(self._session.user.id, "run_started", result_id, request.kind)
        return result_id

    def add_events(self, result_id: ResultId, *events: api.RunEvent) -> None:
        """Append what the run has written so far, so that an interruption loses at most the sentence under way."""
        with self._file.transaction() as work:
            _append(work, result_id, events)

    def finish(self, result_id: ResultId, ending: api.Terminal, *events: api.RunEvent) -> StoredResult:
        """Append the last events and close the run. Raises CaseFileError when it was closed already."""
        with self._file.transaction() as work:
            _append(work, result_id, (*events, ending))
            _close(work, result_id, ending, self._session.user.id)
        return self.load(result_id)

    def load(self, result_id: ResultId) -> StoredResult:
        """Return one result with its events. Raises CaseFileError when there is none."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(f"{_SELECT} WHERE r.id = ?", result_id)
        if not rows:
            raise errors.CaseFileDamaged(f"no result {result_id}")
        return self._read(rows[0])

    def of_case(self, case_id: str) -> tuple[StoredResult, ...]:
        """Return all results of a case, newest first."""
        self._session.require(Permission.READ_CASES)
        return tuple(self._read(row) for row in
                     self._file.rows(f"{_SELECT} WHERE r.case_id = ? ORDER BY r.rowid DESC", case_id))

    def latest(self, case_id: str, kind: ResultKind) -> StoredResult | None:
        """Return the newest result of one kind, whatever its status; None when there is none."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            f"{_SELECT} WHERE r.case_id = ? AND r.kind = ? ORDER BY r.rowid DESC LIMIT 1", case_id, kind
        )
        return self._read(rows[0]) if rows else None

    def using_knowledge_row(self, row_id: str) -> tuple[ResultId, ...]:
        """Return the results that rest on one knowledge row, for the day that the row proves wrong."""
        rows = self._file.rows(
            "SELECT result_id FROM result_knowledge_rows WHERE row_id = ? ORDER BY result_id", row_id
        )
        return tuple(ResultId(row["result_id"]) for row in rows)

    def _read(self, row: dict[str, Any]) -> StoredResult:
        result_id = row["id"]
        events = self._file.rows("SELECT event FROM result_events WHERE result_id = ? ORDER BY position", result_id)
        used = self._file.rows(
            "SELECT row_id FROM result_knowledge_rows WHERE result_id = ? ORDER BY row_id", result_id
        )
        verdicts = self._file.rows(
            "SELECT subject, verdict FROM result_verdicts WHERE result_id = ? ORDER BY position", result_id
        )
        return StoredResult(
            id=result_id, case_id=row["case_id"], case_revision=row["case_revision"], kind=row["kind"],
            status=ResultStatus(row["status"] or ResultStatus.STARTED), case_hash=row["case_hash"],
            request_hash=row["request_hash"], request=_request(row["request"]),
            lantern_version=row["lantern_version"], started_at=row["started_at"], started_by=row["started_by"],
            ended_at=row["ended_at"],
            versions=from_json(row["versions"], api.Versions) if row["versions"] else None,
            error_code=row["error_code"], elapsed_ms=row["elapsed_ms"],
            timings_ms=from_json(row["timings_ms"] or "{}", dict),
            events=tuple(_event(item["event"]) for item in events),
            knowledge_rows=tuple(item["row_id"] for item in used),
            verdicts=tuple(Verdict(**item) for item in verdicts),
            stale=row["current_hash"] is not None and row["case_hash"] != row["current_hash"],
        )


def close_interrupted(case_file: CaseFile) -> int:
    """Close every run that has no ending as interrupted and return how many there were; called at opening."""
    unfinished = case_file.rows(
        "SELECT id FROM results WHERE id NOT IN (SELECT result_id FROM result_endings) ORDER BY rowid"
    )
    if unfinished:
        with case_file.transaction() as work:
            for row in unfinished:
                work.insert("result_endings", result_id=row["id"], status=ResultStatus.INTERRUPTED.value,
                            timings_ms="{}", ended_at=work.at)
                work.record(LANTERN_ITSELF, "run_interrupted", row["id"])
    return len(unfinished)


def request_hash(request: api.RunRequest) -> str:
    """Return a fingerprint of everything that was asked, without the run's own id."""
    plain = msgspec.to_builtins(request)
    plain.pop("run_id")
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def _hash_of_case(request: api.RunRequest) -> str:
    assert not isinstance(request, api.ModelsRequest)  # it is about no case and never kept
    return case_hash(api.Case(text=request.text) if isinstance(request, api.ExtractRequest) else request.case)


def _append(work: Transaction, result_id: ResultId, events: tuple[api.RunEvent, ...]) -> None:
    if work.rows("SELECT 1 FROM result_endings WHERE result_id = ?", result_id):
        raise errors.StaleRevision("the run has ended")
    position = work.rows("SELECT count(*) AS n FROM result_events WHERE result_id = ?", result_id)[0]["n"]
    for offset, event in enumerate(events):
        work.insert("result_events", result_id=result_id, position=position + offset, event=to_json(event))
        _append_basis(work, result_id, event)


def _append_basis(work: Transaction, result_id: ResultId, event: api.RunEvent) -> None:
    """Store apart which knowledge rows an event used and which verdicts it gave, so that both can be searched."""
    for row_id in _knowledge_rows(event):
        work.execute("INSERT OR IGNORE INTO result_knowledge_rows (result_id, row_id) VALUES (?, ?)", result_id, row_id)
    for subject, verdict in _verdicts(event):
        work.execute(
            "INSERT INTO result_verdicts (result_id, position, subject, verdict)"
            " SELECT ?, count(*), ?, ? FROM result_verdicts WHERE result_id = ?",
            result_id, subject, verdict, result_id,
        )


def _knowledge_rows(event: api.RunEvent) -> list[str]:
    match event:
        case api.Ranked():
            return event.differential.knowledge_rows
        case api.PlanTabled():
            return [*event.plan.knowledge_rows, *event.plan.check.knowledge_rows]
        case api.Checked():
            return event.result.knowledge_rows
    return []


def _verdicts(event: api.RunEvent) -> list[tuple[str, str]]:
    match event:
        case api.PlanTabled():
            return [(option.name, option.verdict) for option in event.plan.options]
        case api.Checked():
            return [(" + ".join(alert.drugs), alert.severity.value) for alert in event.result.alerts]
    return []


def _close(work: Transaction, result_id: ResultId, ending: api.Terminal, user_id: UserId) -> None:
    status, code = ResultStatus.CANCELLED, None
    if isinstance(ending, api.Failed):
        status, code = ResultStatus.FAILED, ending.code
    done = ending if isinstance(ending, api.Done) else None
    if done is not None:
        status = ResultStatus.OK
    work.insert("result_endings", result_id=result_id, status=status.value, error_code=code,
                versions=to_json(done.versions) if done else None, elapsed_ms=done.elapsed_ms if done else None,
                timings_ms=to_json(done.timings_ms if done else {}), ended_at=work.at)
    work.record(user_id, "run_ended", result_id, status.value)


def _event(stored: str) -> Any:
    return _checked(api.decode_event, stored)


def _request(stored: str) -> Any:
    return _checked(api.decode_request, stored)


def _checked(decode: Any, stored: str) -> Any:
    try:
        return decode(stored.encode())
    except EngineError as error:
        raise errors.CaseFileDamaged(f"a stored message cannot be read: {error.detail}") from error
