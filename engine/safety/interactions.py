"""Interactions of two drugs: thesaurus, ONC class rules and rows from labels, one alert a pair, the worst level first.

Sources: ANSM, Thésaurus des interactions médicamenteuses, 20 October 2020; Phansalkar et al. 2012 for the class rules;
the label or safety communication that a row names for what the thesaurus does not hold.
Every alert carries the edition of its table, because a table that ages in silence is how such checks fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import msgspec

from engine.api import Alert, Bilingual, IncompleteCheck, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety import wording
from engine.safety.alerts import INTERRUPTING, ORDER
from engine.safety.drugs import Drug
from engine.safety.prescribed import Prescribed

THESAURUS_ENTRY = "safety.thesaurus"
ONC_ENTRY = "safety.onc"
LABELS_ENTRY = "safety.labels"
ENTRIES = (THESAURUS_ENTRY, ONC_ENTRY, LABELS_ENTRY)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a statement and when it holds. An unknown dose, route or age never softens it."""

    level: str
    only: frozenset[str] = frozenset()
    both: frozenset[str] = frozenset()
    across: bool = False
    unless_single_dose_mg_at_most: dict[str, float] = field(default_factory=dict)
    if_single_dose_mg_at_least: dict[str, float] = field(default_factory=dict)
    unless_oral: frozenset[str] = frozenset()
    if_oral: frozenset[str] = frozenset()
    if_parenteral: frozenset[str] = frozenset()
    unless_age_below: float = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of a table: any drug of `one` with any of `other`. The last level holds for all pairs.

    `source` is the row's own record where the table was gathered from several.
    """

    id: str
    one: frozenset[str]
    other: frozenset[str]
    title: str
    quote: str
    levels: tuple[Level, ...]
    effects: tuple[str, ...] = ()
    course: str = ""
    affected: str = ""
    loses_effect: bool = False
    management: tuple[str, ...] = ()
    text: Bilingual | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A set of statements of one edition."""

    edition: str
    source: str
    statements: tuple[Statement, ...]
    covered: frozenset[str]


@dataclass(frozen=True, slots=True)
class SevereWords:
    """How many statements may interrupt, how many of them say what happens, and how many a management of their own.

    The others give what their level means: another drug, or under watch where there is none.
    """

    statements: int
    with_mechanism: int
    with_own_management: int


@dataclass(frozen=True, slots=True)
class Taken:
    """One ingredient as it is taken: the drug and the medication it comes in."""

    drug: Drug
    medication: Prescribed


TABLE_NAMES = {
    "ansm-thesaurus-2020-10": Bilingual(
        "the French thesaurus (ANSM, 10/2020)", "法国药物相互作用汇编（ANSM，2020年10月）"
    ),
}


class Interactions:
    """The three tables, ready to ask. Raises KnowledgeDamaged when one is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._tables = tuple(msgspec.convert(index.json(entry), Table) for entry in ENTRIES)
        self._of: defaultdict[str, set[tuple[int, int, int]]] = defaultdict(set)
        for number, table in enumerate(self._tables):
            for row, statement in enumerate(table.statements):
                for inn in statement.one:
                    self._of[inn].add((number, row, 0))
                for inn in statement.other:
                    self._of[inn].add((number, row, 1))
        self._covered = frozenset().union(*(table.covered for table in self._tables))

    def alerts(self, taken: Sequence[Taken], age_years: float | None = None) -> list[Alert]:
        """Return one alert for each pair of different ingredients that a table lists."""
        pairs = (pair for pair in combinations(taken, 2) if not _same_product(*pair))
        found = (self._pair(one, other, age_years) for one, other in pairs)
        return [alert for alert in found if alert is not None]

    def incomplete(self, taken: Sequence[Taken]) -> list[IncompleteCheck]:
        """Return the ingredients that stand in no interaction table; silence about them is not safety."""
        unknown = dict.fromkeys(item.drug for item in taken if item.drug.inn not in self._covered)
        return [not_covered(drug) for drug in unknown]

    def covers(self, inn: str) -> bool:
        """Whether any table has a statement about `inn`."""
        return inn in self._covered

    def words_of_severe_statements(self) -> SevereWords:
        """Return the counts over all tables; a statement is severe when one of its levels interrupts."""
        severe = [row for table in self._tables for row in table.statements if _is_severe(row)]
        told = [row for row in severe if row.text or row.effects or row.course or row.loses_effect]
        managed = [row for row in severe if row.text or row.management]
        return SevereWords(len(severe), len(told), len(managed))

    def _pair(self, one: Taken, other: Taken, age_years: float | None) -> Alert | None:
        """Return the worst row; among equals one with its own words, which say what happens and what to do."""
        matches = [
            ((ORDER[severity], statement.text is None, number), statement, severity)
            for number, statement in self._statements(one.drug.inn, other.drug.inn)
            if (severity := self.severity(statement, one, other, age_years)) is not None
        ]
        if not matches:
            return None
        matches.sort(key=lambda match: match[0])
        (_, _, number), worst, severity = matches[0]
        return self._alert(
            self._tables[number], worst, severity, one.drug, other.drug, [row for _, row, _ in matches[1:]]
        )

    def _statements(self, one: str, other: str) -> list[tuple[int, Statement]]:
        mine, theirs = self._of.get(one, set()), self._of.get(other, set())
        rows = {(number, row) for number, row, side in mine if (number, row, 1 - side) in theirs}
        return [(number, self._tables[number].statements[row]) for number, row in sorted(rows)]

    @staticmethod
    def severity(statement: Statement, one: Taken, other: Taken, age_years: float | None) -> Severity | None:
        """Return the first level of `statement` that holds for these two, or None where it exempts them."""
        level = next(level for level in statement.levels if _holds(level, one, other, age_years))
        return None if level.level == "none" else Severity(level.level)

    @staticmethod
    def _alert(
        table: Table, row: Statement, severity: Severity, one: Drug, other: Drug, further: list[Statement]
    ) -> Alert:
        first, second = (one, other) if one.inn in row.one and other.inn in row.other else (other, one)
        text = interaction_text(table, row, severity, first, second)
        return Alert(
            kind="interaction",
            severity=severity,
            interrupts=severity in INTERRUPTING,
            drugs=[first.inn, second.inn],
            rule_id=row.id,
            text=text.en,
            source=row.source or table.source,
            edition=table.edition,
            display=text,
            quote=row.quote,
            see_also=[statement.id for statement in further],
        )


def interaction_text(table: Table, row: Statement, severity: Severity, one: Drug, other: Drug) -> Bilingual:
    """Return the words for a row: its own where it has them, else composed from its codes."""
    names = Bilingual(one.inn.capitalize(), one.name_zh()), Bilingual(other.inn, other.name_zh())
    if row.text is not None:
        head = wording.HEADS[severity]
        return Bilingual(
            f"{names[0].en} + {names[1].en}: {head.en}. {row.text.en}",
            f"{names[0].zh}＋{names[1].zh}：{head.zh}。{row.text.zh}",
        )
    risen = next((Bilingual(drug.inn, drug.name_zh()) for drug in (one, other) if drug.inn == row.affected), None)
    source = TABLE_NAMES[table.source]
    return wording.interaction(
        severity, *names, source, row.effects, row.course, risen, row.loses_effect, row.management
    )


def not_covered(drug: Drug) -> IncompleteCheck:
    """Return the entry that says that no interaction table holds the drug."""
    display = Bilingual(
        f"{drug.inn.capitalize()}: no interaction table holds it.", f"{drug.name_zh()}：药物相互作用表中无此药。"
    )
    return IncompleteCheck(kind="interaction", drug=drug.inn, needs="table", display=display)


def _is_severe(statement: Statement) -> bool:
    return any(level.level in INTERRUPTING for level in statement.levels)


def _same_product(one: Taken, other: Taken) -> bool:
    return one.drug == other.drug or (one.medication is other.medication and one.medication.is_product)


def _holds(level: Level, one: Taken, other: Taken, age_years: float | None) -> bool:
    return _names_match(level, one.drug.inn, other.drug.inn) and _condition_holds(level, (one, other), age_years)


def _names_match(level: Level, one: str, other: str) -> bool:
    if not level.only:
        return True
    if not level.both:
        return one in level.only or other in level.only
    return (one in level.only and other in level.both) or (other in level.only and one in level.both)


def _condition_holds(level: Level, pair: tuple[Taken, Taken], age_years: float | None) -> bool:
    if level.unless_age_below and age_years is not None and age_years < level.unless_age_below:
        return False
    doses = {item.drug.inn: item.medication.single_dose_mg for item in pair if len(item.medication.drugs) == 1}
    at_most = ((doses.get(inn), most) for inn, most in level.unless_single_dose_mg_at_most.items())
    at_least = [(doses.get(inn), least) for inn, least in level.if_single_dose_mg_at_least.items()]
    if any(dose is not None and dose <= most for dose, most in at_most):
        return False
    if at_least and not any(dose is not None and dose >= least for dose, least in at_least):
        return False
    return _route_holds(level, pair)


def _route_holds(level: Level, pair: tuple[Taken, Taken]) -> bool:
    oral = {item.drug.inn for item in pair if item.medication.is_oral}
    parenteral = {item.drug.inn for item in pair if item.medication.is_parenteral}
    if level.unless_oral & oral:
        return False
    if level.if_oral:
        return bool(level.if_oral & oral)
    return not level.if_parenteral or bool(level.if_parenteral & parenteral)
