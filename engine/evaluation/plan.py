"""Measure the plan: how much is sourced, how fast the table is, and how the source check and the search do.

The row figures are counts of what is there, not targets; the source check is measured on planted errors.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from engine import api
from engine.assembly import Engine
from engine.evaluation import grounding, retrieval
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.sources import load_sources
from engine.treatment.quantities import quantities
from engine.treatment.row_check import problems
from engine.treatment.rows import ConditionRow, OptionRow, load_conditions

PATIENT = api.Case(age_years=45, sex="female", weight_kg=64, egfr_ml_min_1_73m2=90, pregnant=False, lactating=False)
TABLE_AIM_MS = 200.0
CONDITIONS_AIM = 49


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return the figures of the plan over every condition of the rows."""
    conditions = load_conditions(engine.index)
    tables = [grounding.evaluate(engine, data_dir), retrieval.evaluate(engine, data_dir)]
    metrics = [*_row_metrics(engine, conditions), *_speed(engine, conditions)]
    metrics += [metric for table in tables for metric in table.metrics]
    notes = ["No row has been reviewed by a clinician yet.", *(note for table in tables for note in table.notes)]
    return MetricTable("treatment plan", metrics, notes)


def _row_metrics(engine: Engine, conditions: list[ConditionRow]) -> list[Metric]:
    sources = load_sources(engine.index)
    options = [option for row in conditions for option in row.options]
    drugs = [option for option in options if option.drug]
    statements = [statement for row in conditions for statement in row.statements()]
    wrong = sum(len(problems(row, sources)) for row in conditions)
    cited = {source for statement in statements for source in statement.sources}
    return [
        Metric("conditions with rows", len(conditions), len(conditions), aim=CONDITIONS_AIM),
        Metric("option rows", len(options), len(options)),
        Metric("drug options with a dose", sum(bool(option.doses) for option in drugs), len(drugs)),
        Metric("options with a number in benefit or harm", sum(map(_has_number, options)), len(options)),
        Metric("options with monitoring", sum(option.monitoring is not None for option in options), len(options)),
        Metric("options with a stop rule", sum(option.stop is not None for option in options), len(options)),
        Metric("statements", len(statements), len(statements)),
        Metric("source records cited", len(cited), len(cited)),
        Metric("numbers not found in their source", wrong, len(statements), aim=0),
    ]


def _has_number(option: OptionRow) -> bool:
    texts = (option.benefit, option.harm)
    return any(quantities(text.en) for text in texts if text is not None)


def _speed(engine: Engine, conditions: list[ConditionRow]) -> list[Metric]:
    """Measure the table of each condition, after one warm run."""
    taken_ms = []
    engine.planner.plan(PATIENT, conditions[0].code)
    for row in conditions:
        start = time.process_time()
        engine.planner.plan(PATIENT, row.code)
        taken_ms.append((time.process_time() - start) * 1000)
    slow_ms = statistics.quantiles(taken_ms, n=20)[-1]
    count = len(taken_ms)
    return [
        Metric("plan table, median, processor time", statistics.median(taken_ms), count, aim=TABLE_AIM_MS, unit="ms"),
        Metric("plan table, 95th percentile, processor time", slow_ms, count, aim=TABLE_AIM_MS, unit="ms"),
        Metric("plan table, slowest, processor time", max(taken_ms), count, aim=TABLE_AIM_MS, unit="ms"),
    ]
