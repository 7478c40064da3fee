"""Reads one interview answer, as people and programs write it, into the value ids of its question; or refuses it."""

from __future__ import annotations

from engine.api import Answer as RawAnswer
from engine.diagnosis.ddxplus_source import NO, SEPARATOR, YES, Question
from engine.diagnosis.string_table import fold

Answer = tuple[str, ...]
"""Value ids of one question, together one answer."""
_SAID = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y", "present", "positive", "是", "有"), YES),
    **dict.fromkeys(("0", "0.0", "false", "no", "n", "none", "absent", "negative", "否", "无", "没有"), NO),
}
_UNKNOWN = frozenset(
    {"unknown", "don t know", "dont know", "does not know", "not known", "null", "?", "不知道", "不清楚"}
)


def is_unknown(raw: RawAnswer) -> bool:
    """Whether the answer is that the patient does not know."""
    return raw is None or (isinstance(raw, str) and fold(raw) in _UNKNOWN)


def yes_or_no(raw: RawAnswer) -> bool | None:
    """Return what an answer to a plain question says; None for anything else."""
    said = None if is_unknown(raw) else _SAID.get(fold(str(raw)))
    return None if said is None else said == YES


def read_answer(question: Question, raw: RawAnswer) -> Answer | None:
    """Return the value ids of one interview answer, or None where it is not one of the question's values."""
    if raw is None or is_unknown(raw):
        return None
    if raw is False:
        return (question.default,)
    if isinstance(raw, list):
        values = [value_id(question, item) for item in raw]
        if not values:
            return (question.default,)
        found = tuple(dict.fromkeys(value for value in values if value is not None))
        return found if len(found) and None not in values and (question.kind == "many_of" or len(found) == 1) else None
    value = value_id(question, raw)
    return None if value is None else (value,)


def value_id(question: Question, raw: bool | int | float | str) -> str | None:
    """Return the value id for a raw value, whether written as a number, a text or a whole evidence code."""
    if question.kind == "yes_no":
        return _SAID.get(fold(str(raw)), _SAID.get(fold(str(raw).removeprefix(question.code + SEPARATOR))))
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float):
        raw = str(round(raw)) if raw == raw and abs(raw) < 1000 else ""
    text = str(raw).strip().removeprefix(question.code + SEPARATOR)
    if text in question.values:
        return text
    if question.kind == "grade" and text.removesuffix(".0") in question.values:
        return text.removesuffix(".0")
    folded = fold(text)
    if folded in ("no", "none") and folded not in question.values:
        return question.default
    named = [
        value for value, meaning in zip(question.values, question.meanings, strict=True) if fold(meaning) == folded
    ]
    return named[0] if len(named) == 1 else None
