"""Does the treatment-drafting adapter word more supported sentences than the bare model, and does it invent none?

Plans of conditions that it was never taught, each worded by the bare model and by the model with its adapter, through
the code that words every plan. The tables' own sentences are the bar: they are complete without any model.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from engine import errors
from engine.api import Plan, PlanSentence
from engine.assembly import Engine
from engine.evaluation.plan import PATIENT
from engine.evaluation.table import Metric, MetricTable
from engine.runtime import packs
from engine.runtime.base import TextRuntime, never_cancelled
from engine.treatment import prose
from engine.treatment.adapter_prompt import is_held_out
from engine.treatment.rows import load_conditions


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:  # noqa: ARG001 - the plans come from the index
    """Return what both say of the held-out plans. Raises ModelMissing without a model and an adapter for it."""
    codes = [row.code for row in load_conditions(engine.index) if is_held_out(row.code)]
    plans = [engine.planner.plan(PATIENT, code) for code in codes]
    offered = sum(len(prose.facts_of(plan)) for plan in plans)
    metrics = [Metric("sentences of the tables that may be worded, a plan", offered / len(plans), len(plans))]
    with closing(packs.open_text_runtime(engine.models_dir, adapter="any")) as runtime:
        if not runtime.adapter:
            raise errors.ModelMissing("no adapter is installed for this language model")
        adapter, adapted = runtime.adapter, _counted(engine, plans, runtime)
    with closing(packs.open_text_runtime(engine.models_dir, adapter="none")) as runtime:
        bare = _counted(engine, plans, runtime)
    metrics += _metrics("bare model", bare, len(plans), None)
    metrics += _metrics(adapter, adapted, len(plans), bare["supported"] / len(plans))
    return MetricTable("wording of held-out plans", metrics)


def _counted(engine: Engine, plans: list[Plan], runtime: TextRuntime) -> Counter[str]:
    """Return how many sentences came out supported and unsupported; copies of the tables' own come out as neither."""
    counts: Counter[str] = Counter()
    for plan in plans:
        worded = engine.write_prose(plan, PATIENT, runtime, never_cancelled)
        counts.update(sentence.status for sentence in worded if _is_draft(sentence))
    return counts


def _is_draft(sentence: PlanSentence) -> bool:
    return sentence.problem != prose.NOTHING


def _metrics(who: str, counts: Counter[str], plans: int, to_beat: float | None) -> list[Metric]:
    return [
        Metric(f"{who}: supported sentences, a plan", counts["supported"] / plans, plans, floor=to_beat),
        Metric(f"{who}: refused sentences, all plans", counts["unsupported"], plans,
               aim=None if to_beat is None else 0),
    ]
