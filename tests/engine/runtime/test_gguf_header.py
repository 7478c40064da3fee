"""A GGUF header that lies in any one number is refused in Python; mutants of a real file never do anything else."""

from __future__ import annotations

import ctypes
import random
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import gguf_header
from engine.runtime.gguf_header import MAX_HEADER_BYTES, parse
from tests.engine.runtime.sample_packs import TENSOR_BYTES, Gguf, text


def u32(value: int) -> tuple[int, bytes]:
    return 4, struct.pack("<I", value)


def with_key(name: str, value: tuple[int, bytes]) -> Gguf:
    plain = Gguf()
    return replace(plain, keys={**plain.keys, name: value})


def without_key(name: str) -> Gguf:
    plain = Gguf()
    return replace(plain, keys={key: value for key, value in plain.keys.items() if key != name})


def read(data: bytes) -> gguf_header.GgufHeader:
    return parse(data[:MAX_HEADER_BYTES], len(data))


def test_a_sound_header_is_read() -> None:
    header = read(Gguf().build())
    assert header == gguf_header.GgufHeader("llama", 1, 128, 16, 2, 2, 4, TENSOR_BYTES, (0,), TENSOR_BYTES)
    assert header.kv_bytes(100) == 2 * 2 * 1 * 2 * 8 * 100


def test_the_default_model_is_read(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    header = gguf_header.read(model)
    assert (header.architecture, header.block_count, header.vocab_size) == ("llama", 30, 49152)
    assert len(set(header.layer_bytes)) == 1
    assert sum(header.layer_bytes) + header.output_bytes == header.tensor_bytes  # its output is its embedding table


@pytest.mark.parametrize(
    "gguf",
    [
        Gguf(version=1),
        Gguf(version=4),
        Gguf(tensor_count=0),
        Gguf(tensor_count=2),
        Gguf(tensor_count=1 << 63),
        Gguf(tensor_name="x" * 65),
        Gguf(shape=(16, 5)),
        Gguf(shape=(15, 4)),
        Gguf(shape=(0, 4)),
        Gguf(shape=(1 << 40, 4)),
        Gguf(shape=(16, 4, 1, 1, 1)),
        Gguf(shape=(1 << 31, 1 << 31, 1 << 31, 1 << 31)),
        Gguf(tensor_type=4),
        Gguf(tensor_type=12),
        Gguf(tensor_type=99),
        Gguf(offset=1),
        Gguf(offset=32),
        Gguf(offset=1 << 63),
        Gguf(data=b""),
        with_key("general.architecture", (8, text("mamba-by-mail"))),
        with_key("general.architecture", u32(1)),
        with_key("general.alignment", u32(0)),
        with_key("general.alignment", u32(33)),
        with_key("general.alignment", u32(1 << 20)),
        with_key("general.file", (8, struct.pack("<Q", 1 << 62))),
        with_key("general.list", (9, struct.pack("<IQ", 4, 1 << 62))),
        with_key("general.list", (9, struct.pack("<IQ", 8, 1 << 20))),
        with_key("general.list", (9, struct.pack("<IQ", 9, 1))),
        with_key("general.list", (13, b"")),
        with_key("x" * 257, u32(1)),
        with_key("split.count", (2, struct.pack("<H", 3))),
        with_key("llama.block_count", u32(0)),
        with_key("llama.block_count", u32(100_000)),
        with_key("llama.block_count", (6, struct.pack("<f", 1.0))),
        with_key("llama.embedding_length", u32(17)),
        with_key("llama.attention.head_count", u32(0)),
        with_key("llama.attention.head_count", u32(3)),
        with_key("llama.attention.head_count_kv", u32(0)),
        with_key("llama.attention.head_count_kv", u32(7)),
        with_key("tokenizer.ggml.tokens", u32(4)),
        with_key("tokenizer.ggml.tokens", (9, struct.pack("<IQ", 8, 3) + text("a") * 3)),
        with_key("tokenizer.ggml.token_type", (9, struct.pack("<IQ", 5, 1) + b"\0" * 4)),
        with_key("tokenizer.ggml.eos_token_id", u32(4)),
        with_key("tokenizer.ggml.eos_token_id", (8, text("</s>"))),
        without_key("general.architecture"),
        without_key("llama.attention.head_count"),
        without_key("llama.context_length"),
        without_key("tokenizer.ggml.tokens"),
    ],
)
def test_a_lie_in_the_header_is_refused(gguf: Gguf) -> None:
    with pytest.raises(errors.ModelDamaged):
        read(gguf.build())


def test_a_key_or_a_tensor_twice_is_refused() -> None:
    once = Gguf().build()
    key = text("llama.block_count") + struct.pack("<II", 4, 1)
    twice = once.replace(key, key + key).replace(struct.pack("<IQQ", 3, 1, 7), struct.pack("<IQQ", 3, 1, 8))
    with pytest.raises(errors.ModelDamaged):
        read(twice)


@pytest.mark.parametrize("data", [b"", b"GGUF", b"GGML" + b"\0" * 100, b"PK\x03\x04" + b"\0" * 100])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(errors.ModelDamaged):
        read(data)


def test_every_cut_of_a_header_is_refused() -> None:
    whole = Gguf().build()
    for length in range(len(whole)):
        with pytest.raises(errors.ModelDamaged):
            read(whole[:length])


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with one to four small wounds: bits, words of extreme values, cuts, repeats."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutant))
        match chance.randrange(5):
            case 0:
                mutant[at] ^= 1 << chance.randrange(8)
            case 1:
                mutant[at : at + 8] = struct.pack("<Q", chance.choice([0, 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1]))
            case 2:
                del mutant[at : at + chance.randrange(64)]
            case 3:
                mutant[at:at] = mutant[at : at + chance.randrange(64)]
            case _:
                mutant[at : at + 4] = chance.randbytes(4)
        if not mutant:
            return b""
    return bytes(mutant)


def fuzz(original: bytes, rounds: int, seed: int) -> int:
    """Return how many mutants were refused; anything but a header or ModelDamaged is a failure."""
    chance, refused = random.Random(seed), 0
    for _ in range(rounds):
        mutant = mutate(original, chance)
        try:
            parse(mutant, len(mutant))
        except errors.ModelDamaged:
            refused += 1
    return refused


def test_ten_thousand_mutants_end_as_header_or_damage() -> None:
    assert fuzz(Gguf().build(), 10_000, seed=2) > 5_000


@pytest.mark.slow
def test_wounded_headers_of_the_real_model_end_as_header_or_damage(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    with model.open("rb") as stream:
        original = stream.read(2 << 20)
    size, chance = model.stat().st_size, random.Random(3)
    refused = 0
    for _ in range(100):
        mutant = mutate(original[:4000], chance) + original[4000:]
        try:
            parse(mutant, size)
        except errors.ModelDamaged:
            refused += 1
    assert refused > 30


def test_block_sizes_are_the_ones_of_the_library() -> None:
    from llama_cpp import llama_cpp as native

    library = ctypes.CDLL(str(Path(native.__file__).parent / "lib" / "libggml-base.so"))
    library.ggml_type_size.restype = ctypes.c_size_t
    library.ggml_blck_size.restype = ctypes.c_int64
    for kind, (elements, block_bytes) in gguf_header.BLOCKS.items():
        assert (library.ggml_blck_size(kind), library.ggml_type_size(kind)) == (elements, block_bytes), kind
