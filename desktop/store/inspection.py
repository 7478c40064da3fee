"""The read-only look at a case file before it is opened, so that a damaged, foreign or newer one stays untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop import errors
from desktop.store import audit, database, migrations
from desktop.store.case_file import Identity, read_identity, read_reach
from desktop.store.database import APPLICATION_ID, DatabaseKey, fetch_one
from desktop.store.files import CaseFiles, require_parts
from desktop.store.head import Reach, SealedHead, require_reach
from desktop.store.records import AuditRecord


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a read-only look found: who the file is, how far it reaches, and the audit's chain value at every record."""

    identity: Identity
    reach: Reach
    links: tuple[str, ...]


def inspect(files: CaseFiles, key: DatabaseKey, expected_id: str | None = None, steps: Any = None) -> Identity:
    """Check a case folder without changing a byte of it and return who it is. Raises as `open_case_file` does."""
    require_parts(files, files.database, files.keys, files.head)
    found = inspect_database(files, key, expected_id, steps)
    head = SealedHead(files.head, found.identity.chain_key).read()
    mac_at_head = found.links[head.audit_records] if head.audit_records < len(found.links) else None
    require_reach(head, found.reach, mac_at_head)
    return found.identity


def inspect_database(files: CaseFiles, key: DatabaseKey, expected_id: str | None = None,
                     steps: Any = None) -> Inspection:
    """Check everything that does not need the head; saved work may still be missing from the end."""
    require_parts(files, files.database, files.keys)
    db = database.connect(files.database, key, read_only=True)
    try:
        _require_ours(db, migrations.STEPS if steps is None else steps)
        database.require_consistent(db)
        with database.faults():
            identity = read_identity(db)
            if expected_id is not None and identity.database_id != expected_id:
                raise errors.CaseFileDamaged("the database belongs to another key file")
            cursor = db.conn.execute("SELECT seq, at, user_id, action, subject, detail, mac FROM audit ORDER BY seq")
            records = (AuditRecord(*row) for row in cursor)
            links = audit.verify_chain(identity.chain_key, identity.database_id, records)
            return Inspection(identity, read_reach(db, identity), tuple(links))
    finally:
        db.close()


def _require_ours(db: Any, steps: Any) -> None:
    """Check who made the file and when, before anything is created in it."""
    with database.faults():
        if fetch_one(db, "PRAGMA application_id") != APPLICATION_ID:
            raise errors.CaseFileDamaged("this is not a case file")
        version = fetch_one(db, "PRAGMA user_version")
    if version > migrations.count(steps):
        raise errors.CaseFileNewer(f"schema {version}, this Lantern knows {migrations.count(steps)}")
