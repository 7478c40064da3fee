"""Suggest the known finding nearest in meaning to a clause that no dictionary knows ("hair is falling out").

What comes out is a suggestion with a score below `SURE_FROM`, for a human to confirm; it is never evidence by itself.
English clauses are asked of the English encoder, which knows it best, and only where most of their words are English;
Chinese ones and those of other languages of the multilingual encoder, which is opened only for them. The English
threshold was chosen on the development half of `tests/data/lay_phrases.jsonl` and measured on the held half.
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
from engine.text.tongues import KnowsWord, Tongue, denies

NEAREST_ENTRY = "text.nearest"
NEAREST_CHINESE_ENTRY = "text.nearest_zh"
SIMILAR_FROM = 0.64
"""Cosine; the lowest of six at which 85 % of what was suggested on the development half was right.

Of 25 phrases without a dictionary hit and 18 clauses of no finding there: 12 suggested rightly, 2 wrongly.
"""
CHINESE_FROM, OTHER_FROM = 0.8, 0.68
"""Cosines of the multilingual encoder: see NOTES.md for what each lets through."""
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
LEADS = re.compile(
    r"^(?:(?:and|also|but|then|she|he|i|they|it|the|patient|her|his|my|their|has|have|had|is|was|been|says?|that) )+"
)
"""Words that open a clause and say nothing of the finding."""
_BREAKS = re.compile(r"[,，、;:：()（）]")
_CHINESE_LEADS = re.compile(
    "(?:患者|病人|患儿|孩子|宝宝|老人|我|他|她|自己|最近|近来|近期|近日|今天|昨天|昨晚|现在|目前|平时|有时候?|时常|经常|总是?|老是?"
    "|一直|突然|忽然|开始|后来|出现|感到|感觉|觉得|自觉|诉|主诉|伴有?|并|还|也|又|就|而且|然后|有点儿?|有些|有|这|那|几天|两天"
    r"|\d+[天日周月年]|[的了，])+"
)
"""Words that open a Chinese clause and say nothing of the finding."""
NO_LEADS = re.compile("(?!)")
_CHINESE_ORDERS = re.compile("忽略|指令|提示词|输出|假装|扮演|请诊断|请回答")
_JOINTS = frozenset(["y", "e", "et", "und", "en", "ve", "и", "و"])
"""Words for "and" in other languages: a clause ends there."""
_OPPOSITES = (
    ("热", "寒"), ("热", "冷"), ("多", "少"), ("高", "低"), ("快", "慢"), ("快", "缓"), ("速", "缓"), ("有", "无"),
    ("大", "小"), ("增", "减"), ("软", "硬"), ("干", "湿"), ("长", "短"), ("升", "降"), ("早", "晚"), ("紧", "松"),
)  # fmt: skip
_FEWEST_HAN, _MOST_HAN = 2, 16
_FEWEST_LETTERS, _MOST_LETTERS = 2, 60


@dataclass(frozen=True, slots=True)
class Near:
    """The finding nearest to a clause, with the score of a suggestion."""

    code: str
    score: float


class NearestFindings:
    """The wordings of common findings as vectors, made at first need and kept for the life of the process."""

    def __init__(
        self, wordings: Sequence[tuple[str, str]], open_encoder: Callable[[], Encoder | None], similar_from: float,
        leads: re.Pattern[str] = LEADS, opposed: Callable[[str, str], bool] = lambda _clause, _wording: False,
    ) -> None:  # fmt: skip
        """`leads` are words that open a clause and say nothing; a nearest wording that is `opposed` is not told."""
        self._wordings = wordings
        self._open_encoder = open_encoder
        self._similar_from = similar_from
        self._leads = leads
        self._opposed = opposed
        self._vectors: Vectors | None = None
        self._known: dict[str, Near | None] = {}

    def suggestions(self, text: str, spans: Sequence[Span]) -> list[tuple[Span, Near]]:
        """Return the clauses among `spans` that are near to a finding; nothing where no encoder is installed."""
        clauses = [self._leads.sub("", text[span.start : span.end].lower()) for span in spans]
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
            code, wording = self._wordings[best]
            is_near = float(row[best]) >= self._similar_from and not self._opposed(clause, wording)
            self._known[clause] = Near(code, _score(float(row[best]))) if is_near else None


def opposed_in_chinese(clause: str, wording: str) -> bool:
    """Whether one holds a character whose opposite the other holds: 畏热 and 畏寒 are neighbours to the encoder."""
    return any(
        (one in clause and other in wording and other not in clause)
        or (other in clause and one in wording and one not in clause)
        for one, other in _OPPOSITES
    )


def reads_english(words: Sequence[str], knows: KnowsWord) -> bool:
    """Whether folded `words` look like an English description."""
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or not _ORDERS.isdisjoint(words):
        return False
    return sum(map(knows, words)) >= _KNOWN_SHARE * len(words)


def suggesters(
    index: KnowledgeIndex, open_encoder: Callable[[], Encoder | None] | None,
    open_multilingual: Callable[[], Encoder | None] | None,
) -> dict[Tongue, NearestFindings]:  # fmt: skip
    """Return who suggests in which language; what is not given, or not installed, suggests nothing."""
    english = [(code, text) for code, text in index.json(NEAREST_ENTRY)]
    chinese = [(code, text) for code, text in index.json(NEAREST_CHINESE_ENTRY)]
    found: dict[Tongue, NearestFindings] = {}
    if open_encoder:
        found[Tongue.ENGLISH] = NearestFindings(english, open_encoder, SIMILAR_FROM)
    if open_multilingual:
        found[Tongue.CHINESE] = NearestFindings(
            chinese, open_multilingual, CHINESE_FROM, NO_LEADS, opposed_in_chinese
        )
        found[Tongue.OTHER] = NearestFindings(english, open_multilingual, OTHER_FROM, NO_LEADS)
    return found


def unread_clauses(
    text: str, tokens: Sequence[Token], parts: Sequence[Sentence], spoken: Sequence[Tongue], taken: Sequence[Span],
    knows: KnowsWord,
) -> dict[Tongue, list[Span]]:  # fmt: skip
    """Return the clauses of `text` that hold no `taken` span and that can be asked about, by their language."""
    busy = sorted(taken, key=lambda span: span.start)
    found: dict[Tongue, list[Span]] = {tongue: [] for tongue in Tongue}
    at = 0
    for tongue, clause in _clauses(text, tokens, parts, spoken):
        span = _worth_asking(text, Span(clause[0].start, clause[-1].end), tongue)
        while at < len(busy) and busy[at].end <= span.start:
            at += 1
        is_free = at == len(busy) or busy[at].start >= span.end
        if is_free and _may_be_asked(text, span, clause, tongue, knows):
            found[tongue].append(span)
    return found


def _worth_asking(text: str, span: Span, tongue: Tongue) -> Span:
    """Return a Chinese clause without the words that open it; others as they are."""
    lead = _CHINESE_LEADS.match(text, span.start, span.end) if tongue is Tongue.CHINESE else None
    return Span(lead.end(), span.end) if lead and lead.end() < span.end else span


def _may_be_asked(text: str, span: Span, clause: Sequence[Token], tongue: Tongue, knows: KnowsWord) -> bool:
    words = [token.folded for token in clause if token.kind == Kind.WORD and len(token.folded) > 1]
    han = sum(token.kind == Kind.HAN for token in clause)
    if tongue is Tongue.ENGLISH:
        return not han and reads_english(words, knows)
    if tongue is Tongue.CHINESE:
        return _FEWEST_HAN <= han <= _MOST_HAN and not words and not _CHINESE_ORDERS.search(text, span.start, span.end)
    letters = han + sum(map(len, words))
    return _FEWEST_LETTERS <= letters <= _MOST_LETTERS and not denies(text[span.start : span.end])


def is_plain(text: str, span: Span, cues: CueFinder) -> bool:
    """Whether a clause denies, imagines or tells of a relative nothing; "cannot smell" is a complaint, no denial."""
    return all(
        cue.cue not in _TURNS or _CANNOT.match(text, cue.start) for cue in cues.find(text, span.start, span.end)
    )


def _clauses(
    text: str, tokens: Sequence[Token], parts: Sequence[Sentence], spoken: Sequence[Tongue]
) -> list[tuple[Tongue, list[Token]]]:
    """Return the tokens of each clause with its language, without the signs that end it."""
    clauses: list[tuple[Tongue, list[Token]]] = []
    for part, tongue in zip(parts, spoken, strict=True):
        clause: list[Token] = []
        for token in [*tokens[part.first : part.last], None]:
            if token is not None and not _breaks(text, token, tongue):
                clause.append(token)
                continue
            while clause and clause[-1].kind in (Kind.SIGN, Kind.LINE):
                clause.pop()
            if clause:
                clauses.append((tongue, clause))
            clause = []
    return clauses


def _breaks(text: str, token: Token, tongue: Tongue) -> bool:
    """Whether a clause ends here: at a sign, and in other languages at their "and"."""
    is_joint = tongue is Tongue.OTHER and token.folded in _JOINTS
    return is_joint or _BREAKS.fullmatch(text, token.start, token.end) is not None


def _score(cosine: float) -> float:
    """Return a score that rises with the cosine and stays below `SURE_FROM`."""
    return round(min(cosine, 1.0) * (SURE_FROM - 0.01), 3)
