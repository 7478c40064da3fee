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
        "--calibrate", action="store_true",
        help="find the threads, tokens a pass and guessing that serve the installed model best, and keep them",
    )
    parser.add_argument("--soak", type=int, metavar="N", help="ask N times in a row, awkwardly; does memory grow?")
    parser.set_defaults(run=run)


def _told(made: Calibration, advice: list[str]) -> str:
    def listed(speeds: dict[str, float]) -> str:
        return ", ".join(f"{count}: {speed:g}" for count, speed in speeds.items())

    return "".join(
        f"{name}\t{value}\n" for name, value in (
            ("threads", made.threads), ("tokens/s written by threads", listed(made.decode_tps)),
            ("tokens a pass", made.pass_tokens), ("tokens/s read by tokens a pass", listed(made.prefill_tps)),
            ("guessed tokens", made.guessed_tokens),
            ("gain by guessed tokens", listed(made.guess_gain)),
            ("share of sentences in the same words", listed(made.guess_same)),
            *(("advice", line) for line in advice),
        )
    )


def _say(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(line + "\n")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print. Returns 1 when there is no model to measure."""
    # Both load llama.cpp, which no other command of this process needs.
    from engine.bench import measure
    from engine.bench_calibrate import advise, calibrate

    try:
        if arguments.calibrate:
            models = packs.models_dir()
            sys.stdout.write(_told(calibrate(models, _say), advise(models, _say)))
            return 0
        if arguments.soak:
            return _soak(arguments.unverified or packs.text_model(packs.models_dir()).model_path, arguments.soak)
        figures = measure(arguments.unverified, rounds=arguments.rounds)
    except errors.EngineError as failed:
        sys.stderr.write(f"lantern-engine bench: {failed.code}: {failed}\n")
        return 1
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
    else:
        sys.stdout.writelines(f"{name:<24} {value}\n" for name, value in msgspec.to_builtins(figures).items())
    return 0


def _soak(model: Path, requests: int) -> int:
    from engine.soak import soak  # loads llama.cpp

    found = soak(model, requests)
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return 1 if found.failures else 0
