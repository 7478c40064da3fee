"""The compiled condition rows: phrases with their sentence vectors, ready to be held against a case.

Vectors come from a recipe and are bound to the exact texts and to the encoder that made them: other texts do not
compile, another encoder is not asked (`quantize/recipes/condition_vectors.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.diagnosis.condition_names import loose, looser
from engine.diagnosis.condition_source import Condition, Phrase, document, phrases, read_conditions
from engine.diagnosis.string_table import NameTable, Strings
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "diagnosis.conditions"
VECTORS = "vectors.npz"
SCALE = 127.0
"""Vectors are stored as int8; one part in 127 is far below what two wordings of one finding differ by."""
_TEXTS = ("codes", "names", "chinese", "sources", "phrases")
_ARRAYS = ("owner", "kind", "vectors", "documents", "sex", "ages", "serious", "frequency")
_OF_RANKER = ("ranker_documents", "ranker_names")
SEXES = ("any", "female", "male", "mostly female", "mostly male")


@dataclass(frozen=True, slots=True)
class ConditionIndex:
    """Per condition: code, names, whom it meets. Per phrase: text, owner, kind and vector, owners ascending."""

    codes: Strings
    names: Strings
    chinese: Strings
    sources: Strings
    phrases: Strings
    find_exact: NameTable
    find_loose: NameTable
    encoder: str
    owner: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    vectors: npt.NDArray[np.int8]
    """(phrases, dimensions), times 127"""
    documents: npt.NDArray[np.int8]
    """(conditions, dimensions), times 127"""
    sex: npt.NDArray[np.uint8]
    ages: npt.NDArray[np.float32]
    """(conditions, 2) years"""
    serious: npt.NDArray[np.uint8]
    frequency: npt.NDArray[np.uint8]
    ranker: str
    """The encoder that was trained to rank conditions; it made the two arrays below."""
    ranker_documents: npt.NDArray[np.int8]
    """(conditions, dimensions), times 127"""
    ranker_names: npt.NDArray[np.int8]
    """(conditions, dimensions), times 127: the first name of each alone."""

    def __len__(self) -> int:
        return len(self.codes)

    def find(self, name: str) -> list[int]:
        """Return the conditions with this name: as written, else loosely compared."""
        return list(
            self.find_exact.find(name)
            or self.find_loose.find(loose(name))
            or self.find_loose.find(f"looser {looser(name)}")
        )

    def put(self, writer: IndexWriter) -> None:
        """Store the index."""
        writer.put_json(f"{ENTRY}.encoder", self.encoder)
        writer.put_json(f"{ENTRY}.ranker", self.ranker)
        self.find_exact.put(writer, f"{ENTRY}.find")
        self.find_loose.put(writer, f"{ENTRY}.find_loose")
        for field in _TEXTS:
            getattr(self, field).put(writer, f"{ENTRY}.{field}")
        for field in (*_ARRAYS, *_OF_RANKER):
            writer.put_array(f"{ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> ConditionIndex:
        """Return what `put` stored."""
        codes, names, chinese, sources, told = (Strings.load(index, f"{ENTRY}.{field}") for field in _TEXTS)
        exact, loosely = (NameTable.load(index, f"{ENTRY}.{field}") for field in ("find", "find_loose"))
        arrays = [index.array(f"{ENTRY}.{field}") for field in (*_ARRAYS, *_OF_RANKER)]
        encoder, ranker = (str(index.json(f"{ENTRY}.{name}")) for name in ("encoder", "ranker"))
        by_name = dict(zip((*_ARRAYS, *_OF_RANKER), arrays, strict=True))
        return ConditionIndex(
            codes, names, chinese, sources, told, exact, loosely, encoder=encoder, ranker=ranker, **by_name
        )


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything that has a vector, in the order of the vectors."""

    conditions: tuple[Condition, ...]
    phrases: tuple[Phrase, ...]
    documents: tuple[str, ...]

    def fingerprint(self) -> str:
        """Return a SHA-256 over the texts in order."""
        joined = "\n".join([*(phrase.text for phrase in self.phrases), *self.documents])
        return hashlib.sha256(joined.encode()).hexdigest()


def read_texts(sources: Path) -> Texts:
    """Return the texts of the condition rows under `sources`."""
    conditions = read_conditions(sources / "conditions")
    found = phrases(conditions, sources / "medquad" / "medquad_answered.jsonl.gz")
    own: list[list[Phrase]] = [[] for _ in conditions]
    for phrase in found:
        own[phrase.owner].append(phrase)
    documents = tuple(document(row, mine) for row, mine in zip(conditions, own, strict=True))
    return Texts(conditions, tuple(found), documents)


def compile_conditions(sources: Path) -> ConditionIndex:
    """Return the index of the rows with their stored vectors. Raises ValueError where they do not belong together."""
    texts = read_texts(sources)
    with np.load(sources / "conditions" / VECTORS, allow_pickle=False) as stored:
        if str(stored["texts"]) != texts.fingerprint():
            raise ValueError("condition rows changed: run python -m quantize.recipes.condition_vectors")
        encoder, vectors, documents = str(stored["encoder"]), stored["phrases"], stored["documents"]
        ranker, pictures, titles = str(stored["ranker"]), stored["ranker_documents"], stored["ranker_names"]
    rows = texts.conditions
    named = [(name, number) for number, row in enumerate(rows) for name in _names(row)]
    return ConditionIndex(
        Strings.pack(row.code for row in rows),
        Strings.pack(row.name for row in rows),
        Strings.pack(row.zh for row in rows),
        Strings.pack(row.sources[0] for row in rows),
        Strings.pack(phrase.text for phrase in texts.phrases),
        NameTable.pack(named),
        NameTable.pack(_loosely(named)),
        encoder,
        np.array([phrase.owner for phrase in texts.phrases], dtype=np.int32),
        np.array([phrase.kind for phrase in texts.phrases], dtype=np.uint8),
        vectors,
        documents,
        np.array([SEXES.index(row.sex) for row in rows], dtype=np.uint8),
        np.array([row.typical_ages for row in rows], dtype=np.float32),
        np.array([row.serious for row in rows], dtype=np.uint8),
        np.array([row.frequency for row in rows], dtype=np.uint8),
        ranker,
        pictures,
        titles,
    )


def _names(row: Condition) -> tuple[str, ...]:
    return (row.name, row.zh, row.code, row.code.partition(":")[2], *row.also)


def _loosely(named: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return loose and looser keys of the names; `looser` keys are marked, so that they are only found as such."""
    exact = [(loose(name), number) for name, number in named]
    return exact + [(f"looser {looser(name)}", number) for name, number in named if looser(name)]
