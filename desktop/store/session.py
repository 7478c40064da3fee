"""Who is signed in at the open case file: creating it, unlocking it, and changing users.

The window gets a `Session` and hands it to `Cases`, `Results`, `Audit` and `Users`; each asks it for the permission and
signs its audit records with its user.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop import errors
from desktop.case.record import Role, UserId, new_uuid
from desktop.store import keys, recovery
from desktop.store.case_file import LANTERN_ITSELF, CaseFile, Clock, utc_now
from desktop.store.files import CaseFiles, finish_interrupted_restore
from desktop.store.keys import HashingCost, KeyFile, Unwrapped
from desktop.store.opening import create_case_file, open_case_file
from desktop.store.permissions import PERMISSIONS, Permission
from desktop.store.records import User
from desktop.store.results import close_interrupted


@dataclass(frozen=True, slots=True)
class NewUser:
    login: str
    display_name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class Session:
    case_file: CaseFile
    user: User

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.user.role]

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless the signed-in user's role has `permission`."""
        if not self.may(permission):
            raise errors.NotAllowed(f"{self.user.role} may not {permission}")


@dataclass(frozen=True, slots=True)
class Created:
    """A new case file, open; `recovery_code` is shown and printed once and is nowhere else."""

    session: Session
    recovery_code: str


def create_clinic(files: CaseFiles, first: NewUser, *, cost: HashingCost = keys.STANDARD_COST,
                  clock: Clock = utc_now) -> Created:
    """Create the case file with its first user, who must be able to manage users."""
    if Permission.MANAGE_USERS not in PERMISSIONS[first.role]:
        raise errors.NotAllowed("the first user must be able to add others")
    key = keys.new_database_key()
    user_id = UserId(new_uuid())
    code = recovery.new_recovery_code()

    def write_keys(part: CaseFiles, database_id: str) -> None:
        slots = (
            keys.wrap(key, database_id, user_id, first.login, first.password, cost),
            keys.wrap(key, database_id, keys.RECOVERY, "", code, cost),
        )
        keys.write_key_file(part, KeyFile(database_id, (slots,)))

    case_file = create_case_file(files, key, write_keys, clock=clock)
    with case_file.transaction() as work:
        work.insert("users", id=user_id, login=first.login, display_name=first.display_name, role=first.role.value,
                    created_at=work.at)
        work.record(user_id, "case_file_created", case_file.database_id)
        work.record(user_id, "user_added", user_id, first.role.value)
    return Created(Session(case_file, find_user(case_file, user_id)), code)


def sign_in(files: CaseFiles, login: str, password: str, *, clock: Clock = utc_now) -> Session:
    """Open the case file for one user. Raises WrongPassword, or what `open_case_file` raises."""
    return _open(files, lambda key_file: keys.unwrap(key_file, login, password), "signed_in", clock)


def sign_in_with_recovery(files: CaseFiles, typed_code: str, *, clock: Clock = utc_now) -> Session:
    """Open the case file with the printed code, as its first clinical lead or IT user. Raises WrongPassword."""
    code = recovery.read_recovery_code(typed_code)
    if code is None:
        raise errors.WrongPassword("the recovery code is mistyped")
    return _open(files, lambda key_file: keys.unwrap_recovery(key_file, code), "signed_in_by_recovery_code", clock)


def switch_user(session: Session, login: str, password: str) -> Session:
    """Return a session of another user at the same open file. Raises WrongPassword; the old session then stays."""
    case_file = session.case_file
    try:
        unwrapped = keys.unwrap(keys.read_key_file(case_file.files), login, password)
    except errors.WrongPassword:
        with case_file.transaction() as work:
            work.record(LANTERN_ITSELF, "sign_in_refused", case_file.database_id)
        raise
    return _signed_in(case_file, unwrapped[0].user_id, "signed_in")


def sign_out(session: Session) -> None:
    """Record the end of the session; the case file stays open for the next user."""
    with session.case_file.transaction() as work:
        work.record(session.user.id, "signed_out", session.user.id)


def logins(files: CaseFiles) -> tuple[str, ...]:
    """Return the login names for the unlock screen. Raises CaseFileMissing, CaseFileDamaged or CaseFileNewer."""
    finish_interrupted_restore(files)
    return keys.read_key_file(files).logins()


def find_user(case_file: CaseFile, user_id: UserId) -> User:
    """Return one user, removed or not. Raises WrongPassword for a slot whose user the database does not know."""
    rows = case_file.rows(
        "SELECT id, login, display_name, role, created_at, removed_at FROM users WHERE id = ?", user_id
    )
    if not rows:
        raise errors.WrongPassword("the slot belongs to no user")
    return User(**{**rows[0], "role": Role(rows[0]["role"])})


def _open(files: CaseFiles, unwrap: Callable[[KeyFile], tuple[Unwrapped, ...]], action: str, clock: Clock) -> Session:
    finish_interrupted_restore(files)
    key_file = keys.read_key_file(files)
    unwrapped = unwrap(key_file)
    case_file, fitting = _open_with_first_fitting(files, key_file, unwrapped, clock)
    try:
        if len(key_file.sets) > 1:
            keys.write_key_file(files, KeyFile(key_file.database_id, (key_file.sets[fitting.set_number],)))
        close_interrupted(case_file)
        user_id = fitting.user_id if fitting.user_id != keys.RECOVERY else _recovery_user(case_file)
        return _signed_in(case_file, user_id, action)
    except BaseException:
        case_file.close()
        raise


def _open_with_first_fitting(files: CaseFiles, key_file: KeyFile, unwrapped: tuple[Unwrapped, ...],
                             clock: Clock) -> tuple[CaseFile, Unwrapped]:
    for candidate in unwrapped[:-1]:
        try:
            return open_case_file(files, candidate.key, expected_id=key_file.database_id, clock=clock), candidate
        except errors.WrongPassword:
            continue
    last = unwrapped[-1]
    try:
        return open_case_file(files, last.key, expected_id=key_file.database_id, clock=clock), last
    except errors.WrongPassword as error:
        if len(key_file.sets) > 1:
            raise  # this user got no slot for the new key
        # The slot's seal held, so the password is right: it is the database that is not what the key was made for.
        raise errors.CaseFileDamaged("the first page cannot be read with the right key") from error


def _signed_in(case_file: CaseFile, user_id: UserId, action: str) -> Session:
    user = find_user(case_file, user_id)
    if user.removed_at is not None:
        raise errors.WrongPassword("the user was removed")
    with case_file.transaction() as work:
        work.record(user.id, action, user.id)
    return Session(case_file, user)


def _recovery_user(case_file: CaseFile) -> UserId:
    rows = case_file.rows(
        "SELECT id FROM users WHERE removed_at IS NULL AND role IN ('clinical_lead', 'it')"
        " ORDER BY role = 'it', created_at LIMIT 1"
    )
    if not rows:
        raise errors.WrongPassword("no user is left who could recover")
    return UserId(rows[0]["id"])
