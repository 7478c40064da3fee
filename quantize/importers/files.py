"""Choose the importer for each file of a folder; a kind that none reads is named, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.runtime.pack_manifest import MANIFEST
from quantize.importers import html, markdown, medlineplus, pdf, zim
from quantize.importers.source import MAX_FILE_BYTES, Source, Unreadable

READERS: dict[str, Callable[[Path], Source]] = {
    ".pdf": pdf.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": markdown.read,
    ".xml": medlineplus.read,
    ".zim": zim.read,
}
"""File ending to reader."""
_NOT_TEXTS = frozenset({"card.md", "license.txt", "manifest.json"})
"""Files that belong to a pack itself."""


def documents_in(folder: Path) -> list[Path]:
    """Return the files of a folder that a reader exists for, in the order of their names; links are not followed."""
    return sorted(path for path in _plain(folder) if path.suffix.lower() in READERS)


def others_in(folder: Path) -> list[Path]:
    """Return the files of a folder that no reader exists for."""
    return sorted(path for path in _plain(folder) if path.suffix.lower() not in READERS)


def holds_models(folder: Path) -> bool:
    """Whether the folder is one of a model pack."""
    return any(path.suffix in (".gguf", ".onnx", ".safetensors", ".bin") or path.name == MANIFEST
               for path in folder.iterdir()) if folder.is_dir() else False


def _plain(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name.lower() not in _NOT_TEXTS and path.name[0] != ".":
            yield path


def read(path: Path) -> Source:
    """Return the source in one file. Raises Unreadable."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise Unreadable(f"{path.name}: larger than {MAX_FILE_BYTES >> 30} GB")
    return READERS[path.suffix.lower()](path)
