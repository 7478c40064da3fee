"""The drug dictionary: any written name to its ingredients or to nothing; a likely spelling is offered, never applied.

Names are international (INN) in English with synonyms, brands and Chinese names; combinations come apart into their
ingredients. Sources: index of the French thesaurus (ANSM, 2020-10) with its RxNorm map; FDA list of substances; INN
lists; Lantern's own table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.api import Bilingual
from engine.knowledge.index import KnowledgeIndex
from engine.safety import names
from engine.safety.spellings import Spellings

ENTRY = "safety.drugs"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
_LONGEST_NAME_WORDS = 6
_LONGEST_CHINESE_NAME = 16
_TOO_COMMON = frozenset(
    {
        "tea", "gold", "mint", "thyroid", "oxygen", "glucose", "dextrose", "alcohol", "iron", "al", "inh",
        "ors", "nac", "abc", "coc", "bal", "mmr", "urea", "iodine", "acetic acid", "betaine", "tuberculin", "coal tar",
        "factor viii", "factor ix", "lion", "amen", "muse", "equa", "pres", "peon", "ella", "soma", "dona", "alli",
        "depo", "reno", "rize", "today", "尿素", "碘", "醋酸", "乙酸", "荧光素",
    }
)  # fmt: skip
"""Names that are everyday words or letters in a record; they count in a medication list, not inside free text."""


@dataclass(frozen=True, slots=True)
class Drug:
    """One active ingredient. `inn` is the key of every safety table; `zh` is empty where no Chinese name is known."""

    inn: str
    zh: str = ""
    rxnorm: str = ""

    def name_zh(self) -> str:
        """Return the Chinese name, or the INN where there is none."""
        return self.zh or self.inn

    def shown(self) -> Bilingual:
        """Return the name for a screen: the INN, and the Chinese name with the INN in brackets where there is one."""
        return Bilingual(self.inn, f"{self.zh}（{self.inn}）" if self.zh else self.inn)


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug name in free text; offsets count characters of the text, end exclusive."""

    start: int
    end: int
    text: str
    drugs: tuple[Drug, ...]


class DrugDictionary:
    """Look drugs up by any name. Raises KnowledgeDamaged when the index has no dictionary.

    French names of the thesaurus are read in a list of medications, never in a text.
    """

    def __init__(self, index: KnowledgeIndex) -> None:
        table = index.json(ENTRY)
        self._drugs = {row["inn"]: Drug(row["inn"], "".join(row["zh"]), row["rxnorm"]) for row in table["drugs"]}
        self._by_name = {name: tuple(self._drugs[inn] for inn in parts) for name, parts in table["names"].items()}
        self._french = {name: (self._drugs[inn],) for name, inn in table["french"].items()}
        self._look_alikes: dict[str, list[str]] = table["look_alikes"]
        self._spellings = Spellings(self._by_name)
        self._first_words = frozenset(word.group() for name in self._by_name if (word := _WORD.match(name)))

    def __len__(self) -> int:
        return len(self._drugs)

    def __iter__(self) -> Iterator[Drug]:
        return iter(self._drugs.values())

    def drug(self, inn: str) -> Drug:
        """Return the ingredient called exactly `inn`. Raises KeyError."""
        return self._drugs[inn]

    def find(self, name: str) -> tuple[Drug, ...]:
        """Return the ingredients of `name`; empty when any part of it is unknown. Nothing is corrected."""
        found = self._whole(name) or self._in_parts(name)
        added = (drug for piece in names.bracketed(name) for drug in self._whole(piece))
        return tuple(dict.fromkeys([*found, *added])) if found else ()

    def is_product(self, name: str) -> bool:
        """Whether `name` is one drug or a fixed combination of the dictionary, not several drugs typed in one line."""
        return bool(self._whole(name))

    def _whole(self, name: str) -> tuple[Drug, ...]:
        for reading in names.readings(name):
            if found := self._by_name.get(reading) or self._french.get(reading):
                return found
        return ()

    def _in_parts(self, name: str) -> tuple[Drug, ...]:
        return self._all_known(names.parts(name)) or self._all_known(names.hyphened(name))

    def _all_known(self, pieces: list[str]) -> tuple[Drug, ...]:
        found = [self._whole(piece) for piece in pieces]
        if len(pieces) < 2 or not all(found):
            return ()
        return tuple(dict.fromkeys(drug for drugs in found for drug in drugs))

    def suggest(self, name: str, limit: int = 5) -> list[str]:
        """Return known names spelt like `name`, nearest first, then what is easily taken for them: to ask about."""
        barest = min(names.readings(name), key=len)
        first_word, _, rest = barest.partition(" ")
        near = self._spellings.near(barest)[:limit]
        if not near and rest:
            near = self._spellings.near(first_word)[:limit]
        drugs = (drug for found in near for drug in self._by_name[found])
        return list(dict.fromkeys([*near, *(other for drug in drugs for other in self.look_alikes(drug.inn))]))

    def look_alikes(self, inn: str) -> list[str]:
        """Return the INNs easily taken for `inn`; one is never read as the other."""
        return self._look_alikes.get(inn, [])

    def mentions(self, text: str) -> list[Mention]:
        """Return the drug names in free text, longest first where they overlap, in order of place."""
        found = [*self._latin_mentions(text), *self._chinese_mentions(text)]
        return sorted(found, key=lambda mention: mention.start)

    def _latin_mentions(self, text: str) -> Iterator[Mention]:
        words = [match.span() for match in _WORD.finditer(text) if not names.is_chinese(match.group())]
        place = 0
        while place < len(words):
            mention = self._longest_at(text, words[place : place + _LONGEST_NAME_WORDS])
            if mention is None:
                place += 1
                continue
            yield mention
            while place < len(words) and words[place][0] < mention.end:
                place += 1

    def _longest_at(self, text: str, spans: list[tuple[int, int]]) -> Mention | None:
        start, first_end = spans[0]
        if names.fold(text[start:first_end]) not in self._first_words:
            return None
        for _, end in reversed(spans):
            written = text[start:end]
            folded = names.fold(written)
            if folded not in _TOO_COMMON and (drugs := self._by_name.get(folded)):
                return Mention(start, end, written, drugs)
        return None

    def _chinese_mentions(self, text: str) -> Iterator[Mention]:
        start = 0
        while start < len(text):
            mention = self._longest_chinese_at(text, start) if names.is_chinese(text[start]) else None
            if mention is not None:
                yield mention
            start = mention.end if mention else start + 1

    def _longest_chinese_at(self, text: str, start: int) -> Mention | None:
        for end in range(min(len(text), start + _LONGEST_CHINESE_NAME), start + 1, -1):
            written = text[start:end].lower()
            if written not in _TOO_COMMON and (drugs := self._by_name.get(written)):
                return Mention(start, end, text[start:end], drugs)
        return None
