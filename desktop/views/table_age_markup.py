"""How old a table or a source is, with a sign and a colour, as it stands beside an alert and in the list of tables."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject

from desktop.models.table_age import Freshness, TableAge
from desktop.views.rich_delegate import toned

_TONES = {Freshness.FRESH: "ok", Freshness.AMBER: "warning", Freshness.RED: "danger", Freshness.UNDATED: "warning"}
_SIGNS = {Freshness.FRESH: "✓", Freshness.AMBER: "△", Freshness.RED: "!", Freshness.UNDATED: "?"}


class TableAgeWords(QObject):
    """A class because plurals are found for translation only in `self.tr`."""

    def of(self, age: TableAge) -> str:
        """Return the age in the language in use."""
        if age.days is None:
            return self.tr("no date")
        if age.freshness is Freshness.FRESH:
            return self.tr("%n day(s) old", "", age.days)
        if age.freshness is Freshness.AMBER:
            return self.tr("%n day(s) old, more than half a year", "", age.days)
        return self.tr("%n day(s) old, more than a year", "", age.days)


def toned_age(age: TableAge) -> str:
    """Return the age as rich text in its colour; the sign says the same without colour."""
    return toned(escape(f"{_SIGNS[age.freshness]} {TableAgeWords().of(age)}"), _TONES[age.freshness])
