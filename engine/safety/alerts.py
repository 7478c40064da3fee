"""The order of harm, and one list without doubles: what all checks share about alerts."""

from __future__ import annotations

from collections.abc import Iterable

from engine.api import Alert, Severity

ORDER = {severity: place for place, severity in enumerate(Severity)}
INTERRUPTING = frozenset({Severity.CONTRAINDICATED, Severity.AVOID})
"""Only these may stop a prescription; the rest stands beside it."""

_KINDS = (
    "allergy", "interaction", "pregnancy", "dose", "renal", "hepatic", "paediatric", "qt", "lactation", "elderly",
    "genotype", "duplicate",
)  # fmt: skip


def by_harm(alerts: Iterable[Alert]) -> list[Alert]:
    """Return `alerts` worst first, each rule once for the same drugs."""
    unique: dict[tuple[str, str, frozenset[str]], Alert] = {}
    for alert in sorted(alerts, key=_rank):
        unique.setdefault((alert.kind, alert.rule_id, frozenset(alert.drugs)), alert)
    return list(unique.values())


def _rank(alert: Alert) -> tuple[int, int, list[str], str]:
    return ORDER[alert.severity], _KINDS.index(alert.kind), sorted(alert.drugs), alert.rule_id
