"""An age as people say it: days for a newborn, months for an infant, years after that."""

from __future__ import annotations

from PySide6.QtCore import QObject

_DAYS_A_YEAR = 365.25
_MONTH_YEARS = 1 / 12
_SAID_IN_MONTHS_BELOW_YEARS = 2


class AgeWords(QObject):
    """A class because plurals are found for translation only in `self.tr`."""

    def of(self, age_years: float) -> str:
        """Return `age_years` in the language in use."""
        if age_years < _MONTH_YEARS:
            return self.tr("%n day(s)", "", round(age_years * _DAYS_A_YEAR))
        if age_years < _SAID_IN_MONTHS_BELOW_YEARS:
            return self.tr("%n month(s)", "", round(age_years * 12))
        return self.tr("%n year(s)", "", int(age_years))


def age_words(age_years: float) -> str:
    """Return `age_years` in words, in the language in use."""
    return AgeWords().of(age_years)
