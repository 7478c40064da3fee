"""The sources of a plan as a numbered Qt list: the number is the marker that sentences and options carry."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.models.records import RecordModel
from desktop.words import REVIEWED, UNREVIEWED, pick
from engine.api import SourceRecord


@dataclass(frozen=True, slots=True)
class NumberedSource:
    number: int
    id: str
    source: SourceRecord


def number_sources(sources: dict[str, SourceRecord]) -> tuple[NumberedSource, ...]:
    """Return the sources numbered from 1 in the engine's order."""
    return tuple(NumberedSource(number, *entry) for number, entry in enumerate(sources.items(), start=1))


class SourceModel(RecordModel[NumberedSource]):
    """Sources with their edition and whether a clinician has reviewed the rows taken from them."""

    def set_sources(self, sources: dict[str, SourceRecord]) -> None:
        """Show `sources`."""
        self.set_records(number_sources(sources))

    def text(self, record: NumberedSource) -> str:
        parts = (record.source.title, record.source.section, record.source.edition)
        return f"[{record.number}] {', '.join(part for part in parts if part)}"

    def spoken(self, record: NumberedSource) -> str:
        mark = pick(REVIEWED if record.source.reviewed else UNREVIEWED, self.language)
        return f"{self.text(record)}; {mark}"
