"""What speaks for and against one hypothesis, as a Qt list, strongest first."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.models.records import RecordModel
from desktop.words import shown, source_name
from engine.api import Evidence, Hypothesis


class EvidenceModel(RecordModel[Evidence]):
    """Log likelihood ratios (natural log), those for the hypothesis before those against it."""

    def set_hypothesis(self, hypothesis: Hypothesis | None) -> None:
        """Show the evidence of `hypothesis`, or none."""
        evidence = hypothesis.evidence if hypothesis is not None else []
        self.set_records(sorted(evidence, key=lambda entry: -entry.log_lr))

    def widest(self) -> float:
        """Return the largest absolute log likelihood ratio, the full length of a bar; at least 1."""
        return max((abs(entry.log_lr) for entry in self.records()), default=1.0) or 1.0

    def finding(self, entry: Evidence) -> str:
        """Return the finding's name, with "no ..." where it was denied."""
        name = shown(entry.display, entry.finding, self.language)
        if entry.present:
            return name
        return QCoreApplication.translate("EvidenceModel", "absent: %1").replace("%1", name)

    def text(self, record: Evidence) -> str:
        return f"{self.finding(record)}  {signed(record.log_lr)}"

    def spoken(self, record: Evidence) -> str:
        if record.log_lr >= 0:
            template = QCoreApplication.translate("EvidenceModel", "%1, speaks for it, log ratio %2, source %3")
        else:
            template = QCoreApplication.translate("EvidenceModel", "%1, speaks against it, log ratio %2, source %3")
        parts = (self.finding(record), signed(record.log_lr), source_name(record.source))
        for place, part in enumerate(parts, start=1):
            template = template.replace(f"%{place}", part)
        return template


def signed(log_lr: float) -> str:
    """Return a log likelihood ratio with its sign, a true minus and two decimals."""
    return f"{log_lr:+.2f}".replace("-", "\N{MINUS SIGN}")
