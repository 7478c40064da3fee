"""Which safety tables a check asks, with their editions, and where each alert comes from; needed without alerts too."""

from __future__ import annotations

from collections.abc import Iterable

from engine.api import Alert, SourceRecord
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import ENTRY as SOURCES_ENTRY
from engine.knowledge.sources import load_sources

PUBLISHED = ("safety.thesaurus", "safety.onc")
"""Tables that are one publication; their entry names its source."""
OWN = {
    "safety.labels": "Lantern interaction rows from drug labels and safety communications",
    "safety.allergy": "Lantern allergy rules",
    "safety.patient": "Lantern rules on kidney, pregnancy, breast-feeding, age and QT",
    "safety.dose": "Lantern dose limits",
}
"""Tables gathered from many sources; each of their rows names its own."""


class TableSources:
    """The tables and source records of one index. Raises KnowledgeDamaged when a table is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._records = load_sources(index) if SOURCES_ENTRY in index else {}
        self.tables = {str(source): record for source, record in self._asked(index)}

    def of(self, alerts: Iterable[Alert]) -> dict[str, SourceRecord]:
        """Return the source records of `alerts` by id; an id without a record is left to the alert's own words."""
        return self.named(*(alert.source for alert in alerts))

    def named(self, *sources: str) -> dict[str, SourceRecord]:
        """Return the records of `sources` by id, each once; one without a record is left out."""
        return {source: self._records[source] for source in dict.fromkeys(sources) if source in self._records}

    def _asked(self, index: KnowledgeIndex) -> Iterable[tuple[str, SourceRecord]]:
        for entry in PUBLISHED:
            table = index.json(entry)
            source, edition = str(table["source"]), str(table["edition"])
            yield source, self._records.get(source) or _record(source, edition)
        for entry, title in OWN.items():
            yield entry, _record(title, str(index.json(entry)["edition"]))


def _record(title: str, edition: str) -> SourceRecord:
    return SourceRecord(title=title, edition=edition, section="", address="", reviewed=False, date=edition)
