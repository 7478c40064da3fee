"""What is measured at each visit: one field for each measure of the plan, its history under it, the day above all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.case.record import CaseRecord, OutcomeValue
from desktop.case.validate import read_date
from desktop.models.records import screen_language
from desktop.outcome_words import history_line
from desktop.views import theme
from desktop.views.field_grid import FieldGrid
from desktop.views.fields import Field, NumberEdit
from desktop.words import pick
from engine.api import Bilingual, Outcome


class MeasureField(QWidget):
    """One measure: its value of the day in a labelled field, and what it was on other days."""

    edited = Signal()

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome
        self.field = Field(NumberEdit() if outcome.step is not None or outcome.low is not None else QLineEdit())
        self._history = QLabel(wordWrap=True)
        theme.set_role(self._history, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX // 2)
        column.addWidget(self.field)
        column.addWidget(self._history)
        self.field.edited.connect(self.edited)

    def show(self, value: float | str | None, earlier: Sequence[OutcomeValue]) -> None:  # type: ignore[override]
        """Show the value of the day and the others."""
        editor = self.field.editor
        if isinstance(editor, NumberEdit):
            editor.set_number(value if isinstance(value, float | int) else None)
        elif isinstance(editor, QLineEdit):
            editor.setText("" if value is None else str(value))
        self._history.setText(history_line(earlier, self.outcome.unit, screen_language()))
        self._history.setVisible(bool(earlier))

    def value(self) -> float | str | None:
        """Return what is entered, or None where it is nothing or cannot be; then the field says so."""
        editor = self.field.editor
        if not isinstance(editor, NumberEdit):
            text = editor.text().strip() if isinstance(editor, QLineEdit) else ""
            return text or None
        number, outcome = editor.number(), self.outcome
        low = -float("inf") if outcome.low is None else outcome.low
        high = float("inf") if outcome.high is None else outcome.high
        fits = number is not None and low <= number <= high
        self.field.set_problem("" if fits or not editor.text().strip() else self._problem(low, high))
        return number if fits else None

    def _problem(self, low: float, high: float) -> str:
        return self.tr("Not kept: a number from {low} to {high} is expected.").format(low=f"{low:g}", high=f"{high:g}")

    def retranslate(self) -> None:
        """Speak the language in use."""
        name, unit = self.outcome.name, self.outcome.unit
        told = pick(name, screen_language())
        self.field.name(f"{told} ({pick(unit, screen_language())})" if unit is not None else told)


class OutcomesSection(QWidget):
    """Shows and reads back `outcomes` of a record. Values of measures that no plan asks for now stay as they are."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: tuple[OutcomeValue, ...] = ()
        self._loading = False
        self.measures: list[MeasureField] = []
        self.day = Field(QLineEdit())
        self._others, self._problem = QLabel(wordWrap=True), QLabel(wordWrap=True)
        theme.set_role(self._others, "small")
        theme.set_role(self._problem, "problem")
        self._problem.hide()
        self._grid: FieldGrid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE_PX)
        for part in (self.day, self._others, self._problem):
            self._column.addWidget(part)
        self.day.edited.connect(self._change_day)
        self.retranslate()

    def says_something(self) -> bool:
        """Return whether there is anything to ask or to show."""
        return bool(self.measures or self._kept)

    def ask(self, asked: Sequence[Outcome]) -> None:
        """Ask for these measures from now on; what was entered for others stays."""
        if [field.outcome.code for field in self.measures] == [outcome.code for outcome in asked]:
            return
        self._kept = self.values()
        if self._grid is not None:
            self._column.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self.measures = [MeasureField(outcome) for outcome in asked]
        self._grid = FieldGrid(list(self.measures)) if asked else None
        if self._grid is not None:
            self._column.insertWidget(1, self._grid)
        for field in self.measures:
            field.edited.connect(self._changed)
        self._fill()
        self.retranslate()

    def show_record(self, record: CaseRecord) -> None:
        """Show what `record` holds, on the day of its last follow-up or visit; this is not an edit."""
        self._kept = record.outcomes
        self._loading = True
        days = [record.visit_date, *(visit.date for visit in record.follow_up)]
        self._day_editor.setText(max((day for day in days if read_date(day) is not None), default=""))
        self._loading = False
        self._fill()

    def values(self) -> tuple[OutcomeValue, ...]:
        """Return every value, oldest first: what was kept, and what stands in the fields for the day."""
        day = self._day_editor.text().strip()
        if read_date(day) is None:
            return self._kept
        asked = {field.outcome.code for field in self.measures}
        entered = tuple(self._entered(day))
        unchanged = tuple(value for value in self._kept if (value.date, value.code in asked) != (day, True))
        return tuple(sorted((*unchanged, *entered), key=lambda value: value.date))

    def _entered(self, day: str) -> Iterator[OutcomeValue]:
        known = {value.code: value for value in self._kept if value.date == day}
        for field in self.measures:
            value, outcome = field.value(), field.outcome
            if value is None:
                continue
            unit = None if outcome.unit is None else outcome.unit.en
            fresh = OutcomeValue(day, outcome.code, value, unit, outcome.name.en, outcome.name.zh)
            kept = known.get(outcome.code)
            yield fresh if kept is None else replace(fresh, id=kept.id)

    def set_problem(self, text: str) -> None:
        """Write what is wrong with the values under them; an empty text takes it away."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    @property
    def _day_editor(self) -> QLineEdit:
        editor = self.day.editor
        assert isinstance(editor, QLineEdit)
        return editor

    def _changed(self) -> None:
        if not self._loading:
            self._kept = self.values()
            self.edited.emit()

    def _change_day(self) -> None:
        """Show the values of the day that was typed; until it is a date, nothing is entered under it."""
        if self._loading:
            return
        is_date = read_date(self._day_editor.text().strip()) is not None
        self.day.set_problem("" if is_date else self.tr("Not a date. Write it as 2026-03-31."))
        if is_date:
            self._fill()

    def _fill(self) -> None:
        day = self._day_editor.text().strip()
        self._loading = True
        for field in self.measures:
            own = [value for value in self._kept if value.code == field.outcome.code]
            today = next((value.value for value in reversed(own) if value.date == day), None)
            field.show(today, [value for value in own if value.date != day])
        self._loading = False
        self._show_others()

    def _show_others(self) -> None:
        asked = {field.outcome.code for field in self.measures}
        others: dict[str, list[OutcomeValue]] = {}
        for value in self._kept:
            if value.code not in asked:
                others.setdefault(value.code, []).append(value)
        language = screen_language()
        lines = [f"{pick(Bilingual(values[0].name_en or code, values[0].name_zh or code), language)}: "
                 f"{history_line(values, None, language)}" for code, values in others.items()]
        self._others.setText("\n".join(lines))
        self._others.setVisible(bool(lines))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.day.name(self.tr("Measured on (YYYY-MM-DD)"))
        for field in self.measures:
            field.retranslate()
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
