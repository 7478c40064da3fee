"""Where Lantern keeps its files on this machine, and how a file there is made private and durable.

Everything is under one data folder (`--data-dir`, else the platform's own place): the case folder, backups, logs and
settings. Only the owner may read it: folders are 0700 and files 0600 from their first byte on.
"""

from __future__ import annotations

import errno
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop import errors

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True, slots=True)
class DataPaths:
    """The layout below the data folder. Nothing here creates anything."""

    root: Path

    @property
    def case_folder(self) -> Path:
        """The case file with its keys and its head: three files that belong together."""
        return self.root / "case"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def priors(self) -> Path:
        """The clinic's own priors as they were chosen; there is none until the clinical lead picks a file."""
        return self.root / "priors.json"


def data_paths(override: Path | None = None) -> DataPaths:
    """Return the layout below `override`, or below the platform's data folder for Lantern."""
    root = override if override is not None else Path(platformdirs.user_data_dir("lantern", appauthor=False))
    return DataPaths(root.expanduser().absolute())


def refusal(error: OSError, what: str) -> errors.CaseFileError:
    """Return why the system refused a write to `what`: no room, or no right to write there."""
    kind = errors.DiskFull if error.errno in _NO_ROOM else errors.FolderUnwritable
    return kind(f"{what} cannot be written: {error.strerror}")


def make_private_folder(folder: Path) -> None:
    """Create `folder` readable by its owner alone; an existing one is narrowed to that.

    Raises DiskFull or FolderUnwritable.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        folder.chmod(_FOLDER_MODE)
    except OSError as error:
        raise refusal(error, "the folder") from error


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path` by `content` so that a power cut leaves either the old or the new file, never a mixture.

    Raises DiskFull or FolderUnwritable when the disk does not take it; the old file then stands unchanged.
    """
    temporary = ""
    try:
        # mkstemp creates with 0600, so the content is never readable by others, not even for a moment.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise refusal(error, path.name) from error


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut; Windows has no such call and does it itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Force what was written to `path` onto the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def narrow_file(path: Path) -> None:
    """Let only the owner read `path`."""
    path.chmod(_FILE_MODE)
