"""Backups: a whole case folder made with VACUUM INTO and proved before it gets its name; restore.py puts one back.

A backup is itself a case folder (database, key slots, head), so it opens with the passwords of its day and passes the
same checks. It is built as `*.part`, checked, written through to the disk, and only then renamed; a folder without
`.part` is therefore always a good backup.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import errors, paths
from desktop.store import database, keys
from desktop.store.case_file import CaseFile, read_identity, read_reach
from desktop.store.database import DatabaseKey
from desktop.store.files import CaseFiles
from desktop.store.head import SealedHead
from desktop.store.inspection import inspect
from desktop.store.permissions import Permission

if TYPE_CHECKING:
    from desktop.store.session import Session

_PREFIX = "lantern-"
_PART = ".part"


@dataclass(frozen=True, slots=True)
class BackupInfo:
    folder: Path
    made_at: str
    bytes: int


def back_up(session: Session, folder: Path | None = None) -> BackupInfo:
    """Make a proved backup on behalf of a user, by default beside the case file. Raises BackupFailed or DiskFull."""
    session.require(Permission.BACK_UP)
    case_file = session.case_file
    made = make_backup(case_file, folder or case_file.files.backups, reason="by-hand")
    with case_file.transaction() as work:
        work.record(session.user.id, "backed_up", case_file.database_id, made.name)
    return _info(made)


def make_backup(case_file: CaseFile, folder: Path, *, reason: str) -> Path:
    """Return the folder of a new proved backup; nothing half-made stays.

    Raises BackupFailed, DiskFull or FolderUnwritable.
    """
    paths.make_private_folder(folder)
    target = _free_name(folder, case_file.now(), reason)
    part = CaseFiles(target.with_name(target.name + _PART))
    try:
        _copy_out(case_file, part)
        _prove(case_file, part)
        write_through(part)
        part.folder.rename(target)
        paths.sync_folder(folder)
    except (OSError, shutil.Error) as error:
        raise errors.DiskFull(f"backup: {error}") from error
    finally:
        shutil.rmtree(part.folder, ignore_errors=True)
    return target


def list_backups(folder: Path) -> tuple[BackupInfo, ...]:
    """Return the finished backups in `folder`, newest first."""
    if not folder.is_dir():
        return ()
    found = [path for path in folder.iterdir() if path.name.startswith(_PREFIX) and path.suffix != _PART]
    return tuple(_info(path) for path in sorted(found, reverse=True))


def _copy_out(case_file: CaseFile, part: CaseFiles) -> None:
    shutil.rmtree(part.folder, ignore_errors=True)
    paths.make_private_folder(part.folder)
    with database.faults():
        case_file.db.conn.execute("VACUUM INTO ?", (str(part.database),))
    paths.narrow_file(part.database)
    keys.write_key_file(part, keys.read_key_file(case_file.files))
    _write_head(part, case_file.key)


def _write_head(files: CaseFiles, key: DatabaseKey) -> None:
    db = database.connect(files.database, key, read_only=True)
    try:
        with database.faults():
            identity = read_identity(db)
            SealedHead(files.head, identity.chain_key).create(read_reach(db, identity))
    finally:
        db.close()


def _prove(case_file: CaseFile, part: CaseFiles) -> None:
    """Open the copy as a case file of its own, and compare it with the original row count by row count."""
    try:
        inspect(part, case_file.key, case_file.database_id)
        copy = database.connect(part.database, case_file.key)
        try:
            database.require_sealed_pages(copy, part.database)
            with database.faults():
                copied = _row_counts(copy)
        finally:
            copy.close()
    except (errors.CaseFileDamaged, errors.WrongPassword) as error:
        raise errors.BackupFailed(error.detail) from error
    if copied != _row_counts(case_file.db):
        raise errors.BackupFailed("the copy holds another number of rows")


def _row_counts(db: Any) -> dict[str, int]:
    tables = [name for name in db.table_names() if not name.startswith("case_search")]
    return {name: db.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def write_through(part: CaseFiles) -> None:
    """Force a finished case folder onto the disk before it is renamed."""
    for path in (part.database, part.keys, part.head):
        paths.sync_file(path)
    paths.sync_folder(part.folder)


def _free_name(folder: Path, at: str, reason: str) -> Path:
    name = f"{_PREFIX}{compact(at)}-{reason}"
    taken = sum(1 for path in folder.iterdir() if path.name.startswith(name) and path.suffix != _PART)
    return folder / (f"{name}-{taken + 1}" if taken else name)


def compact(at: str) -> str:
    """Return a time as it may stand in a file name on every system, still sortable."""
    return at.replace("-", "").replace(":", "").replace(".", "")


def _info(folder: Path) -> BackupInfo:
    made_at = folder.name.removeprefix(_PREFIX).split("-")[0]
    return BackupInfo(folder, made_at, sum(path.stat().st_size for path in folder.iterdir()))
