"""A dose written in a sentence, read whole or not at all, and compared with the rows it may come from.

Any number that has no known role, a second dose, a unit or a rate that is not sure, a word that turns the sentence
round: the sentence then supports nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from engine.safety import frequency
from engine.safety.dose_row import DoseRow, ReadDose, matches
from engine.safety.number_words import with_digits
from engine.safety.routes import route_words
from engine.safety.units import Amount, UnreadableAmount, read_number, unit

__all__ = ["DoseRow", "ReadDose", "is_supported", "matches", "read_dose"]

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = (
    r"mgs?|milligrams?|mcgs?|micrograms?|microg|ug|µg|μg|ng|nanograms?|g|gm|grams?|ml|millilit(?:re|er)s?|l|lit(?:re|er)s?"
    r"|million (?:international )?units|mega units|international units?|units?|iu|mmol|millimoles?|meq"
    r"|puffs?|inhalations?|actuations?|sprays?|drops?|tablets?|tabs?|capsules?|sachets?|patch(?:es)?|suppositor(?:y|ies)"
    r"|毫克|微克|纳克|克|毫升|升|国际单位|单位|毫摩尔|毫当量|揿|吸|喷|滴|片|粒|袋|枚"
)
_TO = r"\s*(?:-|to|至|到|~)\s*"
_PER = (
    r"(?P<{0}kg>\s*(?:/|per|每|a)\s*(?:kgs?|kilograms?|公斤|千克)(?:\s*(?:body ?weight|bw|体重))?(?![a-z]))?"
    r"(?P<{0}m2>\s*(?:/|per|每)\s*(?:m2|m\^2|square met(?:re|er)|平方米)(?:\s*(?:体表面积|bsa))?(?![a-z\d]))?"
    r"(?P<{0}dose>\s*(?:/|per|a|each|every)\s*dose(?![a-z])|\s*(?:/|每)\s*次(?!\d))?"
    r"(?P<{0}day>\s*(?:/|per|a|each|every|in)\s*(?:24\s*-?\s*(?:hours?|hrs?|h)|days?|d)(?![a-z])|\s*/\s*[日天]"
    r"|\s+total daily)?"
)
_AMOUNT = re.compile(
    rf"(?<![a-z\d._/])(?<!\d,)(?P<low>{_NUMBER})(?:\s*(?P<low_unit>{_UNIT})(?![a-z]))?(?:{_TO}(?P<high>{_NUMBER}))?"
    rf"\s*(?P<unit>{_UNIT})(?![a-z])" + _PER.format("")
)
_CEILING = (
    r"(?:max(?:imum)?\.?(?:\s+(?:daily|single))?(?:\s+(?:dose|total))?(?:\s+(?:of|is))?[:：]?|at most|up to"
    r"|no more than|not more than|(?:do )?not (?:to )?exceed(?:ing)?|日最大(?:剂量)?|每日最大(?:剂量|量)?|每日最多"
    r"|单次最大(?:剂量)?|每次最多|最多|最大(?:剂量|量)?(?:为)?|(?:每日|每次|单次)?不(?:得)?超过|上限)"
)
_MOST = re.compile(
    rf"(?P<words>{_CEILING})\s*(?P<low>{_NUMBER})\s*(?P<unit>{_UNIT})(?![a-z])"
    + _PER.format("")
    + r"(?P<daily>\s*daily)?"
)
_MOST_DOSES = re.compile(
    rf"{_CEILING}\s*(?P<count>\d{{1,2}})\s*(?:doses|times|次)\s*(?:(?:in|per|a|/)\s*)?(?:24\s*(?:hours?|h)|day|日|天)?"
)
_DIVIDED = re.compile(
    r"(?:given |taken )?(?:in|as|into|divided (?:in|into|over)?)\s*(?P<count>\d{1,2})\s*(?:equally )?"
    r"(?:divided |equal |separate )?doses|(?:均)?分(?:为|成)?(?P<zh>\d{1,2})次(?:服用?|给药|口服)?"
)
_DIVIDED_BY = re.compile(
    r"(?:in )?divided(?: doses)?(?=\s*(?:every|q ?\d|\d+ ?-?hourly|bd|bid|tds|tid|qds|qid|twice|\d times))"
)
_DURATION = re.compile(
    rf"(?:for|x|over|共|疗程(?:为)?|连用|连服|持续|使用|服用?)\s*(?:a total of )?(?P<low>{_NUMBER})"
    rf"(?:{_TO}(?P<high>{_NUMBER}))?\s*-?(?P<unit>days?|d|weeks?|wks?|天|日|周)(?![a-z\d次])"
    r"|(?:for )?(?:a )?(?P<course>\d{1,3})[- ]days?(?: course)?(?![a-z])|for (?:a|an) (?P<one>day|week)(?![a-z])"
)
_SINGLE = re.compile(
    r"as (?:a|1) single dose|(?:a |1 )?single(?: oral| intravenous| intramuscular)? dose|as a 1-off(?: dose)?"
    r"|(?<![a-z])(?:stat|1-off|once only|1 dose only|once)(?![a-z])(?!\s*(?:daily|weekly|a |per |every |each |/))"
    r"|单次(?:给药|服用|口服|使用)?|顿服|1次性(?:给药|服用|口服)?"
)
_DAYS_TOTAL = re.compile(
    r"(?:total )?daily(?: dose)?(?: of)?[:：]?(?=\s*\d)|每日总量(?:为)?|日剂量(?:为)?|日总量(?:为)?"
)
_EACH_TIME = re.compile(r"(?:每次|1次|单次剂量)(?=\s*(?:口服|静注|静滴|肌注)?\s*\d)")
_BY_SIZE_BEFORE = re.compile(r"(?P<kg>(?:每|按)(?:公斤|千克)(?:体重)?|按体重)|(?P<m2>每平方米(?:体表面积)?|按体表面积)")
_TURNED = re.compile(
    r"(?<![a-z])(?:not|never|avoid|don't|stop|half|halve|double|or|then|lb|lbs|pounds?|per|increase|reduce|instead)(?![a-z])"
    r"|(?<![a-z])(?:hourly|hours?|hrs?|minutes?|mins?|weeks?|weekly|months?|monthly)(?![a-z])|小时|分钟|周|月"
    r"|[/每禁不勿半磅]|避免|停用|加倍|减半|或者?|然后"
)
_LETTER_FOR_DIGIT = re.compile(
    r"\d\s?[oO](?![a-z])|\d[lI|](?![a-z])|(?<![A-Za-z])[oOlI|]\d|(?<![A-Za-z])[oO]\.\d|\d\.[oOlI]"
    r"|(?<![A-Za-z])(?<!\d )[oOlI|](?![A-Za-z.])"
)
"""Beside a digit, or standing alone where no litre can be meant."""
_NO_ZERO = re.compile(r"(?<!\d)\.\d")
"""A point without a zero before it is overlooked: .5 mg is given as 5 mg."""
_FOREIGN = re.compile(r"\d[^\W\d_a-zA-Zµμ\u3400-\u9fff]|(?<![a-zA-Z])[^\W\d_a-zA-Zµμ\u3400-\u9fff]\d")


def read_dose(text: str) -> ReadDose:
    """Return the one dose in `text`. Raises UnreadableAmount for none, more than one, or a part left over."""
    plain = unicodedata.normalize("NFKC", text)
    if _LETTER_FOR_DIGIT.search(plain) or _FOREIGN.search(plain):
        raise UnreadableAmount("letter", text)
    if _NO_ZERO.search(plain):
        raise UnreadableAmount("decimal", text)
    most_doses, rest = _take(_MOST_DOSES, with_digits(text))
    most, rest = _take(_MOST, rest)
    divided, rest = _take(_DIVIDED, rest)
    divided_by, rest = _take(_DIVIDED_BY, rest)
    size, rest = _take(_BY_SIZE_BEFORE, rest)
    total, rest = _take(_DAYS_TOTAL, rest)
    _, rest = _take(_EACH_TIME, rest)
    amounts = list(_AMOUNT.finditer(rest))
    if len(amounts) != 1:
        raise UnreadableAmount("number", text)
    amount, rest = _take(_AMOUNT, rest)
    assert amount is not None
    days, rest = _take(_DURATION, rest)
    often, rest = frequency.take_all(rest)
    single, rest = _take(_SINGLE, rest)
    routes, rest = route_words(rest)
    shared = divided is not None or divided_by is not None
    times = _one(often - ({Fraction(1)} if shared and len(often) > 1 else set()), text)
    if re.search(r"\d", rest) or _TURNED.search(rest) or len(routes) > 1:
        raise UnreadableAmount("number", text)
    pieces = Fraction(divided["count"] or divided["zh"]) if divided else times if divided_by else None
    if divided and times == 1:
        times = None
    low, high = _bounds(amount)
    return ReadDose(
        low=low,
        high=high,
        per_kg=amount["kg"] is not None or bool(size and size["kg"]),
        per_m2=amount["m2"] is not None or bool(size and size["m2"]),
        per_day=amount["day"] is not None or total is not None,
        times_per_day=None if divided_by else times,
        is_single=single is not None,
        days=None if days is None else _days(days),
        most=None if most is None else _most(most, text),
        most_is_daily=most is not None and _is_daily(most),
        most_doses=None if most_doses is None else Fraction(most_doses["count"]),
        divided=pieces,
        route=next(iter(routes), ""),
    )


def is_supported(text: str, rows: Iterable[DoseRow]) -> bool:
    """Whether the one dose in `text` is that of a row in every part it states; unreadable is not supported."""
    try:
        dose = read_dose(text)
    except UnreadableAmount:
        return False
    return any(matches(dose, row) for row in rows)


def _bounds(amount: re.Match[str]) -> tuple[Amount, Amount]:
    last = unit(amount["unit"])
    if amount["low_unit"] and not amount["high"]:
        raise UnreadableAmount("unit", amount.group())
    low = Amount(read_number(amount["low"]), unit(amount["low_unit"]) if amount["low_unit"] else last)
    high = Amount(read_number(amount["high"]), last) if amount["high"] else low
    if low.unit.kind is not high.unit.kind or low.in_base > high.in_base:
        raise UnreadableAmount("number", amount.group())
    return low, high


def _most(match: re.Match[str], text: str) -> Amount:
    if match["kg"] or match["m2"]:
        raise UnreadableAmount("unit", text)
    return Amount(read_number(match["low"]), unit(match["unit"]))


def _is_daily(match: re.Match[str]) -> bool:
    words = match["words"]
    return bool(match["day"] or match["daily"] or "daily" in words or words.startswith(("每日", "日最大")))


def _one(found: set[Fraction], text: str) -> Fraction | None:
    """Return the one frequency, None where there is none. Two that differ, or an absurd one, are refused."""
    if len(found) > 1 or Fraction(0) in found:
        raise UnreadableAmount("frequency", text)
    return next(iter(found), None)


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    match = pattern.search(text)
    return (None, text) if match is None else (match, text[: match.start()] + " ; " + text[match.end() :])


def _days(match: re.Match[str]) -> tuple[Fraction, Fraction]:
    if match["course"]:
        return Fraction(match["course"]), Fraction(match["course"])
    if match["one"]:
        days = Fraction(7 if match["one"] == "week" else 1)
        return days, days
    factor = 7 if match["unit"][0] in "w周" else 1
    low = read_number(match["low"]) * factor
    return low, read_number(match["high"]) * factor if match["high"] else low
