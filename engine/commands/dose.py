"""`dose`: is the dose in a text that of a sourced row? Read whole or refused, compared part by part."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from engine import api
from engine.assembly import Engine
from engine.commands import jsonl
from engine.safety.dose_row import DoseRow, matches
from engine.safety.dose_rows import DoseRows, is_for
from engine.safety.dose_text import read_dose
from engine.safety.units import UnreadableAmount, decimal


@dataclass(frozen=True, slots=True)
class DoseInput:
    """A drug and a sentence with its dose; with an age and a weight only the rows for such a patient count."""

    drug: api.Short
    text: api.Short
    id: api.Short = ""
    age_years: float | None = None
    weight_kg: float | None = None


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("dose", help="compare a dose in a text with the sourced rows of its drug")
    jsonl.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    rows = DoseRows(engine.index)

    def work(line: bytes) -> dict[str, Any]:
        request = api.strict(jsonl.normalised(line), DoseInput)
        found = engine.safety.dictionary.find(request.drug)
        if len(found) != 1:
            return {"status": "ok", "verdict": "not_checked", "reason": "drug", "rows": []}
        own = [row for row in rows.of(found[0].inn) if is_for(row, request.age_years, request.weight_kg)]
        return {"status": "ok", "drug": found[0].inn, **judged(request.text, own)}

    return jsonl.process(arguments, work, engine.versions())


def judged(text: str, rows: list[DoseRow]) -> dict[str, Any]:
    """Return the verdict on a text: supported with its rows, unsupported, unreadable or, without rows, not checked."""
    try:
        dose = read_dose(text)
    except UnreadableAmount as refused:
        return {"verdict": "unreadable", "reason": refused.reason, "rows": []}
    if not rows:
        return {"verdict": "not_checked", "reason": "table", "rows": []}
    met = [row for row in rows if matches(dose, row)]
    verdict = "supported" if met else "unsupported"
    return {"verdict": verdict, "reason": "" if met else "no row", "rows": [told(row) for row in met or rows]}


def told(row: DoseRow) -> dict[str, Any]:
    """Return a row as numbers with their units, and its sources."""
    often = row.doses_a_day
    return {
        "amount": decimal(row.low),
        "amount_high": None if row.high is None else decimal(row.high),
        "unit": row.unit,
        "per": "kg" if row.per_kg else "m2" if row.per_m2 else None,
        "of": "day" if row.divided else "dose",
        "doses_a_day": None if often is None else float(often),
        "single": row.is_single,
        "days": None if row.days is None else [float(day) for day in row.days],
        "maximum": None if row.most is None else decimal(row.most),
        "route": row.route,
        "age_years": row.age_years,
        "weight_kg": row.weight_kg,
        "sources": row.sources,
    }
