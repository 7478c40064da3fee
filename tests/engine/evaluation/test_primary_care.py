"""The everyday stories: every code in them is known, the halves are even, and the figures count what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.assembly import Engine
from engine.evaluation import primary_care
from engine.evaluation.found import CHECKOUT_DATA, rows_of
from engine.evaluation.primary_care import FILE_NAME, Outcome, Story, _metrics

STORIES = rows_of(CHECKOUT_DATA / FILE_NAME, Story)


@pytest.fixture(scope="module")
def engine(knowledge_path: Path, models: Path) -> Engine:
    return Engine(knowledge_path, models)


def test_both_languages_are_there_in_even_halves_and_no_story_twice() -> None:
    counts = [sum(each.id.startswith(language) for each in STORIES) for language in ("en", "zh")]
    assert counts == [30, 15]
    assert abs(sum(each.half == "held" for each in STORIES) - sum(each.half == "dev" for each in STORIES)) <= 1
    assert len({each.text for each in STORIES}) == len({each.id for each in STORIES}) == 45


def test_every_condition_named_in_them_is_one_that_lantern_lists(engine: Engine) -> None:
    named = {code for each in STORIES for code in (*each.gold, *each.dangers)}
    assert {code for code in named if not engine.diagnoser.catalogue.find(code)} == set()


def test_a_plain_story_is_ranked_first_and_spoken_about(engine: Engine) -> None:
    story = next(each for each in STORIES if each.id == "en-12-plantar")
    outcome = primary_care.outcome_of(engine, story)
    assert (outcome.rank, outcome.is_silent) == (1, False)


def test_silence_over_a_right_first_place_and_unfair_reminders_are_counted() -> None:
    story = Story("en-0", "dev", "", 30, "female", ["LNT:gout"], [])
    outcomes = [Outcome(story, 1, True, 5, 1), Outcome(story, 1, False, 0, 0), Outcome(story, 0, True, 0, 0)]
    value = {metric.name: (metric.value, metric.n) for metric in _metrics("told", outcomes)}
    assert value["told, top-1"] == (pytest.approx(2 / 3), 3)
    assert value["told, silent though first is right"] == (0.5, 2)
    assert value["told, reminders that are fair"] == (0.2, 5)


def test_the_stories_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(rows_of(CHECKOUT_DATA / FILE_NAME, Story)) == 45
