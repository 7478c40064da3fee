"""Find reference passages for a question: BM25 over MedQuAD, each with its exact place and its source record.

Chinese questions are read through the table of bilingual names: every known Chinese name in the question is replaced
by its English one, because the passages are English. What no name covers is not searched, and the result says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.api import SourceRecord
from engine.knowledge.index import KnowledgeIndex
from engine.treatment import medquad

FOCUS_WEIGHT, SYNONYM_WEIGHT, KIND_WEIGHT, BODY_WEIGHT = 6.0, 3.0, 1.5, 1.0
"""BM25 column weights: what an answer is about says more than what it mentions."""
MOST_TERMS = 12

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


@dataclass(frozen=True, slots=True)
class Passage:
    """`start` and `stop` are character offsets in the unchanged answer `answer_id` of the shipped file."""

    source_id: str
    answer_id: int
    start: int
    stop: int
    text: str
    focus: str
    kind: str
    score: float
    source: SourceRecord


@dataclass(frozen=True, slots=True)
class Found:
    """`unread` are the parts of a Chinese question that no name in the table covers."""

    passages: list[Passage]
    unread: list[str]


class Retrieval:
    """Searches one compiled index. `chinese_names` maps Chinese names to English ones."""

    def __init__(self, index: KnowledgeIndex, chinese_names: dict[str, str] | None = None) -> None:
        self._tables = index.tables
        names = {**(chinese_names or {}), **{word: kind for word, kind in _KIND_WORDS.items() if _CHINESE.match(word)}}
        self._chinese = dict(sorted(names.items(), key=lambda pair: -len(pair[0])))

    def search(self, question: str, limit: int = 10, kind: str | None = None) -> Found:
        """Return at most `limit` passages, best first; with `kind`, only answers of that type (``treatment``)."""
        english, unread = self._to_english(question)
        terms = _terms(english)
        if not terms:
            return Found([], unread)
        match = " OR ".join(f'"{term}"' for term in terms)
        if kind is not None:
            match = f'({match}) AND kind:"{kind}"'
        return Found(self._best(match, limit), unread)

    def about(self, disease: str, limit: int) -> Found:
        """Return passages whose title or synonyms hold every word of `disease`; those on treatment before others."""
        english, unread = self._to_english(disease)
        terms = _terms(english)
        if not terms:
            return Found([], unread)
        named = " AND ".join(f'{{focus synonyms}} : "{term}"' for term in terms)
        return Found(self._best(f'({named}) AND kind:"treatment"', limit) or self._best(named, limit), unread)

    def _best(self, match: str, limit: int) -> list[Passage]:
        rows = self._tables.execute(
            "SELECT rowid, bm25(medquad_search, ?, ?, ?, ?) AS score FROM medquad_search WHERE medquad_search MATCH ?"
            " ORDER BY score, rowid LIMIT ?",
            (FOCUS_WEIGHT, SYNONYM_WEIGHT, KIND_WEIGHT, BODY_WEIGHT, match, limit),
        ).fetchall()
        return [self._passage(rowid, -score) for rowid, score in rows]

    def _passage(self, passage_id: int, score: float) -> Passage:
        answer_id, start, stop, site, focus, kind = self._tables.execute(
            "SELECT answer, start, stop, site, focus, kind FROM medquad_passage JOIN medquad_answer"
            " ON medquad_answer.id = medquad_passage.answer WHERE medquad_passage.id=?",
            (passage_id,),
        ).fetchone()
        text = medquad.answer_text(self._tables, answer_id)[start:stop]
        name, address = medquad.site_name(site)
        record = SourceRecord(
            title=f"{name}: {focus}",
            edition=medquad.EDITION,
            section=f"{kind}, answer {answer_id}, characters {start}-{stop}",
            address=address,
            reviewed=False,
            excerpt=_first_words(text),
            licence=medquad.LICENCE,
            date=medquad.DATE,
        )
        return Passage(f"medquad:{answer_id}:{start}-{stop}", answer_id, start, stop, text, focus, kind, score, record)

    def _to_english(self, question: str) -> tuple[str, list[str]]:
        if not _CHINESE.search(question):
            return question, []
        rest = question
        for chinese, english in self._chinese.items():
            if chinese in rest:
                rest = rest.replace(chinese, f" {english} ")
        return _CHINESE.sub(" ", rest), _CHINESE.findall(rest)


def _terms(question: str) -> list[str]:
    """Return the words worth searching, each once, longest first where there are too many."""
    words = [_KIND_WORDS.get(word.lower(), word.lower()) for word in _TOKEN.findall(question)]
    kept = list(dict.fromkeys(word for word in words if word not in _STOP_WORDS and len(word) > 1))
    return kept if len(kept) <= MOST_TERMS else sorted(kept, key=len, reverse=True)[:MOST_TERMS]


def _first_words(text: str, count: int = 25) -> str:
    return " ".join(text.split()[:count])
