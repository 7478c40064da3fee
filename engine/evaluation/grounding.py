"""How well the source check catches planted errors: number, unit, drug, negation or condition swapped, wrong source.

True sentences are the row statements and MedQuAD treatment sentences, reworded by fixed rules; each gives one planted
error. They are split in two by a hash of the sentence: the threshold may be chosen on the development half, the table
reports the other.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.assembly import Engine
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import load_sources
from engine.treatment.grounding import Checked, Grounding
from engine.treatment.retrieval import Passage, Retrieval, core_library
from engine.treatment.rows import ConditionRow, load_conditions
from engine.treatment.terms import ClinicalTerms, clinical_terms, looks_like_drug

KINDS = ("number", "unit", "drug", "negation", "condition", "elsewhere")
CAUGHT_AIM, LOST_AIM = 0.95, 0.10


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the text it cites; `kind` is the planted error, or ``true``."""

    sentence: str
    evidence: str
    kind: str

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.evidence.encode()).digest()[0] % 2 == 1


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:  # noqa: ARG001 - the set is built from the index
    """Return caught and lost shares on the held-out half."""
    terms = clinical_terms(load_conditions(engine.index))
    examples = [example for example in build_examples(engine.index) if example.held_out]
    metrics = [_share_metric(kind, examples, terms) for kind in KINDS]
    planted = [example for example in examples if example.kind != "true"]
    true = [example for example in examples if example.kind == "true"]
    metrics.append(Metric("caught, all kinds", _refused(planted, terms), len(planted), aim=CAUGHT_AIM))
    metrics.append(Metric("true sentences lost", _refused(true, terms), len(true), aim=LOST_AIM))
    return MetricTable("source check on planted errors (held-out half)", metrics)


def build_examples(index: KnowledgeIndex) -> list[Example]:
    """Return true and planted sentences, always the same for one index."""
    chance = random.Random(20261122)
    conditions = load_conditions(index)
    drugs = sorted({option.drug for row in conditions for option in row.options if option.drug})
    names = sorted(row.name.en.lower() for row in conditions)
    pairs = [*_row_pairs(index, conditions), *_medquad_pairs(index, conditions)]
    examples: list[Example] = []
    for number, (sentence, evidence) in enumerate(pairs):
        said = _reword(sentence, chance)
        elsewhere = pairs[(number + len(pairs) // 2) % len(pairs)][1]
        examples.append(Example(said, elsewhere, "elsewhere"))
        examples.append(Example(said, evidence, "true"))
        examples += [
            Example(planted, evidence, kind)
            for kind, plant in _PLANTERS.items()
            if (planted := plant(said, evidence, chance, drugs, names)) not in (None, said)
        ]
    return examples


def _row_pairs(index: KnowledgeIndex, conditions: list[ConditionRow]) -> Iterator[tuple[str, str]]:
    """Yield each row statement with what the plan gives as its evidence: the statement and its excerpts."""
    sources = load_sources(index)
    for row in conditions:
        for statement in row.statements():
            excerpts = " . ".join(sources[source].excerpt for source in statement.sources)
            yield statement.en, f"{statement.en}\n{excerpts}"


def _medquad_pairs(index: KnowledgeIndex, conditions: list[ConditionRow]) -> Iterator[tuple[str, str]]:
    """Yield plain sentences of the treatment passages about the conditions of the rows."""
    retrieval = Retrieval([core_library(index)])
    seen: set[str] = set()
    for row in conditions:
        for passage in retrieval.search(row.name.en, 4, kind="treatment").passages:
            yield from ((sentence, passage.text) for sentence in _sentences(passage) if sentence not in seen)
            seen.update(_sentences(passage))


def _sentences(passage: Passage) -> list[str]:
    parts = re.split(r"(?<=[.!?])\s+", " ".join(passage.text.split()))
    return [part for part in parts if 8 <= len(part.split()) <= 28 and part.endswith(".") and "(" not in part]


_REWORDINGS = (
    (r"\byour doctor\b", "the clinician"),
    (r"\bmedicines\b", "drugs"),
    (r"\busually\b", "often"),
    (r"\bmay\b", "can"),
    (r"\bpeople\b", "patients"),
    (r"\bhelps?\b", "can help"),
    (r"\bThis\b", "Such"),
    (r"\bYou\b", "The patient"),
    (r"\byou\b", "the patient"),
    (r"\bIt is\b", "This is"),
    (r"\bmost\b", "many"),
)
_OPENINGS = ("", "", "In this case, ", "For this patient: ", "Consider this: ")


def _reword(sentence: str, chance: random.Random) -> str:
    """Return the sentence in slightly other words, as a small model would say it."""
    for pattern, other in chance.sample(_REWORDINGS, 6):
        sentence = re.sub(pattern, other, sentence)
    return chance.choice(_OPENINGS) + sentence


Planter = Callable[[str, str, random.Random, list[str], list[str]], str | None]


def _wrong_number(said: str, evidence: str, chance: random.Random, *_: list[str]) -> str | None:
    found = re.search(r"\b\d+(?:\.\d+)?\b", said)
    if not found:
        return None
    other = next(
        value for value in (chance.randint(2, 97) for _ in range(1000)) if not re.search(rf"\b{value}\b", evidence)
    )
    return said[: found.start()] + str(other) + said[found.end() :]


def _wrong_unit(said: str, *_: object) -> str | None:
    for unit, other in (
        ("mg", "g"),
        ("days", "weeks"),
        ("weeks", "months"),
        ("hours", "days"),
        ("minutes", "hours"),
        ("months", "years"),
    ):
        if re.search(rf"\d\s*{unit}\b", said):
            return re.sub(rf"(\d\s*){unit}\b", rf"\g<1>{other}", said, count=1)
    return None


def _wrong_drug(said: str, evidence: str, chance: random.Random, drugs: list[str], names: list[str]) -> str | None:  # noqa: ARG001
    known = [
        word for word in re.findall(r"[A-Za-z\-]+", said) if word.lower() in drugs or looks_like_drug(word.lower())
    ]
    if not known:
        return None
    return said.replace(known[0], chance.choice([drug for drug in drugs if drug not in evidence.lower()]), 1)


def _wrong_negation(said: str, *_: object) -> str | None:
    for pattern, other in (
        (r"\b(should|can|may|must|is|are|do|does|will) not\b", r"\1"),
        (r"\b(is|are|do|does|should|ca)n[’']t\b", r"\1"),
        (r"\b(should|can|may|must|is|are|will)\b", r"\1 not"),
    ):
        if re.search(pattern, said):
            return re.sub(pattern, other, said, count=1)
    return None


def _wrong_condition(said: str, evidence: str, chance: random.Random, drugs: list[str], names: list[str]) -> str | None:  # noqa: ARG001
    here = next((name for name in names if re.search(rf"\b{re.escape(name)}\b", said.lower())), None)
    if here is None:
        return None
    other = chance.choice([name for name in names if name not in evidence.lower()])
    return re.sub(rf"\b{re.escape(here)}\b", other, said, flags=re.IGNORECASE)


_PLANTERS: dict[str, Planter] = {
    "number": _wrong_number,
    "unit": _wrong_unit,
    "drug": _wrong_drug,
    "negation": _wrong_negation,
    "condition": _wrong_condition,
}


def judge(example: Example, terms: ClinicalTerms) -> Checked:
    """Return what the source check says of one example."""
    return Grounding({"S": example.evidence}, terms).check(example.sentence, ["S"])


def _refused(examples: list[Example], terms: ClinicalTerms) -> float:
    return sum(judge(example, terms).problem is not None for example in examples) / max(1, len(examples))


def _share_metric(kind: str, examples: list[Example], terms: ClinicalTerms) -> Metric:
    chosen = [example for example in examples if example.kind == kind]
    return Metric(f"caught: {kind}", _refused(chosen, terms), len(chosen), aim=CAUGHT_AIM)
