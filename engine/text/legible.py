"""The text as the dictionaries read it: exactly as long as the text, so that every place holds.

Traditional Chinese characters are read as their simplified forms. A digit or sign that a scanner put for a letter is
read as the letter ("fev3r", "c0ugh"), where that gives exactly one known word; such words are named, and what is read
in them may be offered but not taken. The text itself never changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from engine.text.segment import Span

TRADITIONAL_ENTRY = "text.traditional"
_MISTAKEN = {
    "0": "o", "1": "li", "3": "e", "4": "a", "5": "s", "6": "bg", "8": "b", "9": "g", "@": "a", "$": "s", "|": "li",
}  # fmt: skip
_SUSPECT = re.compile(r"(?<![\w.@$|/-])(?=[\w@$|]*[\d@$|])[A-Za-z][A-Za-z\d@$|]{2,23}(?![\w@$|/-])")
"""A word that begins with a letter, because a number before letters is mostly a number with its unit: 8th, 10mg."""
_SHORTEST_NUMBERED = 5
"""A shorter word with a digit at its end is a code: CD4, FEV1."""
_MOST_MISTAKES = 4
"""More signs in one word than this are a code, not a slip."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A word with a scanner's mistake in it, and what it was read as."""

    span: Span
    meant: str


@dataclass(frozen=True, slots=True)
class Legible:
    """What the dictionaries read in place of a text; `misread` in order of place."""

    text: str
    misread: tuple[Misread, ...]


def simplified_forms(table: str, own: str) -> dict[str, str]:
    """Return each traditional character of an OpenCC table with its usual simplified form.

    Characters of `own`, the dictionaries' own wordings, stay as they are.
    """
    rows = [line.split("\t") for line in table.splitlines() if "\t" in line]
    forms = {old: new.split(" ")[0] for old, new in rows}
    return {old: new for old, new in forms.items() if len(old) == len(new) == 1 and old not in own and old != new}


class Legibility:
    """Makes texts legible."""

    def __init__(self, simplified: Mapping[str, str], knows: Callable[[str], bool]) -> None:
        """`simplified` maps single characters to single ones; `knows` says whether a word in lower case is one."""
        self._table = {ord(old): ord(new) for old, new in simplified.items()}
        self._knows = knows

    def of(self, text: str) -> Legible:
        """Return what to read in place of `text`."""
        misread = tuple(self._misread(text))
        read = list(text.translate(self._table))
        for each in misread:
            read[each.span.start : each.span.end] = each.meant
        return Legible("".join(read), misread)

    def _misread(self, text: str) -> Iterator[Misread]:
        for found in _SUSPECT.finditer(text):
            word = found.group().lower()
            mistakes = sum(sign in _MISTAKEN for sign in word)
            letters = sum(sign.isalpha() for sign in word)
            is_code = len(word) < _SHORTEST_NUMBERED and not word[-1].isalpha()
            if not 0 < mistakes <= _MOST_MISTAKES or letters < max(2, mistakes) or is_code or self._knows(word):
                continue
            variants = {"".join(signs) for signs in product(*(_MISTAKEN.get(sign, sign) for sign in word))}
            known = [variant for variant in variants if variant.isalpha() and self._knows(variant)]
            if len(known) == 1:
                yield Misread(Span(found.start(), found.end()), known[0])
