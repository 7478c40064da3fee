"""The manifest of a model pack: what it says, and the checks on it that need no file system and no key.

A pack is one flat folder: `manifest.json`, `manifest.sig` and exactly the files that the manifest lists. Flat and few,
because every attack on folders (links, path escapes, case clashes) is easier to refuse when there is nothing to allow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from engine import errors
from engine.runtime.base import Template

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MAX_MANIFEST_BYTES = 1 << 20
MAX_FILES = 32
MAX_PACK_BYTES = 64 << 30
FILE_KINDS = (".gguf", ".onnx", ".safetensors", ".sqlite", ".json", ".txt", ".md")
"""Weights without code, a library's tables, and text. Pickles (.bin, .pt, .pkl) are programs and are never accepted."""
MAIN_FILES = {"text": ".gguf", "adapter": ".gguf", "reference": ".sqlite"}
"""What the main file of a pack is, by its task; .onnx for every other."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)
_HEX_SHA256 = re.compile(r"[0-9a-f]{64}")

Line = Annotated[str, Meta(max_length=500)]
Task = Literal[
    "text", "encoder", "multilingual", "classifier", "tagger", "answer", "seq2seq", "entities", "adapter", "reference",
    "ranker",
]
"""What a model gives: words, sentence vectors, a label a text, a label a token, an answering span, text from text.

`multilingual` gives sentence vectors too, in many languages (see onnx_bag). `entities` is Lantern's own tagger of
names, which reads more than a text's tokens (see onnx_tagger), `adapter` a change to the words of one model,
`reference` no model at all but passages to cite."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack; `sha256` in lower-case hex."""

    name: str
    size_bytes: Annotated[int, Meta(ge=0, le=MAX_PACK_BYTES)]
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack is. `model` names its main file; `tokenizer`, `licence_file` and `card` name others it may have.

    `parts` names further model files by what they are ("decoder", "labels"), `golden` the texts that a sound
    installation must read exactly as the original did.
    """

    name: str
    version: str
    task: Task
    title: Line
    licence: Line
    model: str
    files: Annotated[list[PackFile], Meta(min_length=1, max_length=MAX_FILES)]
    tokenizer: str | None = None
    licence_file: str | None = None
    card: str | None = None
    template: Template | None = None
    context_tokens: Annotated[int, Meta(ge=128, le=1 << 20)] | None = None
    origin: Line = ""
    base_sha256: str | None = None
    """For an adapter: the SHA-256 of the one model file that it was trained for."""
    gate: dict[str, float] = field(default_factory=dict)
    """Results of the quantization gate; empty where the pack was never gated."""
    gate_passed: bool | None = None
    parts: dict[str, str] = field(default_factory=dict)
    golden: str | None = None
    format: int = FORMAT

    @property
    def version_key(self) -> tuple[int, ...]:
        """Versions as numbers, for comparing: 1.10 is newer than 1.9."""
        return version_key(self.version)


def version_key(version: str) -> tuple[int, ...]:
    """Return a version as numbers. Raises ModelDamaged unless it is up to four numbers with dots."""
    if not _VERSION.fullmatch(version):
        raise errors.ModelDamaged(f"a version that is not allowed: {version[:80]!a}")
    return tuple(int(part) for part in version.split("."))


def encode(manifest: Manifest) -> bytes:
    """Return the bytes that are signed and stored."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2)


def decode(manifest_bytes: bytes) -> Manifest:
    """Return the manifest in bytes whose signature has been checked. Raises ModelDamaged for anything out of order."""
    if len(manifest_bytes) > MAX_MANIFEST_BYTES:
        raise errors.ModelDamaged("the manifest is too long")
    try:
        manifest = msgspec.json.decode(manifest_bytes, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"manifest: {damaged}") from damaged
    _check(manifest)
    return manifest


def check_file_name(name: str) -> None:
    """Raise ModelDamaged unless `name` is a plain file name on every system Lantern runs on."""
    stem = name.split(".")[0].casefold()
    if not _FILE_NAME.fullmatch(name) or name.endswith(".") or stem in _WINDOWS_DEVICES:
        raise errors.ModelDamaged(f"a file name that is not allowed: {name[:120]!a}")


def check_pack_name(name: str) -> None:
    """Raise ModelDamaged unless `name` may name a pack and its folder."""
    if not _NAME.fullmatch(name) or name.endswith(".") or name.split(".")[0] in _WINDOWS_DEVICES:
        raise errors.ModelDamaged(f"a pack name that is not allowed: {name[:80]!a}")


def _check(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise errors.ModelDamaged(f"pack format {manifest.format}; this Lantern reads {FORMAT}")
    check_pack_name(manifest.name)
    version_key(manifest.version)
    _check_files(manifest.files)
    listed = {file.name for file in manifest.files}
    named = {manifest.model, manifest.tokenizer, manifest.licence_file, manifest.card, manifest.golden} - {None}
    named |= set(manifest.parts.values())
    if not named <= listed:
        raise errors.ModelDamaged("the manifest names a file that it does not list")
    ending = MAIN_FILES.get(manifest.task, ".onnx")
    if not manifest.model.endswith(ending):
        raise errors.ModelDamaged(f"the main file of a pack for {manifest.task} ends with {ending}")


def _check_files(files: list[PackFile]) -> None:
    folded: set[str] = {MANIFEST, SIGNATURE}
    for file in files:
        check_file_name(file.name)
        if not file.name.endswith(FILE_KINDS):
            raise errors.ModelDamaged(f"a kind of file that is not allowed: {file.name}")
        if file.name.casefold() in folded:
            raise errors.ModelDamaged(f"two files with one name: {file.name}")
        if not _HEX_SHA256.fullmatch(file.sha256):
            raise errors.ModelDamaged(f"no SHA-256 for {file.name}")
        folded.add(file.name.casefold())
    if sum(file.size_bytes for file in files) > MAX_PACK_BYTES:
        raise errors.ModelDamaged("the pack is too large")
