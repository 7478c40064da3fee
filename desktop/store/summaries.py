"""One line per case for Today, search and a patient's history: how far it came and what must not be overlooked."""

from __future__ import annotations

from typing import Any

from desktop.case.record import CaseId, PatientId, Sex
from desktop.case.validate import age_of
from desktop.store.records import CaseFlag, CaseStatus, CaseSummary, Draft

SUMMARY_SQL = """
SELECT i.case_id, i.patient_id, i.revision, i.visit_date, i.name, i.local_number, i.sex, i.age_years, i.flags,
    i.saved_at,
    (SELECT o.text FROM own_diagnoses o WHERE o.case_id = i.case_id ORDER BY o.number DESC LIMIT 1) AS own_diagnosis,
    EXISTS (SELECT 1 FROM drafts d WHERE d.case_id = i.case_id) AS has_draft,
    EXISTS (SELECT 1 FROM signatures s WHERE s.case_id = i.case_id AND s.case_revision = i.revision) AS is_signed,
    EXISTS (SELECT 1 FROM results r JOIN result_endings e ON e.result_id = r.id
            WHERE r.case_id = i.case_id AND r.kind = 'plan' AND e.status = 'ok') AS is_planned,
    EXISTS (SELECT 1 FROM results r JOIN result_endings e ON e.result_id = r.id
            WHERE r.case_id = i.case_id AND r.kind = 'diagnose' AND e.status = 'ok') AS is_ranked,
    (SELECT r.case_hash <> i.case_hash FROM results r JOIN result_endings e ON e.result_id = r.id
     WHERE r.case_id = i.case_id AND e.status = 'ok' ORDER BY r.rowid DESC LIMIT 1) AS is_stale,
    (SELECT e.status = 'interrupted' FROM results r JOIN result_endings e ON e.result_id = r.id
     WHERE r.case_id = i.case_id ORDER BY r.rowid DESC LIMIT 1) AS is_interrupted
FROM case_index AS i
"""


def read_summary(row: dict[str, Any]) -> CaseSummary:
    """Return one row of SUMMARY_SQL as a record."""
    flags = {CaseFlag(flag) for flag in row["flags"].split()}
    for column, flag in (("has_draft", CaseFlag.DRAFT), ("is_stale", CaseFlag.STALE),
                         ("is_interrupted", CaseFlag.INTERRUPTED)):
        if row[column]:
            flags.add(flag)
    return CaseSummary(
        id=CaseId(row["case_id"]), patient_id=PatientId(row["patient_id"]), revision=row["revision"],
        visit_date=row["visit_date"], name=row["name"], local_number=row["local_number"], sex=Sex(row["sex"]),
        age_years=row["age_years"], status=_status(row), own_diagnosis=row["own_diagnosis"], flags=frozenset(flags),
        saved_at=row["saved_at"],
    )


def draft_summary(draft: Draft) -> CaseSummary:
    """Return the line of a case that was typed but never saved."""
    record = draft.record
    return CaseSummary(
        id=record.id, patient_id=record.patient.id, revision=0, visit_date=record.visit_date, name=record.patient.name,
        local_number=record.patient.local_number, sex=record.patient.sex, age_years=age_of(record),
        status=CaseStatus.OPEN, own_diagnosis=record.own_diagnosis, flags=frozenset({CaseFlag.DRAFT}),
        saved_at=draft.saved_at,
    )


def _status(row: dict[str, Any]) -> CaseStatus:
    if row["is_signed"]:
        return CaseStatus.SIGNED
    if row["is_planned"]:
        return CaseStatus.PLANNED
    return CaseStatus.RANKED if row["is_ranked"] else CaseStatus.OPEN
