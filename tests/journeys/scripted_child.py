"""An engine child with the real tables and a scripted language model; started by the journey tests as a program."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.assembly import Engine
from engine.installation import Installation
from engine.pipeline import Pipeline
from engine.runtime.scripted import ScriptedRuntime
from engine.worker import run_worker

SUPPORTED = "- Start an antibiotic as soon as pneumonia is found. [F1]\n"
INVENTED = "- Give 4000 mg of moonshine every 3 hours. [F1]\n"


def build() -> Installation:
    engine = Engine(Path(sys.argv[1]))
    engine.encoder = None
    runtime = ScriptedRuntime({"": SUPPORTED + INVENTED})
    engine.text_runtime = lambda: runtime  # type: ignore[method-assign]
    return Installation(Pipeline(engine), engine.versions(), "scripted", {}, (), engine.warm)


if __name__ == "__main__":
    sys.exit(run_worker(build))
