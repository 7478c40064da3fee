"""Open and make the library file of a reference pack: the same tables as the compiled ones, in a file of its own.

The pack's signature vouches for the file; still it must hold exactly Lantern's own tables (no view, no trigger), is
opened read-only and immutable, and its schema is not trusted with functions.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine import errors
from engine.treatment.library import FORMAT, SCHEMA, Library, LibraryWriter

FILE = "library.sqlite"
_APPLICATION_ID = 0x4C4E5442  # "LNTB"


def create(path: Path) -> tuple[sqlite3.Connection, LibraryWriter]:
    """Return a connection to a new library file and its writer. The caller commits and closes with `finish`."""
    tables = sqlite3.connect(path)
    tables.executescript(
        f"PRAGMA page_size=8192; PRAGMA user_version={FORMAT}; PRAGMA application_id={_APPLICATION_ID};")
    return tables, LibraryWriter(tables)


def finish(tables: sqlite3.Connection, writer: LibraryWriter) -> None:
    """Write everything out and close the file."""
    writer.close()
    tables.commit()
    tables.execute("VACUUM")
    tables.close()


def open_library(path: Path, name: str) -> Library:
    """Return the library in `path`. Raises ModelDamaged unless it is exactly of Lantern's own shape."""
    try:
        tables = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        tables.executescript("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA query_only=ON;")
        (version,) = tables.execute("PRAGMA user_version").fetchone()
        (application,) = tables.execute("PRAGMA application_id").fetchone()
        if (version, application) != (FORMAT, _APPLICATION_ID):
            raise errors.ModelDamaged(f"{path.name}: a library of format {version}; this Lantern reads {FORMAT}")
        if _shape(tables) != _own_shape():
            raise errors.ModelDamaged(f"{path.name}: tables that are not Lantern's")
        return Library(tables, name)
    except sqlite3.DatabaseError as damaged:
        raise errors.ModelDamaged(path.name) from damaged


def _shape(tables: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    rows = tables.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return frozenset((kind, name, " ".join(sql.split())) for kind, name, sql in rows)


def _own_shape() -> frozenset[tuple[str, str, str]]:
    memory = sqlite3.connect(":memory:")
    memory.executescript(SCHEMA)
    try:
        return _shape(memory)
    finally:
        memory.close()
