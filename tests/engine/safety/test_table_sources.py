"""A check names the tables it asked, also when none raised anything, and the source of each alert."""

from __future__ import annotations

from engine.api import Case, Medication
from engine.knowledge.index import KnowledgeIndex
from engine.safety.verdict import SafetyChecker


def test_a_check_without_alerts_names_every_table_with_its_edition(knowledge: KnowledgeIndex) -> None:
    result = SafetyChecker(knowledge).check(Case(medications=[Medication("paracetamol")]))
    assert {"ansm-thesaurus-2020-10", "onc-high-priority-2012", "safety.allergy"} <= set(result.tables)
    assert all(record.title and record.edition for record in result.tables.values())
    assert not any(record.reviewed for record in result.tables.values())


def test_each_alert_has_the_record_of_its_source(knowledge: KnowledgeIndex) -> None:
    result = SafetyChecker(knowledge).check(Case(medications=[Medication("warfarin"), Medication("clarithromycin")]))
    assert result.alerts
    assert {alert.source for alert in result.alerts} == set(result.sources)
