"""Find reference passages for a question: words (BM25) and meaning (vectors) fused, each with its place and source.

It searches the compiled library (MedQuAD and the option rows) and every reference pack that the clinic installed. A
passage is data: it is shown and cited, and no instruction in it is ever followed. Chinese questions reach English
passages through the table of bilingual names, and Chinese passages character by character; what neither covers is
named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.api import SourceRecord
from engine.knowledge.index import KnowledgeIndex
from engine.runtime.base import Encoder
from engine.treatment.library import Library, Place, spaced

FOCUS_WEIGHT, SYNONYM_WEIGHT, KIND_WEIGHT, BODY_WEIGHT = 6.0, 3.0, 1.5, 1.0
"""BM25 column weights: what an answer is about says more than what it mentions."""
MOST_TERMS = 12
CANDIDATES = 60
"""Passages that each of the two searches may bring into the fusion."""
RANK_OFFSET, VECTOR_SHARE = 5, 0.5
"""Reciprocal-rank fusion; chosen on the development half of `tests/data/reference_questions.jsonl`."""
CORE = "core"

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'\-]*")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_STOP_TEXT = """
    a about after again all also am an and any are as at be been being both but by can cannot could did do does
    doing done for from get give had has have having he her here him his how i if in into is it its just me might
    more most must my need no nor not of off on one only or other our out over own patient people person please
    same she should so some such tell than that the their them then there these they this those through to too
    under up use used using very was we were what when where which while who whom whose why will with would you
    your
"""
_STOP_WORDS = frozenset(_STOP_TEXT.split())
_KIND_WORDS = {
    "treat": "treatment",
    "treated": "treatment",
    "treatments": "treatment",
    "therapy": "treatment",
    "cure": "treatment",
    "治疗": "treatment",
    "怎么治": "treatment",
    "预防": "prevention",
    "症状": "symptoms",
    "病因": "causes",
    "预后": "outlook",
    "检查": "exams",
    "遗传": "inheritance",
    "并发症": "complications",
}
_WEIGHTS = (FOCUS_WEIGHT, SYNONYM_WEIGHT, KIND_WEIGHT, BODY_WEIGHT)
_EXCERPT_WORDS = 25

Key = tuple[int, int]
"""Number of the library, and of the passage in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`start` and `stop` are character offsets in the unchanged document `document` of its collection."""

    source_id: str
    library: str
    document: int
    start: int
    stop: int
    text: str
    focus: str
    kind: str
    score: float
    source: SourceRecord


@dataclass(frozen=True, slots=True)
class Found:
    """`unread` are the parts of a Chinese question that no name covers and no passage holds.

    `by_meaning` is false where no encoder took part, so that the passages were found by their words alone.
    """

    passages: list[Passage]
    unread: list[str]
    by_meaning: bool = False


def no_encoder() -> Encoder | None:
    """Stand in where passages are looked for by their words alone."""
    return None


class Retrieval:
    """Searches several libraries as one. `chinese_names` maps Chinese names to English ones."""

    def __init__(
        self,
        libraries: Sequence[Library],
        chinese_names: dict[str, str] | None = None,
        open_encoder: Callable[[], Encoder | None] = no_encoder,
    ) -> None:
        self._libraries = list(libraries)
        names = {**(chinese_names or {}), **{word: kind for word, kind in _KIND_WORDS.items() if _CHINESE.match(word)}}
        self._chinese = dict(sorted(names.items(), key=lambda pair: -len(pair[0])))
        self._open_encoder = open_encoder

    def search(self, question: str, limit: int = 10, kind: str | None = None) -> Found:
        """Return at most `limit` passages, best first; with `kind`, only documents of that type (``treatment``)."""
        english, unread = self._to_english(question)
        by_words = self._by_words(_any_of(english, question), kind)
        vector = self._vector(english)
        by_meaning = [] if vector is None else self._by_meaning(vector, kind)
        passages = [self._passage(key, score) for key, score in _fused(by_words, by_meaning)[:limit]]
        return Found(passages, _still_unread(unread, passages), vector is not None)

    def about(self, disease: str, limit: int) -> Found:
        """Return passages whose title or synonyms hold every word of `disease`; those on treatment before others."""
        english, unread = self._to_english(disease)
        terms = _terms(english) or ([] if english.strip() else _runs(disease))
        if not terms:
            return Found([], unread)
        named = " AND ".join(f"{{focus synonyms}} : {_quoted(term)}" for term in terms)
        ranked = self._by_words(f'({named}) AND kind:"treatment"', None) or self._by_words(named, None)
        passages = [self._passage(key, score) for key, score in ranked[:limit]]
        return Found(passages, _still_unread(unread, passages))

    def mentioning(self, names: Sequence[str], limit: int) -> list[Passage]:
        """Return passages that hold one of `names` word for word, in either language; best first."""
        phrases = [" ".join(spaced(name).split()) for name in names if len(name) > 1]
        ranked = self._by_words(" OR ".join(_quoted(phrase) for phrase in dict.fromkeys(phrases)), None)
        return [self._passage(key, score) for key, score in ranked[:limit]]

    def _by_words(self, match: str, kind: str | None) -> list[tuple[Key, float]]:
        if not match:
            return []
        if kind is not None:
            match = f"({match}) AND kind:{_quoted(kind)}"
        found = [
            ((number, passage), score)
            for number, library in enumerate(self._libraries)
            for passage, score in library.best_words(match, _WEIGHTS, CANDIDATES)
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]

    def _by_meaning(self, vector: npt.NDArray[np.float32], kind: str | None) -> list[tuple[Key, float]]:
        found: list[tuple[Key, float]] = []
        for number, library in enumerate(self._libraries):
            near = library.nearest(vector, CANDIDATES if kind is None else CANDIDATES * 10)
            if kind is not None:
                kinds = library.kinds(passage for passage, _ in near)
                near = [pair for pair in near if kinds[pair[0]] == kind]
            found += [((number, passage), cosine) for passage, cosine in near]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]

    def _vector(self, english: str) -> npt.NDArray[np.float32] | None:
        """Return the question's vector, or None where it has no English words or no encoder is installed."""
        encoder = self._open_encoder() if _TOKEN.search(english) else None
        return None if encoder is None else encoder.encode([english])[0]

    def _passage(self, key: Key, score: float) -> Passage:
        library = self._libraries[key[0]]
        place = library.place(key[1])
        document, collection = place.document, place.collection
        return Passage(
            source_id=f"{collection.key}:{document.number}:{place.start}-{place.stop}", library=library.name,
            document=document.number, start=place.start, stop=place.stop, text=place.text, focus=document.focus,
            kind=document.kind, score=score, source=_record(place),
        )

    def _to_english(self, question: str) -> tuple[str, list[str]]:
        if not _CHINESE.search(question):
            return question, []
        rest = question
        for chinese, english in self._chinese.items():
            if chinese in rest:
                rest = rest.replace(chinese, f" {english} ")
        return _CHINESE.sub(" ", rest), _CHINESE.findall(rest)


def _fused(by_words: list[tuple[Key, float]], by_meaning: list[tuple[Key, float]]) -> list[tuple[Key, float]]:
    """Return the passages by their ranks in both lists; each list alone where the other is empty."""
    scores: dict[Key, float] = {}
    for share, ranked in ((1 - VECTOR_SHARE, by_words), (VECTOR_SHARE, by_meaning)):
        for rank, (key, _) in enumerate(ranked, start=1):
            scores[key] = scores.get(key, 0.0) + share / (RANK_OFFSET + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _record(place: Place) -> SourceRecord:
    document, collection = place.document, place.collection
    where = document.place or f"{document.kind}, answer {document.number}"
    return SourceRecord(
        title=f"{collection.title}: {document.focus}" if document.focus else collection.title,
        edition=collection.edition,
        section=f"{where}, characters {place.start}-{place.stop}",
        address=document.address or collection.address,
        reviewed=False,
        excerpt=" ".join(place.text.split()[:_EXCERPT_WORDS]),
        licence=collection.licence,
        date=collection.date,
    )


def _any_of(english: str, question: str) -> str:
    """Return the full-text query: any of the words worth searching, and each Chinese run as a phrase."""
    return " OR ".join(_quoted(term) for term in [*_terms(english), *_runs(question)])


def _runs(question: str) -> list[str]:
    """Return the Chinese parts of a question as pairs of characters, which is how Chinese passages are searched."""
    pairs = [run[at : at + 2] for run in _CHINESE.findall(question) for at in range(max(1, len(run) - 1))]
    return list(dict.fromkeys(spaced(pair).strip().replace("  ", " ") for pair in pairs))[: MOST_TERMS * 2]


def _terms(question: str) -> list[str]:
    """Return the words worth searching, each once, longest first where there are too many."""
    words = [_KIND_WORDS.get(word.lower(), word.lower()) for word in _TOKEN.findall(question)]
    kept = list(dict.fromkeys(word for word in words if word not in _STOP_WORDS and len(word) > 1))
    return kept if len(kept) <= MOST_TERMS else sorted(kept, key=len, reverse=True)[:MOST_TERMS]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', " ") + '"'


def _still_unread(unread: list[str], passages: list[Passage]) -> list[str]:
    return [run for run in unread if not any(run in passage.text or run in passage.focus for passage in passages)]


def core_library(index: KnowledgeIndex) -> Library:
    """Return the library that lies in the knowledge index."""
    return Library(index.tables, CORE)
