"""Names of findings, answers, questions and conditions for the screen, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import Bilingual
from engine.knowledge.index import KnowledgeIndex

NAMES_ENTRY = "text.names"
QUESTIONS_ENTRY = "text.questions"
VALUES_ENTRY = "text.values"


class Names:
    """All wording of one index. Codes without a Chinese name show their English one in both languages."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._names = _pairs(index.json(NAMES_ENTRY))
        self._questions = _pairs(index.json(QUESTIONS_ENTRY))
        self._values = _pairs(index.json(VALUES_ENTRY))

    def of(self, code: str) -> Bilingual | None:
        """Return the name of a finding (`E_91`, `E_55_@_V_89`, `HP:0001945`) or condition (`DDX:GERD`), or None."""
        return self._names.get(code)

    def question(self, code: str) -> Bilingual | None:
        """Return the full interview question of a DDXPlus evidence, or None for an unknown code."""
        return self._questions.get(code)

    def value(self, value_id: str) -> Bilingual | None:
        """Return the wording of one answer (`V_89`: forehead, 前额), or None for an unknown id."""
        return self._values.get(value_id)


def _pairs(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Bilingual]:
    return {code: Bilingual(row["en"], row["zh"]) for code, row in rows.items()}


def zh_name(index: KnowledgeIndex, code: str) -> str | None:
    """Return the Chinese name of one code, or None where there is none."""
    row = index.json(NAMES_ENTRY).get(code)
    return str(row["zh"]) if row else None
