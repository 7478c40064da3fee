"""Write small ZIM archives for tests, after the openZIM description of the format; not a copy of the reader."""

from __future__ import annotations

import hashlib
import lzma
import struct
from dataclasses import dataclass

import zstandard


@dataclass(frozen=True, slots=True)
class Article:
    url: str
    title: str
    content: bytes
    mime: str = "text/html"
    namespace: str = "C"


def zim(articles: list[Article], packing: str = "zstd", *, wide: bool = False, redirect: str | None = None) -> bytes:
    """Return an archive with one cluster of `packing` (plain, xz or zstd); `wide` uses eight-byte offsets."""
    mimes = sorted({article.mime for article in articles})
    mime_list = b"".join(mime.encode() + b"\0" for mime in mimes) + b"\0"
    entries = [
        struct.pack("<HBcIII", mimes.index(article.mime), 0, article.namespace.encode(), 0, 0, blob)
        + article.url.encode() + b"\0" + article.title.encode() + b"\0"
        for blob, article in enumerate(articles)
    ]
    if redirect is not None:
        entries.append(struct.pack("<HBcII", 0xFFFF, 0, b"C", 0, 0) + redirect.encode() + b"\0" + b"\0")
    cluster = _cluster([article.content for article in articles], packing, wide=wide)
    mime_at = 80
    entries_at = mime_at + len(mime_list)
    places, at = [], entries_at
    for entry in entries:
        places.append(at)
        at += len(entry)
    urls_at = at
    titles_at = urls_at + 8 * len(entries)
    clusters_at = titles_at + 4 * len(entries)
    cluster_at = clusters_at + 8
    checksum_at = cluster_at + len(cluster)
    header = struct.pack("<IHH16sIIQQQQIIQ", 72173914, 6, 1, b"\1" * 16, len(entries), 1, urls_at, titles_at,
                         clusters_at, mime_at, 0, 0xFFFFFFFF, checksum_at)
    body = header + mime_list + b"".join(entries) + b"".join(struct.pack("<Q", place) for place in places)
    body += b"".join(struct.pack("<I", number) for number in range(len(entries)))
    body += struct.pack("<Q", cluster_at) + cluster
    return body + hashlib.md5(body, usedforsecurity=False).digest()


def _cluster(blobs: list[bytes], packing: str, *, wide: bool) -> bytes:
    width, code = (8, "<Q") if wide else (4, "<I")
    at = width * (len(blobs) + 1)
    table = b""
    for blob in blobs:
        table += struct.pack(code, at)
        at += len(blob)
    plain = table + struct.pack(code, at) + b"".join(blobs)
    kind = {"plain": 1, "xz": 4, "zstd": 5}[packing]
    pack = {"plain": bytes, "xz": lzma.compress, "zstd": zstandard.ZstdCompressor().compress}[packing]
    return bytes([kind | (0x10 if wide else 0)]) + pack(plain)
