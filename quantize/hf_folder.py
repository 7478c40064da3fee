"""A downloaded Hugging Face folder: what it is, whether it may be opened at all, and what its licence says.

Only safetensors are read. A pickle (`pytorch_model.bin`, `.pt`, `.ckpt`) is a program that runs when it is opened,
and a config with `auto_map` asks for code of its own: both are refused before any library sees the folder.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine import errors

PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".h5", ".msgpack", ".joblib", ".npy", ".npz")
HARMLESS_BIN = frozenset({"training_args.bin", "optimizer.bin"})
"""Left-overs of a training run: still pickles, so they are refused like the others, but named as left-overs."""
MAX_HEADER_BYTES = 100 << 20
MAX_CONFIG_BYTES = 4 << 20
_BYTES_OF = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1,
    "F8_E4M3": 1, "F8_E5M2": 1,
}
_LICENCE_FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HfFolder:
    """A folder that passed every check. `parameters` counts stored weights, `weight_bytes` their bytes."""

    path: Path
    architecture: str
    config: dict[str, Any]
    weights: tuple[Path, ...]
    parameters: int
    weight_bytes: int
    largest_tensor_bytes: int
    licence: str
    licence_text: str
    card: str

    @property
    def name(self) -> str:
        return self.path.name

    def fingerprint(self) -> str:
        """Return a digest of names, sizes and times of all files: what a resumed run compares."""
        digest = hashlib.sha256()
        for path in sorted(each for each in self.path.rglob("*") if each.is_file()):
            status = path.stat()
            digest.update(f"{path.relative_to(self.path)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def read(path: Path) -> HfFolder:
    """Return what the folder holds. Raises ModelMissing, ModelUntrusted (pickle, code) or ModelDamaged."""
    if not path.is_dir():
        raise errors.ModelMissing(f"no folder {path}")
    _refuse_programs(path)
    config = _config(path)
    weights = tuple(sorted(path.glob("*.safetensors")))
    if not weights:
        raise errors.ModelMissing(f"no .safetensors file in {path.name}")
    tensors = [each for file in weights for each in _tensors(file)]
    card = _text(path / "README.md")
    named = config.get("architectures") or ["unknown"]
    return HfFolder(
        path=path.resolve(), architecture=str(named[0]), config=config, weights=weights,
        parameters=sum(count for count, _ in tensors), weight_bytes=sum(size for _, size in tensors),
        largest_tensor_bytes=max(size for _, size in tensors), licence=_licence(card),
        licence_text=next((text for name in _LICENCE_FILES if (text := _text(path / name))), ""), card=card,
    )


def _refuse_programs(path: Path) -> None:
    for file in sorted(path.rglob("*")):
        if file.is_symlink():
            raise errors.ModelUntrusted(f"a link in the folder: {file.name[:120]!a}; copy the real file")
        if file.suffix.lower() in PICKLES:
            kind = "left over from training" if file.name in HARMLESS_BIN else "a pickle is a program"
            raise errors.ModelUntrusted(
                f"{file.name[:120]!a}: {kind}, never opened; take the safetensors files and leave it out"
            )


def _config(path: Path) -> dict[str, Any]:
    file = path / "config.json"
    if not file.is_file():
        raise errors.ModelMissing(f"no config.json in {path.name}")
    if file.stat().st_size > MAX_CONFIG_BYTES:
        raise errors.ModelDamaged("config.json is too long")
    try:
        config: dict[str, Any] = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"config.json: {damaged}") from damaged
    if config.get("auto_map"):
        raise errors.ModelUntrusted("the model asks to run code of its own (auto_map); such models are not converted")
    return config


def _tensors(file: Path) -> list[tuple[int, int]]:
    """Return (elements, bytes) of every tensor of a safetensors file, after checking its header against its size."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        prefix = stream.read(8)
        length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
        if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
            raise errors.ModelDamaged(f"{file.name}: the header is {length} bytes long")
        header = stream.read(length)
    try:
        entries = msgspec.json.decode(header, type=dict[str, dict[str, Any]])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as damaged:
        raise errors.ModelDamaged(f"{file.name}: {damaged}") from damaged
    found = [_tensor(file, name, entry, size - 8 - length) for name, entry in entries.items() if name != "__metadata__"]
    if not found:
        raise errors.ModelDamaged(f"{file.name} holds no tensor")
    return found


def _tensor(file: Path, name: str, entry: dict[str, Any], data_bytes: int) -> tuple[int, int]:
    try:
        begin, end = (int(place) for place in entry["data_offsets"])
        elements = 1
        for extent in entry["shape"]:
            elements *= int(extent)
        expected = elements * _BYTES_OF[entry["dtype"]]
    except (KeyError, TypeError, ValueError) as damaged:
        raise errors.ModelDamaged(f"{file.name}: tensor {name[:80]!a}") from damaged
    if not 0 <= begin <= end <= data_bytes or end - begin != expected:
        raise errors.ModelDamaged(f"{file.name}: tensor {name[:80]!a} does not fit its bytes")
    return elements, expected


def _licence(card: str) -> str:
    """Return the licence that the model card states in its front matter, empty where it states none."""
    matter = _FRONT_MATTER.match(card.replace("\r\n", "\n"))
    lines = (line.split(":", 1) for line in matter[1].splitlines() if ":" in line) if matter else ()
    stated = {key.strip().lower(): value.strip().strip("'\"") for key, value in lines}
    named = stated.get("license", "")
    return stated.get("license_name", named) if named in ("other", "") else named


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")[:200_000] if file.is_file() else ""
