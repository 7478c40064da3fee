"""The engine's own child over the index that a test names, whole or damaged; started by the journey tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine import assembly
from engine.worker import run_worker

if __name__ == "__main__":
    assembly.compiled_knowledge = lambda: Path(sys.argv[1])
    sys.exit(run_worker())
