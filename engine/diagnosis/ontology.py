"""The phenotype ontology in arrays: ids, names, ancestors; old and merged ids lead to the term that replaced them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.hpo_source import ROOT, Term
from engine.diagnosis.string_table import NameTable, Strings
from engine.knowledge.index import IndexWriter, KnowledgeIndex

Ints = npt.NDArray[np.int32]
_ENTRY = "diagnosis.hpo"


@dataclass(frozen=True, slots=True)
class Ontology:
    """Terms under "phenotypic abnormality", numbered by ascending id.

    `known` and `known_term` map every id ever used (a number such as 1945) to a term; `ancestor_start`/`ancestors`
    list for each term itself and all its ancestors in ascending order.
    """

    ids: Ints
    names: Strings
    synonyms: NameTable
    known: Ints
    known_term: Ints
    ancestor_start: Ints
    ancestors: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, code: str) -> int | None:
        """Return the term of `HP:nnnnnnn`, following replacements, or None where it is no phenotype."""
        digits = code[3:]
        if not (code.startswith("HP:") and digits.isascii() and digits.isdigit() and len(digits) <= 9):
            return None
        place = int(np.searchsorted(self.known, int(digits)))
        found = place < len(self.known) and int(self.known[place]) == int(digits)
        return int(self.known_term[place]) if found else None

    def find_name(self, name: str) -> int | None:
        """Return the term with this name or exact synonym, where there is exactly one."""
        found = self.synonyms.find(name)
        return found[0] if len(found) == 1 else None

    def code(self, term: int) -> str:
        """Return the current id of a term, `HP:nnnnnnn`."""
        return f"HP:{int(self.ids[term]):07d}"

    def ancestors_of(self, term: int) -> Ints:
        """Return the term and all its ancestors."""
        return self.ancestors[self.ancestor_start[term] : self.ancestor_start[term + 1]]

    def closure(self, terms: list[int]) -> Ints:
        """Return the terms with all their ancestors, ascending, each once."""
        if not terms:
            return np.zeros(0, dtype=np.int32)
        return np.unique(np.concatenate([self.ancestors_of(term) for term in terms]))

    def put(self, writer: IndexWriter) -> None:
        """Store the ontology."""
        self.names.put(writer, f"{_ENTRY}.names")
        self.synonyms.put(writer, f"{_ENTRY}.synonyms")
        for field in ("ids", "known", "known_term", "ancestor_start", "ancestors"):
            writer.put_array(f"{_ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> Ontology:
        """Return what `put` stored."""
        arrays = [index.array(f"{_ENTRY}.{field}") for field in ("ids",)]
        rest = [index.array(f"{_ENTRY}.{field}") for field in ("known", "known_term", "ancestor_start", "ancestors")]
        return Ontology(
            arrays[0], Strings.load(index, f"{_ENTRY}.names"), NameTable.load(index, f"{_ENTRY}.synonyms"), *rest
        )


def build_ontology(terms: Mapping[str, Term]) -> Ontology:
    """Return the ontology of `terms` (from `hpo_source.read_terms`)."""
    aliases = _aliases(terms)
    parents = {
        code: [aliases.get(parent, parent) for parent in term.parents]
        for code, term in terms.items()
        if not term.obsolete
    }
    branch = sorted(_below(ROOT, parents))
    number = {code: place for place, code in enumerate(branch)}
    ancestors = _ancestors(branch, parents, number)
    known = sorted(
        {
            (int(old[3:]), number[new])
            for old, new in [*((code, code) for code in branch), *aliases.items()]
            if new in number
        }
    )
    names = [(name, number[code]) for code in branch for name in (terms[code].name, *terms[code].synonyms)]
    return Ontology(
        np.array([int(code[3:]) for code in branch], dtype=np.int32),
        Strings.pack(terms[code].name for code in branch),
        NameTable.pack(names),
        np.array([old for old, _ in known], dtype=np.int32),
        np.array([new for _, new in known], dtype=np.int32),
        np.cumsum([0, *map(len, ancestors)]).astype(np.int32),
        np.array([term for row in ancestors for term in row], dtype=np.int32),
    )


def _aliases(terms: Mapping[str, Term]) -> dict[str, str]:
    merged = {old: code for code, term in terms.items() if not term.obsolete for old in term.alternatives}
    replaced = {code: new for code, term in terms.items() if term.obsolete and (new := _successor(term))}
    return {**merged, **{old: merged.get(new, new) for old, new in replaced.items()}}


def _successor(term: Term) -> str | None:
    """Return what stands for an obsolete term: its replacement, or the only term that it says to consider."""
    return term.replaced_by or (term.consider[0] if len(term.consider) == 1 else None)


def _below(root: str, parents: Mapping[str, list[str]]) -> set[str]:
    children: dict[str, list[str]] = {}
    for code, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(code)
    found: set[str] = set()
    pending = [root]
    while pending:
        code = pending.pop()
        if code not in found:
            found.add(code)
            pending.extend(children.get(code, ()))
    return found


def _ancestors(branch: list[str], parents: Mapping[str, list[str]], number: Mapping[str, int]) -> list[list[int]]:
    done: dict[str, set[int]] = {}

    def above(code: str) -> set[int]:
        if code not in done:
            done[code] = {number[code]}.union(*(above(parent) for parent in parents[code] if parent in number))
        return done[code]

    return [sorted(above(code)) for code in branch]
