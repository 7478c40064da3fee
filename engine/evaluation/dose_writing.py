"""Write a dose row the many ways in which people write doses, and with the mistakes that they make.

Everything is drawn from one random generator, so that a set can be made again from its seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.safety.dose_row import DoseRow
from engine.safety.units import decimal

_DAILY = {
    1: ("once daily", "once a day", "OD", "daily", "every 24 hours", "q24h", "1 time a day",
        "每日1次", "一日一次", "每天1次"),
    2: ("twice daily", "BD", "b.d.", "bid", "two times a day", "every 12 hours", "q12h", "12-hourly", "2x daily",
        "每日2次", "一日两次", "每12小时1次"),
    3: ("3 times daily", "TDS", "tid", "t.i.d.", "three times a day", "every 8 hours", "q8h", "8 hourly", "3x/day",
        "thrice daily", "每日3次", "一日三次", "每8小时1次", "每八小时一次"),
    4: ("4 times daily", "QDS", "QID", "q.i.d.", "four times a day", "every 6 hours", "q6h", "6-hourly",
        "every six hours", "每日4次", "一日四次", "每6小时1次", "每6小时"),
    6: ("every 4 hours", "q4h", "6 times a day", "每4小时1次"),
}  # fmt: skip
"""Ways to say how often; the last ones of each are Chinese."""
_UNITS = {
    "mg": ("mg", "milligrams", "毫克"),
    "g": ("g", "grams", "克"),
    "mcg": ("micrograms", "mcg", "µg", "微克"),
    "microgram": ("micrograms", "mcg", "µg", "微克"),
    "units": ("units", "IU", "单位"),
    "mL": ("mL", "ml", "毫升"),
}
_SWAPS = {
    "mg": ("mcg", "g", "units", "mL"),
    "mcg": ("mg", "g", "units"),
    "microgram": ("mg", "g", "units"),
    "g": ("mg", "mcg", "mL"),
    "units": ("mg", "mcg"),
    "mL": ("mg", "g", "units"),
}
ROUTES = {
    "oral": ("orally", "by mouth", "PO", "口服"),
    "intravenous": ("IV", "intravenously", "静脉注射"),
    "intramuscular": ("IM", "intramuscularly", "肌注"),
    "subcutaneous": ("SC", "subcutaneously", "皮下注射"),
    "sublingual": ("sublingually", "SL", "舌下含服"),
    "nebulised": ("nebulised", "雾化吸入"),
    "nasal": ("intranasally", "鼻用"),
}
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in (*range(0x30, 0x3A), 0x2E)})


@dataclass(frozen=True, slots=True)
class Written:
    """A dose in words, and the row that the words stand for (`None` where no row can: a letter in a number)."""

    text: str
    row: DoseRow | None


def written(row: DoseRow, rng: random.Random) -> str:
    """Return all that a row says in one of many wordings."""
    amount, often = _amount_and_frequency(row, rng)
    parts = [amount, _route(row, rng), often, _days(row, rng), _most(row, rng)]
    if rng.random() < 0.15:
        parts[1], parts[2] = parts[2], parts[1]
    text = rng.choice((" ", " ", ", ")).join(part for part in parts if part)
    return text.translate(_FULL_WIDTH) if rng.random() < 0.05 else text


def mistaken(row: DoseRow, rng: random.Random) -> Written:
    """Return a row with one mistake: in the amount, its unit, size, time, way, duration or ceiling, or in a digit."""
    structured = [mistake for mistake in _STRUCTURED if mistake(row, rng) is not None]
    if rng.random() < 0.7:
        wrong = rng.choice(structured)(row, rng)
        assert wrong is not None
        return Written(written(wrong, rng), wrong)
    words = rng.choice(_IN_WORDS)
    return words(row, rng)


def _amount_and_frequency(row: DoseRow, rng: random.Random) -> tuple[str, str]:
    often = row.doses_a_day
    total_form = rng.random()
    if row.divided is not None:
        return _amount(row, 1, rng) + rng.choice(("/day", " per day", " daily")), _divided(row.divided, rng)
    if often is not None and often > 1 and often.denominator == 1 and total_form < 0.15:
        return _amount(row, int(often), rng) + rng.choice(("/day", " per day", " daily")), _divided(int(often), rng)
    return _amount(row, 1, rng) + _each(row, rng), _frequency(row, rng)


def _each(row: DoseRow, rng: random.Random) -> str:
    return rng.choice(("", "", "", "/dose", " per dose")) if row.times_per_day else ""


def _divided(count: int, rng: random.Random) -> str:
    return rng.choice((f"in {count} divided doses", f"divided into {count} doses", f"分{count}次"))


def _amount(row: DoseRow, times: int, rng: random.Random) -> str:
    low, high, name = row.low * times, None if row.high is None else row.high * times, row.unit
    if name == "mg" and low >= 500 and rng.random() < 0.3:
        low, high, name = low / 1000, None if high is None else high / 1000, "g"
    elif name == "g" and rng.random() < 0.3:
        low, high, name = low * 1000, None if high is None else high * 1000, "mg"
    number = _number(low, rng)
    if high is not None:
        number += rng.choice(("-", " to ", "–", "~", "至")) + _number(high, rng)
    unit = rng.choice(_UNITS[name])
    size = ""
    if row.per_kg:
        size = rng.choice(("/kg", " per kg", "/公斤"))
    if row.per_m2:
        size = rng.choice(("/m²", "/m2", " per square metre", "/平方米"))
    return f"{number}{rng.choice((' ', ' ', ''))}{unit}{size}"


def _number(value: Fraction, rng: random.Random) -> str:
    text = decimal(value)
    return f"{int(value):,}" if value >= 1000 and value.denominator == 1 and rng.random() < 0.5 else text


def _frequency(row: DoseRow, rng: random.Random) -> str:
    if row.is_single:
        return rng.choice(("as a single dose", "single dose", "stat", "once", "单次给药", "顿服"))
    often = row.doses_a_day
    if often is None:
        return ""
    if often.denominator == 1 and int(often) in _DAILY:
        return rng.choice(_DAILY[int(often)])
    if often > 1:
        return f"every {decimal(Fraction(24) / often)} hours"
    return {Fraction(1, 7): "once weekly", Fraction(1, 2): "every other day"}[often]


def _route(row: DoseRow, rng: random.Random) -> str:
    return rng.choice(ROUTES[row.route]) if row.route in ROUTES and rng.random() < 0.6 else ""


def _days(row: DoseRow, rng: random.Random) -> str:
    if row.days is None:
        return ""
    low, high = (decimal(value) for value in row.days)
    if low == high:
        weeks = row.days[0] / 7
        ways = [f"for {low} days", f"x {low} days", f"for {low}d", f"共{low}天", f"疗程{low}天"]
        ways += [f"for {decimal(weeks)} weeks"] if weeks.denominator == 1 and weeks > 1 else []
        return rng.choice(ways)
    ways = [f"for {low} to {high} days", f"for {low}-{high} days", f"共{low}至{high}天", f"连用{low}-{high}日"]
    return rng.choice(ways)


def _most(row: DoseRow, rng: random.Random) -> str:
    often = row.doses_a_day
    if row.most is None:
        if row.per_kg or row.per_m2 or often is None or often <= 1 or row.divided or rng.random() < 0.8:
            return ""
        most = f"{decimal(row.top * often)} {row.unit}"
        return rng.choice((f"max {most}/24 h", f"maximum {most} per day", f"(max. {most} daily)", f"每日最多{most}"))
    most = f"{decimal(row.most)} {row.unit}"
    return rng.choice((f"maximum {most}", f"(max {most})", f"up to {most}", f"max {most} per dose", f"最多{most}"))


def _times_ten(row: DoseRow, rng: random.Random) -> DoseRow:
    factor = rng.choice((Fraction(10), Fraction(1, 10), Fraction(1000), Fraction(1, 1000)))
    return replace(row, low=row.low * factor, high=None if row.high is None else row.high * factor)


def _another_unit(row: DoseRow, rng: random.Random) -> DoseRow:
    return replace(row, unit=rng.choice(_SWAPS[row.unit]))


def _another_frequency(row: DoseRow, rng: random.Random) -> DoseRow | None:
    if row.times_per_day is None:
        return replace(row, is_single=False, times_per_day=float(rng.choice((1, 2, 3, 4)))) if row.is_single else None
    return replace(row, times_per_day=float(rng.choice([n for n in _DAILY if n != row.times_per_day])))


def _once_instead(row: DoseRow, rng: random.Random) -> DoseRow | None:
    del rng
    return None if row.is_single else replace(row, is_single=True, times_per_day=None, divided=None, days=None)


def _another_size(row: DoseRow, rng: random.Random) -> DoseRow:
    del rng
    return replace(row, per_kg=not (row.per_kg or row.per_m2), per_m2=False)


def _another_duration(row: DoseRow, rng: random.Random) -> DoseRow | None:
    shift = rng.choice((4, 7, 10))
    return None if row.days is None else replace(row, days=(row.days[0] + shift, row.days[1] + shift))


def _another_ceiling(row: DoseRow, rng: random.Random) -> DoseRow | None:
    return None if row.most is None else replace(row, most=row.most * rng.choice((2, 10, Fraction(1, 2))))


def _another_count(row: DoseRow, rng: random.Random) -> DoseRow | None:
    return None if row.divided is None else replace(row, divided=row.divided + rng.choice((1, 2)))


_STRUCTURED: tuple[Callable[[DoseRow, random.Random], DoseRow | None], ...] = (
    _times_ten, _times_ten, _another_unit, _another_frequency, _once_instead, _another_size, _another_duration,
    _another_ceiling, _another_count,
)  # fmt: skip


def _letter(row: DoseRow, rng: random.Random) -> Written:
    text = written(row, rng)
    places = [place for place, sign in enumerate(text) if sign in "01"]
    if not places:
        return Written(f"1O {row.unit}", None)
    place = rng.choice(places)
    letter = rng.choice("Oo") if text[place] == "0" else "l"
    return Written(text[:place] + letter + text[place + 1 :], None)


def _pounds(row: DoseRow, rng: random.Random) -> Written:
    pounds = rng.choice(("/lb", " per lb", " per pound"))
    return Written(f"{_amount(replace(row, per_kg=False, per_m2=False), 1, rng)}{pounds} {_frequency(row, rng)}", None)


def _no_zero(row: DoseRow, rng: random.Random) -> Written:
    return Written(f".{decimal(row.low)} {row.unit} {_frequency(row, rng)}", None)


def _comma(row: DoseRow, rng: random.Random) -> Written:
    return Written(f"{decimal(row.low)},5 {row.unit} {_frequency(row, rng)}", None)


def _by_another_way(row: DoseRow, rng: random.Random) -> Written:
    another = rng.choice([route for route in ROUTES if route != row.route])
    words = rng.choice(ROUTES[another])
    wrong = replace(row, route=another, days=None, most=None)
    return Written(f"{_amount(row, 1, rng)} {words} {_frequency(row, rng)}", wrong)


def _of_the_day(row: DoseRow, rng: random.Random) -> Written:
    """The single dose written as the day's."""
    often = row.doses_a_day
    if row.divided is not None or often is None or often <= 1:
        return _pounds(row, rng)
    wrong = replace(row, divided=int(often), times_per_day=None, days=None, most=None)
    return Written(f"{_amount(row, 1, rng)}{rng.choice(('/day', ' per day'))} {_divided(int(often), rng)}", wrong)


_IN_WORDS: tuple[Callable[[DoseRow, random.Random], Written], ...] = (
    _letter, _letter, _pounds, _no_zero, _comma, _by_another_way, _of_the_day,
)  # fmt: skip
