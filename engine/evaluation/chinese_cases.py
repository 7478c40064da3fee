"""Chinese stories of common and serious conditions, ranked over everything Lantern lists: is the condition in front?

Written by the authors of the dictionaries, half of them held: what was missed in the other half may be mended, the held
half is only counted. Nothing here is a patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.api import Case
from engine.evaluation.found import CHECKOUT_DATA, rows_of
from engine.evaluation.table import Metric, MetricTable

if TYPE_CHECKING:
    from engine.assembly import Engine

FILE_NAME = "chinese_cases.jsonl"
PLACES = (1, 3, 10)


@dataclass(frozen=True, slots=True)
class Story:
    """One story; any of the codes in `gold` is right."""

    id: str
    half: Literal["dev", "held"]
    text: str
    age_years: float
    sex: Literal["female", "male"]
    gold: list[str]


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return how often the condition stands among the first places, by half. Raises FileNotFoundError."""
    stories = rows_of((data_dir or CHECKOUT_DATA) / FILE_NAME, Story)
    ranks = {story.id: rank_of(engine, story) for story in stories}
    metrics = []
    for half in ("held", "dev"):
        chosen = [ranks[story.id] for story in stories if story.half == half]
        metrics += [
            Metric(f"Chinese stories, {half} half, top-{places}", _share(chosen, places), len(chosen))
            for places in PLACES
        ]
    behind = [f"{story.id} {ranks[story.id] or '-'}" for story in stories if not 0 < ranks[story.id] <= PLACES[-1]]
    notes = ["written by the authors of the dictionaries", f"not among ten: {', '.join(behind) or 'none'}"]
    return MetricTable("Conditions from Chinese stories", metrics, notes)


def rank_of(engine: Engine, story: Story) -> int:
    """Return the place of the condition, 0 where it is not listed or Lantern is silent."""
    case = Case(text=story.text, age_years=story.age_years, sex=story.sex)
    differential = engine.diagnoser.diagnose(case, engine.reader.read(story.text), top=100)
    if differential.status != "ranked":
        return 0
    hits = [row.rank for row in differential.hypotheses if {row.code, *row.other_codes} & set(story.gold)]
    return min(hits, default=0)


def _share(ranks: list[int], places: int) -> float:
    return sum(0 < rank <= places for rank in ranks) / max(1, len(ranks))
