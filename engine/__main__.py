"""`lantern-engine`: the engine without a window, for scripts, IT and evaluation; and `worker`, the desktop's child."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

EXAMPLES = """examples:
  lantern-engine diagnose --in cases.jsonl --out ranked.jsonl
  echo '{"id": "1", "findings": [{"code": "E_53"}], "answers": {"E_55": ["V_29"]}}' | lantern-engine interview
  echo '{"id": "1", "text": "fever and cough for 3 days"}' | lantern-engine extract
  echo '{"id": "1", "medications": [{"name": "warfarin"}, {"name": "ibuprofen"}]}' | lantern-engine check
  lantern-engine evaluate --set rare
  lantern-engine models list
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 (ran), 1 (the run as a whole failed) or 2 (wrong usage)."""
    untrusted = list(sys.argv[1:] if argv is None else argv)
    if untrusted[:1] == ["worker"]:
        # Before anything else is imported: the worker must own its descriptors before a native library can print.
        from engine.worker import run_worker

        return run_worker()
    if untrusted[:1] == ["try-model"]:
        from engine.runtime.footprint import main as try_model

        return try_model(untrusted[1:])
    if untrusted[:1] == ["try-onnx"]:
        from engine.runtime.trial_onnx import main as try_onnx

        return try_onnx()
    return _run_command(untrusted)


def _run_command(untrusted: list[str]) -> int:
    from engine import errors
    from engine.assembly import Engine
    from engine.commands import (
        bench,
        case_commands,
        dose,
        evaluate,
        genotype_risk,
        models,
        next_steps,
        pgx,
        replay,
        search,
        selftest,
    )

    parser = argparse.ArgumentParser(
        prog="lantern-engine",
        description="Lantern's engine without a window.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (case_commands, search, pgx, genotype_risk, dose, evaluate, bench, models, selftest, replay):
        module.add_parsers(commands)
    arguments = parser.parse_args(untrusted)
    try:
        if arguments.command in ("models", "bench"):
            return int(arguments.run(arguments))
        return int(arguments.run(arguments, Engine()))
    except errors.EngineError as failed:
        sys.stderr.write(next_steps.told("lantern-engine", failed.code, str(failed)))
        return 1
    except OSError as failed:
        reason = f"{failed.strerror}: {failed.filename}" if failed.filename else str(failed.strerror)
        sys.stderr.write(next_steps.told("lantern-engine", next_steps.FILE_REFUSED, reason))
        return 1


if __name__ == "__main__":
    sys.exit(main())
