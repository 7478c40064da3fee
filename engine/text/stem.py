"""Two coarser forms of an English medical word: its base form (spelling and number) and its root (word family).

The base form joins plurals and British and American spelling. The root also joins adjectives with their nouns
(hypoplastic, hypoplasia) and, through `word_families.json`, words for the same organ or change (renal, kidney).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_SPELLINGS = (
    (re.compile(r"aem"), "em"),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"oed"), "ed"),
    (re.compile(r"oes(?=[otp])"), "es"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"pnoe"), "pne"),
    (re.compile(r"coel"), "cel"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"aesth"), "esth"),
    (re.compile(r"caec"), "cec"),
    (re.compile(r"faec"), "fec"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"leuk?c(?=[aeio])"), "leuk"),
    (re.compile(r"(?<=[a-z]{2}[mlv])our(?=$|s$|ed$|less$|ation)"), "or"),
    (re.compile(r"is(?=(e|ed|es|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[btd])re$"), "er"),
    (re.compile(r"lys(?=ed$)"), "lyz"),
    (re.compile(r"(?<=om)ata$"), "a"),
    (re.compile(r"(?<=[a-z]{3}[osyp])ses$"), "sis"),
    (re.compile(r"(?<=[a-z]{3})itides$"), "itis"),
)
_KEEP_S = ("ss", "us", "is", "os", "ceps", "icans", "ecans", "igrans", "etrans", "creas")
"""Endings of words whose s is no plural: thrombus, pelvis, biceps, pancreas, (acanthosis) nigricans."""
_IRREGULAR = {
    "feet": "foot", "teeth": "tooth", "vertebrae": "vertebra", "phalanges": "phalanx", "metacarpals": "metacarpal",
    "calves": "calf", "crises": "crisis", "diagnoses": "diagnosis", "metastases": "metastasis", "testes": "testis",
    "nares": "naris", "pelves": "pelvis", "bronchi": "bronchus", "fungi": "fungus", "nuclei": "nucleus",
    "women": "woman", "men": "man", "children": "child", "indices": "index", "cortices": "cortex", "febrile": "fever",
    "atria": "atrium", "ova": "ovum", "bacteria": "bacterium", "labia": "labium", "stigmata": "stigma",
    "stomata": "stoma", "condylomata": "condyloma", "scapulae": "scapula", "nevi": "nevus", "naevi": "nevus",
    "naevus": "nevus", "emboli": "embolus", "thrombi": "thrombus", "lobuli": "lobulus", "septa": "septum",
    "helices": "helix", "irides": "iris", "femora": "femur", "corpora": "corpus", "genitals": "genitalia",
    "diarrhoea": "diarrhea", "tumours": "tumor", "tumour": "tumor", "eczemas": "eczema", "ears": "ear",
    "chalazia": "chalazion", "foci": "focus", "sulci": "sulcus", "gyri": "gyrus", "viscera": "viscus",
    "ganglia": "ganglion", "diverticula": "diverticulum", "palsies": "palsy", "sequelae": "sequela",
    "petechiae": "petechia",
    "noses": "nose", "doses": "dose", "pulses": "pulse", "senses": "sense", "responses": "response", "lenses": "lens",
}  # fmt: skip
_SUFFIXES = (
    "ization", "izations", "ations", "ation", "ically", "ities", "ments", "ness", "ment", "ical", "isms", "itic",
    "atic", "otic", "ated", "ates", "ate", "osis", "oses", "ism", "ity", "ive", "ion", "ions", "ous", "ing", "ual",
    "ial", "eal", "ers", "ied", "ies", "ed", "ic", "al", "ia", "ar", "es", "ly", "um", "us", "is", "ae", "a", "e",
    "y", "s",
)  # fmt: skip
_SHORTEST_ROOT = 4
ROUNDING_WORDS = frozenset(
    ["appearance", "circulating", "concentration", "feature", "level", "morphology", "physiology", "structure",
     "system"]
)
"""Words that HPO puts into labels and clinicians leave out."""


@lru_cache(maxsize=60_000)
def base_form(word: str) -> str:
    """Return folded `word` in the singular and in American spelling."""
    if len(word) < 3 or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return _IRREGULAR.get(word) or _singular(word)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]


class Roots:
    """Word families: curated ones first, then suffixes cut down to a stem of at least four letters."""

    def __init__(self, family_of: Mapping[str, str]) -> None:
        self._family_of = {base_form(word): family for word, family in family_of.items()}
        self._known: dict[str, str] = {}

    def __call__(self, base: str) -> str:
        """Return the root of a base form; empty for words that only round off a term ("morphology")."""
        known = self._known.get(base)
        if known is None:
            known = "" if base in ROUNDING_WORDS else self._family_of.get(base) or self._cut(base)
            if len(self._known) < 60_000:
                self._known[base] = known
        return known

    def is_curated(self, base: str) -> bool:
        """Whether `base` is in a curated family; only then may it match alone, with no second word to confirm it."""
        return base in self._family_of

    def _cut(self, base: str) -> str:
        cut = _cut_suffix(base)
        return self._family_of.get(cut, cut)


def _cut_suffix(word: str) -> str:
    if not word.isalpha() or len(word) <= _SHORTEST_ROOT:
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_ROOT:
            return _soften(word[: -len(suffix)])
    return word


def _soften(stem: str) -> str:
    """Join pairs such as hypoplastic and hypoplasia, epileptic and epilepsy, granulomatous and granuloma."""
    if stem.endswith("omat"):
        return stem[:-2]
    if stem.endswith("st"):
        return stem[:-1]
    return stem[:-1] + "s" if stem.endswith("t") and len(stem) > _SHORTEST_ROOT else stem
