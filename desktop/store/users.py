"""The named users: adding and removing them, their passwords, and a new recovery code.

The database says who somebody is; the key file lets them in. Each change touches both, in the order that is harmless
when the power goes between them: a new user may have no slot yet (reset the password), a removed one loses the slot
first.
"""

from __future__ import annotations

from desktop import errors
from desktop.case.record import Role, UserId, new_uuid
from desktop.store import keys, recovery
from desktop.store.keys import HashingCost
from desktop.store.permissions import PERMISSIONS, Permission
from desktop.store.records import User
from desktop.store.session import NewUser, Session


class LoginTaken(errors.NotAllowed):
    """Another user, perhaps a removed one, has this login name."""

    code = "not_allowed"


class Users:
    """The users of an open case file, on behalf of the signed-in one."""

    def __init__(self, session: Session, *, cost: HashingCost = keys.STANDARD_COST) -> None:
        self._session = session
        self._file = session.case_file
        self._cost = cost

    def all(self) -> tuple[User, ...]:
        """Return every user, removed ones too, by login name."""
        rows = self._file.rows(
            "SELECT id, login, display_name, role, created_at, removed_at FROM users ORDER BY login"
        )
        return tuple(User(**{**row, "role": Role(row["role"])}) for row in rows)

    def add(self, new: NewUser) -> User:
        """Add a user. Raises NotAllowed by role, LoginTaken."""
        self._session.require(Permission.MANAGE_USERS)
        if any(user.login.casefold() == new.login.casefold() for user in self.all()):
            raise LoginTaken("login name in use")
        user_id = UserId(new_uuid())
        with self._file.transaction() as work:
            work.insert("users", id=user_id, login=new.login, display_name=new.display_name, role=new.role.value,
                        created_at=work.at)
            work.record(self._session.user.id, "user_added", user_id, new.role.value)
        self._write_slot(user_id, new.login, new.password)
        return next(user for user in self.all() if user.id == user_id)

    def remove(self, user_id: UserId) -> None:
        """Take a user's access away; what they did keeps their name. The last who manages users stays.

        Somebody who kept a copy of the old key file can still open old backups with it: change the database key
        (rekey.py) when that matters.
        """
        self._session.require(Permission.MANAGE_USERS)
        left = [user for user in self.all() if user.id != user_id and user.removed_at is None]
        if not any(Permission.MANAGE_USERS in PERMISSIONS[user.role] for user in left):
            raise errors.NotAllowed("somebody must be left who manages users")
        key_file = keys.read_key_file(self._file.files)
        keys.write_key_file(self._file.files, key_file.without_user(user_id))
        with self._file.transaction() as work:
            work.execute("UPDATE users SET removed_at = ? WHERE id = ?", work.at, user_id)
            work.record(self._session.user.id, "user_removed", user_id)

    def change_own_password(self, old: str, new: str) -> None:
        """Give the signed-in user a new password. Raises WrongPassword when `old` does not fit."""
        user = self._session.user
        keys.unwrap(keys.read_key_file(self._file.files), user.login, old)
        self._write_slot(user.id, user.login, new)
        self._record("password_changed", user.id)

    def reset_password(self, user_id: UserId, new: str) -> None:
        """Give another user a new password, after a recovery or for one who forgot. Raises NotAllowed by role."""
        self._session.require(Permission.MANAGE_USERS)
        user = next(user for user in self.all() if user.id == user_id and user.removed_at is None)
        self._write_slot(user.id, user.login, new)
        self._record("password_reset", user.id)

    def change_role(self, user_id: UserId, role: Role) -> None:
        """Change what a user may do. Raises NotAllowed by role, or when nobody would be left to manage users."""
        self._session.require(Permission.MANAGE_USERS)
        others = [user for user in self.all() if user.id != user_id and user.removed_at is None]
        roles = [role, *(user.role for user in others)]
        if not any(Permission.MANAGE_USERS in PERMISSIONS[held] for held in roles):
            raise errors.NotAllowed("somebody must be left who manages users")
        with self._file.transaction() as work:
            work.execute("UPDATE users SET role = ? WHERE id = ?", role.value, user_id)
            work.record(self._session.user.id, "role_changed", user_id, role.value)

    def new_recovery_code(self) -> str:
        """Return a fresh recovery code; the earlier one stops working."""
        self._session.require(Permission.MANAGE_USERS)
        code = recovery.new_recovery_code()
        self._write_slot(keys.RECOVERY, "", code)
        self._record("recovery_code_renewed", keys.RECOVERY)
        return code

    def _write_slot(self, user_id: UserId, login: str, secret: str) -> None:
        key_file = keys.read_key_file(self._file.files)
        slot = keys.wrap(self._file.key, key_file.database_id, user_id, login, secret, self._cost)
        keys.write_key_file(self._file.files, key_file.with_slot(slot))

    def _record(self, action: str, subject: UserId) -> None:
        with self._file.transaction() as work:
            work.record(self._session.user.id, action, subject)
