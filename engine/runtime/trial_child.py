"""A throw-away child that tries a model: a crash, a hang or a refusal becomes one line, and nothing else ends."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from engine import errors
from engine.locations import engine_command

Told = TypeVar("Told")


def ask(arguments: Sequence[str], name: str, told: type[Told], timeout_s: float, given: bytes = b"") -> Told:
    """Run an engine command with `given` on its stdin and return what it printed, read as `told`.

    Raises ModelDamaged with one line about the model called `name` when the child did not come back with that.
    """
    command = [*engine_command(), *arguments]
    try:
        finished = subprocess.run(command, input=given, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired as hung:
        raise errors.ModelDamaged(f"{name} did not answer within {timeout_s:.0f} s") from hung
    if finished.returncode:
        said = finished.stderr.decode("utf-8", "replace").strip().splitlines()
        ended = f"ended by signal {-finished.returncode}" if finished.returncode < 0 else "failed"
        raise errors.ModelDamaged(f"{name}: the trial {ended}{': ' + said[-1][:200] if said else ''}")
    try:
        return msgspec.json.decode(finished.stdout, type=told)
    except (msgspec.MsgspecError, UnicodeDecodeError) as unread:
        raise errors.ModelDamaged(f"{name}: the trial said nothing that can be read") from unread
