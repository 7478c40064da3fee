"""Every disease Lantern can name, under one numbering: the 49 common conditions first, then the rare index."""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import Bilingual
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.string_table import fold
from engine.knowledge.index import KnowledgeIndex

TEXT_NAMES = "text.names"
TEXT_QUESTIONS = "text.questions"
TEXT_VALUES = "text.values"
Wording = Mapping[str, Mapping[str, str]]


class Catalogue:
    """Numbers to codes, names and groups, and names back to numbers."""

    def __init__(self, table: CommonTable, rare: RareIndex, display: Mapping[str, Mapping[str, str]]) -> None:
        self._table = table
        self._rare = rare
        self._display = display
        self.common_count = len(table.conditions)
        self._common_by_name: dict[str, int] = {}
        for number, condition in enumerate(table.conditions):
            for name in (condition.name_given, condition.name_english, table.code(number), self.display(number).zh):
                self._common_by_name.setdefault(fold(name), number)

    def __len__(self) -> int:
        return self.common_count + len(self._rare)

    def is_common(self, number: int) -> bool:
        """Whether the disease is one of DDXPlus."""
        return number < self.common_count

    def code(self, number: int) -> str:
        """Return the disease code, as INTERFACES defines it."""
        return self._table.code(number) if self.is_common(number) else self._rare.codes[number - self.common_count]

    def name(self, number: int) -> str:
        """Return the source's name."""
        if self.is_common(number):
            return self._table.conditions[number].name_given
        return self._rare.names[number - self.common_count]

    def group(self, number: int) -> str | None:
        """Return the group of near-identical diseases, or None."""
        return None if self.is_common(number) else self._rare.groups[number - self.common_count] or None

    def other_codes(self, number: int) -> list[str]:
        """Return the codes of the same disease in other vocabularies."""
        return [] if self.is_common(number) else self._rare.others[number - self.common_count].split()

    def severity(self, number: int) -> int | None:
        """Return DDXPlus's severity, 1 the worst, or None for a rare disease."""
        return self._table.conditions[number].severity if self.is_common(number) else None

    def display(self, number: int) -> Bilingual:
        """Return the name in both languages, English where no Chinese name exists."""
        return self.display_code(self.code(number), self.name(number))

    def display_code(self, code: str, english: str) -> Bilingual:
        """Return how a disease, question or term code reads on screen."""
        names = self._display.get(code)
        return Bilingual(names["en"], names["zh"] or names["en"]) if names else Bilingual(english, english)

    def find(self, name: str) -> list[int]:
        """Return the diseases with this code, name or synonym: common ones first."""
        folded = fold(name)
        common = [self._common_by_name[folded]] if folded in self._common_by_name else []
        return common + [self.common_count + number for number in self._rare.find.find(name)]


def load_wording(index: KnowledgeIndex, entry: str = TEXT_NAMES) -> Wording:
    """Return one table of words in both languages, or nothing where the text tables are not compiled."""
    rows: Wording = index.json(entry) if entry in index else {}
    return rows


def worded(wording: Wording, code: str, otherwise: Bilingual) -> Bilingual:
    """Return the wording of `code` in both languages, else `otherwise`."""
    row = wording.get(code)
    return Bilingual(row["en"], row["zh"]) if row else otherwise
