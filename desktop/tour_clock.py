"""What the tour measures on the way: how long a user would have waited, and how much memory both processes hold."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


class TourClock:
    """Keeps the first time of each named moment, in seconds since the step it belongs to began."""

    def __init__(self) -> None:
        self.measured: dict[str, float] = {}
        self._begun = time.monotonic()

    def begin(self) -> None:
        """A step begins: what is marked from now on is counted from here."""
        self._begun = time.monotonic()

    def mark(self, name: str) -> None:
        """Keep the time since the step began, the first time only."""
        self.measured.setdefault(name, round(time.monotonic() - self._begun, 3))

    def mark_since_start(self, name: str) -> None:
        """Keep the age of this process, where the system tells it."""
        age = process_age_s()
        if age is not None:
            self.measured.setdefault(name, round(age, 3))

    def weigh(self, engine_process_id: int) -> None:
        """Keep the resident memory of the window's process and of the engine's, in MB."""
        for name, process_id in (("window_rss_mb", os.getpid()), ("engine_rss_mb", engine_process_id)):
            size = resident_mb(process_id)
            if size is not None:
                self.measured[name] = round(size, 1)


def process_age_s() -> float | None:
    """Return how long ago this process began, in seconds; None where the system does not say (not Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - ticks / os.sysconf("SC_CLK_TCK")


def resident_mb(process_id: int) -> float | None:
    """Return the resident memory of a process in MB; None where the system does not say."""
    status = Path(f"/proc/{process_id}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1000 if "VmRSS" in lines else None
