"""The shipped vectors of the library's passages: int8, each found by the hash of the text that it was made from.

They are made by `quantize.recipes.reference_vectors` and never beside a patient. A passage whose text has changed since
has no vector until the recipe runs again: it is then found by its words alone, and `missing` counts it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import KnowledgeDamaged
from engine.treatment.library import Matrix

FOLDER = "reference_vectors"
FILE = "vectors.npz"


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """Vectors (texts, dimensions) int8 in the order of their sorted 64-bit `hashes`."""

    hashes: npt.NDArray[np.uint64]
    vectors: Matrix
    encoder: str

    @classmethod
    def read(cls, folder: Path) -> KeptVectors:
        """Return the vectors in `folder`. Raises KnowledgeDamaged when the file is absent or not of this shape."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as kept:
                read = cls(kept["hashes"], kept["vectors"], str(kept["encoder"]))
        except (OSError, KeyError, ValueError) as unreadable:
            raise KnowledgeDamaged(f"{FOLDER}/{FILE}") from unreadable
        if read.vectors.dtype != np.int8 or len(read.vectors) != len(read.hashes):
            raise KnowledgeDamaged(f"{FOLDER}/{FILE}")
        return read

    def write(self, folder: Path) -> None:
        """Store the vectors sorted by their hashes."""
        order = np.argsort(self.hashes)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / FILE, hashes=self.hashes[order], vectors=self.vectors[order], encoder=np.array(self.encoder))

    def for_texts(self, texts: Sequence[str]) -> Matrix:
        """Return one vector for each text, zeros where none is kept."""
        rows, known = self._rows(texts)
        found = np.zeros((len(texts), self.vectors.shape[1]), dtype=np.int8)
        found[known] = self.vectors[rows[known]]
        return found

    def missing(self, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts that have no vector."""
        _, known = self._rows(texts)
        return [int(place) for place in np.flatnonzero(~known)]

    def _rows(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        wanted = hashes_of(texts)
        if not len(self.hashes):
            return np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.bool_)
        rows = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return rows, self.hashes[rows] == wanted


def hashes_of(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return the first 64 bits of each text's SHA-256."""
    digests = b"".join(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8] for text in texts)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
