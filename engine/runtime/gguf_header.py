"""Read a GGUF file's header in plain Python and refuse what native code should never see.

llama.cpp trusts counts, lengths and offsets of the file more than a clinic can. Every number is therefore bounded here
first: against fixed limits, against the size of the file, and against each other. Source: the GGUF specification
version 3 (ggml project, docs/gguf.md).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import errors

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_TENSORS, MAX_KEYS = 20_000, 1_000
MAX_KEY_BYTES, MAX_TENSOR_NAME_BYTES = 256, 64
MAX_STRING_BYTES = 1 << 20
MAX_ARRAY_ITEMS = 2_000_000
MAX_HEADER_BYTES = 64 << 20
ARCHITECTURES = frozenset(
    {
        "llama", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "phi2", "phi3", "smollm3", "olmo2", "granite",
        "starcoder2",
    }
)
# Value types: struct code and size; 8 is a string, 9 an array.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
# Tensor types: elements a block, bytes a block (ggml.h and ggml-common.h, the types that llama.cpp still reads).
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 16: (256, 66), 17: (256, 74), 18: (256, 98),
    19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66),
}
# Hyperparameters that native code divides by or allocates by: the highest value a model of this size class has.
_LIMITS = {
    "block_count": 256, "context_length": 1 << 24, "embedding_length": 1 << 16, "attention.head_count": 1024,
    "attention.head_count_kv": 1024,
}


@dataclass(frozen=True, slots=True)
class TensorInfo:
    name: str
    dimensions: tuple[int, ...]
    type: int
    offset: int

    @property
    def size_bytes(self) -> int:
        elements, block_bytes = BLOCKS[self.type]
        count = 1
        for dimension in self.dimensions:
            count *= dimension
        return count // elements * block_bytes


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What the header says, after every check."""

    architecture: str
    block_count: int
    context_length: int
    embedding_length: int
    head_count: int
    head_count_kv: int
    vocab_size: int
    tensor_bytes: int
    layer_bytes: tuple[int, ...] = ()
    """Weights of each block, in order."""
    output_bytes: int = 0
    """Weights after the last block; where they are the embedding table itself, a card holds a second copy of it."""

    def kv_bytes(self, context_tokens: int) -> int:
        """Return the size of the KV memory for so many tokens, in half precision."""
        per_head = self.embedding_length // self.head_count
        return 2 * 2 * self.block_count * self.head_count_kv * per_head * context_tokens


def read(path: Path) -> GgufHeader:
    """Return the header of a GGUF file. Raises ModelDamaged for anything out of order, and nothing else."""
    size_bytes = path.stat().st_size
    with path.open("rb") as stream:
        return parse(stream.read(MAX_HEADER_BYTES), size_bytes)


def parse(data: bytes, file_bytes: int) -> GgufHeader:
    """Return the header in `data`, the beginning of a file of `file_bytes`. Raises ModelDamaged."""
    return _header(*tables(data, file_bytes))


def tables(data: bytes, file_bytes: int) -> tuple[dict[str, Any], list[TensorInfo]]:
    """Return the keys and the tensors of any GGUF file, every number of them checked. Raises ModelDamaged."""
    cursor = _Cursor(data)
    if cursor.take(4) != MAGIC:
        raise errors.ModelDamaged("not a GGUF file")
    if (version := cursor.number("I")) not in VERSIONS:
        raise errors.ModelDamaged(f"GGUF version {version}")
    tensor_count, key_count = cursor.number("Q"), cursor.number("Q")
    _within("tensor count", tensor_count, 1, MAX_TENSORS)
    _within("key count", key_count, 1, MAX_KEYS)
    keys = _keys(cursor, key_count)
    tensors = [_tensor(cursor) for _ in range(tensor_count)]
    alignment = _integer(keys, "general.alignment", 32)
    if alignment & (alignment - 1) or not 8 <= alignment <= 4096:
        raise errors.ModelDamaged(f"alignment {alignment}")
    _check_places(tensors, cursor.at, alignment, file_bytes)
    return keys, tensors


class _Cursor:
    """Reads little-endian values and never past the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._data):
            raise errors.ModelDamaged("the header ends too early")
        piece = self._data[self.at : end]
        self.at = end
        return piece

    def number(self, code: str) -> Any:
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def text(self, limit: int) -> str:
        length = self.number("Q")
        _within("length of a string", length, 0, limit)
        try:
            return self.take(length).decode()
        except UnicodeDecodeError as damaged:
            raise errors.ModelDamaged("a name that is no text") from damaged

    def skip_texts(self, count: int) -> None:
        """Pass over strings without making them; tokens need not be UTF-8."""
        data, at, end = self._data, self.at, len(self._data)
        for _ in range(count):
            if at + 8 > end:
                raise errors.ModelDamaged("the header ends too early")
            length = int.from_bytes(data[at : at + 8], "little")
            _within("length of a string", length, 0, MAX_STRING_BYTES)
            at += 8 + length
        self.at = at
        self.take(0)


def _keys(cursor: _Cursor, count: int) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for _ in range(count):
        name = cursor.text(MAX_KEY_BYTES)
        if name in keys:
            raise errors.ModelDamaged("a key twice")
        keys[name] = _value(cursor, cursor.number("I"))
    return keys


def _value(cursor: _Cursor, kind: int) -> Any:
    """Return a scalar or a short text; of an array its length, which is all that the checks need."""
    if kind in _SCALARS:
        return cursor.number(_SCALARS[kind])
    if kind == _STRING:
        length = cursor.number("Q")
        _within("length of a string", length, 0, MAX_STRING_BYTES)
        return cursor.take(length).decode("utf-8", "replace")
    if kind != _ARRAY:
        raise errors.ModelDamaged(f"value type {kind}")
    item, count = cursor.number("I"), cursor.number("Q")
    _within("length of an array", count, 0, MAX_ARRAY_ITEMS)
    if item == _STRING:
        cursor.skip_texts(count)
    elif item in _SCALARS:
        cursor.take(count * struct.calcsize("<" + _SCALARS[item]))
    else:
        raise errors.ModelDamaged(f"array of type {item}")
    return _Array(item, count)


@dataclass(frozen=True, slots=True)
class _Array:
    item_type: int
    count: int


def _tensor(cursor: _Cursor) -> TensorInfo:
    name = cursor.text(MAX_TENSOR_NAME_BYTES)
    _within("dimensions of a tensor", dimensions := cursor.number("I"), 1, 4)
    shape = tuple(cursor.number("Q") for _ in range(dimensions))
    for extent in shape:
        _within("extent of a tensor", extent, 1, 1 << 32)
    kind = cursor.number("I")
    if kind not in BLOCKS:
        raise errors.ModelDamaged(f"tensor type {kind}")
    if shape[0] % BLOCKS[kind][0]:
        raise errors.ModelDamaged("a tensor row that is no whole number of blocks")
    return TensorInfo(name, shape, kind, cursor.number("Q"))


def _check_places(tensors: list[TensorInfo], header_bytes: int, alignment: int, file_bytes: int) -> None:
    """Every tensor aligned, inside the file, and none over another."""
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise errors.ModelDamaged("two tensors with one name")
    start = (header_bytes + alignment - 1) // alignment * alignment
    end = 0
    for tensor in sorted(tensors, key=lambda each: each.offset):
        if tensor.offset % alignment or tensor.offset < end:
            raise errors.ModelDamaged("tensors over each other or out of alignment")
        end = tensor.offset + tensor.size_bytes
    if start + end > file_bytes:
        raise errors.ModelDamaged("tensors beyond the end of the file")


def architecture_of(keys: dict[str, Any]) -> str:
    """Return the architecture. Raises ModelDamaged for one that Lantern does not run."""
    architecture = keys.get("general.architecture")
    if not isinstance(architecture, str) or architecture not in ARCHITECTURES:
        raise errors.ModelDamaged(f"architecture {str(architecture)[:40]!a}")
    return architecture


def _header(keys: dict[str, Any], tensors: list[TensorInfo]) -> GgufHeader:
    architecture = architecture_of(keys)
    if _integer(keys, "split.count", 1) > 1:
        raise errors.ModelDamaged("a model in several files")
    size: dict[str, int] = {}
    for name, limit in _LIMITS.items():
        fallback = size.get("attention.head_count", 0)
        size[name] = _integer(keys, f"{architecture}.{name}", fallback)
        _within(name, size[name], 1, limit)
    heads, kv_heads = size["attention.head_count"], size["attention.head_count_kv"]
    if size["embedding_length"] % heads or heads % kv_heads:
        raise errors.ModelDamaged("head counts that do not divide")
    return GgufHeader(
        architecture, size["block_count"], size["context_length"], size["embedding_length"], heads, kv_heads,
        _vocab_size(keys, tensors, size["embedding_length"]), sum(tensor.size_bytes for tensor in tensors),
        _layer_bytes(tensors, size["block_count"]), _output_bytes(tensors),
    )


def _layer_bytes(tensors: list[TensorInfo], blocks: int) -> tuple[int, ...]:
    """Return the bytes of the tensors named `blk.N.…` for each N below `blocks`."""
    sums = [0] * blocks
    for tensor in tensors:
        prefix, _, rest = tensor.name.partition(".")
        number = rest.partition(".")[0]
        if prefix == "blk" and number.isdigit() and int(number) < blocks:
            sums[int(number)] += tensor.size_bytes
    return tuple(sums)


def _output_bytes(tensors: list[TensorInfo]) -> int:
    sizes = {tensor.name: tensor.size_bytes for tensor in tensors}
    return sizes.get("output.weight", sizes["token_embd.weight"]) + sizes.get("output_norm.weight", 0)


def _vocab_size(keys: dict[str, Any], tensors: list[TensorInfo], embedding_length: int) -> int:
    """Return how many tokens there are, when tokenizer, scores, types and embedding table agree on it."""
    tokens = keys.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, _Array) or tokens.item_type != _STRING or tokens.count < 2:
        raise errors.ModelDamaged("no tokenizer")
    for name in ("tokenizer.ggml.scores", "tokenizer.ggml.token_type"):
        other = keys.get(name, tokens)
        if not isinstance(other, _Array) or other.count != tokens.count:
            raise errors.ModelDamaged("token tables of different length")
    for name, value in keys.items():
        if name.startswith("tokenizer.ggml.") and name.endswith("_token_id"):
            _within(name, value if isinstance(value, int) else -1, 0, tokens.count - 1)
    table = next((tensor for tensor in tensors if tensor.name == "token_embd.weight"), None)
    if table is None or table.dimensions != (embedding_length, tokens.count):
        raise errors.ModelDamaged("tokenizer and embedding table do not fit together")
    return tokens.count


def _integer(keys: dict[str, Any], name: str, fallback: int) -> int:
    value = keys.get(name, fallback)
    if not isinstance(value, int):
        raise errors.ModelDamaged(f"{name} is no whole number")
    return value


def _within(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise errors.ModelDamaged(f"{what} is {value}, allowed are {low} to {high}")
