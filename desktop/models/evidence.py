"""What speaks for and against one hypothesis, as a Qt list, strongest first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject

from desktop.models.records import RecordModel
from desktop.words import sentence_case, shown, source_name
from engine.api import Evidence, Hypothesis, SourceRecord

SMALL_LOG_LR = 0.1
"""A ratio closer to none than this (a factor of 1.1) changes no mind; it is shown on request."""


class EvidenceModel(RecordModel[Evidence]):
    """Log likelihood ratios (natural log), those for the hypothesis before those against it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Evidence, ...] = ()
        self._sources: Mapping[str, SourceRecord] = {}
        self.shows_small = False

    def set_hypothesis(
        self, hypothesis: Hypothesis | None, sources: Mapping[str, SourceRecord] | None = None
    ) -> None:
        """Show the evidence of `hypothesis`, or none; `sources` are the records that it names."""
        evidence = hypothesis.evidence if hypothesis is not None else []
        self._all = tuple(sorted(evidence, key=lambda entry: -entry.log_lr))
        self._sources = sources or {}
        self.show_small(False)

    def show_small(self, shown: bool) -> None:
        """Show the contributions below SMALL_LOG_LR too, or leave them out unless there are no others."""
        large = tuple(entry for entry in self._all if abs(entry.log_lr) >= SMALL_LOG_LR)
        self.shows_small = shown or not large
        self.set_records(self._all if self.shows_small else large)

    def small_count(self) -> int:
        """Return how many contributions are left out while `shows_small` is false."""
        return len(self._all) - len(self.records())

    def common_source(self) -> str:
        """Return the title of the source that every row shares, empty where they differ or there are none."""
        named = {entry.source for entry in self._all}
        return source_name(named.pop(), self._sources) if len(named) == 1 else ""

    def source(self, entry: Evidence) -> str:
        """Return where a row comes from."""
        return source_name(entry.source, self._sources)

    def widest(self) -> float:
        """Return the largest absolute log likelihood ratio, the full length of a bar; at least 1."""
        return max((abs(entry.log_lr) for entry in self.records()), default=1.0) or 1.0

    def finding(self, entry: Evidence) -> str:
        """Return the finding's name, with "no ..." where it was denied."""
        name = sentence_case(shown(entry.display, entry.finding, self.language))
        if entry.present:
            return name
        return QCoreApplication.translate("EvidenceModel", "Absent: %1").replace("%1", name)

    def text(self, record: Evidence) -> str:
        return f"{self.finding(record)}  {signed(record.log_lr)}"

    def spoken(self, record: Evidence) -> str:
        if record.log_lr >= 0:
            template = QCoreApplication.translate("EvidenceModel", "%1, speaks for it, log ratio %2, source %3")
        else:
            template = QCoreApplication.translate("EvidenceModel", "%1, speaks against it, log ratio %2, source %3")
        parts = (self.finding(record), signed(record.log_lr), self.source(record))
        for place, part in enumerate(parts, start=1):
            template = template.replace(f"%{place}", part)
        return template


def signed(log_lr: float) -> str:
    """Return a log likelihood ratio with its sign, a true minus and two decimals."""
    return f"{log_lr:+.2f}".replace("-", "\N{MINUS SIGN}")
