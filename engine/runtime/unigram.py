"""Cut a text into the likeliest pieces of a unigram vocabulary (SentencePiece), in plain Python.

The library `tokenizers` keeps 62 MB for these 67,000 pieces, this one ten; clauses are short, so its speed is enough.
The text is compatibility-normalised and its spaces become ▁ first, as the vocabulary was made.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from engine import errors

UNKNOWN, BEGIN, END = 0, 1, 2
_SPACE = "▁"
_UNKNOWN_COST = 10.0
"""How much less likely than the rarest piece a character is that no piece holds."""


class UnigramTokenizer:
    """Pieces and their log-probabilities; the first three are the unknown piece, the begin mark and the end mark."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._scores = list(scores)
        self._places = {piece: place for place, piece in enumerate(pieces) if place > END}
        self._longest = max(map(len, self._places), default=1)
        self._unknown_score = min(self._scores) - _UNKNOWN_COST

    def ids(self, text: str, most: int) -> list[int]:
        """Return the numbers of the pieces of `text` between the two marks, at most `most` in all."""
        words = unicodedata.normalize("NFKC", text).split()
        inside = self._likeliest("".join(_SPACE + word for word in words)) if words else [UNKNOWN]
        return [BEGIN, *inside[: most - 2], END]

    def _likeliest(self, text: str) -> list[int]:
        best = [0.0] + [-float("inf")] * len(text)
        start, piece = [0] * (len(text) + 1), [UNKNOWN] * (len(text) + 1)
        for at in range(len(text)):
            reach = min(at + self._longest, len(text))
            ends = [(end, self._places.get(text[at:end])) for end in range(at + 1, reach + 1)]
            ends = [*ends[1:], (at + 1, ends[0][1] or UNKNOWN)]
            for end, place in ends:
                if place is None:
                    continue
                score = best[at] + (self._scores[place] if place else self._unknown_score)
                if score > best[end]:
                    best[end], start[end], piece[end] = score, at, place
        found: list[int] = []
        at = len(text)
        while at:
            found.append(piece[at])
            at = start[at]
        return found[::-1]


def read_unigram(path: Path) -> UnigramTokenizer:
    """Return the tokenizer in a file {"pieces": [...], "scores": [...]}. Raises ModelDamaged."""
    try:
        kept = json.loads(path.read_bytes())
        pieces, scores = [str(piece) for piece in kept["pieces"]], [float(score) for score in kept["scores"]]
    except (ValueError, KeyError, TypeError) as damaged:
        raise errors.ModelDamaged(path.name) from damaged
    if len(pieces) != len(scores) or len(pieces) <= END:
        raise errors.ModelDamaged(path.name)
    return UnigramTokenizer(pieces, scores)
