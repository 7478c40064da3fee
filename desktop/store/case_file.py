"""An open case file: one connection for one thread, and whole transactions that the head file confirms.

`opening.py` makes one; `Cases`, `Results` and the others work through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desktop import errors
from desktop.case.record import UserId
from desktop.store import audit, database
from desktop.store.codec import storable
from desktop.store.database import DatabaseKey, fetch_one
from desktop.store.files import CaseFiles
from desktop.store.head import Reach, SealedHead
from desktop.store.lock import FolderLock
from desktop.store.records import AuditRecord

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
        self._db.conn.execute(sql, storable(values))

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return list(self._db.query(sql, storable(values)))

    def insert(self, table: str, **columns: object) -> None:
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self._db.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", storable(tuple(columns.values())))

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
    """Made by `open_case_file` and `create_case_file` in opening.py; used on the thread that made it."""

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
            return list(self._db.query(sql, storable(values)))

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
