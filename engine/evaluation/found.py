"""Finds an evaluation file in the folder that was named or anywhere below it, so that one DIR serves every set."""

from __future__ import annotations

from pathlib import Path


def nearest_file(folder: Path, pattern: str) -> Path:
    """Return the file that fits `pattern` in the fewest folders down, first by name. Raises FileNotFoundError."""
    found = sorted(folder.rglob(pattern), key=lambda path: (len(path.parts), path.name))
    if not found:
        raise FileNotFoundError(f"no {pattern} in {folder} or below it")
    return found[0]
