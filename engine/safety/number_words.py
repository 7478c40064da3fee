"""Number words of prescriptions as digits: "three times a day", "一日三次", "every eight hours"."""

from __future__ import annotations

import re

from engine.safety import names

_UP_TO_FOURTEEN = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_ENGLISH = {word: number for number, word in enumerate(_UP_TO_FOURTEEN.split(), 1)}
_ENGLISH |= {"twenty-four": 24, "twenty-one": 21, "twenty-eight": 28}
_CHINESE = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}
_ENGLISH_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})(?![a-z])")
_LOOSE = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\d\u3400-\u9fff])|(?<=\d) (?=[\u3400-\u9fff])")
"""Spaces beside Chinese signs mean nothing."""
_CHINESE_NUMBER = re.compile(
    r"[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九](?![一二三四五六七八九十])"
)


def with_digits(text: str) -> str:
    """Return `text` folded (see `names.fold`) with its number words as digits."""
    folded = _LOOSE.sub("", names.fold(text))
    folded = _ENGLISH_WORD.sub(lambda match: str(_ENGLISH[match.group()]), folded)
    return _CHINESE_NUMBER.sub(lambda match: str(_of_chinese(match.group())), folded)


def _of_chinese(number: str) -> int:
    if "十" not in number:
        return _CHINESE[number]
    tens, _, ones = number.partition("十")
    return 10 * _CHINESE.get(tens, 1) + _CHINESE.get(ones, 0)
