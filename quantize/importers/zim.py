"""Kiwix ZIM archives: Lantern's own reader of the part of the format that holds articles.

Source: "ZIM file format", openZIM project (header, directory entries, clusters with xz or zstd). Only HTML entries are
read; every count, offset and length of the file is bounded before it is used.
"""

from __future__ import annotations

import io
import lzma
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import zstandard

from engine.treatment.library import Document
from quantize.importers.html import decoded, page_documents, read_page
from quantize.importers.source import Source, Unreadable, file_date, numbered

MAGIC = 72173914
MAX_ENTRIES = 20_000_000
MAX_CLUSTER_BYTES = 256 << 20
MAX_DIRENT_BYTES = 4096
_HEADER = struct.Struct("<IHH16sIIQQQQIIQ")
_REDIRECT = 0xFFFD
"""Mimetype numbers from here on are redirects and deleted entries."""
_STORED, _XZ, _ZSTD = (0, 1), 4, 5
_CONTENT = ("C", "A")
_METADATA = ("Title", "Date", "Language", "Publisher", "Source", "License")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one entry's content lies."""

    namespace: str
    url: str
    title: str
    mime: str
    cluster: int
    blob: int


class Archive:
    """An open ZIM file. Raises Unreadable for anything out of order."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._size = stream.seek(0, io.SEEK_END)
        head = self._at(0, _HEADER.size)
        (magic, self.major, _, _, self.entries, self.clusters, self._urls, _, self._cluster_table, mimes, *_) = (
            _HEADER.unpack(head))
        if magic != MAGIC:
            raise Unreadable(f"{name}: not a ZIM archive")
        if self.entries > MAX_ENTRIES or self.clusters > MAX_ENTRIES:
            raise Unreadable(f"{name}: {self.entries} entries; at most {MAX_ENTRIES} are read")
        self._mimes = self._mime_types(mimes)
        self._kept: tuple[int, list[bytes]] = (-1, [])

    def entry(self, number: int) -> Entry | None:
        """Return one directory entry, or None for a redirect or a deleted one."""
        (at,) = struct.unpack("<Q", self._at(self._urls + 8 * number, 8))
        room = min(MAX_DIRENT_BYTES, self._size - at)
        data = self._at(at, room)
        (mime,) = struct.unpack_from("<H", data)
        if mime >= _REDIRECT:
            return None
        if len(data) < 17 or mime >= len(self._mimes):
            raise Unreadable(f"{self._name}: a directory entry that is not whole")
        cluster, blob = struct.unpack_from("<II", data, 8)
        url, _, rest = data[16:].partition(b"\0")
        title, _, _ = rest.partition(b"\0")
        return Entry(chr(data[3]), url.decode("utf-8", "replace"), title.decode("utf-8", "replace"),
                     self._mimes[mime], cluster, blob)

    def content(self, entry: Entry) -> bytes:
        """Return the content of an entry; the last cluster is kept, so neighbours cost nothing."""
        if self._kept[0] != entry.cluster:
            self._kept = (entry.cluster, self._blobs(entry.cluster))
        blobs = self._kept[1]
        if entry.blob >= len(blobs):
            raise Unreadable(f"{self._name}: an entry beyond its cluster")
        return blobs[entry.blob]

    def _blobs(self, number: int) -> list[bytes]:
        if number >= self.clusters:
            raise Unreadable(f"{self._name}: an entry without a cluster")
        (at,) = struct.unpack("<Q", self._at(self._cluster_table + 8 * number, 8))
        end = self._size
        if number + 1 < self.clusters:
            (end,) = struct.unpack("<Q", self._at(self._cluster_table + 8 * number + 8, 8))
        if not at < end <= self._size or end - at > MAX_CLUSTER_BYTES:
            raise Unreadable(f"{self._name}: cluster {number} lies outside the file")
        data = self._at(at, end - at)
        return _split(_unpacked(data[1:], data[0] & 0x0F, self._name), 8 if data[0] & 0x10 else 4, self._name)

    def _mime_types(self, at: int) -> list[str]:
        data = self._at(at, min(65536, self._size - at))
        listed = data[: data.find(b"\0\0")].split(b"\0") if b"\0\0" in data else []
        return [mime.decode("ascii", "replace") for mime in listed]

    def _at(self, at: int, length: int) -> bytes:
        if not 0 <= at <= self._size or length < 0:
            raise Unreadable(f"{self._name}: an offset outside the file")
        self._stream.seek(at)
        data = self._stream.read(length)
        if len(data) < length:
            raise Unreadable(f"{self._name}: the archive is cut short")
        return data


def read(path: Path) -> Source:
    """Return the articles of a ZIM archive. Raises Unreadable when it is damaged or of another kind."""
    with path.open("rb") as stream:
        archive = Archive(stream, path.name)
        facts = _metadata(archive)
    source = Source(facts.get("Title") or path.stem, facts.get("Date") or file_date(path), (),
                    facts.get("Source") or path.name, facts.get("Publisher", ""))
    source.documents = numbered(_articles(path, source))
    return source


def _articles(path: Path, source: Source) -> Iterator[Document]:
    """Yield the sections of every HTML entry, cluster by cluster so that each is unpacked once."""
    with path.open("rb") as stream:
        archive = Archive(stream, path.name)
        entries = (archive.entry(number) for number in range(archive.entries))
        wanted = sorted(
            ((entry.cluster, entry.blob, entry) for entry in entries
             if entry is not None and entry.namespace in _CONTENT and entry.mime.startswith("text/html")),
            key=lambda placed: placed[:2])
        other = archive.entries - len(wanted)
        for _, _, entry in wanted:
            page = read_page(decoded(archive.content(entry)))
            title = entry.title or page.title or entry.url
            page.address = f"{source.address}#{entry.url}"
            yield from page_documents(page, title)
        if other:
            source.left_out.append(f"{path.name}: {other} entries that are no articles (pictures, redirects, indexes)")


def _metadata(archive: Archive) -> dict[str, str]:
    facts: dict[str, str] = {}
    for number in range(archive.entries):
        entry = archive.entry(number)
        if entry is not None and entry.namespace == "M" and entry.url in _METADATA:
            facts[entry.url] = archive.content(entry)[:500].decode("utf-8", "replace").strip()
    return facts


def _unpacked(data: bytes, compression: int, name: str) -> bytes:
    """Return a cluster's plain bytes, never more than MAX_CLUSTER_BYTES."""
    try:
        if compression in _STORED:
            return data
        if compression == _XZ:
            plain = lzma.LZMADecompressor(memlimit=MAX_CLUSTER_BYTES).decompress(data, MAX_CLUSTER_BYTES + 1)
        elif compression == _ZSTD:
            with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)) as stream:
                plain = stream.read(MAX_CLUSTER_BYTES + 1)
        else:
            raise Unreadable(f"{name}: clusters packed in a way that is no longer used ({compression})")
    except (lzma.LZMAError, zstandard.ZstdError, EOFError) as damaged:
        raise Unreadable(f"{name}: a cluster that cannot be unpacked") from damaged
    if len(plain) > MAX_CLUSTER_BYTES:
        raise Unreadable(f"{name}: a cluster larger than {MAX_CLUSTER_BYTES >> 20} MB")
    return plain


def _split(plain: bytes, width: int, name: str) -> list[bytes]:
    """Return the blobs of a cluster by its table of offsets, each `width` bytes wide."""
    code = "<Q" if width == 8 else "<I"
    if len(plain) < width:
        raise Unreadable(f"{name}: an empty cluster")
    (first,) = struct.unpack_from(code, plain)
    if first % width or not width <= first <= len(plain):
        raise Unreadable(f"{name}: a cluster with a damaged table")
    offsets = [struct.unpack_from(code, plain, at)[0] for at in range(0, first, width)]
    if any(later < earlier for earlier, later in pairwise(offsets)) or offsets[-1] > len(plain):
        raise Unreadable(f"{name}: a cluster with a damaged table")
    return [plain[start:stop] for start, stop in pairwise(offsets)]
