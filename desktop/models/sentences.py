"""The sentences of a plan as a Qt list by section, each with its source markers and what the clinician did with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject

from desktop.models.records import RecordModel
from desktop.report.decisions import GROUP_ORDER, Decisions, NumberedSentence, number_sentences
from desktop.words import SECTIONS, Language, shown, word
from engine.api import Plan, PlanSentence


class Standing(Enum):
    """How a sentence stands: with a source, without one, or taken by the clinician as own words."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A row of the list: a heading where `numbered` is None, else a sentence as it would print."""

    group: str
    numbered: NumberedSentence | None = None
    text: str = ""
    standing: Standing = Standing.SUPPORTED
    markers: tuple[int, ...] = ()
    problem: str = ""


class SentenceModel(RecordModel[SentenceRow]):
    """Headings and sentences in the order of the page; a sentence that arrives is inserted, nothing else moves."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[NumberedSentence, ...] = ()
        self._decisions = Decisions()
        self._source_order: tuple[str, ...] = ()

    def set_plan(self, plan: Plan | None, decisions: Decisions) -> None:
        """Show the sentences of `plan` as `decisions` leave them."""
        self._sentences = number_sentences(plan) if plan is not None else ()
        self._source_order = tuple(plan.sources) if plan is not None else ()
        self._decisions = decisions
        self.set_records(self._rows())

    def set_decisions(self, decisions: Decisions) -> None:
        """Show the same sentences after another decision."""
        self._decisions = decisions
        rows = self._rows()
        self._records = tuple(rows)
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def add_sentence(self, sentence: PlanSentence) -> None:
        """Append a sentence that has just been written to its group."""
        numbered = NumberedSentence(len(self._sentences), "plan", sentence)
        self._sentences = (*self._sentences, numbered)
        rows = self._rows()
        first = next(place for place, row in enumerate(rows) if row.numbered == numbered)
        start = first - 1 if rows[first - 1].numbered is None else first
        self.beginInsertRows(QModelIndex(), start, first)
        self._records = tuple(rows)
        self.endInsertRows()

    def set_language(self, language: Language) -> None:
        self.language = language
        self.set_decisions(self._decisions)

    def _rows(self) -> list[SentenceRow]:
        rows: list[SentenceRow] = []
        for group in GROUP_ORDER:
            inside = [self._row(numbered) for numbered in self._sentences if numbered.group == group]
            if inside:
                rows += [SentenceRow(group, text=word(SECTIONS, group, self.language)), *inside]
        return rows

    def _row(self, numbered: NumberedSentence) -> SentenceRow:
        sentence = numbered.sentence
        own = self._decisions.words_for(numbered.number)
        text = shown(sentence.display, sentence.text, self.language)
        markers = tuple(self._source_order.index(source) + 1 for source in sentence.sources
                        if source in self._source_order)
        if own is not None:
            return SentenceRow(numbered.group, numbered, own.text or text, Standing.OWN)
        standing = Standing.SUPPORTED if sentence.status == "supported" else Standing.UNSUPPORTED
        return SentenceRow(numbered.group, numbered, text, standing, markers, sentence.problem)

    def text(self, record: SentenceRow) -> str:
        return record.text + "".join(f" [{marker}]" for marker in record.markers)

    def spoken(self, record: SentenceRow) -> str:
        if record.standing is Standing.UNSUPPORTED:
            said = QCoreApplication.translate("SentenceModel", "No source, will not print: %1")
        elif record.standing is Standing.OWN:
            said = QCoreApplication.translate("SentenceModel", "Your own words: %1")
        else:
            said = "%1"
        return said.replace("%1", self.text(record))
