"""Names of diseases, phenotypes and drugs as the tagger's second opinion, and the codes of diseases by their names.

The tagger reads for each word whether it begins or continues a known name; a name alone makes no entity. The names
come from sources that change only with a new release (HPO, its disease annotations, MedQuAD, DDXPlus, the drug
dictionary), because the tagger was trained with them.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.text import hpo_names
from engine.text.tagger_words import words

ENTITY_NAMES_ENTRY = "text.entity_names"
KINDS = ("disease", "phenotype", "drug")
NAME_CLASSES = 3 ** len(KINDS)
"""Per kind none, begins, continues; together one number a word."""
LONGEST_NAME_WORDS = 10
_SHORTEST_NAME = 3
_QUALIFIER = re.compile(
    r"(?:[,;/(].*| (?:type|syndrome type|form|group) \S{1,4}| [ivx]{1,4}| \d{1,3}[a-z]?| [a-z])$", re.IGNORECASE
)
_MEDQUAD_NO_DISEASES = ("10_MPlus_ADAM", "11_MPlusDrugs", "12_MPlusHerbs")


def folded(name: str) -> str:
    """Return a name as its words in lower case with single spaces: how names are compared."""
    return " ".join(name[span.start : span.end].lower() for span in words(name))


def general(name: str) -> str:
    """Return a disease name without type, number and qualifier ("Noonan syndrome 1" is a Noonan syndrome)."""
    shorter = _QUALIFIER.sub("", name.strip()).strip()
    return general(shorter) if shorter and shorter != name.strip() else name.strip()


class NameClasses:
    """Known names, to be found in a run of words."""

    def __init__(self, names: Sequence[Iterable[str]]) -> None:
        """`names` holds the folded names of each kind, in the order of KINDS."""
        self._names = [frozenset(each) for each in names]
        self._first = [frozenset(name.split(" ", 1)[0] for name in each) for each in self._names]

    def classes(self, lower: Sequence[str]) -> list[int]:
        """Return for each of `lower` (words in lower case) its number below NAME_CLASSES."""
        found = [0] * len(lower)
        for kind, (names, first) in enumerate(zip(self._names, self._first, strict=True)):
            weight, place = 3**kind, 0
            while place < len(lower):
                length = _longest(lower, place, names) if lower[place] in first else 0
                for offset in range(length):
                    found[place + offset] += weight * (2 if offset else 1)
                place += max(length, 1)
        return found


def _longest(lower: Sequence[str], place: int, names: frozenset[str]) -> int:
    for length in range(min(LONGEST_NAME_WORDS, len(lower) - place), 0, -1):
        if " ".join(lower[place : place + length]) in names:
            return length
    return 0


def compiled_names(sources: Path) -> list[list[str]]:
    """Return the folded names of each kind from the knowledge folder, sorted."""
    diseases = {part for name in disease_names(sources) for part in (name, general(name))}
    terms = hpo_names.read_named_terms(sources / "hpo" / "hp.obo.gz")
    below = hpo_names.branch(terms, hpo_names.PHENOTYPES)
    phenotypes = {wording.text for code in below for wording in terms[code].wordings if not wording.abbreviation}
    return [_kept(diseases), _kept(phenotypes), _kept(_drug_names(sources / "drugs"))]


def _kept(names: Iterable[str]) -> list[str]:
    all_folded = {folded(name) for name in names}
    return sorted(
        name for name in all_folded
        if len(name) >= _SHORTEST_NAME and not name.isdigit() and name.count(" ") < LONGEST_NAME_WORDS
    )


def disease_names(sources: Path) -> Iterator[str]:
    """Yield every name of a disease, as written, from OMIM and Orphanet rows of HPO, MedQuAD and DDXPlus."""
    yield from (name for _, name in coded_disease_names(sources))
    with gzip.open(sources / "medquad" / "medquad_answered.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["src"] not in _MEDQUAD_NO_DISEASES:
                yield row["focus"]
                yield from row["synonyms"]


def coded_disease_names(sources: Path) -> Iterator[tuple[str, str]]:
    """Yield (code, name) of diseases; the code is `OMIM:n`, `ORPHA:n` or `DDX:name`."""
    with gzip.open(sources / "hpo" / "phenotype.hpoa.gz", "rt", encoding="utf-8") as stream:
        rows = (line.split("\t", 2) for line in stream if not line.startswith(("#", "database_id")))
        yield from dict.fromkeys((row[0], row[1]) for row in rows)
    with gzip.open(sources / "hpo" / "hpo3_2025-11-24_disease_hpo.jsonl.gz", "rt", encoding="utf-8") as stream:
        yield from ((row["id"], row["name"]) for row in map(json.loads, stream))
    conditions = json.loads((sources / "ddxplus" / "release_conditions.json").read_text(encoding="utf-8"))
    yield from ((f"DDX:{name}", name) for name in conditions)
    yield from ((f"DDX:{name}", row["cond-name-eng"]) for name, row in conditions.items())


def _drug_names(folder: Path) -> Iterator[str]:
    """Yield every Latin name in the tables of the drug dictionary."""
    for file, columns in (("drugs.tsv", ("inn", "synonyms")), ("brands.tsv", ("brand",))):
        with (folder / file).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield from (name for column in columns for name in row[column].split("|"))
