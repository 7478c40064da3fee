"""Cases: every save is a new revision; lists and search read an index derived from the newest one.

A revision is never changed. Saving says on which revision the change was made, and if somebody saved meanwhile it is
refused (StaleRevision) instead of overwriting; the draft keeps what was typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop import errors
from desktop.case.mapping import case_hash, to_engine_case
from desktop.case.record import CaseId, CaseRecord, PatientId, UserId
from desktop.case.validate import Named, age_of
from desktop.store.audit import CASE_SAVED, content_seal
from desktop.store.case_file import Transaction
from desktop.store.codec import from_json, storable, to_json
from desktop.store.permissions import Permission
from desktop.store.records import CaseFlag, CaseSummary, Draft, Revision
from desktop.store.search import search_condition, searchable
from desktop.store.session import Session
from desktop.store.summaries import SUMMARY_SQL, draft_summary, read_summary


class Cases:
    """The cases of an open case file, on behalf of the signed-in user."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._file = session.case_file

    def save(self, record: CaseRecord) -> CaseRecord:
        """Store `record` as the revision after `record.revision` and return it with its new number.

        Drops the case's draft. Saving what is stored already makes no revision, so a save may be repeated.
        Raises StaleRevision when a newer revision exists, DiskFull (nothing is kept then, the draft stays), NotAllowed.
        """
        self._session.require(Permission.WRITE_CASES)
        record = storable(record)
        current = self._newest(record.id)
        if current is not None and to_json(replace(record, revision=current.revision)) == to_json(current):
            self.drop_draft(record.id)
            return current
        if record.revision != (current.revision if current else 0):
            raise errors.StaleRevision(f"based on {record.revision}, newest is {current.revision if current else 0}")
        saved = replace(record, revision=record.revision + 1)
        content, fingerprint = to_json(saved), case_hash(to_engine_case(saved))
        with self._file.transaction() as work:
            work.insert("case_revisions", case_id=saved.id, revision=saved.revision, record=content,
                        case_hash=fingerprint, saved_at=work.at, saved_by=self._session.user.id)
            _index(work, saved, fingerprint)
            if saved.own_diagnosis and saved.own_diagnosis != (current.own_diagnosis if current else None):
                work.insert("own_diagnoses", case_id=saved.id, text=saved.own_diagnosis, given_at=work.at,
                            given_by=self._session.user.id)
            work.execute("DELETE FROM drafts WHERE case_id = ?", saved.id)
            work.record(self._session.user.id, CASE_SAVED, saved.id, content_seal(saved.revision, content))
        return saved

    def load(self, case_id: CaseId, revision: int | None = None) -> CaseRecord | None:
        """Return one revision, by default the newest; None when there is none."""
        self._session.require(Permission.READ_CASES)
        if revision is None:
            return self._newest(case_id)
        rows = self._file.rows(
            "SELECT record FROM case_revisions WHERE case_id = ? AND revision = ?", case_id, revision
        )
        return from_json(rows[0]["record"], CaseRecord) if rows else None

    def revisions(self, case_id: CaseId) -> tuple[Revision, ...]:
        """Return who saved the case when, oldest first."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT revision, saved_at, saved_by FROM case_revisions WHERE case_id = ? ORDER BY revision", case_id
        )
        return tuple(Revision(row["revision"], row["saved_at"], UserId(row["saved_by"])) for row in rows)

    def on_day(self, visit_date: str) -> tuple[CaseSummary, ...]:
        """Return the cases of one day (ISO date), latest saved first, never-saved drafts on top."""
        rows = self._summaries("i.visit_date = ?", (visit_date,), limit=1000)
        unsaved = tuple(summary for summary in self._unsaved() if summary.visit_date in {visit_date, ""})
        return (*unsaved, *rows)

    def recent(self, limit: int = 200) -> tuple[CaseSummary, ...]:
        """Return the cases of the latest visits, newest first, never-saved drafts on top."""
        return (*self._unsaved(), *self._summaries("1", (), limit))

    def search(self, typed: str, limit: int = 200) -> tuple[CaseSummary, ...]:
        """Return the cases that hold every word of `typed` in name, number, diagnosis or text, latest visit first."""
        condition, values = search_condition(typed)
        return self._summaries(condition, values, limit)

    def of_patient(self, patient_id: PatientId) -> tuple[CaseSummary, ...]:
        """Return every visit of one patient, latest first."""
        return self._summaries("i.patient_id = ?", (patient_id,), limit=10_000)

    def count(self) -> int:
        return int(self._file.rows("SELECT count(*) AS n FROM case_index")[0]["n"])

    def save_draft(self, record: CaseRecord) -> None:
        """Keep unsaved typing, replacing the case's earlier draft. Raises DiskFull; the earlier draft then stays.

        `record.revision` stays what the typing started from. Drafts are counted by the head but not audited: they
        change every second and are no clinical record yet.
        """
        self._session.require(Permission.WRITE_CASES)
        with self._file.transaction() as work:
            work.execute(
                "INSERT INTO drafts (case_id, record, saved_at, saved_by) VALUES (?, ?, ?, ?) ON CONFLICT (case_id)"
                " DO UPDATE SET record = excluded.record, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
                record.id, to_json(storable(record)), work.at, self._session.user.id,
            )

    def load_draft(self, case_id: CaseId) -> Draft | None:
        """Return the unsaved typing of a case, None when there is none."""
        drafts = self._drafts("WHERE case_id = ?", case_id)
        return drafts[0] if drafts else None

    def drafts(self) -> tuple[Draft, ...]:
        """Return all unsaved typing, latest first; after a power cut the first is where work stopped."""
        return self._drafts("ORDER BY saved_at DESC, case_id")

    def drop_draft(self, case_id: CaseId) -> None:
        """Forget the unsaved typing of a case; does nothing when there is none."""
        self._session.require(Permission.WRITE_CASES)
        if not self._file.rows("SELECT 1 FROM drafts WHERE case_id = ?", case_id):
            return
        with self._file.transaction() as work:
            work.execute("DELETE FROM drafts WHERE case_id = ?", case_id)

    def _drafts(self, condition: str, *values: object) -> tuple[Draft, ...]:
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(f"SELECT record, saved_at, saved_by FROM drafts {condition}", *values)
        return tuple(
            Draft(from_json(row["record"], CaseRecord), row["saved_at"], UserId(row["saved_by"])) for row in rows
        )

    def _newest(self, case_id: CaseId) -> CaseRecord | None:
        rows = self._file.rows(
            "SELECT record FROM case_revisions WHERE case_id = ? ORDER BY revision DESC LIMIT 1", case_id
        )
        return from_json(rows[0]["record"], CaseRecord) if rows else None

    def _summaries(self, condition: str, values: tuple[object, ...], limit: int) -> tuple[CaseSummary, ...]:
        self._session.require(Permission.READ_CASES)
        sql = f"{SUMMARY_SQL} WHERE {condition} ORDER BY i.visit_date DESC, i.saved_at DESC, i.number DESC LIMIT ?"
        return tuple(read_summary(row) for row in self._file.rows(sql, *values, limit))

    def _unsaved(self) -> tuple[CaseSummary, ...]:
        return tuple(draft_summary(draft) for draft in self.drafts() if draft.record.revision == 0)


def _index(work: Transaction, record: CaseRecord, fingerprint: str) -> None:
    columns: dict[str, Any] = {
        "case_id": record.id, "revision": record.revision, "patient_id": record.patient.id,
        "visit_date": record.visit_date, "name": record.patient.name, "local_number": record.patient.local_number,
        "sex": record.patient.sex.value, "age_years": age_of(record), "flags": " ".join(sorted(_flags(record))),
        "case_hash": fingerprint, "saved_at": work.at, "diagnosis_words": searchable(record.own_diagnosis or ""),
        "words": searchable(" ".join(_words(record))),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in {"case_id", "diagnosis_words"})
    work.execute(
        f"INSERT INTO case_index ({names}) VALUES ({marks}) ON CONFLICT (case_id) DO UPDATE SET {changes},"
        " diagnosis_words = coalesce(nullif(excluded.diagnosis_words, ''), diagnosis_words)",
        *columns.values(),
    )


def _flags(record: CaseRecord) -> set[str]:
    shown = {CaseFlag.EMERGENCY: record.emergency, CaseFlag.ALLERGY: bool(record.allergies),
             CaseFlag.PREGNANT: bool(record.pregnant)}
    return {flag.value for flag, is_set in shown.items() if is_set}


def _words(record: CaseRecord) -> list[str]:
    """Return what a search finds a case by; the patient again, because here full-width signs are made plain."""
    named: tuple[Named, ...] = (*record.history, *record.medications, *record.allergies)
    findings = [word for finding in record.findings for word in (finding.name_en, finding.name_zh)]
    return [record.patient.name, record.patient.local_number, record.text, *findings, *(row.name for row in named)]
