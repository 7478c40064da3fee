"""Priors by age, sex, place and season: published incidence rates that a clinic can replace row by row.

For every condition the clinic's own row stands before the shipped one, and the row that names most about the patient
before the general one. What a row leaves open is filled from the table of synthetic patients: how the condition's ages
and sexes differ from everybody's. A condition without any row is taken to be as rare, beside its share in that table,
as the middle one of those that have rows. No rate is ever zero, so no prior can exclude a condition.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from engine import errors
from engine.api import ClinicPriors, PriorRow
from engine.diagnosis.common_fit import SEXES, age_bin
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.local_prior import own_cases
from engine.diagnosis.places import Gazetteer, Place
from engine.diagnosis.string_table import fold
from engine.knowledge.index import IndexWriter, KnowledgeIndex

Floats = npt.NDArray[np.float64]
Layer = Mapping[int, Sequence[PriorRow]]
ENTRY = "diagnosis.priors"
TABLE_SOURCE = "src:ddxplus"
CLINIC_SOURCE = "clinic"
LEAST_RATE = 1e-3
"""New cases among 100,000 people in a year: no row can make a condition impossible."""
_DATE = re.compile(r"\d{4}-(\d{2})(?:-\d{2})?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the patient before any finding. `month` is 1 to 12."""

    age_years: float | None = None
    sex: str = "unknown"
    region: str | None = None
    place: Place | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class PriorPart:
    """What one fact did: the natural-log factor for each condition, and where each comes from."""

    name: str
    log_factor: Floats
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatientPrior:
    """Log rates of the conditions where nothing is known of the patient, and what each known fact adds to them.

    `treat_from` holds the treatment thresholds in force, by condition number.
    """

    base: Floats
    parts: tuple[PriorPart, ...]
    treat_from: Mapping[int, float]

    @property
    def log_rate(self) -> Floats:
        """Log rate of each condition in patients like this one."""
        total = self.base
        for part in self.parts:
            total = total + part.log_factor
        return total


def compile_into(folder: Path, table: CommonTable, writer: IndexWriter) -> None:
    """Store `folder`/sourced.json. Raises ValueError for a row without source or one that does not fit the tables."""
    published = msgspec.convert(json.loads((folder / "sourced.json").read_text(encoding="utf-8")), ClinicPriors)
    if found := problems(published, table):
        raise ValueError("; ".join(found))
    if not all(row.source for row in published.rows) or not all(row.source for row in published.thresholds):
        raise ValueError("a shipped prior names no source")
    writer.put_json(ENTRY, msgspec.to_builtins(published))


def problems(priors: ClinicPriors, table: CommonTable) -> list[str]:
    """Return what is wrong with a priors file, one line a row; an empty list means it can be used."""
    numbers = condition_numbers(table)
    lines = []
    for place, row in enumerate(priors.rows, start=1):
        if fold(row.condition) not in numbers:
            lines.append(f"row {place}: no common condition is called {row.condition!r}")
        if (row.per_100000_years is None) == (row.times is None):
            lines.append(f"row {place}: give either per_100000_years or times")
        if row.age_to_years is not None and row.age_to_years <= (row.age_from_years or 0.0):
            lines.append(f"row {place}: age_to_years must be above age_from_years")
    for place, threshold in enumerate(priors.thresholds, start=1):
        if fold(threshold.condition) not in numbers:
            lines.append(f"threshold {place}: no common condition is called {threshold.condition!r}")
        if threshold.test_from is not None and threshold.test_from >= threshold.treat_from:
            lines.append(f"threshold {place}: test_from must be below treat_from")
    return lines


def condition_numbers(table: CommonTable) -> dict[str, int]:
    """Return the number of each common condition by every name a priors file may use."""
    return {
        fold(name): number
        for number, condition in enumerate(table.conditions)
        for name in (condition.name_given, condition.name_english, table.code(number))
    }


def month_of(date: str | None) -> int | None:
    """Return the month of an ISO date, or None where it is no such date."""
    found = _DATE.match(date or "")
    month = int(found[1]) if found else 0
    return month if 1 <= month <= 12 else None


class Priors:
    """The shipped rates over one table of common conditions; a clinic's own file is laid over them."""

    def __init__(self, table: CommonTable, gazetteer: Gazetteer, published: ClinicPriors) -> None:
        self._table, self._gazetteer, self._published = table, gazetteer, published
        self._numbers = condition_numbers(table)
        self._prevalence: Floats = np.asarray(table.model.prevalence, dtype=np.float64)
        self._age_factor = _against_everybody(np.asarray(table.model.age_rate, dtype=np.float64), self._prevalence)
        self._sex_factor = _against_everybody(np.asarray(table.model.sex_rate, dtype=np.float64), self._prevalence)
        self._rates = _Rates(self, [self._layer(published.rows)])

    @staticmethod
    def load(index: KnowledgeIndex, table: CommonTable) -> Priors:
        """Return the compiled priors; without any in the index the table's own stand."""
        if ENTRY not in index:
            return Priors(table, Gazetteer(()), ClinicPriors(""))
        return Priors(table, Gazetteer.load(index), msgspec.convert(index.json(ENTRY), ClinicPriors))

    def code(self, number: int) -> str:
        """Return the disease code of a condition."""
        return self._table.code(number)

    def own_cases(self, confirmed: Mapping[str, int]) -> int:
        """Return how many of the clinic's confirmed cases are of common conditions."""
        return sum(count for code, count in confirmed.items() if fold(code) in self._numbers)

    def facts(
        self, age_years: float | None, sex: str, region: str | None, date: str | None, home: str | None = None
    ) -> Facts:
        """Return what counts; `home` is where the clinic is, for a case that names no region."""
        where = region or home
        return Facts(age_years, sex, where, self._gazetteer.find(where), month_of(date))

    def from_table(self, facts: Facts, confirmed: Mapping[str, int]) -> PatientPrior:
        """Return the prior of the synthetic patients, moved by the clinic's own confirmed cases."""
        parts = []
        if facts.age_years is not None:
            parts.append(self._part("age_years", np.log(self._table.model.age_rate[age_bin(facts.age_years)])))
        if facts.sex in SEXES:
            parts.append(self._part("sex", np.log(self._table.model.sex_rate[SEXES.index(facts.sex)])))
        return PatientPrior(np.log(own_cases(self._table, self._prevalence, confirmed)), tuple(parts), {})

    def from_rates(self, facts: Facts, clinic: ClinicPriors | None, confirmed: Mapping[str, int]) -> PatientPrior:
        """Return the prior of published rates under the clinic's own. Raises BadRequest for a file that is unfit."""
        if clinic is not None and (found := problems(clinic, self._table)):
            raise errors.BadRequest(f"priors file: {'; '.join(found[:5])}")
        rates = self._rates if clinic is None else _Rates(self, [self._layer(clinic.rows), *self._rates.layers])
        known = Facts()
        before, _ = rates.log_rates(known)
        share = np.exp(before - np.logaddexp.reduce(before))
        own = np.log(own_cases(self._table, share, confirmed)) - np.log(share)
        base, parts = before + own, []
        for name, step in _STEPS.items():
            learned = step(known, facts)
            if learned == known:
                continue
            after, sources = rates.log_rates(learned)
            if not np.array_equal(after, before):
                parts.append(PriorPart(name, after - before, sources))
            known, before = learned, after
        return PatientPrior(base, tuple(parts), self._treat_from(clinic))

    def _treat_from(self, clinic: ClinicPriors | None) -> dict[int, float]:
        rows = (*self._published.thresholds, *(clinic.thresholds if clinic is not None else ()))
        return {self._numbers[fold(row.condition)]: row.treat_from for row in rows}

    def _layer(self, rows: Iterable[PriorRow]) -> Layer:
        layer: dict[int, list[PriorRow]] = {}
        for row in rows:
            layer.setdefault(self._numbers[fold(row.condition)], []).append(row)
        return layer

    def _part(self, name: str, log_factor: Floats) -> PriorPart:
        return PriorPart(name, log_factor, (TABLE_SOURCE,) * len(log_factor))


_STEPS: Mapping[str, Callable[[Facts, Facts], Facts]] = {
    "age_years": lambda known, all_: replace(known, age_years=all_.age_years),
    "sex": lambda known, all_: replace(known, sex=all_.sex if all_.sex in SEXES else "unknown"),
    "region": lambda known, all_: replace(known, region=all_.region, place=all_.place),
    "season": lambda known, all_: replace(known, month=all_.month),
}


class _Rates:
    """Works out each condition's rate from layers of rows, the clinic's first."""

    def __init__(self, priors: Priors, layers: Sequence[Layer]) -> None:
        self._priors, self.layers = priors, layers
        bare = [self._found(number, Facts())[0] for number in range(len(priors._prevalence))]
        ratios = [
            np.log(max(rate, LEAST_RATE) / share)
            for rate, share in zip(bare, priors._prevalence, strict=True)
            if rate is not None
        ]
        self._scale = float(np.exp(np.median(ratios))) if ratios else 1.0

    def log_rates(self, facts: Facts) -> tuple[Floats, tuple[str, ...]]:
        """Return the log rate of every condition in patients of whom `facts` are known, and where each comes from."""
        found = [self._rate(number, facts) for number in range(len(self._priors._prevalence))]
        return np.log(np.maximum([rate for rate, _ in found], LEAST_RATE)), tuple(source for _, source in found)

    def _rate(self, number: int, facts: Facts) -> tuple[float, str]:
        rate, rows = self._found(number, facts)
        source = (rows[0].source or CLINIC_SOURCE) if rows else TABLE_SOURCE
        if rate is None:
            rate = self._scale * float(self._priors._prevalence[number])
        if facts.age_years is not None and not any(_names_age(row) for row in rows):
            rate *= float(self._priors._age_factor[age_bin(facts.age_years), number])
        if facts.sex in SEXES and not any(row.sex for row in rows):
            rate *= float(self._priors._sex_factor[SEXES.index(facts.sex), number])
        for row in self._factors(number, facts):
            rate, source = rate * (row.times or 0.0), row.source or CLINIC_SOURCE
        return rate, source

    def _found(self, number: int, facts: Facts) -> tuple[float | None, Sequence[PriorRow]]:
        """Return the mean of the rows that say most about such a patient; None where no row does."""
        for layer in self.layers:
            rows = [row for row in layer.get(number, ()) if row.times is None and not _contradicts(row, facts)]
            fitting = [row for row in rows if _fits(row, facts)]
            depth = max(map(_named, fitting)) if fitting else min(map(_named, rows), default=0)
            chosen = [row for row in fitting or rows if _named(row) == depth]
            if chosen:
                return float(np.mean([row.per_100000_years or 0.0 for row in chosen])), chosen
        return None, ()

    def _factors(self, number: int, facts: Facts) -> list[PriorRow]:
        for layer in self.layers:
            rows = [row for row in layer.get(number, ()) if row.times is not None]
            if rows:
                return [row for row in rows if _fits(row, facts)]
        return []


def _against_everybody(rate: Floats, prevalence: Floats) -> Floats:
    """Return how much more often than everybody a condition's patients are of each kind: (kinds, conditions)."""
    everybody = (rate * prevalence).sum(axis=1, keepdims=True)
    factor: Floats = rate / everybody
    return factor


def _named(row: PriorRow) -> int:
    return _names_age(row) + bool(row.sex) + bool(row.regions) + bool(row.months)


def _names_age(row: PriorRow) -> bool:
    return row.age_from_years is not None or row.age_to_years is not None


def _fits(row: PriorRow, facts: Facts) -> bool:
    """Whether all that the row names is known of the patient and true."""
    known = (
        (not _names_age(row) or facts.age_years is not None)
        and (not row.sex or facts.sex in SEXES)
        and (not row.regions or facts.region is not None)
        and (not row.months or _month(row, facts) is not None)
    )
    return known and not _contradicts(row, facts)


def _contradicts(row: PriorRow, facts: Facts) -> bool:
    """Whether something that the row names is known to be otherwise."""
    age = facts.age_years
    if age is not None and not (row.age_from_years or 0.0) <= age < (row.age_to_years or float("inf")):
        return True
    if row.sex and facts.sex in SEXES and row.sex != facts.sex:
        return True
    if row.regions and facts.region is not None and not any(_is_in(facts, region) for region in row.regions):
        return True
    month = _month(row, facts)
    return bool(row.months) and month is not None and month not in row.months


def _is_in(facts: Facts, region: str) -> bool:
    wanted, place = fold(region), facts.place
    if place is not None and (fold(place.who_region) == wanted or wanted in map(fold, place.names)):
        return True
    return wanted in fold(facts.region or "")


def _month(row: PriorRow, facts: Facts) -> int | None:
    """Return the patient's month in the row's own calendar; None where it says nothing."""
    if facts.month is None or row.hemisphere is None:
        return facts.month
    if facts.place is None or facts.place.hemisphere == "tropics":
        return None
    return facts.month if facts.place.hemisphere == "north" else (facts.month + 5) % 12 + 1
