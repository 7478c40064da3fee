"""The lock that keeps two Lanterns from opening the same case file.

The operating system holds it and lets go of it when the process ends in whatever way, so a crash leaves no stale lock.
The file itself stays: deleting it would let a third process lock a different file of the same name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop import errors
from desktop.paths import refusal


class FolderLock:
    """Held from construction until `release`.

    Raises CaseFileLocked when another process or window holds it, DiskFull or FolderUnwritable when it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise refusal(error, path.name) from error
        try:
            _lock(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise errors.CaseFileLocked(path.name) from error

    def release(self) -> None:
        """Let others open the case file; closing the descriptor is what frees the lock."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
