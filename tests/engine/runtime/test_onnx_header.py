"""An ONNX file that leans on other files, other operators or wrong sizes is refused in Python."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import onnx_header
from engine.runtime.onnx_header import parse


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def nested(field: int, data: bytes | str) -> bytes:
    raw = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(raw)) + raw


def tensor(dims: tuple[int, ...] = (2, 3), kind: int = 1, raw: bytes = b"\0" * 24, extra: bytes = b"") -> bytes:
    return b"".join(number(1, dim) for dim in dims) + number(2, kind) + nested(9, raw) + extra


def node(domain: str = "", extra: bytes = b"") -> bytes:
    return nested(4, "Add") + nested(7, domain) + extra


def graph(*nodes: bytes, initializers: tuple[bytes, ...] = (), extra: bytes = b"") -> bytes:
    parts = [nested(1, each) for each in nodes] + [nested(5, each) for each in initializers]
    return b"".join(parts) + extra


def model(
    body: bytes | None = None, opset: int = 17, domain: str = "", ir_version: int = 8, extra: bytes = b""
) -> bytes:
    body = graph(node(), initializers=(tensor(),)) if body is None else body
    opsets = nested(8, nested(1, domain) + number(2, opset))
    return number(1, ir_version) + nested(7, body) + opsets + extra


def nest(depth: int) -> bytes:
    inner = graph(node())
    for _ in range(depth):
        inner = graph(node(extra=nested(5, nested(6, inner))))
    return inner


def test_a_sound_model_is_read() -> None:
    assert parse(model()) == onnx_header.OnnxHeader(opset=17, nodes=1, tensors=1, tensor_bytes=24)


def test_the_default_encoder_is_read(models: Path) -> None:
    (encoder,) = models.rglob("minilm-l6-v2/*/model.onnx")
    header = onnx_header.read(encoder)
    assert header.opset == 17
    assert header.tensor_bytes > 22_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model",
        b"\x80\x04\x95pickle",
        model(opset=6),
        model(opset=99),
        model(domain="com.attacker"),
        model(ir_version=0),
        model(ir_version=99),
        model(extra=nested(25, b"")),
        model(extra=nested(7, graph(node()))),
        model(extra=varint(7 << 3 | 2) + varint(1 << 40)),
        model(extra=b"\xff" * 12),
        model(extra=b"\x03"),
        model(graph()),
        model(graph(node(domain="com.attacker"))),
        model(graph(node(), initializers=(tensor(extra=nested(13, "location=/etc/passwd")),))),
        model(graph(node(), initializers=(tensor(extra=number(14, 1)),))),
        model(graph(node(), initializers=(tensor(raw=b"\0" * 23),))),
        model(graph(node(), initializers=(tensor(dims=(1 << 30, 1 << 30)),))),
        model(graph(node(), initializers=(tensor(dims=(1 << 63,)),))),
        model(graph(node(), initializers=(tensor(kind=8),))),
        model(graph(node(), initializers=(tensor(kind=0),))),
        model(graph(node(extra=nested(5, nested(5, tensor(raw=b"")))))),
        model(graph(node(extra=nested(5, nested(6, graph(node(domain="x"))))))),
        model(graph(node(extra=nested(5, nested(22, b""))))),
        model(graph(node(), extra=nested(15, b""))),
        model(nest(20)),
    ],
)
def test_an_unfit_model_is_refused(data: bytes) -> None:
    with pytest.raises(errors.ModelDamaged):
        parse(data)


def test_graphs_may_be_nested_a_little() -> None:
    assert parse(model(nest(3))).nodes == 4


@pytest.mark.parametrize("content", [b"", b"GGUF"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(errors.ModelDamaged):
        onnx_header.read(tmp_path / "model.onnx")


def fuzz(rounds: int, seed: int) -> int:
    original, chance, refused = model(nest(2)) + model(), random.Random(seed), 0
    for _ in range(rounds):
        mutant = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(mutant))
            mutant[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        try:
            parse(bytes(mutant))
        except errors.ModelDamaged:
            refused += 1
    return refused


def test_ten_thousand_mutants_end_as_header_or_damage() -> None:
    assert fuzz(10_000, seed=2) > 3_000
