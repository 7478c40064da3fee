"""Make a fused encoder int8 so that its vectors hardly move: what dynamic int8 loses, it loses on a few large numbers.

Measured on MiniLM (1 - cosine, mean): plain dynamic int8 loses .007, two fifths of it in the products behind the GELU,
a quarter in those behind the attention, a quarter in the seven-bit weights. A piece or two with numbers ten times the
others' set the one scale of the whole text there. So, by where a product's input comes from:

* behind a normalisation, a few *columns* are large: every column is divided by a number of its own, which the weights
  are multiplied by (Xiao et al. 2022, "SmoothQuant", arXiv:2211.10438);
* behind a GELU, a few *rows* (pieces) are large: each row gets a scale of its own;
* elsewhere one scale is enough.

Once the columns are even, that one scale can be fixed beforehand: no scale is measured over a batch, so a text's vector
does not depend on what it is read with.

Weights are rounded with regard to typical inputs (`quantize.rounding`); the inputs are the `tune` part of the clinic
text, in which no figure of the gate rests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from quantize.fused_encoder import FUSED_DOMAIN
from quantize.rounding import rounded

Floats = npt.NDArray[np.float32]
Feeds = dict[str, npt.NDArray[np.int64]]
Constants = dict[str, npt.NDArray[Any]]
PRODUCTS = ("Attention", "MatMul")
MOVED = 0.75
"""How much of a column's size the weights take over; at 1 they lose more than the inputs gain."""
LEAST_ROW = 1.6
"""A row behind a GELU whose largest number is smaller is cut as if it were this."""
GELU_ZERO, GELU_STEPS = 24, 231
"""GELU gives at least -0.17; with rows of at least LEAST_ROW this zero leaves room for it and 231 steps above."""
MARGIN = 1.1
"""How far beyond the typical inputs the fixed scales reach."""
MOST_SAMPLES = 6_000


@dataclass(frozen=True, slots=True)
class _Product:
    """A node with a constant (inputs, outputs) matrix, and where its input comes from."""

    node: Any
    weights: Floats
    behind: str


def quantized(model: Any, samples: Sequence[Feeds], bits: int) -> Any:
    """Return `model` with every product in int8; `bits` are 7 where a processor may add products in 16 bits, else 8.

    Raises ValueError where nothing could be fused: then the careful way gains nothing.
    """
    products = list(_products(model.graph))
    if not any(product.node.op_type == "Attention" for product in products):
        raise ValueError("no attention could be fused")
    inputs = _inputs(model, [product.node.input[0] for product in products], samples)
    for product in products:
        _replace(model.graph, product, inputs[product.node.input[0]], bits)
    _drop_unused(model.graph)
    return model


def _products(graph: Any) -> Iterable[_Product]:
    constants = {each.name: each for each in graph.initializer}
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    for node in graph.node:
        if node.op_type in PRODUCTS and node.input[1] in constants:
            weights = numpy_helper.to_array(constants[node.input[1]]).astype(np.float32)
            if weights.ndim == 2:
                yield _Product(node, weights, made_by.get(node.input[0], ""))


def _inputs(model: Any, names: Sequence[str], samples: Sequence[Feeds]) -> dict[str, Floats]:
    """Return what goes into each product over all samples, (pieces, width), every so-and-so-many-th piece."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    wanted = list(dict.fromkeys(names))
    watched.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in wanted)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    known = {each.name for each in session.get_inputs()}
    read: dict[str, list[Floats]] = {name: [] for name in wanted}
    for feeds in samples:
        given = session.run(wanted, {name: value for name, value in feeds.items() if name in known})
        for name, value in zip(wanted, given, strict=True):
            read[name].append(value.reshape(-1, value.shape[-1]))
    joined = {name: np.concatenate(values) for name, values in read.items()}
    return {name: value[:: max(1, len(value) // MOST_SAMPLES)] for name, value in joined.items()}


def _replace(graph: Any, product: _Product, inputs: Floats, bits: int) -> None:
    """Put the int8 form of one product in its place."""
    node, name = product.node, f"{product.node.name or product.node.output[0]}_int8"
    constants: Constants = {}
    before: list[Any] = []
    source, weights = node.input[0], product.weights
    if "LayerNorm" in product.behind:
        shares = _shares(inputs, weights)
        weights, inputs = weights * shares[:, None], inputs / shares
        constants[f"{name}_shares"] = (1 / shares).astype(np.float32)
        before.append(helper.make_node("Mul", [source, f"{name}_shares"], [f"{name}_even"], f"{name}_evened"))
        source = f"{name}_even"
    whole, scales = rounded(weights, inputs, bits)
    constants |= {f"{name}_weights": whole, f"{name}_scales": scales}
    if "Gelu" in product.behind:
        steps, more = _by_rows(node, name, source)
    else:
        steps, more = _by_fixed_scale(node, name, source, inputs)
    constants |= more
    at = list(graph.node).index(node)
    graph.node.remove(node)
    for place, step in enumerate([*before, *steps]):
        graph.node.insert(at + place, step)
    graph.initializer.extend(numpy_helper.from_array(value, key) for key, value in constants.items())


def _shares(inputs: Floats, weights: Floats) -> Floats:
    """Return what each column of the inputs is divided by, on average 1."""
    large = np.maximum(np.abs(inputs).max(axis=0), 1e-3) ** MOVED
    shares = large / np.maximum(np.abs(weights).max(axis=1), 1e-5) ** (1 - MOVED)
    evened: Floats = (shares / shares.mean()).astype(np.float32)
    return evened


def _by_fixed_scale(node: Any, name: str, source: str, inputs: Floats) -> tuple[list[Any], Constants]:
    """Return the steps that cut the input by one scale, and the product."""
    whole, step, zero, zeros = (f"{name}_{part}" for part in ("whole", "step", "zero", "zeros"))
    low, high = min(float(inputs.min()), 0.0) * MARGIN, max(float(inputs.max()), 1e-6) * MARGIN
    constants: Constants = {
        step: np.array((high - low) / 255, dtype=np.float32),
        zero: np.array(round(-low / (high - low) * 255), dtype=np.uint8),
    }
    cut = helper.make_node("QuantizeLinear", [source, step, zero], [whole], f"{name}_cut")
    if node.op_type == "MatMul":
        wired = [whole, f"{name}_weights", step, f"{name}_scales", zero]
        product = helper.make_node("MatMulIntegerToFloat", wired, list(node.output), name, domain=FUSED_DOMAIN)
        return [cut, product], constants
    constants[zeros] = np.zeros(3 * inputs.shape[1], dtype=np.int8)
    mask = node.input[3] if len(node.input) > 3 else ""
    wired = [whole, f"{name}_weights", node.input[2], step, f"{name}_scales", mask, zero, zeros]
    kept = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    known = {key: kept[key] for key in ("num_heads", "unidirectional", "mask_filter_value") if key in kept}
    attention = helper.make_node("QAttention", wired, list(node.output), name, domain=FUSED_DOMAIN, **known)
    return [cut, attention], constants


def _by_rows(node: Any, name: str, source: str) -> tuple[list[Any], Constants]:
    """Return the steps that give each row a scale of its own, which the product is multiplied by again."""
    part = {key: f"{name}_{key}" for key in ("largest", "row", "even", "whole", "product", "least", "step", "zero")}
    steps = [
        helper.make_node("ReduceMax", [source], [part["largest"]], f"{name}_sized", axes=[-1], keepdims=1),
        helper.make_node("Max", [part["largest"], part["least"]], [part["row"]], f"{name}_kept"),
        helper.make_node("Div", [source, part["row"]], [part["even"]], f"{name}_evened"),
        helper.make_node("QuantizeLinear", [part["even"], part["step"], part["zero"]], [part["whole"]], f"{name}_cut"),
        helper.make_node(
            "MatMulIntegerToFloat",
            [part["whole"], f"{name}_weights", part["step"], f"{name}_scales", part["zero"]],
            [part["product"]], name, domain=FUSED_DOMAIN,
        ),
        helper.make_node("Mul", [part["product"], part["row"]], list(node.output), f"{name}_sized_again"),
    ]  # fmt: skip
    constants: Constants = {
        part["least"]: np.array([LEAST_ROW], dtype=np.float32),
        part["step"]: np.array(1 / GELU_STEPS, dtype=np.float32),
        part["zero"]: np.array(GELU_ZERO, dtype=np.uint8),
    }
    return steps, constants


def _drop_unused(graph: Any) -> None:
    """Leave out the 32-bit matrices that no node reads any more."""
    used = {name for node in graph.node for name in node.input}
    kept = [each for each in graph.initializer if each.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
