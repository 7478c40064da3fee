"""`make run`: Lantern on the demonstration file; where there is no display, one consultation offscreen instead."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from desktop.demo_file import LOGIN, PASSWORD, ensure_demo_file

OUTPUT = Path("build/demo")


def main() -> int:
    """Open the demonstration; return the exit status."""
    data_dir = OUTPUT / "data"
    if has_display():
        ensure_demo_file(data_dir, date.today())
        sys.stderr.write(f"\n  User: {LOGIN}\n  Password: {PASSWORD}\n  Every patient in this file is invented.\n\n")
        from desktop.__main__ import main as open_window

        return open_window(["--data-dir", str(data_dir)])
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.stderr.write("no display here: one consultation runs offscreen through the same windows\n")
    from desktop.tour import run_tour  # after the platform is chosen

    return run_tour(OUTPUT, data_dir)


def has_display() -> bool:
    """Whether this session can show a window."""
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
