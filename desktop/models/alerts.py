"""Safety alerts as one Qt list ordered by harm, and the filter that narrows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from desktop.models.records import RecordModel
from desktop.models.table_age import TableAge, table_age
from desktop.words import ALERT_KINDS, SEVERITIES, alert_drugs, shown, source_name, word
from engine.api import Alert, Severity, SourceRecord

HARM_ORDER = tuple(Severity)
"""Worst first, as `engine.api.Severity` declares them."""


class AlertModel(RecordModel[Alert]):
    """Every alert of a check, the worst first; nothing is merged or left out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources: Mapping[str, SourceRecord] = {}

    def set_alerts(self, alerts: list[Alert], sources: Mapping[str, SourceRecord] | None = None) -> None:
        """Show `alerts` by harm; alerts of one severity keep the engine's order. `sources` are what they name."""
        self._sources = sources or {}
        self.set_records(sorted(alerts, key=lambda alert: HARM_ORDER.index(alert.severity)))

    def source(self, alert: Alert) -> tuple[str, str]:
        """Return the title and the edition of what an alert comes from: of its own source where the record is here."""
        record = self._sources.get(alert.source)
        return source_name(alert.source, self._sources), record.edition if record is not None else alert.edition

    def age(self, alert: Alert, today: date) -> TableAge:
        """Return how old that edition is on `today`."""
        return table_age(*self.source(alert), today)

    def message(self, alert: Alert) -> str:
        """Return the alert's own text."""
        return shown(alert.display, alert.text, self.language)

    def text(self, record: Alert) -> str:
        severity = word(SEVERITIES, record.severity, self.language)
        kind = word(ALERT_KINDS, record.kind, self.language)
        return f"{severity} · {kind}: {alert_drugs(record, self.language)}"

    def spoken(self, record: Alert) -> str:
        return f"{self.text(record)}. {self.message(record)} ({', '.join(self.source(record))})"


class AlertFilter(QSortFilterProxyModel):
    """Shows alerts down to a severity, of one kind, or with a word in them."""

    def __init__(self, model: AlertModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._alerts = model
        self._mildest = Severity.NOTE
        self._kind = ""
        self._words = ""
        self.setSourceModel(model)

    def narrow(self, mildest: Severity = Severity.NOTE, kind: str = "", words: str = "") -> None:
        """Show alerts at least as severe as `mildest`, of `kind` (empty: all) and containing `words`."""
        self._mildest, self._kind, self._words = mildest, kind, words.strip().casefold()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:  # noqa: ARG002 - Qt
        alert = self._alerts.record(self._alerts.index(row))
        if alert is None or HARM_ORDER.index(alert.severity) > HARM_ORDER.index(self._mildest):
            return False
        if self._kind and alert.kind != self._kind:
            return False
        return self._words in self._alerts.spoken(alert).casefold()
