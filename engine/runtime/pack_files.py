"""Read and copy the files of a pack without following anybody's tricks: links, extras, swaps, and sizes that lie."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from engine import errors
from engine.runtime.pack_manifest import MANIFEST, MAX_FILES, MAX_MANIFEST_BYTES, SIGNATURE, Manifest, PackFile

MAX_SIGNATURE_BYTES = 4096
_BLOCK_BYTES = 1 << 20
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def names_in(folder: Path) -> set[str]:
    """Return the file names in a pack's folder. Raises ModelDamaged for links, folders, devices and crowds."""
    names: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(names) > MAX_FILES + 2:
                    raise errors.ModelDamaged(f"more than {MAX_FILES} files")
                _check_plain(entry.stat(follow_symlinks=False), entry.name)
                names.add(entry.name)
    except (FileNotFoundError, NotADirectoryError) as absent:
        raise errors.ModelMissing(folder.name) from absent
    return names


def check_names(found: set[str], manifest: Manifest) -> None:
    """Raise ModelDamaged unless the folder holds exactly what the manifest lists."""
    expected = {file.name for file in manifest.files} | {MANIFEST, SIGNATURE}
    for problem, names in (("missing", expected - found), ("extra", found - expected)):
        if names:
            raise errors.ModelDamaged(f"{problem} in the pack: {min(names)[:120]!a}")


def read_manifest(folder: Path) -> bytes:
    """Return the bytes of the manifest. Raises ModelUntrusted where there is none: nothing vouches for the files."""
    return _read_small(folder / MANIFEST, MAX_MANIFEST_BYTES)


def read_signature(folder: Path) -> bytes:
    """Return the bytes of the signature file. Raises ModelUntrusted where there is none."""
    return _read_small(folder / SIGNATURE, MAX_SIGNATURE_BYTES)


def check_file(folder: Path, file: PackFile) -> None:
    """Raise ModelDamaged unless the file has the size and SHA-256 that the manifest gives."""
    with _open_plain(folder / file.name) as source:
        _compare(file, *_digest(source))


def copy_file(source_folder: Path, staging: Path, file: PackFile) -> None:
    """Copy a file to staging, never more than its stated size, fsynced; the copy is what gets verified."""
    left = file.size_bytes
    target = staging / file.name
    with _open_plain(source_folder / file.name) as source, target.open("xb") as copy:
        while left > 0 and (block := source.read(min(_BLOCK_BYTES, left))):
            copy.write(block)
            left -= len(block)
        if left or source.read(1):
            raise errors.ModelDamaged(f"the size of {file.name} is not what the manifest says")
        copy.flush()
        os.fsync(copy.fileno())
    check_file(staging, file)


def _open_plain(path: Path) -> BinaryIO:
    """Open a regular file without following a link, and check what was really opened, not what lay there before."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    except FileNotFoundError as absent:
        raise errors.ModelDamaged(f"missing in the pack: {path.name[:120]!a}") from absent
    except OSError as refused:
        raise errors.ModelDamaged(f"not a plain file: {path.name[:120]!a}") from refused
    stream = os.fdopen(descriptor, "rb")
    try:
        _check_plain(os.fstat(descriptor), path.name)
    except errors.ModelDamaged:
        stream.close()
        raise
    return stream


def _check_plain(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise errors.ModelDamaged(f"not a plain file: {name[:120]!a}")
    if status.st_nlink > 1:
        raise errors.ModelDamaged(f"a file with a second name elsewhere: {name[:120]!a}")


def _read_small(path: Path, limit: int) -> bytes:
    try:
        with _open_plain(path) as source:
            data = source.read(limit + 1)
    except errors.ModelDamaged as unfit:
        raise errors.ModelUntrusted(unfit.detail) from unfit
    if len(data) > limit:
        raise errors.ModelUntrusted(f"{path.name} is too long")
    return data


def _digest(source: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _compare(file: PackFile, size_bytes: int, sha256: str) -> None:
    if (size_bytes, sha256) != (file.size_bytes, file.sha256):
        raise errors.ModelDamaged(f"{file.name} is not the file that was signed")
