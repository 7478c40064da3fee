"""Real ONNX models of one table: a row of numbers for every word. Small enough to be written down byte by byte.

A label a text is the mean of its words' rows, a label a token the word's own row, an answer's begin and end one number
for each word. The int8 copies hold the same tables in 8 bits, unfolded by DequantizeLinear as real ones are.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from engine.runtime.pack_manifest import Manifest, Task
from quantize.pack import listed_files, write_unsigned
from tests.engine.runtime.test_onnx_header import nested, number

FLOAT, INT8, INT64 = 1, 3, 7
OPSET = 17


def _tensor(name: str, values: np.ndarray) -> bytes:
    kind = {np.dtype(np.float32): FLOAT, np.dtype(np.int8): INT8}[values.dtype]
    dims = b"".join(number(1, size) for size in values.shape)
    return dims + number(2, kind) + nested(8, name) + nested(9, values.tobytes())


def _value(name: str, kind: int, dims: tuple[str | int, ...]) -> bytes:
    shape = b"".join(nested(1, nested(2, dim) if isinstance(dim, str) else number(1, dim)) for dim in dims)
    return nested(1, name) + nested(2, nested(1, number(1, kind) + nested(2, shape)))


def _node(operator: str, inputs: tuple[str, ...], output: str, attributes: bytes = b"") -> bytes:
    given = b"".join(nested(1, name) for name in inputs)
    return nested(1, given + nested(2, output) + nested(3, output) + nested(4, operator) + attributes)


def _integer(name: str, value: int) -> bytes:
    return nested(5, nested(1, name) + number(3, value) + number(20, 2))


def _integers(name: str, value: int) -> bytes:
    return nested(5, nested(1, name) + number(8, value) + number(20, 7))


def _looked_up(name: str, rows: np.ndarray, *, int8: bool) -> bytes:
    """Return nodes and tables that give `name` the rows of the input's words."""
    rows = rows.astype(np.float32)
    if not int8:
        return nested(5, _tensor(f"{name}_table", rows)) + _node("Gather", (f"{name}_table", "input_ids"), name)
    scale = np.array(np.abs(rows).max() / 127, dtype=np.float32)
    small = np.round(rows / scale).astype(np.int8)
    return (
        nested(5, _tensor(f"{name}_small", small)) + nested(5, _tensor(f"{name}_scale", scale))
        + _node("DequantizeLinear", (f"{name}_small", f"{name}_scale"), f"{name}_table")
        + _node("Gather", (f"{name}_table", "input_ids"), name)
    )


def _model(graph: bytes, outputs: bytes) -> bytes:
    inputs = nested(11, _value("input_ids", INT64, ("batch", "tokens")))
    return number(1, 8) + nested(8, nested(1, "") + number(2, OPSET)) + nested(
        7, nested(2, "tiny") + graph + inputs + outputs
    )


def _bytes_of(task: Task, tables: list[np.ndarray], *, int8: bool) -> bytes:
    first = tables[0]
    if task == "tagger":
        return _model(
            _looked_up("logits", first, int8=int8),
            nested(12, _value("logits", FLOAT, ("batch", "tokens", first.shape[1]))),
        )
    if task == "classifier":
        mean = _node("ReduceMean", ("words",), "logits", _integers("axes", 1) + _integer("keepdims", 0))
        return _model(
            _looked_up("words", first, int8=int8) + mean, nested(12, _value("logits", FLOAT, ("batch", first.shape[1])))
        )
    names = ("start_logits", "end_logits")
    graph = b"".join(_looked_up(name, table, int8=int8) for name, table in zip(names, tables, strict=True))
    return _model(graph, b"".join(nested(12, _value(name, FLOAT, ("batch", "tokens"))) for name in names))


def make(
    folder: Path, task: Task, words: tuple[str, ...], tables: list[np.ndarray], labels: tuple[str, ...] = (), *,
    int8: bool = False,
) -> Path:
    """Write an unsigned folder with model, tokenizer, labels and manifest. Word 0 stands for all others."""
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(_bytes_of(task, tables, int8=int8))
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, unk_token=words[0]))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    if labels:
        (folder / "labels.json").write_bytes(msgspec.json.encode(labels))
    manifest = Manifest(
        name=f"tiny-{task}", version="1.0", task=task, title=f"Tiny {task} ({'int8' if int8 else 'fp32'})",
        licence="Apache-2.0", model="model.onnx", files=listed_files(folder), tokenizer="tokenizer.json",
        parts={"labels": "labels.json"} if labels else {},
    )
    write_unsigned(folder, manifest)
    return folder
