"""Going on after a loss: when the head says that saved work is missing and no backup is better than what is left.

The last resort after a damaged log, and never automatic: somebody who may restore decides it, everything is kept aside
first as it was found, and the audit says for good how much was missing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from desktop import errors, paths
from desktop.case.record import UserId
from desktop.store import keys
from desktop.store.backup import compact
from desktop.store.case_file import Clock, timestamp, utc_now
from desktop.store.files import CaseFiles
from desktop.store.head import SealedHead
from desktop.store.inspection import Inspection, inspect_database
from desktop.store.lock import FolderLock
from desktop.store.opening import open_case_file
from desktop.store.permissions import Permission, require_in_file


@dataclass(frozen=True, slots=True)
class Loss:
    """`missing_transactions` is None when the head itself is gone and nobody can know."""

    missing_transactions: int | None
    kept_aside: Path


def accept_loss(files: CaseFiles, login: str, password: str, *, clock: Clock = utc_now) -> Loss:
    """Seal what is left of the case file, so that it opens again, and return what was missing.

    Raises WrongPassword, NotAllowed by role, CaseFileLocked, CaseFileNewer, DiskFull, or CaseFileDamaged when the
    database or its chain is broken in itself: then only a backup helps.
    """
    key_file = keys.read_key_file(files)
    unwrapped = keys.unwrap(key_file, login, password)[0]
    lock = FolderLock(files.lock)
    try:
        found = inspect_database(files, unwrapped.key, key_file.database_id)
        require_in_file(files.database, unwrapped.key, unwrapped.user_id, Permission.RESTORE)
        kept_aside = _keep_aside(files, timestamp(clock()))
        missing = _missing(files, found)
        SealedHead(files.head, found.identity.chain_key).create(found.reach)
    except BaseException:
        lock.release()
        raise
    case_file = open_case_file(files, unwrapped.key, expected_id=key_file.database_id, clock=clock, lock=lock)
    try:
        with case_file.transaction() as work:
            said = "unknown" if missing is None else str(missing)
            work.record(UserId(unwrapped.user_id), "loss_accepted", found.identity.database_id, f"missing: {said}")
    finally:
        case_file.close()
    return Loss(missing, kept_aside)


def _missing(files: CaseFiles, found: Inspection) -> int | None:
    try:
        head = SealedHead(files.head, found.identity.chain_key).read()
    except (errors.CaseFileDamaged, FileNotFoundError):
        return None
    return max(0, head.commits - found.reach.commits)


def _keep_aside(files: CaseFiles, at: str) -> Path:
    target = files.beside(f".damaged-{compact(at)}")
    try:
        paths.make_private_folder(target)
        for path in files.folder.iterdir():
            if not path.name.endswith("-shm"):
                shutil.copyfile(path, target / path.name)
                paths.narrow_file(target / path.name)
                paths.sync_file(target / path.name)
        paths.sync_folder(target)
    except OSError as error:
        raise errors.DiskFull(f"the damaged file cannot be kept aside: {error.strerror}") from error
    return target
