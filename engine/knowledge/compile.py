"""Compile `resources/knowledge/` into one sealed read-only index. Run by `make`; nothing of it runs beside a patient.

Each part has its own compiler, `compile_into(sources, writer)`, in the package that reads the result, so that the
writer and the reader of a table stand side by side. The index is rebuilt when a source file or a compiler changed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from engine import __version__
from engine.knowledge.index import IndexWriter, seal

COMPILERS = (
    "engine.knowledge.sources",
    "engine.knowledge.golden",
    "engine.diagnosis.compile",
    "engine.text.compile",
    "engine.text.compile_names",
    "engine.safety.compile",
    "engine.treatment.compile",
    "engine.genomics.compile",
    "engine.diagnosis.compile_pictures",
)
"""Modules with a `compile_into(sources: Path, writer: IndexWriter) -> None`, in order."""

PACKAGES = ("knowledge", "diagnosis", "text", "safety", "treatment", "genomics")
"""Packages whose code may shape the index; a change in any rebuilds it."""

INDEX_NAME = "knowledge.sqlite"
SEAL_NAME = "knowledge.json"


def compile_index(sources: Path, target: Path) -> str:
    """Compile `sources` into `target`/knowledge.sqlite and return the knowledge version.

    Replaces an older index by rename, so that a running engine keeps the file it has open.
    """
    target.mkdir(parents=True, exist_ok=True)
    part = target / (INDEX_NAME + ".part")
    part.unlink(missing_ok=True)
    writer = IndexWriter(part)
    inputs = fingerprint(sources)  # before the compilers run, so that a later change shows
    version = _version(inputs)
    writer.put_json("index.version", version)
    for name in COMPILERS:
        importlib.import_module(name).compile_into(sources, writer)
    writer.close()
    part.replace(target / INDEX_NAME)
    (target / SEAL_NAME).write_text(
        json.dumps({"version": version, "inputs": inputs, "sha256": seal(target / INDEX_NAME)}, indent=1)
    )
    return version


def is_current(sources: Path, target: Path) -> bool:
    """Whether the index in `target` was made from exactly these sources by exactly this code."""
    sealed, index = target / SEAL_NAME, target / INDEX_NAME
    if not (sealed.is_file() and index.is_file()):
        return False
    return bool(json.loads(sealed.read_text())["inputs"] == fingerprint(sources))


def fingerprint(sources: Path) -> str:
    """Return a SHA-256 over every source file and every module of the engine that may shape the index."""
    digest = hashlib.sha256()
    for path in _inputs(sources):
        digest.update(path.name.encode() + b"\0" + seal(path).encode() + b"\n")
    return digest.hexdigest()


def _inputs(sources: Path) -> Iterable[Path]:
    engine = Path(__file__).resolve().parents[1]
    data = (path for path in sources.rglob("*") if path.is_file() and "compiled" not in path.parts)
    code = (path for name in PACKAGES for path in (engine / name).glob("*.py"))
    return sorted([*data, *code])


def _version(inputs: str) -> str:
    """A version that IT can read aloud: Lantern's own, and eight digits of the content."""
    return f"{__version__}+{inputs[:8]}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile resources/knowledge into one index.")
    parser.add_argument("sources", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    if is_current(arguments.sources, arguments.target):
        return 0
    start = time.perf_counter()
    version = compile_index(arguments.sources, arguments.target)
    sys.stderr.write(f"knowledge {version} compiled in {time.perf_counter() - start:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
