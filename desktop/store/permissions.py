"""What each role may do. IT keeps the machine running and sees no patient; only clinicians and leads sign."""

from __future__ import annotations

from enum import StrEnum

from desktop.case.record import Role


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
