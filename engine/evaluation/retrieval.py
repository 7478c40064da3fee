"""Measure the search over MedQuAD on questions that are held out by being asked in other words.

For every tenth answer of a kind that people ask about, a question is built from a fixed template that is not in the
index and from a name of the condition; where the answer lists synonyms, a synonym is asked for instead of the title.
Relevant is a passage of an answer about the same focus and of the same kind.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from engine.assembly import Engine
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.treatment import medquad
from engine.treatment.retrieval import Retrieval

SEARCH_AIM_MS = 30.0
EVERY = 40
_TEMPLATES = {
    "treatment": "How should a clinic manage {}?",
    "symptoms": "How does {} show itself?",
    "causes": "What brings on {}?",
    "prevention": "How can {} be avoided?",
    "outlook": "What is the prognosis of {}?",
}


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    focus: str
    kind: str
    by_synonym: bool


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:  # noqa: ARG001 - built from the shipped answers
    """Return recall at 1 and 10, and the time of a search."""
    asked = questions()
    hits = [first_hit(engine.index, question) for question in asked]
    metrics = [
        Metric("search: right answer first", _share(hits, 1), len(hits)),
        Metric("search: right answer in ten", _share(hits, 10), len(hits)),
        Metric("search: right condition in ten", _focus_share(engine.index, asked), len(asked)),
        Metric("search, median", _median_ms(engine.index, asked), len(asked), aim=SEARCH_AIM_MS, unit="ms"),
    ]
    synonyms = sum(question.by_synonym for question in asked)
    return MetricTable("reference search", metrics, [f"{synonyms} of {len(asked)} search questions use a synonym."])


def questions() -> list[Question]:
    """Return the held-out questions, always the same."""
    archive = resources() / "knowledge" / "medquad" / medquad.FILE
    answers = [answer for answer in medquad.read_answers(archive) if answer.kind in _TEMPLATES]
    return [_question(answer) for answer in answers[::EVERY]]


def first_hit(index: KnowledgeIndex, question: Question) -> int | None:
    """Return the rank of the first relevant passage among ten, from 1, or None."""
    found = Retrieval(index).search(question.text, 10).passages
    ranks = [rank for rank, one in enumerate(found, 1) if (one.focus, one.kind) == (question.focus, question.kind)]
    return ranks[0] if ranks else None


def _question(answer: medquad.Answer) -> Question:
    name = answer.synonyms[0] if answer.synonyms else answer.focus
    return Question(_TEMPLATES[answer.kind].format(name), answer.focus, answer.kind, bool(answer.synonyms))


def _share(ranks: list[int | None], most: int) -> float:
    return sum(rank is not None and rank <= most for rank in ranks) / max(1, len(ranks))


def _focus_share(index: KnowledgeIndex, asked: list[Question]) -> float:
    search = Retrieval(index)
    found = sum(
        any(one.focus == question.focus for one in search.search(question.text, 10).passages) for question in asked
    )
    return found / max(1, len(asked))


def _median_ms(index: KnowledgeIndex, asked: list[Question]) -> float:
    search = Retrieval(index)
    taken_ms = []
    for question in asked:
        start = time.perf_counter()
        search.search(question.text, 10)
        taken_ms.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken_ms)
