"""The door to SQLCipher: the only importer of `sqlcipher3`, the connections, their checks and their faults.

Measured facts that this module rests on; each has a test:
* sqlite-utils catches the exceptions of the module it finds as `pysqlite3`. Unless that name leads to sqlcipher3 before
  the first import of sqlite_utils, `insert(alter=True)`, `drop(ignore=True)` and `create_index(find_unique_name=True)`
  let foreign exceptions through.
* The key goes in raw, so SQLCipher derives nothing; a wrong key shows only at the first read.
* With WAL, `synchronous=NORMAL` does no fsync at commit; FULL does.
* `cipher_integrity_check` reads the main file only: it passes a file cut at a page boundary, and it blames a page that
  a power cut tore during a checkpoint although the log still has the good copy. So the log is checkpointed first, and
  the plain `integrity_check` (which reads through the log) and the file's length are checked as well.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NewType

import sqlcipher3
from sqlcipher3 import dbapi2

sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = dbapi2

import sqlite_utils  # noqa: E402  (only after the alias above)
from sqlite_utils.migrations import Migrations as Migrations  # noqa: E402

from desktop import errors  # noqa: E402

DatabaseKey = NewType("DatabaseKey", bytes)
"""32 random bytes that encrypt the database."""
KEY_BYTES = 32
APPLICATION_ID = 0x4C4E5452
"""ASCII `LNTR`; tells a case file from any other SQLite file."""

_CACHE_KIB = 65_536
_SQLITE_FULL = 13
_SQLITE_IOERR = 10
_SQLITE_CORRUPT = 11
_SQLITE_NOTADB = 26
_SQLITE_READONLY = 8
_SQLITE_CANTOPEN = 14
_SQLITE_BUSY = 5
_SQLITE_IOERR_READING = frozenset({266, 522, 8202, 8458})
"""SQLITE_IOERR_READ, _SHORT_READ, _DATA and _CORRUPTFS. Every other I/O error is a refused write: a quota or a size
limit often shows as the bare SQLITE_IOERR, while pages that cannot be trusted show as corrupt or as no database."""


def connect(path: Path, key: DatabaseKey, *, read_only: bool = False) -> Any:
    """Return a sqlite-utils Database on `path`, after its first page was read.

    Read-only connections leave every byte of the database and of its log as they are, also when they close. Raises
    WrongPassword when the key does not fit or the first page is damaged: inside SQLCipher the two look the same.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a database key has {KEY_BYTES} bytes, not {len(key)}")
    with faults():
        connection = dbapi2.connect(_address(path, read_only), uri=True, isolation_level=None)
    try:
        # First of all: SQLCipher writes its log to stderr, and what it says of a wrong key frightens for nothing.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_compatibility = 4")
        _read_first_page(connection)
        with faults():
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA temp_store = MEMORY")  # no plaintext temporary files
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            return sqlite_utils.Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def use_write_ahead_log(db: Any) -> None:
    """Switch to WAL with an fsync at every commit."""
    with faults():
        db.conn.execute("PRAGMA journal_mode = WAL").fetchall()
        db.conn.execute("PRAGMA synchronous = FULL")


def fetch_one(db: Any, sql: str) -> Any:
    """Return the first column of the first row, None where there is none."""
    row = db.conn.execute(sql).fetchone()
    return None if row is None else row[0]


def require_consistent(db: Any) -> None:
    """Run SQLite's own check over every page, seen through the log. Raises CaseFileDamaged."""
    with faults():
        found = [row[0] for row in db.conn.execute("PRAGMA integrity_check(5)").fetchall()]
    if found != ["ok"]:
        raise errors.CaseFileDamaged(f"integrity check: {len(found)} problems")


def require_sealed_pages(db: Any, path: Path) -> None:
    """Check the seal of every page of the main file, and the file's length, after the log is written back."""
    with faults():
        busy = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise errors.CaseFileLocked("the log cannot be written back")
        bad_pages = db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        # SQLCipher answers page_size as text.
        expected_bytes = int(fetch_one(db, "PRAGMA page_count")) * int(fetch_one(db, "PRAGMA page_size"))
    if bad_pages:
        raise errors.CaseFileDamaged(f"{len(bad_pages)} pages fail their seal")
    if path.stat().st_size != expected_bytes:
        raise errors.CaseFileDamaged(f"the file has {path.stat().st_size} bytes instead of {expected_bytes}")


@contextmanager
def faults() -> Iterator[None]:
    """Turn SQLite's exceptions into Lantern's. Programming mistakes pass through unchanged: they are bugs."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        translated = _translated(error)
        if translated is error:
            raise
        raise translated from error


def _address(path: Path, read_only: bool) -> str:
    if not read_only:
        return path.absolute().as_uri() + "?mode=rwc"
    # Without a log a reader would create one; as nobody else has the folder (lock.py), the file cannot change either.
    has_log = path.with_name(path.name + "-wal").exists()
    return path.absolute().as_uri() + ("?mode=ro" if has_log else "?mode=ro&immutable=1")


def _read_first_page(connection: Any) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as error:
        if _primary(error) == _SQLITE_NOTADB:
            raise errors.WrongPassword("the database key does not fit") from error
        raise _translated(error) from error


def _primary(error: BaseException) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _translated(error: Exception) -> Exception:
    code = int(getattr(error, "sqlite_errorcode", 0) or 0)
    match _primary(error):
        case primary if primary == _SQLITE_IOERR and code not in _SQLITE_IOERR_READING:
            return errors.DiskFull(f"the disk refused a write (SQLite {code})")
        case primary if primary == _SQLITE_FULL:
            return errors.DiskFull("no space left")
        case primary if primary in {_SQLITE_CORRUPT, _SQLITE_NOTADB, _SQLITE_IOERR, _SQLITE_CANTOPEN}:
            return errors.CaseFileDamaged(f"SQLite {code}")
        case primary if primary == _SQLITE_READONLY:
            return errors.FolderUnwritable(f"SQLite {code}")
        case primary if primary == _SQLITE_BUSY:
            return errors.CaseFileLocked(f"SQLite {code}")
    return error
