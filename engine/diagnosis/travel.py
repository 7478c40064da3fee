"""Whether the patient has been where malaria may occur: by the field for travel, or by what the narrative says.

Fever after such a stay is a danger whatever the ranking says. Where in the tropics there is malaria changes from year
to year and district to district, so Lantern asks and does not decide: the whole of the tropics and WHO's African
region count. The clinic's own region does not: there, fevers are the clinic's daily work.
"""

from __future__ import annotations

import re

from engine.api import Case
from engine.diagnosis.places import Gazetteer, Place

TROPICS = "TRAVEL:TROPICS"
"""Stands among the codes of what is present, for the danger signs (red_flags)."""
_AFRICA = "who:afr"
_SENTENCE = re.compile(r"[.!?;\n。！？；]+")
_STAY = re.compile(
    r"\b(?:return\w*|back|came|come|arriv\w*|travel\w*|trip|journey|visit\w*|holiday|been|lived?|living|work\w*|stay\w*"
    r"|flew|from)\b|回|来自|去过|到过|旅[行游]|出差|打工|务工|援|居住|工作|从",
    re.IGNORECASE,
)
_NO_STAY = re.compile(
    r"\b(?:no|never|not|without|denie[sd]|deny)\b[^,]*\b(?:travel\w*|trip|been|visit\w*|abroad)\b|[没未无否][^，,]{0,4}(?:去|到|旅|出|有)",
    re.IGNORECASE,
)


def codes(case: Case, gazetteer: Gazetteer) -> frozenset[str]:
    """Return TROPICS where the case tells of a stay in a place that counts, nothing otherwise."""
    told = (sentence for sentence in _SENTENCE.split(case.text) if _STAY.search(sentence))
    stays = [*case.travel, *(sentence for sentence in told if not _NO_STAY.search(sentence))]
    is_told = any(_counts(place) for text in stays for place in gazetteer.find_all(text))
    return frozenset({TROPICS}) if is_told else frozenset()


def _counts(place: Place) -> bool:
    return place.hemisphere == "tropics" or place.who_region == _AFRICA
