"""`bench`: the installed model's speed beside a bare llama.cpp loop, alternating in one run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from engine import errors
from engine.runtime import packs
from engine.runtime.calibration import Calibration


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("bench", help="measure the installed language model beside a bare llama.cpp loop")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--unverified", type=Path, metavar="PATH", help="a GGUF file outside any pack, to measure only")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="alternating rounds (default 5)")
    parser.add_argument(
        "--calibrate", action="store_true", help="find the best number of threads for the installed model and keep it"
    )
    parser.set_defaults(run=run)


def _told(made: Calibration) -> str:
    speeds = ", ".join(f"{count}: {speed:.1f}" for count, speed in made.decode_tps.items())
    return f"threads\t{made.threads}\ntokens/s by threads\t{speeds}\n"


def run(arguments: argparse.Namespace) -> int:
    """Measure and print. Returns 1 when there is no model to measure."""
    from engine.bench import calibrate, measure  # loads llama.cpp, which no other command of this process needs

    try:
        if arguments.calibrate:
            sys.stdout.write(_told(calibrate(packs.models_dir())))
            return 0
        figures = measure(arguments.unverified, rounds=arguments.rounds)
    except errors.EngineError as failed:
        sys.stderr.write(f"lantern-engine bench: {failed.code}: {failed}\n")
        return 1
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
    else:
        sys.stdout.writelines(f"{name:<24} {value}\n" for name, value in msgspec.to_builtins(figures).items())
    return 0
