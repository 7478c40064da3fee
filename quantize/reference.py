"""Make a signed reference pack from a folder of a clinic's own texts, for the engine to search and cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine import errors
from engine.runtime.base import Encoder
from engine.runtime.pack_install import Verified
from engine.runtime.pack_manifest import Manifest, check_pack_name, version_key
from engine.treatment import library_pack
from engine.treatment.library import Collection, Document, LibraryWriter, as_int8
from quantize.importers import files
from quantize.importers.source import Say, Source, Unreadable, few
from quantize.pack import listed_files, write_pack

ENCODED_AT_ONCE = 256
_LATIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What the pack is called. `date` stands in where a file carries none; `vectors` False leaves meaning out."""

    name: str
    version: str
    licence: str
    title: str
    vectors: bool = True


@dataclass(slots=True)
class Made:
    """What went into a pack, and what did not, in words."""

    sources: list[str] = field(default_factory=list)
    passages: int = 0
    left_out: list[str] = field(default_factory=list)


def make(
    folder: Path, target: Path, request: PackRequest, key: Ed25519PrivateKey, encoder: Encoder | None, say: Say
) -> tuple[Verified, Made]:
    """Read every document under `folder` into a pack at `target`, which must not exist; return it and what it holds.

    Raises BadRequest when nothing could be read, with the reason for each file.
    """
    check_pack_name(request.name)
    version_key(request.version)
    if target.exists():
        raise errors.BadRequest(f"{target.name} is already there; nothing is overwritten")
    target.mkdir(parents=True)
    try:
        made = _write_library(folder, target / library_pack.FILE, request, encoder, say)
    except BaseException:
        (target / library_pack.FILE).unlink(missing_ok=True)
        target.rmdir()
        raise
    (target / "CARD.md").write_text(_card(request, made), encoding="utf-8")
    manifest = Manifest(
        name=request.name, version=request.version, task="reference", title=request.title, licence=request.licence,
        model=library_pack.FILE, files=listed_files(target), card="CARD.md",
        origin=few(made.sources)[:480],
    )
    return write_pack(target, manifest, key), made


def _write_library(folder: Path, path: Path, request: PackRequest, encoder: Encoder | None, say: Say) -> Made:
    made = Made()
    tables, writer = library_pack.create(path)
    try:
        for file in files.documents_in(folder):
            _add_file(file, folder, request, writer, made, say)
        made.left_out += [f"{path.relative_to(folder)}: no reader for this kind of file"
                          for path in files.others_in(folder)]
        if not writer.passages:
            raise errors.BadRequest("nothing could be read: " + ("; ".join(made.left_out) or "no documents found"))
        made.passages = writer.passages
        if encoder is not None and request.vectors:
            writer.put_vectors(_vectors(writer.vector_texts, encoder, say), encoder.name)
        else:
            made.left_out.append("no vectors: its passages are found by their words alone")
        library_pack.finish(tables, writer)
    finally:
        tables.close()
    return made


def _add_file(
    file: Path, folder: Path, request: PackRequest, writer: LibraryWriter, made: Made, say: Say
) -> None:
    """Add one file. A file that cannot be read is named and takes nothing with it: its savepoint is rolled back."""
    place = str(file.relative_to(folder))
    try:
        source = files.read(file)
        documents = _counted(source.documents, place, say)
        first = next(documents, None)
        if first is None:
            raise Unreadable(f"{place}: no text")
        collection = Collection(request.name, source.title, _edition(source, request), source.date, source.address,
                                request.licence)
        with writer.undone_on_error(Unreadable):
            for _ in writer.add(collection, _chained(first, documents)):
                pass
    except Unreadable as refused:
        made.left_out.append(refused.detail)
        say(f"left out: {refused.detail}")
        return
    made.sources.append(f"{source.title} ({place}, {source.date})")
    made.left_out += source.left_out
    for line in source.left_out:
        say(f"left out: {line}")


def _edition(source: Source, request: PackRequest) -> str:
    return source.edition or f"{request.name} {request.version}"


def _chained(first: Document, rest: Iterator[Document]) -> Iterator[Document]:
    yield first
    yield from rest


def _counted(documents: Iterable[Document], place: str, say: Say) -> Iterator[Document]:
    for count, document in enumerate(documents, start=1):
        if count % 100 == 0:
            say(f"{place}: {count} pages or sections read")
        yield document


def _vectors(texts: list[str], encoder: Encoder, say: Say) -> np.ndarray:
    """Return one vector for each text; the encoder reads English, so texts in other scripts get zeros."""
    vectors = np.zeros((len(texts), encoder.dimensions), dtype=np.int8)
    readable = [at for at, text in enumerate(texts) if _is_latin(text)]
    for start in range(0, len(readable), ENCODED_AT_ONCE):
        rows = readable[start : start + ENCODED_AT_ONCE]
        vectors[rows] = as_int8(encoder.encode([texts[row] for row in rows]))
        say(f"vectors: {min(start + ENCODED_AT_ONCE, len(readable))} of {len(readable)} passages")
    return vectors


def _is_latin(text: str) -> bool:
    return sum(letter.isascii() for letter in text) >= _LATIN_SHARE * len(text)


def _card(request: PackRequest, made: Made) -> str:
    sources = "\n".join(f"* {source}" for source in made.sources)
    left_out = "\n".join(f"* {line}" for line in made.left_out) or "* nothing"
    return (
        f"# {request.title} {request.version}\n\nA reference pack: {made.passages} passages that Lantern searches and"
        f" cites. It is quoted, never followed, and no dose is taken from it. Licence: {request.licence}.\n\n"
        f"## Sources\n\n{sources}\n\n## Left out\n\n{left_out}\n"
    )
