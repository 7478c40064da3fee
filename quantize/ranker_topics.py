"""What the ranker of conditions learns from: every topic of the shipped sources as names, short facts and sentences.

A topic is one condition: a condition row with the MedQuAD answers of its name, a further focus of MedQuAD, a disease of
the HPO annotations. Topics that share a name are held out together, whatever source they come from.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from engine.diagnosis import ddxplus_source, hpo_source
from engine.diagnosis.condition_names import loose
from engine.diagnosis.condition_source import Condition, read_conditions
from engine.diagnosis.hpo_source import Term

Source = Literal["row", "medquad", "hpoa"]
HELD_OF_TEN = 2
"""Two of ten names are never trained on: what the ranker makes of them is what it makes of conditions it never saw."""
_BOUNDARY = re.compile(r"(?<=[.:;])\s+|\s+-\s+")
_SHORTEST_CHARS, _LONGEST_CHARS, _MOST_SENTENCES = 18, 220, 24
_TOLD = ("symptoms", "information", "causes", "susceptibility", "complications")
_LISTED = "Human Phenotype Ontology"
_MOST_TERMS, _LEAST_TERMS = 40, 4
_LEAST_RATE = 0.15


@dataclass(frozen=True, slots=True)
class Topic:
    """One condition. `answers` are sentences by answer; `terms` are findings with how often they are seen."""

    source: Source
    names: tuple[str, ...]
    held: bool
    facts: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    terms: tuple[tuple[str, float], ...] = ()
    ages: tuple[int, int] = (0, 120)
    sex: str = "any"
    row: int = -1
    """The number of the condition row, -1 for other topics."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient of DDXPlus or of a publication: what was found, and the topic it belongs to."""

    topic: int
    findings: tuple[str, ...]
    denied: tuple[str, ...]
    age_years: float | None
    sex: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything stories are made of. `wordings` are groups of phrases that mean the same."""

    topics: tuple[Topic, ...]
    patients: tuple[Patient, ...]
    wordings: tuple[tuple[str, ...], ...]
    families: tuple[tuple[str, ...], ...]

    def write(self, path: Path) -> None:
        """Write everything as one compressed JSON file."""
        with gzip.open(path, "wt", encoding="utf-8") as out:
            json.dump(asdict(self), out, ensure_ascii=False)


@dataclass(slots=True)
class _Answers:
    """The answers of MedQuAD by loose name, and by focus."""

    by_name: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    by_focus: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def gather(knowledge: Path) -> Material:
    """Return the material of the shipped sources under `knowledge`."""
    rows = read_conditions(knowledge / "conditions")
    answers = _read_answers(knowledge / "medquad" / "medquad_answered.jsonl.gz")
    terms = hpo_source.read_terms(knowledge / "hpo")
    held = _held_names(rows, answers)
    topics = [_row_topic(number, row, answers, held) for number, row in enumerate(rows)]
    used = {loose(name) for topic in topics for name in topic.names}
    topics += [topic for topic in _medquad_topics(answers, held) if not used & {loose(name) for name in topic.names}]
    first_rare = len(topics)
    rare = _hpoa_topics(knowledge / "hpo", terms, held)
    topics += rare.values()
    numbers = {code: first_rare + place for place, code in enumerate(rare)}
    patients = [*_ddxplus(knowledge, rows), *_published(knowledge, terms, numbers)]
    return Material(tuple(topics), tuple(patients), tuple(_wordings(knowledge, terms)), _families(knowledge))


def is_held(name: str) -> bool:
    """Whether a name is held out, by a hash that no order of rows changes."""
    return int.from_bytes(hashlib.sha256(loose(name).encode()).digest()[:4], "big") % 10 < HELD_OF_TEN


def _held_names(rows: Iterable[Condition], answers: _Answers) -> frozenset[str]:
    """Return every loose name of a condition whose first name is held out, over all sources."""
    held: set[str] = set()
    groups = [(row.name, *row.also, *row.read) for row in rows]
    groups += [(focus, *{name for row in told for name in row["synonyms"]}) for focus, told in answers.by_focus.items()]
    for group in groups:
        keys = {loose(name) for name in group}
        if is_held(group[0]) or keys & held:
            held |= keys
    return frozenset(held - {""})


def _read_answers(path: Path) -> _Answers:
    found = _Answers()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.by_focus[row["focus"]].append(row)
            for name in {loose(row["focus"]), *(loose(other) for other in row["synonyms"])}:
                found.by_name[name].append(row)
    return found


def _row_topic(number: int, row: Condition, answers: _Answers, held: frozenset[str]) -> Topic:
    names = (row.name, *row.also)
    told: list[dict[str, Any]] = []
    for name in (*row.read, *names):
        told += [each for each in answers.by_name.get(loose(name), []) if each not in told]
    return Topic(
        "row", names, bool({loose(name) for name in names} & held), (*row.hallmarks, *row.common), row.risks,
        _sentences(told), (), row.typical_ages, row.sex, number,
    )  # fmt: skip


def _medquad_topics(answers: _Answers, held: frozenset[str]) -> Iterator[Topic]:
    for focus, told in answers.by_focus.items():
        names = (focus, *dict.fromkeys(name for row in told for name in row["synonyms"]))
        sentences = _sentences(told)
        if sum(map(len, sentences)) >= _LEAST_TERMS:
            yield Topic("medquad", names[:6], bool({loose(name) for name in names} & held), answers=sentences)


def _sentences(told: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of each answer that tells what a condition is like, symptoms first."""
    ordered = sorted((row for row in told if row["qtype"] in _TOLD), key=lambda row: _TOLD.index(row["qtype"]))
    found = [
        tuple(part for part in map(str.strip, _BOUNDARY.split(re.sub(r"\s+", " ", row["answer"])))
              if _SHORTEST_CHARS < len(part) < _LONGEST_CHARS)[:_MOST_SENTENCES]
        for row in ordered if _LISTED not in row["answer"][:400]
    ]  # fmt: skip
    return tuple(sentences for sentences in found if sentences)[:8]


def _hpoa_topics(folder: Path, terms: Mapping[str, Term], held: frozenset[str]) -> dict[str, Topic]:
    """Return the annotated diseases that have enough frequent findings, by code."""
    names: dict[str, str] = {}
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row in hpo_source.read_annotations(folder):
        if row.aspect == "P" and not row.negated and row.term in terms:
            names[row.disease] = row.disease_name
            counts = seen[row.disease][terms[row.term].name]
            counts[0] += row.seen if row.of else 5.0
            counts[1] += row.of or 10.0
    topics = {}
    for code, rows in seen.items():
        rates = sorted(
            ((name, round(have / of, 2)) for name, (have, of) in rows.items() if of), key=lambda one: -one[1]
        )
        kept = tuple(pair for pair in rates if pair[1] >= _LEAST_RATE)[:_MOST_TERMS]
        if len(kept) >= _LEAST_TERMS:
            name = names[code].split(";")[0].title() if names[code].isupper() else names[code].split(";")[0]
            topics[code] = Topic("hpoa", (name,), loose(name) in held or is_held(name), terms=kept)
    return topics


def _ddxplus(knowledge: Path, rows: tuple[Condition, ...]) -> Iterator[Patient]:
    folder, lexicon = knowledge / "ddxplus", knowledge / "lexicon_en"
    names: dict[str, str] = json.loads((lexicon / "finding_names.json").read_text(encoding="utf-8"))
    values: dict[str, str] = json.loads((lexicon / "value_names.json").read_text(encoding="utf-8"))
    by_code = {row.code.partition(":")[2]: number for number, row in enumerate(rows) if row.code.startswith("DDX:")}
    by_name = {loose(row.name): number for number, row in enumerate(rows)}
    for patient in ddxplus_source.read_patients(folder / "patients_dev.csv.gz"):
        number = by_code.get(patient.condition, by_name.get(loose(patient.condition)))
        findings = tuple(filter(None, (_told_answer(code, told, names, values)
                                       for code, told in patient.answers.items())))  # fmt: skip
        if number is not None and findings:
            sex = {"F": "female", "M": "male"}.get(patient.sex, patient.sex)
            yield Patient(number, findings, (), float(patient.age_years), sex)


def _told_answer(code: str, answer: Iterable[str], names: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return one answer in words; empty for what a story would not tell (a grade, nowhere)."""
    told = [values.get(value, "") for value in answer if value.startswith("V_")]
    if not told:
        return names.get(code, "") if tuple(answer) == (ddxplus_source.YES,) else ""
    known = [value for value in told if value not in ("", "no", "nowhere", "not applicable", "yes")]
    return f"{names.get(code, '')} {' and '.join(known[:3])}".strip() if known else ""


def _published(knowledge: Path, terms: Mapping[str, Term], numbers: Mapping[str, int]) -> Iterator[Patient]:
    for case in hpo_source.read_cases(knowledge / "phenopackets" / "cases_dev.jsonl.gz"):
        found = tuple(terms[code].name for code in case.present if code in terms)
        if case.disease in numbers and len(found) >= _LEAST_TERMS:
            denied = tuple(terms[code].name for code in case.absent if code in terms)[:6]
            yield Patient(numbers[case.disease], found, denied, None, case.sex)


def _wordings(knowledge: Path, terms: Mapping[str, Term]) -> Iterator[tuple[str, ...]]:
    """Yield the names of each HPO term, and the phrases of each DDXPlus finding."""
    for term in terms.values():
        if term.synonyms and not term.obsolete:
            yield (term.name, *dict.fromkeys(term.synonyms))
    phrases = json.loads((knowledge / "lexicon_en" / "finding_phrases.json").read_text(encoding="utf-8"))
    yield from (tuple(group) for group in phrases.values() if len(group) > 1)


def _families(knowledge: Path) -> tuple[tuple[str, ...], ...]:
    raw = json.loads((knowledge / "lexicon_en" / "word_families.json").read_text(encoding="utf-8"))
    return tuple(tuple(family) for family in raw)
