"""The three files of a case folder and the lock beside it.

A case file is a folder, because its parts only make sense together: the database, the key slots that open it, and the
sealed head that says how far the database must reach. A folder is also renamed in one step, so creating, backing up
and restoring never show a half-made case file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop import errors, paths

_RESTORED_SUFFIX = ".restored"


@dataclass(frozen=True, slots=True)
class CaseFiles:
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "lantern.db"

    @property
    def wal(self) -> Path:
        return self.folder / "lantern.db-wal"

    @property
    def keys(self) -> Path:
        return self.folder / "lantern.keys"

    @property
    def head(self) -> Path:
        return self.folder / "lantern.head"

    @property
    def lock(self) -> Path:
        """Beside the folder, not in it: a restore renames the folder while the lock is held."""
        return self.beside(".lock")

    @property
    def backups(self) -> Path:
        return self.folder.parent / "backups"

    @property
    def part(self) -> CaseFiles:
        """Where a new case folder is built before it gets its name."""
        return CaseFiles(self.beside(".part"))

    @property
    def restored(self) -> CaseFiles:
        """A verified restore that only waits for its final rename."""
        return CaseFiles(self.beside(_RESTORED_SUFFIX))

    def beside(self, suffix: str) -> Path:
        return self.folder.with_name(self.folder.name + suffix)

    def exists(self) -> bool:
        """Return whether there is a case file here, whole or damaged."""
        return self.folder.exists() or self.restored.folder.exists()


def finish_interrupted_restore(files: CaseFiles) -> None:
    """Give a verified restore its name when the power went between its two renames."""
    if not files.folder.exists() and files.restored.folder.exists():
        files.restored.folder.rename(files.folder)
        paths.sync_folder(files.folder.parent)


def require_parts(files: CaseFiles, *parts: Path) -> None:
    """Raise CaseFileMissing without a case folder, CaseFileDamaged when one of its `parts` is gone or empty.

    SQLite would open a missing or 0-byte database as a new empty one, so this comes before any connection.
    """
    if not files.folder.exists():
        raise errors.CaseFileMissing(str(files.folder))
    for part in parts:
        if not part.is_file():
            raise errors.CaseFileDamaged(f"{part.name} is missing")
        if part.stat().st_size == 0:
            raise errors.CaseFileDamaged(f"{part.name} is empty")
