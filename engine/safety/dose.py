"""Doses against their limits: the most at a time and in a day, by age and kidney function, from sourced rows.

A dose that cannot be read for sure is never taken as small: it is reported, and so is a drug without a limit row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from engine.api import Alert, Bilingual, Case, IncompleteCheck, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety.alerts import INTERRUPTING
from engine.safety.dose_rows import DoseRows, at_most_mg, is_for
from engine.safety.drugs import Drug
from engine.safety.frequency import times_per_day
from engine.safety.prescribed import Prescribed
from engine.safety.renal import clearance_for_doses
from engine.safety.routes import route_of

ENTRY = "safety.dose"
FAR = 2
"""A dose at a time above this many times the highest sourced one is pointed out: most slips are of ten."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of a drug for some patients. `renal_below` counts the lower of clearance and eGFR."""

    id: str
    drugs: frozenset[str]
    severity: Severity
    text: Bilingual
    source: str
    stated: str
    max_single_mg: float | None = None
    max_daily_mg: float | None = None
    age_years_at_least: float | None = None
    renal_below: float | None = None


@dataclass(frozen=True, slots=True)
class LimitTable:
    edition: str
    limits: tuple[Limit, ...]


class Doses:
    """Check doses against their limits. Raises KnowledgeDamaged when the table is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._table = msgspec.convert(index.json(ENTRY), LimitTable)
        self._rows = DoseRows(index)
        self._of: defaultdict[str, list[Limit]] = defaultdict(list)
        for limit in self._table.limits:
            for inn in limit.drugs:
                self._of[inn].append(limit)

    def covers(self, inn: str) -> bool:
        """Whether any limit is about `inn`."""
        return inn in self._of

    def alerts(self, medications: Sequence[Prescribed], case: Case) -> list[Alert]:
        """Return an alert for each limit that the dose at a time, or all doses of the day together, pass."""
        singles, dailies = _amounts(medications)
        found: list[Alert] = []
        for drug, single_mg in singles.items():
            for limit in self._of.get(drug.inn, ()):
                over = _over(limit, single_mg, dailies.get(drug))
                if over and _applies(limit, case):
                    found.append(self._alert(limit, drug, over))
        limited = {inn for alert in found for inn in alert.drugs}
        far = [alert for item in medications for alert in self._far_over(item, case)]
        return found + [alert for alert in far if alert.drugs[0] not in limited]

    def _far_over(self, item: Prescribed, case: Case) -> list[Alert]:
        """Return an alert when a dose at a time is far above every sourced one for such a patient and way of giving."""
        if item.proposed or item.single_dose_mg is None or len(item.drugs) != 1:
            return []
        (drug,) = item.drugs
        way = route_of(item.route)
        sourced = [
            (most, row)
            for row in self._rows.of(drug.inn)
            if is_for(row, case.age_years, case.weight_kg) and (not way or way == row.route)
            if (most := at_most_mg(row, case.weight_kg)) is not None
        ]
        if not sourced or item.single_dose_mg <= FAR * max(most for most, _ in sourced):
            return []
        most, row = max(sourced, key=lambda entry: entry[0])
        return [self._alert(_far_limit(drug.inn, most, row.sources[0]), drug, f"{item.single_dose_mg:g} mg")]

    def incomplete(self, medications: Iterable[Prescribed], case: Case) -> list[IncompleteCheck]:
        """Return doses that could not be read, limits that lack an input, and drugs without any limit."""
        found: list[IncompleteCheck] = []
        for item in medications:
            if item.unreadable_dose:
                found.append(_unreadable(item))
            for drug in item.drugs:
                found += [_needs(drug, need) for need in self._missing(drug, item, case)]
        return list({(item.drug, item.needs): item for item in found}.values())

    def _missing(self, drug: Drug, item: Prescribed, case: Case) -> list[str]:
        if item.unreadable_dose:
            return []
        limits = self._of.get(drug.inn)
        if limits is None:
            return ["table"] if item.has_dose and not self._rows.of(drug.inn) else []
        needs = []
        if item.single_dose_mg is None:
            needs.append("dose")
        elif times_per_day(item.frequency) is None:
            needs.append("frequency")
        if any(limit.renal_below for limit in limits) and clearance_for_doses(case) is None:
            needs.append("kidney function")
        if any(limit.age_years_at_least for limit in limits) and case.age_years is None:
            needs.append("age")
        return needs

    def _alert(self, limit: Limit, drug: Drug, over: str) -> Alert:
        text = Bilingual(
            f"{drug.inn.capitalize()} {over}: {limit.text.en}", f"{drug.name_zh()} {over}：{limit.text.zh}"
        )
        return Alert(
            kind="dose",
            severity=limit.severity,
            interrupts=limit.severity in INTERRUPTING,
            drugs=[drug.inn],
            rule_id=limit.id,
            text=text.en,
            source=limit.source,
            edition=self._table.edition,
            display=text,
            quote=limit.stated,
        )


def _far_limit(inn: str, most_mg: float, source: str) -> Limit:
    text = Bilingual(
        f"more than {FAR} times the highest sourced dose at a time ({most_mg:g} mg); a slip of ten?",
        f"超过有来源的最大单次剂量（{most_mg:g} mg）的{FAR}倍，是否写错十倍？",
    )
    return Limit(f"dose:{inn}-far", frozenset({inn}), Severity.CAUTION, text, source, "")


def _amounts(medications: Sequence[Prescribed]) -> tuple[dict[Drug, float], dict[Drug, float]]:
    """Return the largest single dose and the sum of a day for each drug that is alone in its medication, in mg."""
    singles: dict[Drug, float] = {}
    dailies: dict[Drug, float] = {}
    for item in medications:
        if item.single_dose_mg is None or len(item.drugs) != 1:
            continue
        (drug,) = item.drugs
        singles[drug] = max(singles.get(drug, 0.0), item.single_dose_mg)
        often = times_per_day(item.frequency)
        dailies[drug] = dailies.get(drug, 0.0) + item.single_dose_mg * (often if often is not None else 1.0)
    return singles, dailies


def _over(limit: Limit, single_mg: float, daily_mg: float | None) -> str:
    if limit.max_single_mg is not None and single_mg > limit.max_single_mg:
        return f"{single_mg:g} mg"
    if limit.max_daily_mg is not None and daily_mg is not None and daily_mg > limit.max_daily_mg:
        return f"{daily_mg:g} mg/d"
    return ""


def _applies(limit: Limit, case: Case) -> bool:
    """An unknown age takes the strictest limit; an unknown kidney function gives a note instead (see `incomplete`)."""
    age = case.age_years
    if age is not None and limit.age_years_at_least is not None and age < limit.age_years_at_least:
        return False
    if limit.renal_below is None:
        return True
    clearance = clearance_for_doses(case)
    return clearance is not None and clearance < limit.renal_below


_NEEDS = {
    "dose": Bilingual("the dose, as a mass", "以质量表示的剂量"),
    "frequency": Bilingual("how often it is taken", "给药次数"),
    "kidney function": Bilingual("kidney function", "肾功能"),
    "age": Bilingual("the age", "年龄"),
    "table": Bilingual("a dose row: none in the tables", "剂量条目：表中无此药"),
}


def _needs(drug: Drug, need: str) -> IncompleteCheck:
    text = _NEEDS[need]
    display = Bilingual(
        f"{drug.inn.capitalize()}: the dose check needs {text.en}.", f"{drug.name_zh()}：剂量核查缺少{text.zh}。"
    )
    return IncompleteCheck(kind="dose", drug=drug.inn, needs=need, display=display)


def _unreadable(item: Prescribed) -> IncompleteCheck:
    display = Bilingual(
        f"{item.name}: the dose “{item.unreadable_dose}” cannot be read; nothing was assumed.",
        f"{item.name}：剂量“{item.unreadable_dose}”无法识别，未作任何假定。",
    )
    return IncompleteCheck(kind="dose", drug=item.name, needs="readable dose", display=display)
