"""What each role may do. IT keeps the machine running and sees no patient; only clinicians and leads sign."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from desktop import errors
from desktop.case.record import Role, UserId
from desktop.store import database
from desktop.store.database import DatabaseKey


class Permission(StrEnum):
    READ_CASES = "read_cases"
    WRITE_CASES = "write_cases"
    OVERRIDE = "override"
    SIGN = "sign"
    MANAGE_USERS = "manage_users"
    MANAGE_MODELS = "manage_models"
    BACK_UP = "back_up"
    RESTORE = "restore"
    CHANGE_POLICY = "change_policy"


_CLINICAL = frozenset({Permission.READ_CASES, Permission.WRITE_CASES, Permission.BACK_UP})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.NURSE: _CLINICAL,
    Role.CLINICIAN: _CLINICAL | {Permission.OVERRIDE, Permission.SIGN},
    Role.CLINICAL_LEAD: frozenset(Permission),
    Role.IT: frozenset(
        {Permission.MANAGE_USERS, Permission.MANAGE_MODELS, Permission.BACK_UP, Permission.RESTORE}
    ),
}


def require_in_file(path: Path, key: DatabaseKey, user_id: UserId, permission: Permission) -> None:
    """Raise NotAllowed unless a database that is not open as a case file knows the user with that permission."""
    db = database.connect(path, key, read_only=True)
    try:
        with database.faults():
            row = db.conn.execute("SELECT role FROM users WHERE id = ? AND removed_at IS NULL", (user_id,)).fetchone()
    finally:
        db.close()
    if row is None or permission not in PERMISSIONS[Role(row[0])]:
        raise errors.NotAllowed(f"the role may not {permission}")
