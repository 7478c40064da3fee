"""A small index with the real treatment tables and passages, and safety tables that say what a test tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine import api
from engine.knowledge import sources
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.treatment import compile as treatment_compile
from engine.treatment.plan import Planner
from engine.treatment.rows import ConditionRow, load_conditions
from engine.treatment.seams import VerdictWord


@dataclass(frozen=True, slots=True)
class ToldVerdict:
    verdict: VerdictWord
    alerts: tuple[api.Alert, ...] = ()
    incomplete: tuple[api.IncompleteCheck, ...] = ()


@dataclass
class ToldSafety:
    """Says `ok` to every drug but those it was told about; `None` is a table that gives no verdict."""

    told: dict[str, ToldVerdict | None] = field(default_factory=dict)
    asked: list[tuple[str, api.Regimen | None]] = field(default_factory=list)

    def check(self, case: api.Case) -> api.CheckResult:
        return api.CheckResult([], [], [])

    def alert(self, drug: str, severity: api.Severity, kind: api.AlertKind = "interaction") -> None:
        """Let the tables warn about `drug`; the two worst severities block it."""
        text = f"{kind} of {drug}"
        told = api.Alert(
            kind, severity, False, [drug], f"rule.{drug}", text, "s", "e", api.Bilingual(text, f"{drug} 警示")
        )
        blocking = severity in (api.Severity.CONTRAINDICATED, api.Severity.AVOID)
        self.told[drug] = ToldVerdict("blocked" if blocking else "caution", (told,))

    def say(self, drug: str, verdict: VerdictWord | None) -> None:
        self.told[drug] = None if verdict is None else ToldVerdict(verdict)

    def verdict(self, case: api.Case, drug: str, regimen: api.Regimen | None) -> ToldVerdict | None:
        self.asked.append((drug, regimen))
        return self.told[drug] if drug in self.told else ToldVerdict("ok")


@pytest.fixture(scope="session")
def treatment_index(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeIndex:
    path: Path = tmp_path_factory.mktemp("treatment") / "knowledge.sqlite"
    writer = IndexWriter(path)
    writer.put_json("index.version", "test")
    sources.compile_into(resources() / "knowledge", writer)
    treatment_compile.compile_into(resources() / "knowledge", writer)
    writer.close()
    return KnowledgeIndex(path)


@pytest.fixture(scope="session")
def conditions(treatment_index: KnowledgeIndex) -> list[ConditionRow]:
    return load_conditions(treatment_index)


@pytest.fixture
def safety() -> ToldSafety:
    return ToldSafety()


@pytest.fixture
def planner(treatment_index: KnowledgeIndex, safety: ToldSafety) -> Planner:
    return Planner(treatment_index, safety)
