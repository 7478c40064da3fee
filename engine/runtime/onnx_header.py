"""Read an ONNX file's structure in plain Python and refuse what native code should never see.

Refused: data in other files, operators of unknown domains (they would need a library to be loaded), operator sets that
this release was not tried with, graphs nested or crowded beyond any real model, and tensors whose bytes do not fit
their shape. Source: the protocol buffer wire format and onnx.proto (IR version 10).
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import errors

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
OPSETS = range(7, 24)
IR_VERSIONS = range(4, 12)
MAX_FILE_BYTES = (1 << 31) - 1
"""A protocol buffer cannot be larger."""
MAX_NODES, MAX_TENSORS, MAX_DEPTH, MAX_NAME_BYTES = 100_000, 50_000, 6, 4096
_MAX_ELEMENTS = 1 << 31
# Bytes of an element by TensorProto.DataType; strings (8) are not allowed, 4-bit types are counted by their bytes.
_ELEMENT_BYTES = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2}
_FOUR_BIT = (21, 22)
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Span = tuple[int, int]
"""Where a field's bytes begin and end."""


@dataclass(frozen=True, slots=True)
class OnnxHeader:
    """What the file holds, after every check."""

    opset: int
    nodes: int
    tensors: int
    tensor_bytes: int


def read(path: Path) -> OnnxHeader:
    """Return what an ONNX file holds. Raises ModelDamaged for anything out of order, and nothing else."""
    size_bytes = path.stat().st_size
    if not 0 < size_bytes <= MAX_FILE_BYTES:
        raise errors.ModelDamaged(f"an ONNX file of {size_bytes} bytes")
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return parse(data)


def parse(data: bytes | mmap.mmap) -> OnnxHeader:
    """Return what the model in `data` holds. Raises ModelDamaged."""
    reader = _Reader(data)
    whole = (0, len(data))
    _within("IR version", reader.number(whole, 1), IR_VERSIONS)
    if any(reader.spans(whole, 25)):
        raise errors.ModelDamaged("functions of its own")
    opset = _opset(reader, whole)
    graphs = list(reader.spans(whole, 7))
    if len(graphs) != 1:
        raise errors.ModelDamaged("not exactly one graph")
    _check_graph(reader, graphs[0], depth=0)
    if not reader.nodes:
        raise errors.ModelDamaged("a graph without nodes")
    return OnnxHeader(opset, reader.nodes, reader.tensors, reader.tensor_bytes)


class _Reader:
    """Walks fields of protocol buffer messages, never past their end; counts what it has seen."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = data
        self.nodes = self.tensors = self.tensor_bytes = 0

    def fields(self, span: Span) -> Iterator[tuple[int, int, Span, int]]:
        """Yield (field number, wire type, span of its bytes, value of a varint)."""
        at, end = span
        while at < end:
            key, at = self._varint(at, end)
            kind, value = key & 7, 0
            if kind == _VARINT:
                start = at
                value, at = self._varint(at, end)
            elif kind == _BYTES:
                length, start = self._varint(at, end)
                at = start + length
            elif kind in (_FIXED64, _FIXED32):
                start, at = at, at + (8 if kind == _FIXED64 else 4)
            else:
                raise errors.ModelDamaged("not an ONNX file")
            if at > end or not key >> 3:
                raise errors.ModelDamaged("a field beyond its message")
            yield key >> 3, kind, (start, at), value

    def spans(self, span: Span, number: int) -> Iterator[Span]:
        """Yield the spans of every nested field with that number."""
        for found, kind, inner, _ in self.fields(span):
            if found == number:
                if kind != _BYTES:
                    raise errors.ModelDamaged("a field of the wrong type")
                yield inner

    def number(self, span: Span, number: int) -> int:
        """Return the last varint with that number, 0 where there is none."""
        last = 0
        for found, kind, _, value in self.fields(span):
            if found == number and kind == _VARINT:
                last = value
        return last

    def text(self, span: Span, number: int) -> str:
        """Return the last text with that number, empty where there is none."""
        last = ""
        for start, end in self.spans(span, number):
            if end - start > MAX_NAME_BYTES:
                raise errors.ModelDamaged("a name that is too long")
            last = bytes(self._data[start:end]).decode("utf-8", "replace")
        return last

    def numbers(self, span: Span, number: int) -> list[int]:
        """Return repeated varints, packed or not."""
        values: list[int] = []
        for found, kind, (start, end), value in self.fields(span):
            if found != number:
                continue
            if kind == _VARINT:
                values.append(value)
            while kind == _BYTES and start < end:
                packed, start = self._varint(start, end)
                values.append(packed)
        return values

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = 0
        for shift in range(0, 70, 7):
            if at >= end:
                break
            byte = self._data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value & 0xFFFFFFFFFFFFFFFF, at
        raise errors.ModelDamaged("a number that does not end")


def _opset(reader: _Reader, model: Span) -> int:
    """Return the version of the standard operator set."""
    opset = 0
    for imported in reader.spans(model, 8):
        domain, version = reader.text(imported, 1), reader.number(imported, 2)
        if domain not in DOMAINS:
            raise errors.ModelDamaged(f"operators of {domain[:40]!a}")
        if domain in ("", "ai.onnx"):
            opset = version
    _within("operator set", opset, OPSETS)
    return opset


def _check_graph(reader: _Reader, graph: Span, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise errors.ModelDamaged("graphs nested too deeply")
    for number, kind, span, _ in reader.fields(graph):
        if kind == _BYTES and number == 1:
            _check_node(reader, span, depth)
        elif kind == _BYTES and number == 5:
            _check_tensor(reader, span)
        elif number == 15:
            raise errors.ModelDamaged("sparse tensors")


def _check_node(reader: _Reader, node: Span, depth: int) -> None:
    reader.nodes += 1
    _within("number of nodes", reader.nodes, range(1, MAX_NODES + 1))
    domain = reader.text(node, 7)
    if domain not in DOMAINS:
        raise errors.ModelDamaged(f"an operator of {domain[:40]!a}")
    for attribute in reader.spans(node, 5):
        for number, kind, span, _ in reader.fields(attribute):
            if kind == _BYTES and number in (5, 10):
                _check_tensor(reader, span)
            elif kind == _BYTES and number in (6, 11):
                _check_graph(reader, span, depth + 1)
            elif number in (22, 23):
                raise errors.ModelDamaged("sparse tensors")


def _check_tensor(reader: _Reader, tensor: Span) -> None:
    """A tensor inside the file whose raw bytes are exactly those of its shape."""
    reader.tensors += 1
    _within("number of tensors", reader.tensors, range(1, MAX_TENSORS + 1))
    if reader.number(tensor, 14) or any(reader.spans(tensor, 13)):
        raise errors.ModelDamaged("weights in another file")
    elements = 1
    for dimension in reader.numbers(tensor, 1):
        _within("extent of a tensor", dimension, range(_MAX_ELEMENTS))
        elements *= dimension
        _within("size of a tensor", elements, range(_MAX_ELEMENTS))
    kind = reader.number(tensor, 2)
    if kind not in _ELEMENT_BYTES and kind not in _FOUR_BIT:
        raise errors.ModelDamaged(f"tensor type {kind}")
    for start, end in reader.spans(tensor, 9):
        expected = (elements + 1) // 2 if kind in _FOUR_BIT else elements * _ELEMENT_BYTES[kind]
        if end - start != expected:
            raise errors.ModelDamaged("a tensor whose bytes do not fit its shape")
        reader.tensor_bytes += expected


def _within(what: str, value: int, allowed: range) -> None:
    if value not in allowed:
        raise errors.ModelDamaged(f"{what} is {value}, allowed are {allowed.start} to {allowed.stop - 1}")
