"""The audit: an append-only table in which every record carries an HMAC over itself and the record before it.

Nobody can change, drop or reorder a record without the chain key, and the sealed head says how many there must be.
Triggers in the schema refuse updates and deletes; the chain finds what was done around them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from desktop import errors
from desktop.store.records import AuditRecord

if TYPE_CHECKING:
    from desktop.store.case_file import CaseFile

CASE_SAVED = "case_saved"
_COLUMNS = "seq, at, user_id, action, subject, detail, mac"


class Audit:
    """Reads the audit of an open case file; writing happens inside the transaction that does the work."""

    def __init__(self, case_file: CaseFile) -> None:
        self._case_file = case_file

    def count(self) -> int:
        return int(self._case_file.rows("SELECT count(*) AS n FROM audit")[0]["n"])

    def latest(self, limit: int = 200) -> tuple[AuditRecord, ...]:
        """Return the newest records, newest first."""
        rows = self._case_file.rows(f"SELECT {_COLUMNS} FROM audit ORDER BY seq DESC LIMIT ?", limit)
        return tuple(AuditRecord(**row) for row in rows)

    def of_subject(self, subject: str) -> tuple[AuditRecord, ...]:
        """Return everything that happened to one case, result or user, oldest first."""
        rows = self._case_file.rows(f"SELECT {_COLUMNS} FROM audit WHERE subject = ? ORDER BY seq", subject)
        return tuple(AuditRecord(**row) for row in rows)


    def altered_revisions(self) -> tuple[tuple[str, int], ...]:
        """Return case id and number of every revision that is not what its audit record sealed; normally none.

        The page seals of SQLCipher keep outsiders out; this finds who had the key and went around the triggers. It
        reads every revision, so it belongs to the self-test and not to the opening.
        """
        sealed = {(row["subject"], row["detail"]) for row in
                  self._case_file.rows("SELECT subject, detail FROM audit WHERE action = ?", CASE_SAVED)}
        stored = self._case_file.rows("SELECT case_id, revision, record FROM case_revisions ORDER BY case_id, revision")
        return tuple((row["case_id"], row["revision"]) for row in stored
                     if (row["case_id"], content_seal(row["revision"], row["record"])) not in sealed)


def content_seal(revision: int, content: str) -> str:
    """Return the detail of the audit record that binds one revision's stored text to the chain."""
    return f"revision {revision} sha256 {hashlib.sha256(content.encode()).hexdigest()}"


def first_link(chain_key: bytes, database_id: str) -> str:
    """Return the chain value before the first record; it ties the chain to this case file."""
    return hmac.digest(chain_key, b"lantern audit\0" + database_id.encode(), "sha256").hex()


def next_link(chain_key: bytes, previous_mac: str, record: AuditRecord) -> str:
    """Return the chain value of `record` (its own `mac` is not read)."""
    fields = (previous_mac, record.seq, record.at, record.user_id, record.action, record.subject, record.detail)
    return hmac.digest(chain_key, msgspec.json.encode(fields), "sha256").hex()


def verify_chain(chain_key: bytes, database_id: str, records: Iterable[AuditRecord]) -> list[str]:
    """Return the chain value after every record, the first link included. Raises CaseFileDamaged at a broken link."""
    links = [first_link(chain_key, database_id)]
    for expected_seq, record in enumerate(records, start=1):
        link = next_link(chain_key, links[-1], record)
        if record.seq != expected_seq or not hmac.compare_digest(link, record.mac):
            raise errors.CaseFileDamaged(f"the audit chain breaks at record {expected_seq}")
        links.append(link)
    return links
