"""Measure the search over the library on questions that nobody copied from it.

Set one is written by hand: `tests/data/reference_questions.jsonl` holds questions in the words of patients and
clinicians, each with the focus and kind of the answer it asks for; focuses were drawn by lot and the questions written
from the title and kind alone, without reading the answer and before any run. Half of them (by a hash) chose the fusion
weights; the other half is reported, once for words alone and once fused with meaning. Set two asks for every fortieth
answer by fixed templates and, where there is one, a synonym. A passage is relevant (gain 2) when focus and kind are the
asked ones, and half so (gain 1) when only the focus is.
"""

from __future__ import annotations

import hashlib
import json
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.assembly import Engine
from engine.evaluation.found import CHECKOUT_DATA
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.treatment import medquad
from engine.treatment.names import plain
from engine.treatment.retrieval import Passage, Retrieval, core_library

SEARCH_AIM_MS = 30.0
EVERY = 40
QUESTIONS = "reference_questions.jsonl"
_TEMPLATES = {
    "treatment": "How should a clinic manage {}?",
    "symptoms": "How does {} show itself?",
    "causes": "What brings on {}?",
    "prevention": "How can {} be avoided?",
    "outlook": "What is the prognosis of {}?",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the focus and kind of the answer that is wanted."""

    text: str
    focus: str
    kind: str
    by_synonym: bool = False

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return recall and nDCG, for words alone and fused, and the time of a search."""
    fused, words = engine.planner.retrieval, Retrieval([core_library(engine.index)])
    templated = questions()
    metrics: list[Metric] = []
    notes = [f"{sum(question.by_synonym for question in templated)} of {len(templated)} templated questions use a"
             " synonym."]
    file = question_file(data_dir)
    if file is None:
        notes.append("The hand-written questions are only in a checkout (or in --data DIR): they were not measured.")
    else:
        held = [question for question in read_questions(file) if question.held_out]
        ideal = IdealGains(engine.index)
        metrics += _figures("hand-written, words alone", words, held, ideal)
        metrics += _figures("hand-written, words and meaning", fused, held, ideal)
        metrics += _speed("search with meaning", fused, held)
    ranks = [first_hit(words, question) for question in templated]
    metrics += [
        Metric("search: right answer first", _share(ranks, 1), len(ranks)),
        Metric("search: right answer in ten", _share(ranks, 10), len(ranks)),
        Metric("search: right condition in ten", _focus_share(words, templated), len(templated)),
        *_speed("search", words, templated),
        Metric("passages searched", passage_count(engine.index), 1),
    ]
    return MetricTable("reference search", metrics, notes)


def question_file(data_dir: Path | None) -> Path | None:
    """Return the file of hand-written questions, or None in an installed Lantern."""
    folder = data_dir or CHECKOUT_DATA
    return folder / QUESTIONS if (folder / QUESTIONS).is_file() else None


def read_questions(file: Path) -> list[Question]:
    """Return the hand-written questions."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Question(row["question"], row["focus"], row["kind"]) for row in rows]


def questions() -> list[Question]:
    """Return the templated questions, always the same."""
    archive = resources() / "knowledge" / "medquad" / medquad.FILE
    answers = [answer for answer in medquad.read_answers(archive) if answer.kind in _TEMPLATES]
    return [_question(answer) for answer in answers[::EVERY]]


def first_hit(search: Retrieval, question: Question) -> int | None:
    """Return the rank of the first relevant passage among ten, from 1, or None."""
    found = search.search(question.text, 10).passages
    ranks = [rank for rank, one in enumerate(found, 1) if (one.focus, one.kind) == (question.focus, question.kind)]
    return ranks[0] if ranks else None


def gains(passages: Sequence[Passage], question: Question) -> list[int]:
    """Return the gain of each passage: 2 for focus and kind, 1 for the focus alone."""
    about = [plain(passage.focus) == plain(question.focus) for passage in passages]
    return [
        0 if not is_about else 2 if passage.kind == question.kind else 1
        for is_about, passage in zip(about, passages, strict=True)
    ]


def ndcg(given: Sequence[int], ideal: Sequence[int], depth: int = 10) -> float:
    """Return the normalised discounted gain of the first `depth`; `ideal` are the best gains there are."""
    best = _discounted(sorted(ideal, reverse=True)[:depth])
    return _discounted(list(given)[:depth]) / best if best else 0.0


class IdealGains:
    """The gains of all relevant passages of the library, for the best list that a search could return."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._kinds: dict[str, list[str]] = {}
        rows = index.tables.execute(
            "SELECT focus, kind FROM library_passage JOIN library_document"
            " ON library_document.id = library_passage.document").fetchall()
        for focus, kind in rows:
            self._kinds.setdefault(plain(focus), []).append(kind)

    def of(self, question: Question) -> list[int]:
        """Return the gains in no order."""
        return [2 if kind == question.kind else 1 for kind in self._kinds.get(plain(question.focus), [])]


def _discounted(given: Sequence[int]) -> float:
    return math.fsum((2**gain - 1) / math.log2(rank + 1) for rank, gain in enumerate(given, start=1))


def _figures(name: str, search: Retrieval, asked: Sequence[Question], ideal: IdealGains) -> list[Metric]:
    """Return nDCG@10 against the best list the library allows, and how often the answer is among ten at all."""
    found = [gains(search.search(question.text, 10).passages, question) for question in asked]
    exact = sum(2 in given for given in found)
    about = sum(any(given) for given in found)
    scored = zip(found, asked, strict=True)
    mean = statistics.fmean(ndcg(given, ideal.of(question)) for given, question in scored)
    n = len(asked)
    return [
        Metric(f"{name}: nDCG@10", mean, n),
        Metric(f"{name}: right answer in ten", exact / n, n),
        Metric(f"{name}: right condition in ten", about / n, n),
    ]


def passage_count(index: KnowledgeIndex) -> int:
    """Return how many passages the shipped library holds."""
    (count,) = index.tables.execute("SELECT count(*) FROM library_passage").fetchone()
    return int(count)


def _question(answer: medquad.Answer) -> Question:
    name = answer.synonyms[0] if answer.synonyms else answer.focus
    return Question(_TEMPLATES[answer.kind].format(name), answer.focus, answer.kind, bool(answer.synonyms))


def _share(ranks: list[int | None], most: int) -> float:
    return sum(rank is not None and rank <= most for rank in ranks) / max(1, len(ranks))


def _focus_share(search: Retrieval, asked: list[Question]) -> float:
    found = sum(
        any(one.focus == question.focus for one in search.search(question.text, 10).passages) for question in asked
    )
    return found / max(1, len(asked))


def _speed(name: str, search: Retrieval, asked: Sequence[Question]) -> list[Metric]:
    """Return median and 95th percentile of one search after a warm one, in processor time of all threads."""
    search.search(asked[0].text, 10)
    taken_ms = []
    for question in asked:
        start = time.process_time()
        search.search(question.text, 10)
        taken_ms.append((time.process_time() - start) * 1000)
    slow_ms = statistics.quantiles(taken_ms, n=20)[-1]
    figures = {"median": statistics.median(taken_ms), "95th percentile": slow_ms}
    return [
        Metric(f"{name}, {figure}, processor time", value_ms, len(asked), aim=SEARCH_AIM_MS, unit="ms")
        for figure, value_ms in figures.items()
    ]
