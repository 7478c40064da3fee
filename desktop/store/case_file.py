"""An open case file: one connection for one thread, whole transactions, and the ordeal before it may be opened.

Opening looks with a read-only connection first, so that a file which is damaged, foreign or newer is left byte for byte
as it was found. Only then is it opened for writing, its log written back, and pending migrations run after a backup.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desktop import errors, paths
from desktop.case.record import UserId, new_uuid
from desktop.store import audit, database, migrations
from desktop.store.database import APPLICATION_ID, DatabaseKey, fetch_one
from desktop.store.files import CaseFiles, finish_interrupted_restore, require_all
from desktop.store.head import Reach, SealedHead, require_reach
from desktop.store.lock import FolderLock
from desktop.store.records import AuditRecord

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LANTERN_ITSELF = UserId("lantern")
"""The user id of records that no person caused: migrations, interrupted runs."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Return `moment` as the store writes it: UTC, milliseconds, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Identity:
    database_id: str
    chain_key: bytes


class Transaction:
    """What one public method of the store does: all of it is kept, or none. Carries the time and the audit."""

    def __init__(self, db: Any, identity: Identity, at: str) -> None:
        self._db = db
        self._identity = identity
        self.at = at

    def execute(self, sql: str, *values: object) -> None:
        self._db.conn.execute(sql, values)

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return list(self._db.query(sql, list(values)))

    def insert(self, table: str, **columns: object) -> None:
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self._db.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))

    def record(self, user_id: UserId, action: str, subject: str, detail: str = "") -> None:
        """Append one audit record; `detail` says what happened in a few words and holds no free text."""
        last = self._db.conn.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        first = audit.first_link(self._identity.chain_key, self._identity.database_id)
        seq, previous_mac = (last[0], last[1]) if last else (0, first)
        record = AuditRecord(seq + 1, self.at, user_id, action, subject, detail, "")
        mac = audit.next_link(self._identity.chain_key, previous_mac, record)
        self.insert("audit", seq=record.seq, at=record.at, user_id=record.user_id, action=record.action,
                    subject=record.subject, detail=record.detail, mac=mac)


class CaseFile:
    """Made by `open_case_file` and `create_case_file`; used on the thread that made it, closed by `close`."""

    def __init__(
        self, files: CaseFiles, key: DatabaseKey, db: Any, identity: Identity, lock: FolderLock, clock: Clock
    ) -> None:
        self.files = files
        self.key = key
        self.database_id = identity.database_id
        self._db = db
        self._identity = identity
        self._head = SealedHead(files.head, identity.chain_key)
        self._lock = lock
        self._clock = clock
        self._head_is_behind = True
        self._settle_head()

    @property
    def db(self) -> Any:
        """The sqlite-utils Database, for the modules of the store that move the whole file."""
        return self._db

    def now(self) -> str:
        return timestamp(self._clock())

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Return the rows of a reading statement."""
        with database.faults():
            return list(self._db.query(sql, list(values)))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Do one piece of work wholly or not at all; when this returns, it is on the disk and the head says so.

        Raises DiskFull (nothing of it was kept), or CaseFileDamaged.
        """
        self._settle_head()
        with database.faults(), self._db.atomic():
            yield Transaction(self._db, self._identity, self.now())
            self._db.conn.execute("UPDATE file_identity SET commits = commits + 1")
        self._head_is_behind = True
        self._settle_head()

    def reach(self) -> Reach:
        return read_reach(self._db, self._identity)

    def close(self) -> None:
        """Write the log back and let others open the file. Closing twice is allowed."""
        self._db.close()
        self._lock.release()

    def hand_over(self) -> FolderLock:
        """Close the connection but keep the folder locked, for the modules that replace the file."""
        self._db.close()
        return self._lock

    def _settle_head(self) -> None:
        """Write the head if it is behind. Never start new work before this has worked: see head.py."""
        if self._head_is_behind:
            self._head.write(self.reach())
            self._head_is_behind = False


def create_case_file(files: CaseFiles, key: DatabaseKey, write_keys: Callable[[CaseFiles, str], None],
                     *, clock: Clock = utc_now) -> CaseFile:
    """Create a new case folder and return it open. Never touches an existing one.

    `write_keys(files, database_id)` puts the key file into the folder while it is still being built, so that a case
    file without its keys is never seen. Raises CaseFileLocked when something is there already, or DiskFull.
    """
    paths.make_private_folder(files.folder.parent)
    lock = FolderLock(files.lock)
    try:
        if files.exists():
            raise errors.CaseFileLocked("there is a case file already")
        part = files.part
        _clear_part(part)
        paths.make_private_folder(part.folder)
        identity = Identity(new_uuid(), secrets.token_bytes(32))
        db = _new_database(part, key, identity, timestamp(clock()))
        SealedHead(part.head, identity.chain_key).create(read_reach(db, identity))
        db.close()
        write_keys(part, identity.database_id)
        _publish(part, files)
        return _open_for_writing(files, key, identity, migrations.STEPS, lock, clock)
    except BaseException:
        lock.release()
        raise


def open_case_file(files: CaseFiles, key: DatabaseKey, *, expected_id: str | None = None, steps: Any = None,
                   clock: Clock = utc_now, lock: FolderLock | None = None) -> CaseFile:
    """Return the case file, after every check of ARCHITECTURE, "The case file".

    `expected_id` is the database id the key file was made for. Raises CaseFileMissing, CaseFileLocked, CaseFileNewer,
    CaseFileDamaged (all three leave the file as it is), WrongPassword, DiskFull, or BackupFailed before a migration.
    """
    held = lock or FolderLock(_lock_path(files))
    try:
        finish_interrupted_restore(files)
        known_steps = migrations.STEPS if steps is None else steps
        identity = inspect(files, key, expected_id, known_steps)
        return _open_for_writing(files, key, identity, known_steps, held, clock)
    except BaseException:
        held.release()
        raise


def inspect(files: CaseFiles, key: DatabaseKey, expected_id: str | None = None, steps: Any = None) -> Identity:
    """Check a case folder without changing a byte of it and return who it is. Raises as `open_case_file` does."""
    require_all(files)
    db = database.connect(files.database, key, read_only=True)
    try:
        _require_ours(db, migrations.STEPS if steps is None else steps)
        database.require_consistent(db)
        with database.faults():
            identity = read_identity(db)
            if expected_id is not None and identity.database_id != expected_id:
                raise errors.CaseFileDamaged("the database belongs to another key file")
            _require_whole_audit(db, files, identity)
        return identity
    finally:
        db.close()


def read_identity(db: Any) -> Identity:
    row = db.conn.execute("SELECT database_id, chain_key FROM file_identity").fetchone()
    if row is None:
        raise errors.CaseFileDamaged("the database has no identity")
    return Identity(row[0], row[1])


def read_reach(db: Any, identity: Identity) -> Reach:
    commits = fetch_one(db, "SELECT commits FROM file_identity")
    last = db.conn.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    records, mac = last or (0, audit.first_link(identity.chain_key, identity.database_id))
    return Reach(identity.database_id, commits, records, mac)


def _require_ours(db: Any, steps: Any) -> None:
    """Check who made the file and when, before anything is created in it."""
    with database.faults():
        if fetch_one(db, "PRAGMA application_id") != APPLICATION_ID:
            raise errors.CaseFileDamaged("this is not a case file")
        version = fetch_one(db, "PRAGMA user_version")
    if version > migrations.count(steps):
        raise errors.CaseFileNewer(f"schema {version}, this Lantern knows {migrations.count(steps)}")


def _require_whole_audit(db: Any, files: CaseFiles, identity: Identity) -> None:
    columns = "seq, at, user_id, action, subject, detail, mac"
    cursor = db.conn.execute(f"SELECT {columns} FROM audit ORDER BY seq")
    links = audit.verify_chain(identity.chain_key, identity.database_id, (AuditRecord(*row) for row in cursor))
    head = SealedHead(files.head, identity.chain_key).read()
    mac_at_head = links[head.audit_records] if head.audit_records < len(links) else None
    require_reach(head, read_reach(db, identity), mac_at_head)


def _open_for_writing(files: CaseFiles, key: DatabaseKey, identity: Identity, steps: Any, lock: FolderLock,
                      clock: Clock) -> CaseFile:
    db = database.connect(files.database, key)
    try:
        database.use_write_ahead_log(db)
        database.require_sealed_pages(db, files.database)
        case_file = CaseFile(files, key, db, identity, lock, clock)
        _migrate(case_file, steps)
        return case_file
    except BaseException:
        db.close()
        raise


def _migrate(case_file: CaseFile, steps: Any) -> None:
    with database.faults():
        pending = migrations.pending(case_file.db, steps)
    if not pending:
        return
    from desktop.store import backup  # a backup is itself a case file, so the two modules need each other

    made = backup.make_backup(case_file, case_file.files.backups, reason="migration")
    log.info("backed up to %s before %d migrations", made.name, len(pending))
    with database.faults():
        migrations.apply(case_file.db, steps)
    with case_file.transaction() as work:
        work.record(LANTERN_ITSELF, "migrated", case_file.database_id, ", ".join(pending))


def _new_database(part: CaseFiles, key: DatabaseKey, identity: Identity, created_at: str) -> Any:
    db = database.connect(part.database, key)
    paths.narrow_file(part.database)
    with database.faults():
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(db, migrations.STEPS)
        db.conn.execute("INSERT INTO file_identity VALUES (1, ?, ?, ?, 0)",
                        (identity.database_id, identity.chain_key, created_at))
    return db


def _publish(part: CaseFiles, files: CaseFiles) -> None:
    for path in (part.database, part.head, part.keys):
        paths.sync_file(path)
    paths.sync_folder(part.folder)
    part.folder.rename(files.folder)
    paths.sync_folder(files.folder.parent)


def _clear_part(part: CaseFiles) -> None:
    """Remove what an interrupted creation left; nobody was ever told that it exists."""
    if part.folder.exists():
        for leftover in part.folder.iterdir():
            leftover.unlink()
        part.folder.rmdir()


def _lock_path(files: CaseFiles) -> Any:
    if not files.folder.parent.is_dir():
        raise errors.CaseFileMissing(str(files.folder))
    return files.lock
