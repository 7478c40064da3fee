"""Tell in which language a sentence is written, as far as reading it needs: English, Chinese, or another one.

Lantern's dictionaries read English and Chinese. A sentence in another language must neither be taken for English nor be
passed over in silence: its clauses go to the multilingual encoder, and the reader is told that it was not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum

from engine.text.segment import Kind, Sentence, Span, Token

KnowsWord = Callable[[str], bool]
_OTHER_SCRIPT = re.compile(r"[\u0400-\u08ff\u0900-\u0e7f\u10a0-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7af]")
"""Letters of scripts that are neither Latin, Greek nor Han: Cyrillic, Arabic, Devanagari, Thai, kana, Hangul."""
_KANA = re.compile(r"[\u3040-\u30ff]")
_MARKED = re.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e]")
"""Latin letters with marks; English medicine has few of them (Sjögren, Ménière)."""
_FUNCTION_WORDS = frozenset(
    [
        "al", "au", "aux", "avec", "bardzo", "beim", "benim", "bir", "che", "com", "con", "da", "de", "del", "della",
        "depuis", "der", "des", "desde", "di", "dos", "een", "ein", "eine", "el", "elle", "est", "esta", "está", "et",
        "eu", "gli", "habe", "hace", "heb", "heeft", "het", "ho", "há", "ich", "ik", "il", "ist", "için", "je", "jest",
        "la", "le", "les", "los", "mal", "mam", "me", "mein", "meine", "met", "mijn", "mit", "molto", "mon", "muito",
        "muy", "nicht", "nie", "niet", "não", "od", "os", "para", "pas", "por", "que", "se", "sehr", "seit", "sinds",
        "się", "sono", "su", "tengo", "tenho", "tiene", "très", "um", "uma", "una", "und", "une", "var", "ve", "y",
        "yok", "à", "çok",
    ]
)
"""Little words of Spanish, Portuguese, Italian, French, German, Dutch, Polish and Turkish;
most of those that an English note may hold too are left out."""
_WEAK = frozenset(["me", "al", "et", "de", "la", "le", "con", "due", "del"])
"""Those of them that names and phrases in English hold: et al, de novo."""
_DENIALS = re.compile(
    r"\b(?:no|sin|ningún|ninguna|niega|niego|nunca|sem|não|nao|nega|nenhum\w*|non|senza|nessun\w*|pas|sans|aucune?|jamais"
    r"|n['’e](?!\w*u[fv])|kein\w*|nicht|ohne|nie|geen|niet|zonder|bez|brak|nie\s|yok|değil\w*|hayır|не|нет|без|ни)\b"
    r"|ない|なし|ません|無し|なかった|없|않|안\s|아니|ไม่|มิ|(?<!\w)(?:لا|ليس|ليست|بدون|لم|ما)(?!\w)",
    re.IGNORECASE,
)
"""Denials of the encoder's languages: it cannot tell "keine Atemnot" from "Atemnot", so that is never asked."""
_FEWEST_LETTERS = 6
_VOWELS = frozenset("aeiouyäöüáéíóúı")
_ENGLISH_WORDS, _ENGLISH_SHARE = 12, 0.6
"""From so many words on, and this share of them known, a text is English: a name in it makes no other language."""


class Tongue(Enum):
    """What a sentence is written in."""

    ENGLISH = "english"
    CHINESE = "chinese"
    OTHER = "other"


def tongue_of(tokens: Sequence[Token], text: str, knows: KnowsWord, among_english: bool = False) -> Tongue:
    """Return the language of a sentence; what holds no sign of another one is English.

    `among_english`: the text around it is English, so that unknown words alone (a name, a heading) are no sign.
    """
    written = text[tokens[0].start : tokens[-1].end] if tokens else ""
    strange = len(_OTHER_SCRIPT.findall(written))
    han = sum(token.kind is Kind.HAN for token in tokens)
    words = [token.folded for token in tokens if token.kind is Kind.WORD and len(token.folded) > 1]
    latin = sum(map(len, words)) - strange
    if strange > max(latin, han) or (_KANA.search(written) and 3 * strange > han):
        return Tongue.OTHER
    if han:
        return Tongue.CHINESE
    return Tongue.OTHER if words and _is_strange(words, written, knows, among_english) else Tongue.ENGLISH


def is_plainly_foreign(words: Sequence[str]) -> bool:
    """Whether a third of the words, in lower case, are little words of another language, and more than one is."""
    strong = sum(word in _FUNCTION_WORDS and word not in _WEAK for word in words)
    return strong > 1 and 3 * strong >= len(words)


def _is_strange(words: Sequence[str], written: str, knows: KnowsWord, among_english: bool) -> bool:
    """Whether Latin words are of another language: few are known, and some sign says so, or none is known at all."""
    if is_plainly_foreign(words):
        return True
    content = [word for word in words if word not in _FUNCTION_WORDS]
    known = sum(map(knows, content))
    signs = len(content) < len(words) or _MARKED.search(written) is not None
    if among_english:
        return signs and not known and len(content) > 1
    if known:
        return signs and 2 * known <= len(content)
    return signs or _looks_written("".join(words), written)


def _looks_written(letters: str, written: str) -> bool:
    """Whether unknown words could be a language: vowels as words have, which codes and random keys mostly lack."""
    vowels = sum(sign in _VOWELS for sign in letters)
    is_code = written.upper() == written or any(sign.isdigit() for sign in written)
    return not is_code and len(letters) >= _FEWEST_LETTERS and 0.2 * len(letters) <= vowels <= 0.7 * len(letters)


def denies(clause: str) -> bool:
    """Whether a clause of another language holds a word of denial."""
    return _DENIALS.search(clause) is not None


def tongues(text: str, tokens: Sequence[Token], parts: Sequence[Sentence], knows: KnowsWord) -> list[Tongue]:
    """Return the language of each sentence; in an English text a sentence needs more signs."""
    words = [token.folded for token in tokens if token.kind is Kind.WORD and len(token.folded) > 1]
    known = sum(map(knows, words))
    english = len(words) >= _ENGLISH_WORDS and known >= _ENGLISH_SHARE * len(words)
    return [tongue_of(tokens[part.first : part.last], text, knows, english) for part in parts]


def not_read(tokens: Sequence[Token], parts: Sequence[Sentence], spoken: Sequence[Tongue]) -> list[Span]:
    """Return the sentences in other languages, neighbours joined."""
    found: list[Span] = []
    joined = -1
    for number, (part, tongue) in enumerate(zip(parts, spoken, strict=True)):
        if tongue is not Tongue.OTHER:
            continue
        first = found.pop().start if found and joined == number - 1 else tokens[part.first].start
        found.append(Span(first, tokens[part.last - 1].end))
        joined = number
    return found
