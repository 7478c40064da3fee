"""Install a verified pack beside its earlier version, and go back to that version when asked.

    <models>/packs/<name>/<version>/    the files, read-only
    <models>/packs/<name>/state.json    which version is in use, and which one before it
    <models>/trust/                     keys (see pack_trust)

A pack is copied to a staging folder on the same disk, verified there, and enters by one rename: a lost stick or a power
cut leaves either the old version or the new one. Only an explicit roll-back goes to an older version.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import errors
from engine.runtime import adapter_header, gguf_header, library_header, onnx_header, pack_files, pack_manifest
from engine.runtime.pack_manifest import MANIFEST, SIGNATURE, Manifest, Task
from engine.runtime.pack_trust import Trust, TrustStore

Prove = Callable[["Verified"], None]
DISK_RESERVE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Verified:
    """A pack whose signature, names, sizes, hashes and model header have just been checked."""

    folder: Path
    manifest: Manifest
    trust: Trust

    @property
    def model_path(self) -> Path:
        return self.folder / self.manifest.model


@dataclass(frozen=True, slots=True)
class State:
    """The content of `state.json`."""

    current: str
    previous: str | None = None


def verify_folder(folder: Path, trust: TrustStore) -> Verified:
    """Check everything about the pack in `folder`. Raises ModelMissing, ModelUntrusted or ModelDamaged."""
    manifest, _, who = signed_manifest(folder, trust)
    for file in manifest.files:
        pack_files.check_file(folder, file)
    for file in manifest.files:
        check_header(folder / file.name, manifest.task)
    return Verified(folder, manifest, who)


def check_header(model: Path, task: Task = "text") -> None:
    """Read a model file's header in Python, before native code sees a byte. Raises ModelDamaged."""
    match model.suffix:
        case ".gguf" if task == "adapter":
            adapter_header.read(model)
        case ".gguf":
            gguf_header.read(model)
        case ".sqlite":
            library_header.read(model)
        case ".onnx":
            onnx_header.read(model)


def install(source: Path, packs_folder: Path, trust: TrustStore, prove: Prove = lambda _: None) -> Verified:
    """Install the pack in `source` and make it the one in use. Installing the same pack again changes nothing.

    `prove` runs the verified copy before it counts, and raises ModelDamaged when the model does not work.
    """
    manifest, manifest_bytes, who = signed_manifest(source, trust)
    home = packs_folder / manifest.name
    target = home / manifest.version
    if target.exists():
        return _same_again(target, manifest_bytes, trust)
    _refuse_downgrade(home, manifest)
    _check_disk(packs_folder, manifest)
    home.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=packs_folder))
    try:
        _fill(staging, source, manifest, manifest_bytes)
        prove(verify_folder(staging, trust))
        staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    before = read_state(home)
    write_state(home, State(manifest.version, before.current if before else None))
    return Verified(target, manifest, who)


def rollback(home: Path, trust: TrustStore) -> Verified:
    """Put the previous version back in use, once it has passed every check again."""
    state = read_state(home)
    if state is None or state.previous is None:
        raise errors.ModelMissing(f"no earlier version of {home.name}")
    verified = verify_folder(home / state.previous, trust)
    write_state(home, State(state.previous, state.current))
    return verified


def read_state(home: Path) -> State | None:
    """Return which versions are in use, or None where the pack is not installed. Raises ModelDamaged."""
    try:
        state = msgspec.json.decode((home / "state.json").read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as damaged:
        raise errors.ModelDamaged(f"state of {home.name}") from damaged
    for version in (state.current, state.previous):
        if version is not None:
            pack_manifest.version_key(version)
    return state


def write_state(home: Path, state: State) -> None:
    """Replace the state in one rename."""
    part = home / "state.json.part"
    with part.open("wb") as stream:
        stream.write(msgspec.json.encode(state))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(home / "state.json")


def signed_manifest(folder: Path, trust: TrustStore) -> tuple[Manifest, bytes, Trust]:
    """Return the manifest, checked in this order: signature before a byte of it is parsed, then names."""
    found = pack_files.names_in(folder)
    manifest_bytes = pack_files.read_manifest(folder)
    who = trust.check(manifest_bytes, pack_files.read_signature(folder))
    manifest = pack_manifest.decode(manifest_bytes)
    pack_files.check_names(found, manifest)
    return manifest, manifest_bytes, who


def _fill(staging: Path, source: Path, manifest: Manifest, manifest_bytes: bytes) -> None:
    """Copy the files; the manifest is written from the bytes that were verified, not read a second time."""
    for file in manifest.files:
        pack_files.copy_file(source, staging, file)
    (staging / MANIFEST).write_bytes(manifest_bytes)
    (staging / SIGNATURE).write_bytes(pack_files.read_signature(source))
    for path in staging.iterdir():
        path.chmod(0o444)
    staging.chmod(0o755)


def _same_again(target: Path, manifest_bytes: bytes, trust: TrustStore) -> Verified:
    if pack_files.read_manifest(target) != manifest_bytes:
        raise errors.ModelDamaged(f"another pack is installed as {target.parent.name} {target.name}")
    return verify_folder(target, trust)


def _refuse_downgrade(home: Path, manifest: Manifest) -> None:
    state = read_state(home)
    for version in (state.current, state.previous) if state else ():
        if version is not None and pack_manifest.version_key(version) > manifest.version_key:
            raise errors.ModelDamaged(f"version {manifest.version} is older than the installed {version}")


def _check_disk(packs_folder: Path, manifest: Manifest) -> None:
    packs_folder.mkdir(parents=True, exist_ok=True)
    needed = sum(file.size_bytes for file in manifest.files) + DISK_RESERVE_BYTES
    free = shutil.disk_usage(packs_folder).free
    if free < needed:
        raise errors.ModelTooLarge(f"{needed >> 20} MB are needed on the disk, {free >> 20} MB are free")
