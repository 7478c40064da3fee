"""`gate` and `report`: what a quantized model lost, for the machine and for a clinical lead."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine import errors
from engine.runtime import hardware
from quantize.verdict import THRESHOLDS, Changed, Line


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    gate = commands.add_parser("gate", help="compare a quantized model with its reference; exit 1 unless it passes")
    gate.add_argument("folder", type=Path, metavar="DIR")
    gate.add_argument("--against", type=Path, required=True, metavar="REF_DIR", help="the F16 or fp32 folder")
    gate.add_argument("--thresholds", type=Path, default=THRESHOLDS, metavar="FILE", help="limits (TOML)")
    gate.add_argument("--cases", type=int, default=163, metavar="N", help="held patients to use (default all 163)")
    gate.add_argument("--tokens", type=int, default=6000, metavar="N", help="tokens for perplexity (default 6000)")
    gate.add_argument(
        "--gold", type=Path, metavar="FILE",
        help="texts with their right labels, entities or answers, one JSON object a line (see quantize/GUIDE.md)",
    )
    gate.add_argument("--threads", type=int, default=hardware.cores(), metavar="N")
    gate.set_defaults(run=_gate)
    report = commands.add_parser("report", help="write the gate's result as one HTML page and as PDF")
    report.add_argument("folder", type=Path, metavar="DIR")
    report.add_argument("--out", type=Path, metavar="FILE", help="default: DIR-report.html beside the folder")
    report.add_argument("--force", action="store_true", help="write over a page that is already there")
    report.set_defaults(run=_report)


def _gate(arguments: argparse.Namespace) -> int:
    from quantize.gate import run  # loads both runtimes
    from quantize.gate_sides import GateRequest

    if arguments.cases < 1 or arguments.tokens < 200:
        raise errors.BadRequest("at least one case and 200 tokens")
    result = run(
        GateRequest(
            arguments.folder, arguments.against, arguments.thresholds, arguments.cases, arguments.tokens,
            arguments.threads, arguments.gold,
        )
    )
    sys.stdout.writelines(_told(line) for line in result.lines)
    sys.stdout.writelines(f"note: {note}\n" for note in result.notes)
    if arguments.gold is not None:  # kept nowhere: see gate.NOT_KEPT
        sys.stdout.writelines(_changed(each) for each in result.changed)
    sys.stdout.write(f"{result.model}: {'passed' if result.passed else 'NOT PASSED'}\n")
    return 0 if result.passed else 1


def _told(line: Line) -> str:
    value = "" if line.value is None else f"{line.value:.5g}"
    mark = {True: "ok", False: "FAIL", None: ""}[line.passed]
    return f"{mark:<5}{line.name:<32}{value:>12}  {line.limit:<9}{line.reason}\n"


def _changed(case: Changed) -> str:
    said = " | ".join((case.truth, case.reference, case.quantized))
    return f"changed {case.moved:.0%}: {' '.join(case.text.split())[:300]} | {said}\n"


def _report(arguments: argparse.Namespace) -> None:
    from quantize import report_pdf
    from quantize.gate import read_result
    from quantize.report import page

    folder: Path = arguments.folder.resolve()
    out: Path = arguments.out or folder.with_name(f"{folder.name}-report.html")
    pdf = out.with_suffix(".pdf")
    for target in (out, pdf):
        if target.exists() and not arguments.force:
            raise errors.BadRequest(f"{target} is already there; --force writes over it")
    html = page(read_result(folder))
    out.write_text(html, encoding="utf-8")
    report_pdf.write(html, pdf)
    sys.stdout.write(f"{out}\n{pdf}\n")
