"""Reads labels and synonyms of HPO terms, with their scope, from `hp.obo.gz`; used when the index is compiled."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PHENOTYPES = "HP:0000118"
INHERITANCE = "HP:0000005"
MODIFIERS = "HP:0012823"
BIOSPECIMEN = "HP:0020228"
PAST_HISTORY = "HP:0032443"

_SYNONYM = re.compile(r'synonym: "((?:[^"\\]|\\.)*)" (\w+) ?([\w:]*)')
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9/-]*[A-Z0-9]|[A-Z]+[a-z]?[A-Z]+")
_QUALITY = {"EXACT": 3, "NARROW": 2, "RELATED": 1, "BROAD": 1}
LABEL_QUALITY = 4
FORMER_QUALITY = 2
"""Names of terms that HPO has since merged into another stand below that other's exact names."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write a term. `quality` falls from label (4) over exact and narrow to related or broad (1)."""

    text: str
    quality: int
    abbreviation: bool


@dataclass(slots=True)
class NamedTerm:
    id: str
    name: str = ""
    wordings: list[Wording] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    obsolete: bool = False
    replaced_by: str = ""


def read_named_terms(path: Path) -> dict[str, NamedTerm]:
    """Return the terms that are not obsolete, by id, in file order, with the names of the ones they replaced."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        every = list(_stanzas(stream))
    terms = {term.id: term for term in every if not term.obsolete}
    for old in every:
        if old.obsolete and old.replaced_by in terms:
            terms[old.replaced_by].wordings += _former(old)
    return terms


def _former(old: NamedTerm) -> Iterator[Wording]:
    """Yield the wordings of an obsolete term, as weak names of its successor; a name with an aside is left out."""
    for wording in old.wordings:
        text = wording.text.removeprefix("obsolete ")
        if "(" not in text:
            yield Wording(text, min(wording.quality, FORMER_QUALITY), wording.abbreviation)


def _stanzas(lines: Iterator[str] | gzip.GzipFile) -> Iterator[NamedTerm]:
    term: NamedTerm | None = None
    for raw in lines:
        line = str(raw).rstrip("\n")
        if line.startswith("["):
            if term:
                yield term
            term = NamedTerm("") if line == "[Term]" else None
        elif term is not None:
            _add_line(term, line)
    if term:
        yield term


def _add_line(term: NamedTerm, line: str) -> None:
    key, _, value = line.partition(": ")
    match key:
        case "id":
            term.id = value
        case "name":
            term.name = value
            term.wordings.append(Wording(value, LABEL_QUALITY, False))
        case "is_a":
            term.parents.append(value.split(" ")[0])
        case "alt_id":
            term.alternatives.append(value)
        case "is_obsolete":
            term.obsolete = True
        case "replaced_by":
            term.replaced_by = value
        case "synonym":
            term.wordings.extend(_synonym(line))


def _synonym(line: str) -> Iterator[Wording]:
    if found := _SYNONYM.match(line):
        text = found.group(1).replace('\\"', '"')
        short = " " not in text and _ABBREVIATION.fullmatch(text) is not None
        yield Wording(text, _QUALITY[found.group(2)], short or (found.group(3) == "abbreviation" and " " not in text))


def branch(terms: dict[str, NamedTerm], *roots: str) -> set[str]:
    """Return the ids below `roots`, without the roots themselves."""
    children: dict[str, list[str]] = {}
    for term in terms.values():
        for parent in term.parents:
            children.setdefault(parent, []).append(term.id)
    found: set[str] = set()
    pending = list(roots)
    while pending:
        for child in children.get(pending.pop(), []):
            if child not in found:
                found.add(child)
                pending.append(child)
    return found


def ancestors(terms: dict[str, NamedTerm]) -> dict[str, set[str]]:
    """Return for each term the ids of all terms above it."""
    found: dict[str, set[str]] = {}

    def climb(code: str) -> set[str]:
        if code not in found:
            found[code] = set()
            for parent in terms[code].parents:
                found[code] |= {parent} | climb(parent)
        return found[code]

    for code in terms:
        climb(code)
    return found
