"""Read the header of a LoRA adapter in plain Python and refuse what native code should never see.

An adapter changes matrices of the one model it was trained for: for each of them two thin matrices whose product is
added. llama.cpp looks the names up in the model and trusts the rest, so kinds, pairs and ranks are checked here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from engine import errors
from engine.runtime import gguf_header
from engine.runtime.gguf_header import MAX_HEADER_BYTES, TensorInfo

MAX_RANK = 256
_KINDS = (0, 1)
"""32 and 16 bit floats: adapters are not quantized."""
_NAME = re.compile(r"(blk\.\d{1,3}\.[a-z_]{1,30}\.weight)\.lora_([ab])")


@dataclass(frozen=True, slots=True)
class AdapterHeader:
    """What the header says, after every check."""

    architecture: str
    matrices: int
    tensor_bytes: int


def read(path: Path) -> AdapterHeader:
    """Return the header of an adapter. Raises ModelDamaged for anything out of order, and nothing else."""
    size_bytes = path.stat().st_size
    with path.open("rb") as stream:
        return parse(stream.read(MAX_HEADER_BYTES), size_bytes)


def parse(data: bytes, file_bytes: int) -> AdapterHeader:
    """Return the header in `data`, the beginning of a file of `file_bytes`. Raises ModelDamaged."""
    keys, tensors = gguf_header.tables(data, file_bytes)
    if (keys.get("general.type"), keys.get("adapter.type")) != ("adapter", "lora"):
        raise errors.ModelDamaged("not a LoRA adapter")
    alpha = keys.get("adapter.lora.alpha")
    if not isinstance(alpha, float) or not math.isfinite(alpha) or not 0 < alpha <= 1024:
        raise errors.ModelDamaged("the strength of an adapter")
    pairs = _pairs(tensors)
    for name, halves in pairs.items():
        _check_pair(name, halves)
    return AdapterHeader(
        gguf_header.architecture_of(keys), len(pairs), sum(tensor.size_bytes for tensor in tensors)
    )


def _pairs(tensors: list[TensorInfo]) -> dict[str, dict[str, TensorInfo]]:
    pairs: dict[str, dict[str, TensorInfo]] = {}
    for tensor in tensors:
        named = _NAME.fullmatch(tensor.name)
        if named is None or tensor.type not in _KINDS or len(tensor.dimensions) != 2:
            raise errors.ModelDamaged(f"a tensor that no adapter has: {tensor.name[:64]!a}")
        pairs.setdefault(named.group(1), {})[named.group(2)] = tensor
    return pairs


def _check_pair(name: str, halves: dict[str, TensorInfo]) -> None:
    """The first matrix ends in the rank that the second begins with."""
    if set(halves) != {"a", "b"}:
        raise errors.ModelDamaged(f"half an adapter: {name[:64]!a}")
    rank = halves["a"].dimensions[1]
    if rank != halves["b"].dimensions[0] or rank > MAX_RANK:
        raise errors.ModelDamaged(f"the rank of {name[:64]!a}")
