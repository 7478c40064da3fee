"""Interactions: how many pairs of the fifteen ONC class rules fire, and how quiet unrelated pairs are."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Alert, Case, Medication
from engine.evaluation.found import nearest_file
from engine.evaluation.table import Metric, MetricTable
from engine.safety.verdict import SafetyChecker

if TYPE_CHECKING:
    from engine.assembly import Engine

PAIRS = "*pairs*.csv"
SEED = 20260101
RANDOM_PAIRS = 2000
TWELVE = (
    "warfarin", "aspirin", "amiodarone", "simvastatin", "clarithromycin", "ramipril", "spironolactone", "metformin",
    "fluoxetine", "tramadol", "digoxin", "furosemide",
)  # fmt: skip


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return coverage, quiet and speed. Raises FileNotFoundError when the pairs are not in `data_dir`."""
    pairs = read_pairs(find_pairs(data_dir))
    checker = engine.safety
    drugs = {name for pair in pairs for name in pair}
    known = {name for name in drugs if checker.dictionary.find(name)}
    covered = [interrupts(checker, one, other) for one, other in pairs if one in known and other in known]
    unrelated = [interrupts(checker, one, other) for one, other in random_pairs(checker)]
    words = checker.words_of_severe_statements()
    rows = patient_coverage(checker)
    return MetricTable(
        title="interactions: ONC high-priority pairs (Phansalkar 2012) and random pairs",
        metrics=[
            Metric("drugs of the pairs known to the dictionary", float(len(known)), len(drugs), aim=110.0),
            Metric("pairs that alert at avoid or worse", _share(covered), len(covered), aim=0.97),
            Metric("random pairs that interrupt", _share(unrelated), len(unrelated), aim=0.03),
            Metric("check of 12 drugs", _milliseconds(checker), 20, aim=20.0, unit="ms"),
            Metric(
                "severe statements that say what happens", words.with_mechanism / words.statements, words.statements
            ),
            Metric(
                "the same, with a management of their own",
                words.with_own_management / words.statements,
                words.statements,
            ),
            Metric("ingredients in an interaction table", float(rows.pop("interaction")), len(checker.dictionary)),
            *(Metric(f"ingredients with a {kind} row", float(n), len(checker.dictionary)) for kind, n in rows.items()),
        ],
        notes=[
            "the pairs expand class rules that Lantern encodes: a coverage test, not an independent measure",
            "the severity of one rule (statins with moderate CYP3A4 inhibitors) was chosen with this set",
        ],
    )


def patient_coverage(checker: SafetyChecker) -> dict[str, int]:
    """Return how many ingredients of the dictionary have a row of each kind of check, and how many any but a dose."""
    found = Counter(kind for drug in checker.dictionary for kind in checker.coverage(drug.inn).get(drug.inn, ()))
    beside = {"interaction", "dose"}
    found["patient (any kind)"] = sum(
        1 for drug in checker.dictionary if checker.coverage(drug.inn).get(drug.inn, frozenset()) - beside
    )
    return dict(sorted(found.items()))


def find_pairs(data_dir: Path | None) -> Path:
    """Return the file of pairs in the folder or anywhere below it."""
    if data_dir is None:
        raise FileNotFoundError(f"--data DIR with {PAIRS} is needed: the pairs do not ship")
    return nearest_file(data_dir, PAIRS)


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Return the pairs of names in a CSV with the columns drug_a and drug_b."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [(row["drug_a"], row["drug_b"]) for row in csv.DictReader(stream)]


def random_pairs(checker: SafetyChecker, count: int = RANDOM_PAIRS, seed: int = SEED) -> list[tuple[str, str]]:
    """Return `count` pairs of different ingredients; related ones are not taken out, so the bar is the stricter one."""
    names = sorted(drug.inn for drug in checker.dictionary)
    rng = random.Random(seed)
    return [(one, other) for one, other in (rng.sample(names, 2) for _ in range(count))]


def interrupts(checker: SafetyChecker, one: str, other: str) -> bool:
    """Whether the pair gives an interaction alert that interrupts."""
    return any(alert.interrupts for alert in _alerts(checker, one, other))


def _alerts(checker: SafetyChecker, one: str, other: str) -> list[Alert]:
    result = checker.check(Case(medications=[Medication(one), Medication(other)]))
    return [alert for alert in result.alerts if alert.kind == "interaction"]


def _milliseconds(checker: SafetyChecker, rounds: int = 20) -> float:
    case = Case(medications=[Medication(name) for name in TWELVE])
    timings = []
    for _ in range(rounds):
        start = time.perf_counter()
        checker.check(case)
        timings.append((time.perf_counter() - start) * 1000)
    return sorted(timings)[rounds // 2]


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
