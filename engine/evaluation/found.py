"""Finds and reads evaluation files, in the folder that was named or anywhere below it: one DIR serves every set."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

CHECKOUT_DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
"""Sets that were written for Lantern; they lie in a checkout alone, whatever folder a command is run from."""

Row = TypeVar("Row")


def nearest_file(folder: Path, pattern: str) -> Path:
    """Return the file that fits `pattern` in the fewest folders down, first by name. Raises FileNotFoundError."""
    found = sorted(folder.rglob(pattern), key=lambda path: (len(path.parts), path.name))
    if not found:
        raise FileNotFoundError(f"no {pattern} in {folder} or below it")
    return found[0]


def rows_of(path: Path, kind: type[Row]) -> list[Row]:
    """Return the rows of a file with one object a line. Raises FileNotFoundError, msgspec.ValidationError."""
    return [msgspec.json.decode(line, type=kind) for line in path.read_text(encoding="utf-8").splitlines() if line]
