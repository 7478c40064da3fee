"""Where the desktop's shipped files are: beside the code in a checkout, inside the bundle of the frozen application."""

from __future__ import annotations

import sys
from pathlib import Path


def resources() -> Path:
    """Return the `resources/` folder."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[1]
    return root / "resources"
