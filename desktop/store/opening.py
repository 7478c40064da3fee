"""Creating a case file, and opening one: inspected first, its log written back, migrated after a backup."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from desktop import errors, paths
from desktop.case.record import new_uuid
from desktop.store import database, migrations
from desktop.store.backup import make_backup
from desktop.store.case_file import LANTERN_ITSELF, CaseFile, Clock, Identity, read_reach, timestamp, utc_now
from desktop.store.database import APPLICATION_ID, DatabaseKey
from desktop.store.files import CaseFiles, finish_interrupted_restore
from desktop.store.head import SealedHead
from desktop.store.inspection import inspect
from desktop.store.lock import FolderLock

log = logging.getLogger(__name__)


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
    made = make_backup(case_file, case_file.files.backups, reason="migration")
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
