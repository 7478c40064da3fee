"""Long work in steps that a second run does not repeat: each finished file keeps a stamp of what it was made from.

A step writes to `NAME.part` and is renamed when it is whole, so a power cut leaves either no file or a good one.
Checks of disk and memory come before the first byte is written.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine import errors
from engine.runtime import hardware

RESERVE_BYTES = 256 << 20
Make = Callable[[Path], None]


class Steps:
    """The steps of one conversion in one work folder. `say` receives a line for every step."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder, self.say = folder, say
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, name: str, made_from: str, make: Make) -> Path:
        """Return the file `name`, made now unless a run before made it from exactly the same."""
        target, stamp = self._folder / name, self._folder / f"{name}.stamp"
        wanted = hashlib.sha256(made_from.encode()).hexdigest()
        if target.is_file() and stamp.is_file() and stamp.read_text() == wanted:
            self.say(f"{name}: already there")
            return target
        stamp.unlink(missing_ok=True)
        part = self._folder / f"{name}.part"
        part.unlink(missing_ok=True)
        begun = time.monotonic()
        make(part)
        if not part.is_file() or not part.stat().st_size:
            raise errors.ProgramError(f"the step {name} wrote nothing")
        part.replace(target)
        stamp.write_text(wanted)
        self.say(f"{name}: {target.stat().st_size / 1e6:,.1f} MB in {time.monotonic() - begun:,.0f} s")
        return target


def check_disk(folder: Path, needed_bytes: int) -> None:
    """Raise ModelTooLarge unless the disk of `folder` has room for so many bytes and a reserve."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes + RESERVE_BYTES:
        raise errors.ModelTooLarge(f"{needed_bytes >> 20} MB are needed on the disk, {free >> 20} MB are free")


def check_memory(needed_bytes: int, what: str) -> None:
    """Raise ModelTooLarge unless so much memory is free now; unknown memory does not refuse."""
    _, available = hardware.memory()
    if available and available < needed_bytes:
        raise errors.ModelTooLarge(f"{what} takes {needed_bytes >> 20} MB of memory, {available >> 20} MB are free")


def to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")


class Progress:
    """One line on a terminal that is written over; nothing where stderr is no terminal."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._shown = what, total, -1
        self._on = sys.stderr.isatty()

    def show(self, done: int) -> None:
        """Show that `done` of the total are done."""
        percent = 100 * done // max(self._total, 1)
        if self._on and percent != self._shown:
            self._shown = percent
            filled = "#" * (percent // 4)
            end = "\n" if done >= self._total else ""
            sys.stderr.write(f"\r{self._what} [{filled:<25}] {percent:3d} %{end}")
            sys.stderr.flush()
