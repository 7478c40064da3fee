"""The figures of `evaluate --set plan`: they are there, they reach their aims, and they are the same twice."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.evaluation import grounding, plan, retrieval
from engine.evaluation.table import MetricTable
from engine.knowledge.index import KnowledgeIndex
from engine.safety.verdict import SafetyChecker
from engine.treatment.plan import Planner


@pytest.fixture(scope="module")
def table(knowledge: KnowledgeIndex) -> MetricTable:
    engine = SimpleNamespace(index=knowledge, planner=Planner(knowledge, SafetyChecker(knowledge)))
    return plan.evaluate(engine, None)  # type: ignore[arg-type]


def value(table: MetricTable, name: str) -> float:
    return next(metric.value for metric in table.metrics if metric.name == name)


def test_every_common_condition_has_rows(table: MetricTable) -> None:
    assert value(table, "conditions with rows") >= 49


def test_no_number_is_missing_from_its_source(table: MetricTable) -> None:
    assert value(table, "numbers not found in their source") == 0


def test_planted_errors_are_caught_and_true_sentences_kept(table: MetricTable) -> None:
    assert value(table, "caught, all kinds") >= grounding.CAUGHT_AIM
    assert value(table, "true sentences lost") <= grounding.LOST_AIM
    assert min(value(table, f"caught: {kind}") for kind in grounding.KINDS) >= grounding.CAUGHT_AIM


def test_the_search_finds_the_right_condition_in_ten(table: MetricTable) -> None:
    assert value(table, "search: right condition in ten") >= 0.95
    assert value(table, "search: right answer in ten") >= 0.85


def test_the_table_and_the_search_keep_their_budgets(table: MetricTable) -> None:
    assert value(table, "plan table, slowest, processor time") <= plan.TABLE_AIM_MS
    assert value(table, "search, median, processor time") <= retrieval.SEARCH_AIM_MS


def test_the_questions_are_the_same_every_time() -> None:
    assert retrieval.questions() == retrieval.questions()
    assert any(question.by_synonym for question in retrieval.questions())
