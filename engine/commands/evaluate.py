"""`evaluate`: measure one set and print its table; the honest column always stands beside the flattering one."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

import msgspec

from engine import errors
from engine.assembly import Engine
from engine.evaluation.table import MetricTable, as_text

SETS = {
    "rare": "engine.evaluation.rare",
    "ddxplus": "engine.evaluation.ddxplus",
    "hpo_text": "engine.evaluation.hpo_text",
    "entities": "engine.evaluation.entities",
    "interactions": "engine.evaluation.interactions",
    "pgx": "engine.evaluation.pgx",
    "chinese": "engine.evaluation.chinese",
    "dose": "engine.evaluation.dose",
    "plan": "engine.evaluation.plan",
    "grounding": "engine.evaluation.grounding",
    "retrieval": "engine.evaluation.retrieval",
    "speed": "engine.evaluation.speed",
    "vignettes": "engine.evaluation.vignettes",
}
"""Set to the module with its `evaluate(engine, data_dir) -> MetricTable`."""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("evaluate", help="measure one evaluation set")
    parser.add_argument("--set", dest="name", required=True, choices=sorted(SETS))
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of a set that may not ship")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    """Measure and print. Returns 1 when the set cannot be measured, with the reason on stderr."""
    module = importlib.import_module(SETS[arguments.name])
    try:
        table: MetricTable = module.evaluate(engine, arguments.data)
    except (errors.EngineError, FileNotFoundError) as failed:
        sys.stderr.write(f"lantern-engine evaluate: {failed}\n")
        return 1
    text = msgspec.json.encode(table).decode() if arguments.json else as_text(table)
    sys.stdout.write(text + "\n")
    return 0
