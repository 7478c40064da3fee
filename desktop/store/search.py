"""Search words into SQL: trigrams from three characters on, a plain scan below.

FTS5's trigram tokenizer finds nothing for one or two characters, and most Chinese words have two; those fall back to
LIKE, which reads the index from the latest visit on (measured with 10,000 cases of 120 words: 3-75 ms either way).
"""

from __future__ import annotations

import unicodedata

_TRIGRAM = 3
_COLUMNS = ("name", "local_number", "diagnosis_words", "words")


def searchable(text: str) -> str:
    """Return `text` as it is indexed: full-width signs as ASCII, blanks joined, no NUL (LIKE would stop there)."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", " ").split())


def search_condition(typed: str) -> tuple[str, tuple[object, ...]]:
    """Return an SQL condition on `case_index AS i` that wants every word of `typed`, with its values.

    Without a word everything fits.
    """
    words = searchable(typed).split()
    long_words = [word for word in words if len(word) >= _TRIGRAM]
    conditions: list[str] = []
    values: list[object] = []
    if long_words:
        conditions.append("i.number IN (SELECT rowid FROM case_search WHERE case_search MATCH ?)")
        values.append(" AND ".join(_quoted(word) for word in long_words))
    for word in words:
        if len(word) < _TRIGRAM:
            conditions.append("(" + " OR ".join(f"i.{column} LIKE ? ESCAPE '\\'" for column in _COLUMNS) + ")")
            values.extend([_contains(word)] * len(_COLUMNS))
    return " AND ".join(conditions) or "1", tuple(values)


def _quoted(word: str) -> str:
    """Return `word` as an FTS5 string, so that no sign in it is an operator."""
    return '"' + word.replace('"', '""') + '"'


def _contains(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
