"""Count the words of the shipped health texts (MedQuAD): English that is right as it stands; used when compiling."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.text.stem import base_form

RARE_BELOW = 3
"""A word seen less often may be a misprint of the texts themselves."""
_WORD = re.compile(r"(?<![a-z])[a-z]{2,40}(?![a-z])")


def everyday_words(path: Path) -> list[str]:
    """Return the base forms of the words that the answers of a MedQuAD file use, without the rare ones."""
    counts: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for words in _words(lines):
            counts.update(words)
    return sorted({base_form(word) for word, count in counts.items() if count >= RARE_BELOW})


def _words(lines: Iterator[str] | gzip.GzipFile) -> Iterator[list[str]]:
    for line in lines:
        yield _WORD.findall(json.loads(line)["answer"].lower())
