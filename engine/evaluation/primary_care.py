"""Short everyday stories, English and Chinese, as a clinic hears them: is the condition in front, and is it said?

Written by the authors of Lantern for this purpose; nothing here is a patient. Every second story is held: what was
missed in the other half may be mended, the held half is only counted. Each story names the dangerous conditions that a
clinician may reasonably want to be reminded of; the list of what must not be missed is held against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.api import Case
from engine.evaluation.found import CHECKOUT_DATA, rows_of
from engine.evaluation.table import Metric, MetricTable

if TYPE_CHECKING:
    from engine.assembly import Engine

FILE_NAME = "primary_care_cases.jsonl"
PLACES = (1, 3, 10)
LANGUAGES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class Story:
    """One story; any of the codes in `gold` is right, and any in `dangers` a fair reminder."""

    id: str
    half: Literal["dev", "held"]
    text: str
    age_years: float
    sex: Literal["female", "male"]
    gold: list[str]
    dangers: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The place of the condition (0: not among a hundred), and how many reminders of how many are fair."""

    story: Story
    rank: int
    is_silent: bool
    reminders: int
    fair: int


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return the figures by language and half. Raises FileNotFoundError."""
    outcomes = [outcome_of(engine, story) for story in rows_of((data_dir or CHECKOUT_DATA) / FILE_NAME, Story)]
    metrics: list[Metric] = []
    for language, name in LANGUAGES.items():
        for half in ("held", "dev"):
            chosen = [each for each in outcomes if each.story.id.startswith(language) and each.story.half == half]
            metrics += _metrics(f"{name} stories, {half} half", chosen)
    behind = [f"{each.story.id} {each.rank or '-'}" for each in outcomes if each.story.half == "dev" and each.rank != 1]
    notes = [
        "written by the authors of Lantern; the place is looked at whether Lantern speaks or is silent",
        f"not first in the half that may be looked at: {', '.join(behind) or 'none'}",
    ]
    return MetricTable("Everyday stories", metrics, notes)


def outcome_of(engine: Engine, story: Story) -> Outcome:
    """Rank one story over everything that Lantern lists."""
    case = Case(text=story.text, age_years=story.age_years, sex=story.sex)
    differential = engine.diagnoser.diagnose(case, engine.reader.read(story.text), top=100)
    hits = [row.rank for row in differential.hypotheses if {row.code, *row.other_codes} & set(story.gold)]
    fair = {number for code in (*story.dangers, *story.gold) for number in engine.diagnoser.catalogue.find(code)}
    shown = [engine.diagnoser.catalogue.find(row.code) for row in differential.cant_miss]
    return Outcome(
        story,
        min(hits, default=0),
        differential.status != "ranked",
        len(shown),
        sum(bool(fair & _same(engine, numbers)) for numbers in shown),
    )


def _same(engine: Engine, numbers: Sequence[int]) -> set[int]:
    return {other for number in numbers for other in engine.diagnoser.catalogue.both(number)}


def _metrics(name: str, outcomes: Sequence[Outcome]) -> list[Metric]:
    count = len(outcomes)
    first = [each for each in outcomes if each.rank == 1]
    reminders = sum(each.reminders for each in outcomes)
    return [
        *(
            Metric(f"{name}, top-{places}", sum(0 < each.rank <= places for each in outcomes) / count, count)
            for places in PLACES
        ),
        Metric(f"{name}, silent", sum(each.is_silent for each in outcomes) / count, count),
        Metric(
            f"{name}, silent though first is right",
            sum(each.is_silent for each in first) / max(1, len(first)),
            len(first),
        ),
        Metric(f"{name}, reminders that are fair", sum(each.fair for each in outcomes) / max(1, reminders), reminders),
    ]
