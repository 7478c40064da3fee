"""Everything that can go wrong in the desktop, each with a stable code; views add a title, a text and a next step.

DesktopError
├── CaseFileError
│   ├── WrongPassword          wrong_password      no key slot opens with it
│   ├── CaseFileDamaged        file_damaged        an integrity check, the id, the chain or the head does not fit
│   ├── CaseFileNewer          file_newer          written by a newer Lantern; left untouched
│   ├── CaseFileMissing        file_missing
│   ├── CaseFileLocked         file_locked         another Lantern has it open
│   ├── DiskFull               disk_full
│   ├── FolderUnwritable       folder_unwritable   the data folder is no folder, read-only, or not this user's
│   ├── BackupFailed           backup_failed       made, but did not pass its own verification
│   └── StaleRevision          stale_revision      somebody saved a newer revision meanwhile
├── NotAllowed                 not_allowed         the user's role does not allow it
├── ReportFailed               report_failed       the PDF or the printer refused
├── SettingsDamaged            settings_damaged    the settings file is unreadable; defaults are in use
└── PriorsRefused              priors_refused      the clinic's own priors file cannot be used
"""

from __future__ import annotations


class DesktopError(Exception):
    """Root of the tree. `detail` is for the log and holds no patient data."""

    code = "internal"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class CaseFileError(DesktopError):
    """The case file cannot be opened or written."""

    code = "file_damaged"


class WrongPassword(CaseFileError):
    code = "wrong_password"


class CaseFileDamaged(CaseFileError):
    code = "file_damaged"


class CaseFileNewer(CaseFileError):
    code = "file_newer"


class CaseFileMissing(CaseFileError):
    code = "file_missing"


class CaseFileLocked(CaseFileError):
    code = "file_locked"


class DiskFull(CaseFileError):
    code = "disk_full"


class FolderUnwritable(CaseFileError):
    code = "folder_unwritable"


class BackupFailed(CaseFileError):
    code = "backup_failed"


class StaleRevision(CaseFileError):
    code = "stale_revision"


class NotAllowed(DesktopError):
    code = "not_allowed"


class ReportFailed(DesktopError):
    code = "report_failed"


class SettingsDamaged(DesktopError):
    code = "settings_damaged"


def every_code() -> frozenset[str]:
    """Return every code of the tree, for the table of messages and its test."""
    pending: list[type[DesktopError]] = [DesktopError]
    codes: set[str] = set()
    while pending:
        error = pending.pop()
        codes.add(error.code)
        pending.extend(error.__subclasses__())
    return frozenset(codes)


class PriorsRefused(DesktopError):
    """The detail says why in the engine's own words, row by row; it holds nothing about patients."""

    code = "priors_refused"
