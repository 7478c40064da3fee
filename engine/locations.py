"""Where the shipped files are: beside the code in a checkout, inside the bundle of the frozen application."""

from __future__ import annotations

import sys
from pathlib import Path


def resources() -> Path:
    """Return the `resources/` folder."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[1]
    return root / "resources"


def compiled_knowledge() -> Path:
    """Return the compiled knowledge index; it may not exist before `make` has run."""
    return resources() / "knowledge" / "compiled" / "knowledge.sqlite"


def engine_command() -> list[str]:
    """Return how this program starts another engine of the same installation."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r}); "
        "from engine.__main__ import main; sys.exit(main())",
    ]
