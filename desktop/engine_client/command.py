"""Which program the child is, and the little of the environment that it may see."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QProcessEnvironment

_PASSED_ON = (
    "HOME", "LANG", "LC_ALL", "PATH", "XDG_DATA_HOME", "LANTERN_MODELS_DIR", "OMP_NUM_THREADS",
    "SYSTEMROOT", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
)  # fmt: skip
"""What Python, the model folder and the system libraries need; no proxy, no session bus, no display, no token."""


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """A program with its arguments. `python_path` is set only where the code lies beside us as a checkout."""

    program: str
    arguments: tuple[str, ...]
    python_path: str | None = None


def engine_command() -> ChildCommand:
    """Return how this Lantern starts its engine: the sibling program when frozen, else this Python."""
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        return ChildCommand(str(here.with_name("lantern-engine" + here.suffix)), ("worker",))
    project = str(Path(__file__).resolve().parents[2])
    return ChildCommand(sys.executable, ("-m", "engine", "worker"), project)


def minimal_environment(command: ChildCommand, temporary_folder: str) -> QProcessEnvironment:
    """Return the child's environment; its temporary files go to a folder of its own."""
    system, minimal = QProcessEnvironment.systemEnvironment(), QProcessEnvironment()
    for name in _PASSED_ON:
        if system.contains(name):
            minimal.insert(name, system.value(name))
    for name in ("TMPDIR", "TEMP", "TMP"):
        minimal.insert(name, temporary_folder)
    minimal.insert("PYTHONUTF8", "1")
    minimal.insert("PYTHONNOUSERSITE", "1")
    minimal.insert("TOKENIZERS_PARALLELISM", "false")
    if command.python_path:
        minimal.insert("PYTHONPATH", command.python_path)
    return minimal
