"""A dose written in a sentence, read whole or not at all, and compared with the rows it may come from.

Any number that has no known role, a second dose, a unit that is not sure: the sentence then supports nothing. What a
row does not say, the sentence may not say either; what the sentence leaves out is not held against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.safety import frequency, names
from engine.safety.units import Amount, UnreadableAmount, read_number, unit

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = r"mg|mcg|micrograms?|ug|µg|μg|ng|g|grams?|ml|million units|units?|iu|mmol|meq|毫克|微克|克|毫升|国际单位|单位"
_TO = r"\s*(?:-|to|至|~)\s*"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?\s*(?P<unit>{_UNIT})(?![a-z])"
    r"(?P<kg>\s*(?:/\s*kg|per kg|/公斤|每公斤))?(?P<day>\s*(?:/\s*(?:day|d|日|天)|per day)(?![a-z]))?"
)
_MOST = re.compile(
    r"(?:max(?:imum)?(?: of)?|at most|up to|not more than|最多|最大|不超过)\s*"
    rf"(?P<low>{_NUMBER})\s*(?P<unit>{_UNIT})(?![a-z])"
)
_DURATION = re.compile(
    rf"(?:for|共|疗程|连用)\s*(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?\s*(?P<unit>days?|weeks?|天|日|周)"
)
_SINGLE = re.compile(r"as a single dose|single dose|\bstat\b|单次(?:给药)?")


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A dose that a sentence may state. `times_per_day` is None for a single dose; amounts are in `unit`."""

    low: Fraction
    unit: str
    high: Fraction | None = None
    per_kg: bool = False
    times_per_day: float | None = None
    is_single: bool = False
    days: tuple[Fraction, Fraction] | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ReadDose:
    """What a sentence says of one dose; None is "not said"."""

    low: Amount
    high: Amount
    per_kg: bool
    per_day: bool
    times_per_day: float | None
    is_single: bool
    days: tuple[Fraction, Fraction] | None
    most: Amount | None


def read_dose(text: str) -> ReadDose:
    """Return the one dose in `text`. Raises UnreadableAmount for none, more than one, or a number left over."""
    rest = names.fold(text)
    if re.search(r"\d[oOlI](?![a-z])|(?<![a-z])[oOlI]\d", text):
        raise UnreadableAmount("letter", text)
    most, rest = _take(_MOST, rest)
    days, rest = _take(_DURATION, rest)
    often = frequency.find(_without(_AMOUNT, rest))
    rest = rest if often is None else _cut_frequency(rest)
    single, rest = _take(_SINGLE, rest)
    amount, rest = _take(_AMOUNT, rest)
    if amount is None or re.search(r"\d", rest):
        raise UnreadableAmount("number", text)
    low = Amount(read_number(amount["low"]), unit(amount["unit"]))
    high = Amount(read_number(amount["high"]), low.unit) if amount["high"] else low
    return ReadDose(
        low=low,
        high=high,
        per_kg=amount["kg"] is not None,
        per_day=amount["day"] is not None,
        times_per_day=None if often is None else often[2],
        is_single=single is not None,
        days=None if days is None else _days(days),
        most=None if most is None else Amount(read_number(most["low"]), unit(most["unit"])),
    )


def is_supported(text: str, rows: Iterable[DoseRow]) -> bool:
    """Whether the one dose in `text` is that of a row in every part it states; unreadable is not supported."""
    try:
        dose = read_dose(text)
    except UnreadableAmount:
        return False
    return any(matches(dose, row) for row in rows)


def matches(dose: ReadDose, row: DoseRow) -> bool:
    """Whether everything `dose` states is stated by `row`."""
    row_unit = unit(row.unit)
    if dose.low.unit.kind is not row_unit.kind or dose.per_kg != row.per_kg:
        return False
    often = Fraction(row.times_per_day or 1).limit_denominator(168) if dose.per_day else Fraction(1)
    bounds = [value * row_unit.factor * often for value in (row.low, row.high if row.high is not None else row.low)]
    stated = [dose.low.in_base, dose.high.in_base]
    if stated != bounds and not (stated[0] == stated[1] and stated[0] in bounds):
        return False
    return _timing_matches(dose, row) and _most_matches(dose, row)


def _timing_matches(dose: ReadDose, row: DoseRow) -> bool:
    if dose.is_single and not row.is_single:
        return False
    if dose.times_per_day is not None and dose.times_per_day != row.times_per_day:
        return False
    return dose.days is None or (row.days is not None and dose.days == row.days)


def _most_matches(dose: ReadDose, row: DoseRow) -> bool:
    if dose.most is None:
        return True
    row_unit = unit(row.unit)
    return (
        row.most is not None
        and dose.most.unit.kind is row_unit.kind
        and dose.most.in_base == row.most * row_unit.factor
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    match = pattern.search(text)
    return (None, text) if match is None else (match, text[: match.start()] + " " + text[match.end() :])


def _without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def _cut_frequency(text: str) -> str:
    """Take the frequency out of `text`, looking only outside amounts ("5 mg/day" is no frequency)."""
    found = frequency.find(_without(_AMOUNT, text))
    assert found is not None
    return text[: found[0]] + " " + text[found[1] :]


def _days(match: re.Match[str]) -> tuple[Fraction, Fraction]:
    factor = 7 if match["unit"][0] in "w周" else 1
    low = read_number(match["low"]) * factor
    return low, read_number(match["high"]) * factor if match["high"] else low
