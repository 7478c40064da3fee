"""The lock of a case folder: one holder, and free again however the holder ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import errors
from desktop.store.lock import FolderLock

HOLDER = """
import sys, time; from pathlib import Path; from desktop.store.lock import FolderLock
held = FolderLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)
"""


def test_a_second_lock_is_refused_until_the_first_is_released(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "case.lock")
    with pytest.raises(errors.CaseFileLocked):
        FolderLock(tmp_path / "case.lock")
    first.release()
    FolderLock(tmp_path / "case.lock").release()


def test_releasing_twice_is_allowed_and_frees_nobody_elses(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "case.lock")
    first.release()
    second = FolderLock(tmp_path / "case.lock")
    first.release()
    with pytest.raises(errors.CaseFileLocked):
        FolderLock(tmp_path / "case.lock")
    second.release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "case.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(errors.CaseFileLocked):
            FolderLock(path)
        holder.send_signal(signal.SIGKILL)
    FolderLock(path).release()
