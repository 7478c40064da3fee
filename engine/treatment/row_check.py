"""Check every treatment row against its sources: a number that no cited excerpt holds does not enter the index.

Run by the compiler, which refuses the whole set, and by the tests, which name each row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Set

from engine.api import SourceRecord
from engine.treatment.quantities import missing_from, numbers, quantities
from engine.treatment.rows import ConditionRow, DoseBand, OptionRow, RenalBand, Statement

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_GROWN_UP_LINE = re.compile(r"\badults?\b|\bchild(?:ren)?\b|\bp(?:a)?ediatric|\binfants?\b|\bbabies\b", re.IGNORECASE)
ADULT_FROM_YEARS = 18.0
"""Where a source says adults or children without an age, the line between them is drawn here.

A dose whose source does not speak of children is kept to adults; that narrowing needs no source of its own.
"""


def problems(condition: ConditionRow, sources: Mapping[str, SourceRecord]) -> list[str]:
    """Return what is wrong with a condition, one line each; empty when every statement is held by its sources."""
    return [f"{condition.code}: {problem}" for problem in _problems(condition, sources)]


def _problems(condition: ConditionRow, sources: Mapping[str, SourceRecord]) -> Iterator[str]:
    for statement in condition.statements():
        yield from _statement_problems(statement, sources)
    for option in condition.options:
        yield from (f"{option.id}: {problem}" for problem in _option_problems(option, sources))


def _statement_problems(statement: Statement, sources: Mapping[str, SourceRecord]) -> Iterator[str]:
    excerpts, unknown = _excerpts(statement.sources, sources)
    yield from (f"unknown source {source} in {statement.en!r}" for source in unknown)
    for quantity in missing_from(quantities(statement.en), quantities(excerpts)):
        yield f"{quantity.value:g} {quantity.unit} of {statement.en!r} is in none of {statement.sources}"
    if not _CHINESE.search(statement.zh):
        yield f"no Chinese for {statement.en!r}"
    if numbers(statement.en) != numbers(statement.zh):
        yield f"other numbers in Chinese: {statement.en!r} / {statement.zh!r}"


def _option_problems(option: OptionRow, sources: Mapping[str, SourceRecord]) -> Iterator[str]:
    if (option.kind == "drug") != (option.drug is not None):
        yield "a drug option names its drug, and no other option does"
    if option.doses and option.kind != "drug":
        yield "doses belong to drugs"
    for band in option.doses:
        yield from _dose_problems(band, sources)


def _dose_problems(band: DoseBand, sources: Mapping[str, SourceRecord]) -> Iterator[str]:
    excerpts, unknown = _excerpts(band.sources, sources)
    yield from (f"unknown source {source}" for source in unknown)
    held, said = numbers(excerpts), quantities(excerpts)
    for claim in _amounts_claimed(band):
        if missing_from(quantities(claim), said):
            yield f"{claim} is in none of {band.sources}"
    plain = [band.every_hours, band.divided_doses, None if band.times_per_day == 1 else band.times_per_day]
    yield from (
        f"{value:g} of the dose is in none of {band.sources}"
        for value in plain
        if value is not None and value not in held
    )
    yield from (
        f"weight {value:g} is in none of {band.sources}"
        for value in band.weight_kg
        if value is not None and value not in held | _next_whole(held)
    )
    low, high = band.age_years
    ages = held | _ages_said(band.sources, sources)
    yield from (
        f"age {age:g} is in none of {band.sources}"
        for age in (None if low == ADULT_FROM_YEARS else low, high)
        if age is not None and not any(math.isclose(age, value, abs_tol=0.01) for value in ages | _next_whole(ages))
    )
    for renal in band.renal:
        yield from _renal_problems(renal, sources)


def _next_whole(values: Set[float]) -> set[float]:
    """Return where ranges of whole numbers end: "2 to 5 years" with the sixth birthday, "5-14 kg" at 15 kg."""
    return {value + 1 for value in values if value >= 1}


def _amounts_claimed(band: DoseBand) -> list[str]:
    """Return each amount and duration of a band as text, in its unit, the way a source would write it."""
    per = "/kg" if band.per_kg else "/m2" if band.per_m2 else ""
    amounts = [f"{value} {band.unit}{per}" for value in (band.amount, band.amount_high) if value is not None]
    most = [] if band.max_amount is None else [f"{band.max_amount} {band.unit}"]
    lasting = (band.duration_days, band.duration_days_high)
    return [*amounts, *most, *(f"{days} days" for days in lasting if days is not None)]


def _renal_problems(renal: RenalBand, sources: Mapping[str, SourceRecord]) -> Iterator[str]:
    excerpts, unknown = _excerpts(renal.sources, sources)
    yield from (f"unknown source {source}" for source in unknown)
    held = numbers(excerpts)
    yield from (
        f"{value:g} of the renal dose is in none of {renal.sources}"
        for value in (renal.below_ml_min, renal.amount, renal.times_per_day)
        if value is not None and value not in held
    )


def _ages_said(ids: Iterable[str], sources: Mapping[str, SourceRecord]) -> set[float]:
    """Return the ages in years that the sources name, and the adult line where one is meant."""
    texts = [
        f"{sources[source].title} . {sources[source].section} . {sources[source].excerpt}"
        for source in ids
        if source in sources
    ]
    ages = {quantity.value / 12 for text in texts for quantity in quantities(text) if quantity.unit == "month"}
    return ages | ({ADULT_FROM_YEARS} if any(_GROWN_UP_LINE.search(text) for text in texts) else set())


def _excerpts(ids: Iterable[str], sources: Mapping[str, SourceRecord]) -> tuple[str, list[str]]:
    known = [source for source in ids if source in sources]
    return " . ".join(sources[source].excerpt for source in known), [source for source in ids if source not in sources]
