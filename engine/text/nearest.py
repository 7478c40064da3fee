"""Suggest the known finding nearest in meaning to a clause that no dictionary knows ("hair is falling out").

What comes out is a suggestion with a score below `SURE_FROM`, for a human to confirm; it is never evidence by itself.
The encoder reads English only, so a clause with any other script, or with mostly unknown words, is not asked about.
The threshold was chosen on the development half of `tests/data/lay_phrases.jsonl` and measured on the held half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.api import SURE_FROM
from engine.knowledge.index import KnowledgeIndex
from engine.runtime.base import Encoder, Vectors
from engine.text.cues import Cue, CueFinder
from engine.text.segment import Kind, Sentence, Span, Token
from engine.text.stem import base_form

NEAREST_ENTRY = "text.nearest"
SIMILAR_FROM = 0.64
"""Cosine; the lowest of six at which 85 % of what was suggested on the development half was right.

Of 25 phrases without a dictionary hit and 18 clauses of no finding there: 12 suggested rightly, 2 wrongly.
"""
MOST_CLAUSES = 4
"""Asked about in one reading, so that it stays quick; a later reading of the same text goes on with the next ones."""
_MOST_REMEMBERED = 5_000
_FEWEST_WORDS, _MOST_WORDS = 2, 14
_KNOWN_SHARE = 0.8
_ORDERS = frozenset(
    ["ignore", "instruction", "instructions", "system", "prompt", "output", "assistant", "diagnose", "pretend", "reply"]
)
"""Words of an order to a machine; such a clause describes nobody."""
_TURNS = frozenset(
    {Cue.NEGATES, Cue.NEGATES_LIST, Cue.NEGATED, Cue.CONDITION, Cue.FAMILY, Cue.RESOLVED, Cue.PAST, Cue.PASSED}
)
_CANNOT = re.compile(r"can(?:not|['’]?t| not)|could(?:n['’]t| not)", re.IGNORECASE)
_LEADS = re.compile(
    r"^(?:(?:and|also|but|then|she|he|i|they|it|the|patient|her|his|my|their|has|have|had|is|was|been|says?|that) )+"
)
"""Words that open a clause and say nothing of the finding."""
_BREAKS = re.compile(r"[,，;:()]")


@dataclass(frozen=True, slots=True)
class Near:
    """The finding nearest to a clause, with the score of a suggestion."""

    code: str
    score: float


class NearestFindings:
    """The wordings of common findings as vectors, made at first need and kept for the life of the process."""

    def __init__(self, index: KnowledgeIndex, everyday: frozenset[str], open_encoder: Callable[[], Encoder | None]):
        self._wordings: list[tuple[str, str]] = [(code, text) for code, text in index.json(NEAREST_ENTRY)]
        self._everyday = everyday
        self._open_encoder = open_encoder
        self._vectors: Vectors | None = None
        self._known: dict[str, Near | None] = {}

    def suggestions(self, text: str, spans: Sequence[Span]) -> list[tuple[Span, Near]]:
        """Return the clauses among `spans` that are near to a finding; nothing where no encoder is installed."""
        clauses = [_LEADS.sub("", text[span.start : span.end].lower()) for span in spans]
        fresh = [clause for clause in dict.fromkeys(clauses) if clause not in self._known][:MOST_CLAUSES]
        if fresh:
            self._ask(fresh)
        near = zip(spans, map(self._known.get, clauses), strict=True)
        return [(span, found) for span, found in near if found is not None]

    def _ask(self, clauses: list[str]) -> None:
        encoder = self._open_encoder()
        if encoder is None:
            return
        if self._vectors is None:
            self._vectors = encoder.encode([wording for _, wording in self._wordings])
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        similar = encoder.encode(clauses) @ self._vectors.T  # (clauses, wordings) float32
        for clause, row in zip(clauses, similar, strict=True):
            best = int(row.argmax())
            is_near = float(row[best]) >= SIMILAR_FROM
            self._known[clause] = Near(self._wordings[best][0], _score(float(row[best]))) if is_near else None

    def reads(self, words: Sequence[str]) -> bool:
        """Whether folded `words` look like an English description."""
        if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or not _ORDERS.isdisjoint(words):
            return False
        known = sum(word in self._everyday or base_form(word) in self._everyday for word in words)
        return known >= _KNOWN_SHARE * len(words)


def unread_clauses(
    text: str, tokens: Sequence[Token], parts: Sequence[Sentence], taken: Sequence[Span], nearest: NearestFindings
) -> list[Span]:
    """Return the clauses of `text` that hold no `taken` span and that `nearest` can read."""
    busy = sorted(taken, key=lambda span: span.start)
    found: list[Span] = []
    at = 0
    for clause in _clauses(text, tokens, parts):
        span = Span(clause[0].start, clause[-1].end)
        while at < len(busy) and busy[at].end <= span.start:
            at += 1
        is_free = at == len(busy) or busy[at].start >= span.end
        if is_free and all(token.kind != Kind.HAN for token in clause):
            words = [token.folded for token in clause if token.kind == Kind.WORD and len(token.folded) > 1]
            found += [span] if nearest.reads(words) else []
    return found


def is_plain(text: str, span: Span, cues: CueFinder) -> bool:
    """Whether a clause denies, imagines or tells of a relative nothing; "cannot smell" is a complaint, no denial."""
    return all(
        cue.cue not in _TURNS or _CANNOT.match(text, cue.start) for cue in cues.find(text, span.start, span.end)
    )


def _clauses(text: str, tokens: Sequence[Token], parts: Sequence[Sentence]) -> list[list[Token]]:
    """Return the tokens of each clause, without the signs that end it."""
    clauses: list[list[Token]] = []
    for part in parts:
        clause: list[Token] = []
        for token in [*tokens[part.first : part.last], None]:
            if token is not None and not _BREAKS.fullmatch(text, token.start, token.end):
                clause.append(token)
                continue
            while clause and clause[-1].kind in (Kind.SIGN, Kind.LINE):
                clause.pop()
            if clause:
                clauses.append(clause)
            clause = []
    return clauses


def _score(cosine: float) -> float:
    """Return a score that rises with the cosine and stays below `SURE_FROM`."""
    return round(min(cosine, 1.0) * (SURE_FROM - 0.01), 3)
