"""`evaluate`: measure one set and print its table; the honest column always stands beside the flattering one."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

import msgspec

from engine import errors
from engine.assembly import Engine
from engine.diagnosis import reader_gate
from engine.evaluation import vignettes
from engine.evaluation.table import MetricTable, as_text

SETS = {
    "rare": "engine.evaluation.rare",
    "ddxplus": "engine.evaluation.ddxplus",
    "hpo_text": "engine.evaluation.hpo_text",
    "entities": "engine.evaluation.entities",
    "interactions": "engine.evaluation.interactions",
    "pgx": "engine.evaluation.pgx",
    "chinese": "engine.evaluation.chinese",
    "chinese_cases": "engine.evaluation.chinese_cases",
    "lay": "engine.evaluation.lay",
    "dose": "engine.evaluation.dose",
    "drafting": "engine.evaluation.drafting",
    "plan": "engine.evaluation.plan",
    "primary_care": "engine.evaluation.primary_care",
    "grounding": "engine.evaluation.grounding",
    "retrieval": "engine.evaluation.retrieval",
    "speed": "engine.evaluation.speed",
    "unread": "engine.evaluation.unread",
    "vignettes": "engine.evaluation.vignettes",
}
"""Set to the module with its `evaluate(engine, data_dir) -> MetricTable`."""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("evaluate", help="measure one evaluation set")
    parser.add_argument("--set", dest="name", required=True, choices=sorted(SETS))
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of a set that may not ship")
    parser.add_argument(
        "--reader", action="store_true", help="vignettes: measure the language model's vote too (slow; loads it)"
    )
    parser.add_argument("--first", type=int, metavar="N", help="vignettes: only the first N cases")
    parser.add_argument("--store-gate", action="store_true", help="keep the result as the gate of this machine")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    """Measure and print. Returns 1 when the set cannot be measured, with the reason on stderr."""
    module = importlib.import_module(SETS[arguments.name])
    try:
        table = (
            _vignettes(arguments, engine) if arguments.name == "vignettes" else module.evaluate(engine, arguments.data)
        )
    except (errors.EngineError, FileNotFoundError) as failed:
        sys.stderr.write(f"lantern-engine evaluate: {failed}\n")
        return 1
    text = msgspec.json.encode(table).decode() if arguments.json else as_text(table)
    sys.stdout.write(text + "\n")
    return 0


def _vignettes(arguments: argparse.Namespace, engine: Engine) -> MetricTable:
    """Measure the vignettes, with the reader if asked for, and store its gate if asked for."""
    reader = engine.case_reader(asked=True) if arguments.reader else None
    table = vignettes.evaluate(engine, arguments.data, reader, arguments.first)
    if reader and arguments.store_gate:
        path = reader_gate.store(engine.models_dir, vignettes.gate_of(table, reader.name))
        sys.stderr.write(f"stored in {path}\n")
    return table
