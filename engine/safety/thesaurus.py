"""Compile the French interaction thesaurus (ANSM, 20 October 2020): classes expanded to ingredients, four levels kept.

The two files of the edition stay as published; `levels.json` beside them says, for the statements with several levels,
which drugs, doses or routes each level is for. A statement whose level cannot be settled keeps its worst one.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.safety import mechanisms, names
from engine.safety.french_spaces import FrenchSpaces

INDEX_FILE = "index-des-substances-20102020.json"
THESAURUS_FILE = "thesaurus-referentiel-national-des-interactions-medicamenteuses-20102020.json.gz"
LEVELS_FILE = "levels.json"
WORDS_FILE = "words.json"
"""Lantern's own words for severe statements whose French ones give no code."""
EDITION = "2020-10-20"
SOURCE = "ansm-thesaurus-2020-10"
LEVELS = {
    "CONTRE-INDICATION": "contraindicated",
    "Association DECONSEILLEE": "avoid",
    "Précaution d'emploi": "caution",
    "A prendre en compte": "note",
    "Il convient de prendre en compte": "note",
}
OUTSIDE_THE_INDEX = {
    "alcool (boisson ou excipient)": ["alcohol"],
    "pamplemousse (jus et fruit)": ["grapefruit"],
    "theine": ["tea"],
    "sels de fer par voie injectable": ["iron"],
    "preservatifs en latex": ["latex condom"],
}
"""Terms that stand in statements but not in the published index."""
ROUTES_NOT_DRUGS = ("medicaments administres par voie orale", "medicaments utilises par voie vaginale")
"""Partners that are "any drug by this route": these four statements name no pair and are left out (see README)."""


@dataclass(slots=True)
class Terms:
    """French substances and classes to the INNs they stand for."""

    by_name: dict[str, list[str]] = field(default_factory=dict)
    french_of: dict[str, list[str]] = field(default_factory=dict)

    def add(self, french: str, inn: str) -> None:
        members = self.by_name.setdefault(term(french), [])
        if inn not in members:
            members.append(inn)

    def members(self, french: str) -> list[str]:
        """Return the INNs of a substance or class. Raises ValueError for a term the edition does not define."""
        found = self.by_name.get(term(french)) or OUTSIDE_THE_INDEX.get(term(french))
        if found is None:
            raise ValueError(f"the thesaurus names {french!r}, which its index does not define")
        return found


def term(french: str) -> str:
    """Return one form for the several spellings of a French term (case, accents, broken hyphens)."""
    return re.sub(r"-\s+", "-", names.fold(french))


def compile_thesaurus(folder: Path, inn_of: dict[str, str]) -> dict[str, Any]:
    """Return the table stored as `safety.thesaurus`. `inn_of` maps each French substance to its INN."""
    terms = read_terms(json.loads((folder / INDEX_FILE).read_text(encoding="utf-8")), inn_of)
    readings = json.loads((folder / LEVELS_FILE).read_text(encoding="utf-8"))
    words = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
    with gzip.open(folder / THESAURUS_FILE, "rt", encoding="utf-8") as stream:
        statements = json.load(stream)
    rows = list(_rows(statements, terms, readings, FrenchSpaces(map(_told, statements))))
    if unknown := _add_words(rows, words):
        raise ValueError(f"own words for statements that the thesaurus does not hold: {sorted(unknown)}")
    classes = sorted({term(name) for name in _classes(folder)})
    return {
        "edition": EDITION,
        "source": SOURCE,
        "statements": rows,
        "covered": sorted({inn for row in rows for inn in (*row["one"], *row["other"])}),
        "classes": {name: sorted(terms.members(name)) for name in classes},
    }


def read_terms(index: list[dict[str, Any]], inn_of: dict[str, str]) -> Terms:
    """Return every term of the published index, substances and classes alike."""
    terms = Terms()
    for row in index:
        inn = inn_of[row["substance"]]
        terms.add(row["substance"], inn)
        terms.french_of.setdefault(inn, []).append(term(row["substance"]))
        for name in row["drug_classes"]:
            terms.add(name, inn)
    return terms


def _classes(folder: Path) -> Iterable[str]:
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    return (name for row in index for name in row["drug_classes"])


def _rows(
    statements: list[dict[str, Any]], terms: Terms, readings: dict[str, Any], spaces: FrenchSpaces
) -> Iterable[dict[str, Any]]:
    """Each statement stands twice in the edition, once under either drug; one row is made of both."""
    read = {frozenset(map(term, key.split("|"))): levels for key, levels in readings.items()}
    seen: set[frozenset[str]] = set()
    for statement in statements:
        main, plus = statement["main_drug"], statement["plus_drug"]
        pair = frozenset((term(main), term(plus)))
        if pair in seen or term(plus) in ROUTES_NOT_DRUGS or term(main) in ROUTES_NOT_DRUGS:
            continue
        seen.add(pair)
        row = _row(len(seen), statement, terms, read.get(pair))
        yield row | {"quote": spaces.restored(row["quote"])}


def _add_words(rows: list[dict[str, Any]], words: dict[str, Any]) -> set[str]:
    """Give each row its own words; return the pairs of `words` that no row has."""
    left = dict(words)
    for row in rows:
        if text := left.pop(row["title"].replace(" + ", "|"), None):
            row["text"] = text
    return set(left)


def _row(number: int, statement: dict[str, Any], terms: Terms, reading: list[dict[str, Any]] | None) -> dict[str, Any]:
    one, other = terms.members(statement["main_drug"]), terms.members(statement["plus_drug"])
    stated = [LEVELS[level["level"]] for level in statement["severity_levels"]]
    why, bare = names.fold(statement["interaction_mechanism"]), names.fold(_told(statement))
    french = {name: inn for inn in {*one, *other} for name in terms.french_of.get(inn, ())}
    return {
        "id": f"ansm-2020-10:{number}",
        "one": one,
        "other": other,
        "title": f"{statement['main_drug']} + {statement['plus_drug']}",
        "quote": _quote(statement),
        "levels": _read(statement["main_drug"], reading, terms) if reading else [{"level": stated[0]}],
        "effects": mechanisms.effects(why),
        "course": mechanisms.course(why),
        "affected": mechanisms.affected(why, french),
        "loses_effect": mechanisms.loses_effect(why),
        "management": mechanisms.management(bare),
    }


def _told(statement: dict[str, Any]) -> str:
    """Return all words of a statement but its levels' names."""
    return " ".join([statement["interaction_mechanism"], *(level["info"] for level in statement["severity_levels"])])


def _quote(statement: dict[str, Any]) -> str:
    """Return the statement in its own French words: each level with its conditions, then the mechanism."""
    levels = [f"{level['level']} {level['info']}" for level in statement["severity_levels"]]
    return " — ".join(" ".join(part.split()) for part in [*levels, statement["interaction_mechanism"]] if part.strip())


def _read(title: str, reading: list[dict[str, Any]], terms: Terms) -> list[dict[str, Any]]:
    if set(reading[-1]) != {"level"}:
        raise ValueError(f"the last level of {title!r} must hold without a condition")
    return [_level(level, terms) for level in reading]


def _level(level: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """Return a level of `levels.json` with its French terms as INNs."""
    row = dict(level)
    for key in ("only", "both", "unless_oral", "if_oral", "if_parenteral"):
        if key in row:
            row[key] = sorted({inn for name in row[key] for inn in terms.members(name)})
    for key in ("unless_single_dose_mg_at_most", "if_single_dose_mg_at_least"):
        if key in row:
            row[key] = {terms.members(name)[0]: amount for name, amount in row[key].items()}
    return row
