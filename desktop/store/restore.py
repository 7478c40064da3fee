"""Putting a backup in the place of the case file: checked before and after the copy; the present is kept beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop import errors, paths
from desktop.store import keys
from desktop.store.backup import compact, write_through
from desktop.store.case_file import Clock, Identity, timestamp, utc_now
from desktop.store.database import DatabaseKey
from desktop.store.files import CaseFiles, finish_interrupted_restore
from desktop.store.inspection import inspect
from desktop.store.lock import FolderLock
from desktop.store.opening import open_case_file
from desktop.store.permissions import Permission, require_in_file


def restore_backup(files: CaseFiles, backup: Path, login: str, password: str, *, clock: Clock = utc_now) -> None:
    """Put a backup in the place of the case file, which is kept beside it under another name.

    Close the case file first. The password is the one that was valid when the backup was made. Raises WrongPassword,
    NotAllowed by role, CaseFileLocked, CaseFileDamaged or CaseFileNewer (of the backup), DiskFull; in all these cases
    the case file stands as it was.
    """
    source = CaseFiles(backup)
    unwrapped = keys.unwrap(keys.read_key_file(source), login, password)[0]
    paths.make_private_folder(files.folder.parent)
    lock = FolderLock(files.lock)
    try:
        finish_interrupted_restore(files)
        identity = inspect(source, unwrapped.key)
        require_in_file(source.database, unwrapped.key, unwrapped.user_id, Permission.RESTORE)
        _bring_in(source, files, unwrapped.key, identity)
        _swap(files, timestamp(clock()))
    except OSError as error:
        lock.release()
        raise errors.DiskFull(f"restore: {error.strerror}") from error
    except BaseException:
        lock.release()
        raise
    case_file = open_case_file(files, unwrapped.key, lock=lock, clock=clock)
    try:
        with case_file.transaction() as work:
            work.record(unwrapped.user_id, "restored", identity.database_id, backup.name)
    finally:
        case_file.close()


def _bring_in(source: CaseFiles, files: CaseFiles, key: DatabaseKey, identity: Identity) -> None:
    part = files.part
    shutil.rmtree(part.folder, ignore_errors=True)
    paths.make_private_folder(part.folder)
    for origin, copy in ((source.database, part.database), (source.keys, part.keys), (source.head, part.head)):
        shutil.copyfile(origin, copy)
        paths.narrow_file(copy)
    write_through(part)
    inspect(part, key, identity.database_id)


def _swap(files: CaseFiles, at: str) -> None:
    """Two renames; between them `finish_interrupted_restore` knows what to do."""
    files.part.folder.rename(files.restored.folder)
    if files.folder.exists():
        files.folder.rename(files.beside(f".replaced-{compact(at)}"))
    finish_interrupted_restore(files)
