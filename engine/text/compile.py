"""Compile the wording tables and the two dictionaries, English and Chinese, into the knowledge index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from engine.knowledge.index import IndexWriter
from engine.text import hpo_names, phrases
from engine.text.cues import CUES_ENTRY
from engine.text.everyday import everyday_words
from engine.text.labs import LABS_ENTRY
from engine.text.legible import TRADITIONAL_ENTRY, simplified_forms
from engine.text.names import NAMES_ENTRY, QUESTIONS_ENTRY, VALUES_ENTRY
from engine.text.nearest import NEAREST_CHINESE_ENTRY, NEAREST_ENTRY
from engine.text.segment import tokenise
from engine.text.spelling import SHORTEST_WORD
from engine.text.stem import Roots
from engine.text.vitals import RANGES_ENTRY
from engine.text.wordings import MEDQUAD, Phrase, borrowed, learned_rows, words_of

CONCEPTS_ENTRY = "text.concepts"
LABELS_ENTRY = "text.labels"
FAMILIES_ENTRY = "text.word_families"
CHINESE_ENTRY = "text.zh_phrases"
WORDS_ENTRY = "text.words"
EVERYDAY_ENTRY = "text.everyday_words"
LAY_ENTRY = "text.lay_patterns"
OTHER_WORDS_ENTRY = "text.zh_other_words"
ABBREVIATIONS_ENTRY = "text.abbreviations"
JOINED_ENTRY = "text.en_joined"
ACCOMPANIED_ENTRY = "text.en_accompanied"
BASE_TABLE = "text.en_base"
ROOT_TABLE = "text.en_root"

HIGHEST_GRADE = 10
_SIDED = {"right ": "右侧", "left ": "左侧"}
_OWN_QUALITY = 5
"""Lantern's own phrases for DDXPlus codes stand above HPO labels."""
GENERAL_QUALITY = 6
_COURSE_QUALITY = 2
SHORTEST_ABBREVIATION = 3
_EXACT = 3
_MOST_WORDINGS, _MOST_NAMES = 8, 6
"""Wordings of one finding that the encoder compares with."""


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write every entry of this package. Raises FileNotFoundError when a source is missing."""
    english, chinese = sources / "lexicon_en", sources / "lexicon_zh"
    terms = hpo_names.read_named_terms(sources / "hpo" / "hp.obo.gz")
    evidences = _read(sources / "ddxplus" / "release_evidences.json")
    names = _names(english, chinese, evidences)
    names |= {
        code: {"en": terms[code].name, "zh": words[0]} for code, words in _read(chinese / "hpo_names.json").items()
    }
    writer.put_json(NAMES_ENTRY, names)
    writer.put_json(QUESTIONS_ENTRY, _paired(english, chinese, "question_wording.json"))
    writer.put_json(VALUES_ENTRY, _paired(english, chinese, "value_names.json"))
    families = {word: group[0] for group in _read(english / "word_families.json") for word in group}
    writer.put_json(FAMILIES_ENTRY, families)
    writer.put_json(CUES_ENTRY, {"en": _read(english / "cues.json"), "zh": _read(chinese / "cues.json")})
    common = _read(english / "common_terms.json")
    writer.put_json(NEAREST_ENTRY, _present_wordings(english, evidences, [terms[code] for code in common]))
    writer.put_json(NEAREST_CHINESE_ENTRY, _present_in_chinese(chinese, evidences))
    writer.put_json(LAY_ENTRY, {"en": _read(english / "lay_patterns.json"), "zh": _read(chinese / "lay_patterns.json")})
    writer.put_json(OTHER_WORDS_ENTRY, _read(chinese / "other_words.json"))
    own = "".join(path.read_text(encoding="utf-8") for path in sorted(chinese.glob("*.json")))
    forms = (sources / "opencc" / "TSCharacters.txt").read_text(encoding="utf-8")
    writer.put_json(TRADITIONAL_ENTRY, simplified_forms(forms, own))
    writer.put_json(EVERYDAY_ENTRY, everyday_words(sources / MEDQUAD))
    ranges = [*_read(sources / "vital_ranges" / "ranges.json"), *_read(sources / "lab_ranges" / "ranges.json")]
    writer.put_json(RANGES_ENTRY, ranges)
    writer.put_json(LABS_ENTRY, _read(sources / "lab_ranges" / "tests.json"))
    _compile_dictionaries(writer, sources, terms, Roots(families))


def _compile_dictionaries(
    writer: IndexWriter, sources: Path, terms: dict[str, hpo_names.NamedTerm], roots: Roots
) -> None:
    english, chinese = sources / "lexicon_en", sources / "lexicon_zh"
    own = [*_own_phrases(english), *_course_phrases(english)]
    ambiguous = set(_read(english / "ambiguous_words.json"))
    ontology, short = _ontology_phrases(terms, ambiguous)
    ontology += list(borrowed(sources, ontology))
    chinese_phrases = list(_chinese_phrases(chinese))
    chinese_phrases += list(_asked_phrases(sources, chinese_phrases))
    chinese_phrases += list(_composed_phrases(chinese, chinese_phrases))
    codes = list(dict.fromkeys(phrase.code for phrase in [*own, *ontology, *short, *chinese_phrases]))
    place = {code: at for at, code in enumerate(codes)}
    writer.put_json(CONCEPTS_ENTRY, codes)
    writer.put_json(LABELS_ENTRY, [terms[code].name if code in terms else "" for code in codes])
    writer.put_json(ABBREVIATIONS_ENTRY, _grouped(short, place))
    writer.put_json(CHINESE_ENTRY, _grouped(chinese_phrases, place))
    rows, root_rows = [], []
    joined: set[int] = set()
    accompanied: set[int] = set()
    known: set[str] = set()
    for phrase in [*own, *ontology]:
        words = words_of(phrase.text)
        known.update(word for word in words if word.isascii() and len(word) >= SHORTEST_WORD - 1)
        concept = place[phrase.code]
        rows.append(phrases.Row(phrases.bag_hash(words), concept, phrase.quality))
        stems = [root for word in words if phrases.word_hash(root := roots(word))]
        if len(stems) > 1 or (len(words) == 1 and roots.is_curated(words[0])):
            root_rows.append(phrases.Row(phrases.bag_hash(stems), concept, phrase.quality))
        written = [token.folded for token in tokenise(phrase.text)]
        bags = (phrases.bag_hash(words), phrases.bag_hash(stems))
        joined.update(bags if phrases.holds_join(written) else ())
        accompanied.update(bags if phrases.WITH in written else ())
    writer.put_json(WORDS_ENTRY, sorted(known))
    writer.put_array(JOINED_ENTRY, np.array(sorted(joined), dtype=np.uint64))
    writer.put_array(ACCOMPANIED_ENTRY, np.array(sorted(accompanied), dtype=np.uint64))
    above = hpo_names.ancestors(terms)
    phenotypes = [phrase for phrase in ontology if phrase.quality > 1 and hpo_names.PHENOTYPES in above[phrase.code]]
    root_rows += learned_rows(phenotypes, roots, place, above)
    phrases.store(writer, BASE_TABLE, _general_first(rows, codes, above))
    phrases.store(writer, ROOT_TABLE, _general_first(root_rows, codes, above))


def _general_first(rows: list[phrases.Row], codes: list[str], above: dict[str, set[str]]) -> list[phrases.Row]:
    """Return `rows` with, where one wording means several HPO terms, the term above all the others made the best."""
    meanings: dict[int, set[int]] = {}
    for row in rows:
        if codes[row.concept] in above:
            meanings.setdefault(row.bag, set()).add(row.concept)
    general: set[tuple[int, int]] = set()
    for bag, concepts in meanings.items():
        for concept in concepts if len(concepts) > 1 else ():
            if all(other == concept or codes[concept] in above[codes[other]] for other in concepts):
                general.add((bag, concept))
    return [replace(row, quality=GENERAL_QUALITY) if (row.bag, row.concept) in general else row for row in rows]


def _grouped(found: Iterable[Phrase], place: dict[str, int]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for phrase in found:
        concepts = groups.setdefault(phrase.text, [])
        if place[phrase.code] not in concepts:
            concepts.append(place[phrase.code])
    return groups


def _own_phrases(english: Path) -> Iterator[Phrase]:
    for code, texts in _read(english / "finding_phrases.json").items():
        for text in texts:
            yield Phrase(code, text, _OWN_QUALITY)
    for value, name in _read(english / "value_names.json").items():
        if name.startswith(tuple(_SIDED)):
            yield Phrase(f"E_55_@_{value}", f"{name} pain", _OWN_QUALITY)
            yield Phrase(f"E_152_@_{value}", f"{name} swelling", _OWN_QUALITY)


def _course_phrases(english: Path) -> Iterator[Phrase]:
    """Yield how prose words inheritance, onset and course; these stand below what HPO itself writes."""
    for code, texts in _read(english / "course_phrases.json").items():
        for text in texts:
            yield Phrase(code, text, _COURSE_QUALITY)


def _present_wordings(
    english: Path, evidences: dict[str, Any], common: list[hpo_names.NamedTerm]
) -> list[tuple[str, str]]:
    """Return (code, wording) of what a patient can have now: symptoms of DDXPlus and `common` HPO terms."""
    own = [
        (code, text)
        for code, texts in _read(english / "finding_phrases.json").items()
        if code in evidences and not evidences[code]["is_antecedent"]
        for text in texts[:_MOST_WORDINGS]
    ]
    present = [term for term in common if "inheritance" not in term.name]
    return own + [(term.id, name) for term in present for name in _exact_names(term)[:_MOST_NAMES]]


def _present_in_chinese(chinese: Path, evidences: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (code, wording) in Chinese of what a patient can have now."""
    own = _read(chinese / "finding_phrases.json")
    asked = {code: own[code] for code in own if code in evidences and not evidences[code]["is_antecedent"]}
    tables = asked | _read(chinese / "hpo_names.json")
    return [(code, text) for code, texts in tables.items() for text in texts[:_MOST_WORDINGS]]


def _exact_names(term: hpo_names.NamedTerm) -> list[str]:
    return [each.text for each in term.wordings if each.quality >= _EXACT and not each.abbreviation]


def _chinese_phrases(chinese: Path) -> Iterator[Phrase]:
    for code, texts in _read(chinese / "finding_phrases.json").items():
        for text in texts:
            yield Phrase(code, text, _OWN_QUALITY)
    for code, texts in _read(chinese / "hpo_names.json").items():
        for text in texts:
            yield Phrase(code, text, _OWN_QUALITY)
    for value, name in _read(chinese / "value_names.json").items():
        if name.startswith(tuple(_SIDED.values())):
            for pain in ("疼痛", "痛", "疼"):
                yield Phrase(f"E_55_@_{value}", name.replace("侧", "", 1) + pain, _OWN_QUALITY)
                yield Phrase(f"E_55_@_{value}", name + pain, _OWN_QUALITY)
            yield Phrase(f"E_152_@_{value}", name + "肿胀", _OWN_QUALITY)


def _composed_phrases(chinese: Path, known: Iterable[Phrase]) -> Iterator[Phrase]:
    """Yield each part of the body with each word for what is wrong there: 肘部 + 疼痛.

    A phrase that the tables give a code of the same vocabulary keeps that alone: 右侧脸颊疼 says more than a part does.
    """
    said: dict[str, set[bool]] = {}
    for phrase in known:
        said.setdefault(phrase.text, set()).add(phrase.code.startswith("HP:"))
    for row in _read(chinese / "compositions.json"):
        for text in map("".join, product(row["parts"], row["words"])):
            fresh = [code for code in row["codes"] if code.startswith("HP:") not in said.get(text, ())]
            for code in fresh:
                yield Phrase(code, text, _OWN_QUALITY)
            said.setdefault(text, set()).update(code.startswith("HP:") for code in fresh)


def _asked_phrases(sources: Path, known: Sequence[Phrase]) -> Iterator[Phrase]:
    """Yield the question that asks for the same as a phrase's HPO term, where no DDXPlus code stands for it yet."""
    crosswalk = _read(sources / "ddxplus" / "crosswalk.json")["terms"]
    question_of = {row["term"]: row["question"] for row in reversed(crosswalk)}
    asked = {phrase.text for phrase in known if not phrase.code.startswith("HP:")}
    for phrase in known:
        if phrase.text not in asked and phrase.code in question_of:
            yield Phrase(question_of[phrase.code], phrase.text, _OWN_QUALITY)


def _ontology_phrases(
    terms: dict[str, hpo_names.NamedTerm], ambiguous: set[str]
) -> tuple[list[Phrase], list[Phrase]]:
    """Return full wordings and abbreviations of phenotypes, modes of inheritance and modifiers of several words."""
    kept = {hpo_names.INHERITANCE} | hpo_names.branch(terms, hpo_names.PHENOTYPES, hpo_names.INHERITANCE)
    kept |= {code for code in hpo_names.branch(terms, hpo_names.MODIFIERS) if " " in terms[code].name}
    full: list[Phrase] = []
    short: list[Phrase] = []
    for code in (code for code in terms if code in kept):
        for wording in terms[code].wordings:
            if wording.text.lower() in ambiguous:
                continue
            phrase = Phrase(code, wording.text, wording.quality)
            if not wording.abbreviation:
                full.append(phrase)
            elif len(wording.text) >= SHORTEST_ABBREVIATION:
                short.append(phrase)
    return full, short


def _names(english: Path, chinese: Path, evidences: dict[str, Any]) -> dict[str, dict[str, str]]:
    names = _paired(english, chinese, "finding_names.json")
    values = _paired(english, chinese, "value_names.json")
    answers = {
        f"{code}_@_{value}": _answer(names[code], value, values)
        for code, evidence in evidences.items()
        for value in map(str, evidence["possible-values"])
    }
    conditions = {f"DDX:{name}": pair for name, pair in _paired(english, chinese, "condition_names.json").items()}
    return names | answers | conditions


def _answer(question: dict[str, str], value: str, values: dict[str, dict[str, str]]) -> dict[str, str]:
    """Word one answer as a finding of its own: "pain location: forehead", "疼痛程度：5/10"."""
    graded = {"en": f"{value} of {HIGHEST_GRADE}", "zh": f"{value}/{HIGHEST_GRADE}"}
    answer = graded if value.isdigit() else values[value]
    return {"en": f"{question['en']}: {answer['en']}", "zh": f"{question['zh']}：{answer['zh']}"}


def _paired(english: Path, chinese: Path, name: str) -> dict[str, dict[str, str]]:
    """Return one table in both languages. Raises ValueError when a key has only one of them."""
    left, right = _read(english / name), _read(chinese / name)
    if left.keys() != right.keys():
        raise ValueError(f"{name}: one language lacks {sorted(left.keys() ^ right.keys())}")
    return {key: {"en": left[key], "zh": right[key]} for key in left}


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
