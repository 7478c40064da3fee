"""A new database key: for the day a user leaves in anger, or a copy of the key file is lost.

The file is copied, the copy gets the new key and is proved, and only then takes the old one's place. The two files that
must change together, database and key slots, cannot be renamed in one step, so the key file first holds both sets of
slots; whichever opens the database at the next sign-in is right, and the other set is dropped.

Only users whose passwords are given keep a slot; the others get a new password from whoever manages users. Backups made
before still open with the old key and the old passwords: keep them as safe as before, or delete them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desktop import errors, paths
from desktop.case.record import UserId
from desktop.store import database, keys, recovery
from desktop.store.case_file import CaseFile
from desktop.store.database import DatabaseKey
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost, KeyFile, Slot
from desktop.store.opening import open_case_file
from desktop.store.permissions import Permission
from desktop.store.session import Created, Session


def change_database_key(session: Session, passwords: Mapping[UserId, str], *,
                        cost: HashingCost = keys.STANDARD_COST) -> Created:
    """Encrypt the case file anew and return a fresh session with a new recovery code; the old session is closed.

    `passwords` must hold the signed-in user's own. Raises WrongPassword before anything is changed, DiskFull or
    CaseFileDamaged; the case file then still opens with the old passwords.
    """
    session.require(Permission.MANAGE_USERS)
    case_file, files = session.case_file, session.case_file.files
    old = keys.read_key_file(files)
    new_key, code = keys.new_database_key(), recovery.new_recovery_code()
    if session.user.id not in passwords:
        raise errors.WrongPassword("the own password is needed")
    slots = _new_slots(old, new_key, passwords, code, cost)
    copy = files.folder / "lantern.db.rekeyed"
    _copy_with_new_key(case_file, copy, new_key)
    keys.write_key_file(files, KeyFile(old.database_id, (slots, old.slots)))
    lock = case_file.hand_over()  # a clean close also removes the log, which belongs to the old key
    try:
        _put_in_place(copy, files)
        reopened = open_case_file(files, new_key, expected_id=old.database_id, lock=lock)
    except BaseException:
        lock.release()
        raise
    keys.write_key_file(files, KeyFile(old.database_id, (slots,)))
    with reopened.transaction() as work:
        work.record(session.user.id, "database_key_changed", reopened.database_id, f"{len(slots) - 1} users")
    return Created(Session(reopened, session.user), code)


def _new_slots(old: KeyFile, new_key: DatabaseKey, passwords: Mapping[UserId, str], code: str,
               cost: HashingCost) -> tuple[Slot, ...]:
    slots = []
    for slot in old.slots:
        password = passwords.get(UserId(slot.user_id))
        if password is not None:
            keys.unwrap(old, slot.login, password)
            slots.append(keys.wrap(new_key, old.database_id, UserId(slot.user_id), slot.login, password, cost))
    return (*slots, keys.wrap(new_key, old.database_id, keys.RECOVERY, "", code, cost))


def _put_in_place(copy: Path, files: CaseFiles) -> None:
    copy.replace(files.database)
    paths.sync_folder(files.folder)


def _copy_with_new_key(case_file: CaseFile, target: Path, new_key: DatabaseKey) -> None:
    target.unlink(missing_ok=True)
    try:
        with database.faults():
            case_file.db.conn.execute("VACUUM INTO ?", (str(target),))
        paths.narrow_file(target)
        rekeyed = database.connect(target, case_file.key)
        with database.faults():
            rekeyed.conn.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"")
        rekeyed.close()
        proved = database.connect(target, new_key)
        database.require_consistent(proved)
        database.require_sealed_pages(proved, target)
        proved.close()
        paths.sync_file(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
