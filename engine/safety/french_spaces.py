"""Give the statements of the French thesaurus back the spaces that its line breaks lost ("pendantl'association").

Only for what is quoted on screen and paper; the tables read the statements as they are. A word is taken apart where
the text itself uses both halves far more often than the whole, so no list of words is needed and no word is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_LETTERS = "a-zA-Zàâçéèêëîïôûùüœ"
_WORD = re.compile(f"[{_LETTERS}]+")
_ELISION = re.compile(f"([{_LETTERS}]{{3,}})([ld])(?=['’])")
_PREFIXES = frozenset({"anti", "hypo", "hyper", "auto", "non", "sous", "multi", "bi", "para", "sur", "inter", "post"})
_WHOLE = frozenset({"cependant"})
SHORTEST, SHORTEST_HALF = 8, 2
TIMES_OFTEN, LEAST_USES = 3, 20


class FrenchSpaces:
    """Learns the words of `texts` and takes apart what was run together in them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._uses = Counter(word.lower() for text in texts for word in _WORD.findall(text))

    def restored(self, text: str) -> str:
        """Return `text` with the lost spaces; letters and their order stay as they are."""
        return _WORD.sub(lambda match: self._apart(match[0]), _ELISION.sub(self._elision, text))

    def _elision(self, match: re.Match[str]) -> str:
        is_word = self._uses[match[1].lower()] >= LEAST_USES
        return f"{match[1]} {match[2]}" if is_word else match[0]

    def _apart(self, word: str) -> str:
        """Return the word, or its two halves, each looked at again."""
        lower = word.lower()
        if len(word) < SHORTEST or lower in _WHOLE:
            return word
        least = max(LEAST_USES, TIMES_OFTEN * self._uses[lower])
        best = max(range(SHORTEST_HALF, len(word) - 1), key=lambda at: self._used(lower, at))
        if self._used(lower, best) < least:
            return word
        return f"{self._apart(word[:best])} {self._apart(word[best:])}"

    def _used(self, word: str, at: int) -> int:
        """Return how often the rarer half is used; a prefix is no word of its own."""
        return 0 if word[:at] in _PREFIXES else min(self._uses[word[:at]], self._uses[word[at:]])
