"""What clinicians decide: their own diagnosis, plan sentences adopted or reworded, alerts overridden, and signatures.

Append-only throughout: a changed mind is a new row. A signature binds one exact content: the case revision, the
result's events and every edit up to then.
"""

from __future__ import annotations

import hashlib
from typing import Any

from desktop import errors
from desktop.case.record import CaseId, PatientId, ResultId, Role, UserId
from desktop.store.codec import from_json, to_json
from desktop.store.permissions import Permission
from desktop.store.records import EditAction, Override, OwnDiagnosis, SentenceEdit, Signature
from desktop.store.results import Results
from desktop.store.search import searchable
from desktop.store.session import Session


class Decisions:
    """The decisions kept in an open case file, on behalf of the signed-in user."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._file = session.case_file

    def give_own_diagnosis(self, case_id: CaseId, text: str) -> OwnDiagnosis:
        """Store the clinician's own working diagnosis; with commit first this happens before a list is shown."""
        self._session.require(Permission.WRITE_CASES)
        with self._file.transaction() as work:
            given = OwnDiagnosis(case_id, text, work.at, self._session.user.id)
            work.insert("own_diagnoses", case_id=case_id, text=text, given_at=work.at, given_by=given.given_by)
            work.execute("UPDATE case_index SET diagnosis_words = ? WHERE case_id = ?", searchable(text), case_id)
            work.record(given.given_by, "own_diagnosis_given", case_id)
        return given

    def own_diagnoses(self, case_id: CaseId) -> tuple[OwnDiagnosis, ...]:
        """Return all of them, oldest first; the last one is valid."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT case_id, text, given_at, given_by FROM own_diagnoses WHERE case_id = ? ORDER BY number", case_id
        )
        return tuple(OwnDiagnosis(**row) for row in rows)

    def own_diagnosis(self, case_id: CaseId) -> OwnDiagnosis | None:
        """Return the one that is valid now, None before the clinician has given one."""
        given = self.own_diagnoses(case_id)
        return given[-1] if given else None

    def edit_sentence(self, result_id: ResultId, section: str, position: int,
                      action: EditAction, original: str, text: str) -> SentenceEdit:
        """Store what the clinician did to one sentence of a plan."""
        self._session.require(Permission.WRITE_CASES)
        with self._file.transaction() as work:
            edit = SentenceEdit(result_id, section, position, action, original, text, work.at, self._session.user.id)
            work.insert("sentence_edits", result_id=result_id, section=section, position=position, action=action,
                        original=original, text=text, edited_at=work.at, edited_by=edit.edited_by)
            work.record(edit.edited_by, f"sentence_{action}", result_id, f"{section} {position}".strip())
        return edit

    def sentence_edits(self, result_id: ResultId) -> tuple[SentenceEdit, ...]:
        """Return every edit, oldest first; the last one of a section and position is valid."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT result_id, section, position, action, original, text, edited_at, edited_by FROM sentence_edits"
            " WHERE result_id = ? ORDER BY number", result_id,
        )
        return tuple(SentenceEdit(**row) for row in rows)

    def override(self, case_id: CaseId, rule_id: str, reason: str, result_id: ResultId | None = None) -> Override:
        """Store that an alert was overridden and why. Raises NotAllowed, and ValueError without a reason."""
        self._session.require(Permission.OVERRIDE)
        if not reason.strip():
            raise ValueError("an override needs a reason")
        with self._file.transaction() as work:
            given = Override(case_id, result_id, rule_id, reason.strip(), work.at, self._session.user.id)
            work.insert("overrides", case_id=case_id, result_id=result_id, rule_id=rule_id, reason=given.reason,
                        given_at=work.at, given_by=given.given_by)
            work.record(given.given_by, "alert_overridden", case_id, rule_id)
        return given

    def overrides(self, case_id: CaseId) -> tuple[Override, ...]:
        """Return the overrides of a case, oldest first, for every user to see."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT case_id, result_id, rule_id, reason, given_at, given_by FROM overrides WHERE case_id = ?"
            " ORDER BY number", case_id,
        )
        return tuple(Override(**row) for row in rows)

    def overrides_of_patient(self, patient_id: PatientId) -> tuple[Override, ...]:
        """Return the overrides of every visit of one patient, oldest first."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT o.case_id, o.result_id, o.rule_id, o.reason, o.given_at, o.given_by FROM overrides o"
            " JOIN case_index i ON i.case_id = o.case_id WHERE i.patient_id = ? ORDER BY o.number", patient_id,
        )
        return tuple(Override(**row) for row in rows)

    def sign(self, result_id: ResultId) -> Signature:
        """Sign a result together with the case revision and every edit as they now stand.

        Raises NotAllowed by role, StaleRevision when the case changed after the result.
        """
        self._session.require(Permission.SIGN)
        result = Results(self._session).load(result_id)
        if result.stale:
            raise errors.StaleRevision("the case changed after this result")
        user = self._session.user
        newest = self._file.rows("SELECT revision FROM case_index WHERE case_id = ?", result.case_id)
        revision = int(newest[0]["revision"])
        with self._file.transaction() as work:
            signature = Signature(
                CaseId(result.case_id), revision, result_id, work.at, user.id, user.display_name, user.role,
                self.content_hash(result.case_id, revision, result_id), self.changes(result.case_id, result_id),
            )
            work.insert("signatures", case_id=signature.case_id, case_revision=revision, result_id=result_id,
                        signed_at=work.at, signed_by=user.id, signer_name=user.display_name,
                        signer_role=user.role.value, content_hash=signature.content_hash,
                        changes=to_json(signature.changes))
            work.record(user.id, "signed", result_id, signature.content_hash)
        return signature

    def signatures(self, case_id: CaseId) -> tuple[Signature, ...]:
        """Return who signed what, oldest first."""
        self._session.require(Permission.READ_CASES)
        rows = self._file.rows(
            "SELECT case_id, case_revision, result_id, signed_at, signed_by, signer_name, signer_role, content_hash,"
            " changes FROM signatures WHERE case_id = ? ORDER BY number", case_id,
        )
        return tuple(_read_signature(row) for row in rows)

    def still_holds(self, signature: Signature) -> bool:
        """Return whether what was signed is unchanged: same newest revision, same result, no later edit."""
        newest = self._file.rows("SELECT revision FROM case_index WHERE case_id = ?", signature.case_id)
        if not newest or newest[0]["revision"] != signature.case_revision or signature.result_id is None:
            return False
        found = self.content_hash(signature.case_id, signature.case_revision, signature.result_id)
        return found == signature.content_hash

    def content_hash(self, case_id: str, revision: int, result_id: ResultId) -> str:
        """Return the SHA-256 over the stored text of what a signature covers."""
        record = self._file.rows(
            "SELECT record FROM case_revisions WHERE case_id = ? AND revision = ?", case_id, revision
        )
        events = self._file.rows("SELECT event FROM result_events WHERE result_id = ? ORDER BY position", result_id)
        covered = [*record, *events, *self._edits_as_rows(result_id), *self._overrides_as_rows(case_id)]
        return hashlib.sha256(to_json(covered).encode()).hexdigest()

    def changes(self, case_id: str, result_id: ResultId) -> tuple[str, ...]:
        """Return what differs from Lantern's draft, one line each: sentences and overridden alerts."""
        edits = {(row["section"], row["position"]): row for row in self._edits_as_rows(result_id)}
        lines = [f"{row['action']}: {row['original']} → {row['text']}" for row in edits.values()]
        lines += [f"overridden: {row['rule_id']}: {row['reason']}" for row in self._overrides_as_rows(case_id)]
        return tuple(lines)

    def _edits_as_rows(self, result_id: ResultId) -> list[dict[str, Any]]:
        return self._file.rows(
            "SELECT section, position, action, original, text FROM sentence_edits WHERE result_id = ? ORDER BY number",
            result_id,
        )

    def _overrides_as_rows(self, case_id: str) -> list[dict[str, Any]]:
        return self._file.rows("SELECT rule_id, reason FROM overrides WHERE case_id = ? ORDER BY number", case_id)


def _read_signature(row: dict[str, Any]) -> Signature:
    changes = tuple(from_json(row["changes"], list))
    return Signature(**{**row, "signed_by": UserId(row["signed_by"]), "signer_role": Role(row["signer_role"]),
                        "changes": changes})
