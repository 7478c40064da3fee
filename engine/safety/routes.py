"""By which way a dose is given, in the words of prescriptions; two ways that differ are told apart, never merged."""

from __future__ import annotations

import re

_WORDS = {
    "oral": "po p.o. oral orally by mouth per os 口服",
    "intravenous": "iv i.v. intravenous intravenously into a vein 静脉注射 静脉滴注 静脉输注 静脉给药 静脉 静注 静滴",
    "intramuscular": "im i.m. intramuscular intramuscularly 肌内注射 肌肉注射 肌注",
    "subcutaneous": "sc s.c. s/c subcut subcutaneous subcutaneously under the skin 皮下注射 皮下",
    "sublingual": "sl s.l. sublingual sublingually under the tongue 舌下含服 舌下",
    "rectal": "pr p.r. rectal rectally 直肠给药 直肠 纳肛",
    "nebulised": "nebulised nebulized nebuliser nebulizer neb 雾化吸入 雾化",
    "inhaled": "inhaled inh by inhalation 吸入",
    "nasal": "nasal nasally intranasal intranasally 鼻用 经鼻 喷鼻 滴鼻",
    "ophthalmic": "eye ophthalmic into the eye 滴眼",
    "otic": "ear otic into the ear 滴耳",
    "topical": "topical topically cutaneous 外用",
    "vaginal": "vaginal vaginally pv 阴道",
}
_PHRASES = (
    "into a vein",
    "by mouth",
    "per os",
    "under the skin",
    "under the tongue",
    "by inhalation",
    "into the eye",
    "into the ear",
)


def _spellings(words: str) -> list[str]:
    found = [phrase for phrase in _PHRASES if phrase in words]
    for phrase in found:
        words = words.replace(phrase, " ")
    return [*found, *words.split()]


_ROUTE_OF = {spelling: route for route, words in _WORDS.items() for spelling in _spellings(words)}
_ROUTE = re.compile(
    r"(?<![a-z.])(?:" + "|".join(re.escape(word) for word in sorted(_ROUTE_OF, key=len, reverse=True) if word.isascii())
    + r")(?![a-z])|" + "|".join(word for word in sorted(_ROUTE_OF, key=len, reverse=True) if not word.isascii())
)  # fmt: skip


def route_words(folded: str) -> tuple[set[str], str]:
    """Return the routes named in a folded text, and the text without them."""
    routes = {_ROUTE_OF.get(match.group()) or _ROUTE_OF[match.group() + "."] for match in _ROUTE.finditer(folded)}
    return routes, _ROUTE.sub(" ; ", folded)


def route_of(text: str) -> str:
    """Return the one route that a short text names, "" where it names none or several."""
    routes, _ = route_words(text)
    return routes.pop() if len(routes) == 1 else ""
