"""One read-only file for all compiled knowledge: named JSON values, NumPy arrays, and full-text tables.

It is an SQLite file because one file is easy to seal, ship and open without reading it whole; it holds no patient data.
Writers are the `compile_*` functions of `engine.knowledge`; readers open it immutable, so many processes may share it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import KnowledgeDamaged, KnowledgeMissing

FORMAT = 1

_SCHEMA = """
CREATE TABLE entry (name TEXT PRIMARY KEY, kind TEXT NOT NULL, dtype TEXT, shape TEXT, data BLOB NOT NULL) STRICT;
"""


class IndexWriter:
    """Collect entries into a new index; `close` seals it. The target must not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.executescript(f"PRAGMA page_size=8192; PRAGMA user_version={FORMAT};" + _SCHEMA)

    @property
    def tables(self) -> sqlite3.Connection:
        """The connection, for compilers that need a table of their own (full-text search)."""
        return self._db

    def put_json(self, name: str, value: Any) -> None:
        """Store `value` (anything JSON can hold) under `name`, e.g. ``safety.interactions``."""
        packed = zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)
        self._put(name, "json", None, None, packed)

    def put_array(self, name: str, array: npt.NDArray[Any]) -> None:
        """Store `array` under `name`; shape and dtype are kept."""
        data = np.ascontiguousarray(array)
        self._put(name, "array", data.dtype.str, json.dumps(data.shape), data.tobytes())

    def _put(self, name: str, kind: str, dtype: str | None, shape: str | None, data: bytes) -> None:
        self._db.execute("INSERT INTO entry VALUES (?,?,?,?,?)", (name, kind, dtype, shape, data))

    def written(self) -> Path:
        """Write out what there is so far and return the file, for a compiler that builds on earlier entries."""
        self._db.commit()
        return self._path

    def close(self) -> None:
        """Write everything out. The index is complete only after this."""
        self._db.commit()
        self._db.execute("VACUUM")
        self._db.close()


class KnowledgeIndex:
    """A compiled index, opened read-only. Values are read when asked for; nothing is cached here."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise KnowledgeMissing(path.name)
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            (found,) = self._db.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as damaged:
            self._db.close()
            raise KnowledgeDamaged(path.name) from damaged
        if found != FORMAT:
            self._db.close()
            raise KnowledgeDamaged(f"index format {found}, this Lantern reads {FORMAT}")

    @property
    def tables(self) -> sqlite3.Connection:
        """The read-only connection, for full-text queries."""
        return self._db

    def __contains__(self, name: str) -> bool:
        return self._db.execute("SELECT 1 FROM entry WHERE name=?", (name,)).fetchone() is not None

    def json(self, name: str) -> Any:
        """Return the JSON value stored under `name`. Raises KnowledgeDamaged when it is absent or unreadable."""
        _, _, data = self._row(name, "json")
        try:
            return json.loads(zlib.decompress(data))
        except (zlib.error, ValueError) as damaged:
            raise KnowledgeDamaged(name) from damaged

    def array(self, name: str) -> npt.NDArray[Any]:
        """Return the array stored under `name`, read-only. Raises KnowledgeDamaged when it is absent or cut."""
        dtype, shape, data = self._row(name, "array")
        try:
            return np.frombuffer(data, dtype=np.dtype(dtype)).reshape(json.loads(shape or "[]"))
        except ValueError as damaged:
            raise KnowledgeDamaged(name) from damaged

    def _row(self, name: str, kind: str) -> tuple[str | None, str | None, bytes]:
        try:
            row = self._db.execute(
                "SELECT dtype, shape, data FROM entry WHERE name=? AND kind=?", (name, kind)
            ).fetchone()
        except sqlite3.DatabaseError as damaged:
            raise KnowledgeDamaged(name) from damaged
        if row is None:
            raise KnowledgeDamaged(f"no {kind} named {name}")
        return row[0], row[1], row[2]

    def close(self) -> None:
        self._db.close()


def require_sealed(path: Path) -> None:
    """Hash the index again and compare: a changed byte in a table of numbers would show in no other way.

    Takes about a tenth of a second. Raises KnowledgeMissing, or KnowledgeDamaged when the seal differs or is not there.
    """
    if not path.is_file():
        raise KnowledgeMissing(path.name)
    try:
        sealed = json.loads(path.with_suffix(".json").read_bytes())["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as unreadable:
        raise KnowledgeDamaged(f"the seal of {path.name} cannot be read") from unreadable
    if seal(path) != sealed:
        raise KnowledgeDamaged(f"{path.name} has changed since it was compiled")


def seal(path: Path) -> str:
    """Return the SHA-256 of a file in hex, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
