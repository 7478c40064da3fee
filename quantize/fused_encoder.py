"""What all our small encoders share on their way to an int8 file: fused layers, int8 word vectors, dynamic int8.

Fused attention and normalisation are what makes int8 pay on a processor: between unfused steps the numbers would go
back to 32 bits and be written out each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

OPSET = 17
FUSED_DOMAIN = "com.microsoft"
"""Where ONNX Runtime keeps its fused steps."""


def export_hidden(network: Any, target: Path) -> None:
    """Write a BERT-like torch network that gives its last hidden state, (texts, pieces, width), as 32-bit ONNX.

    The network must have been made with eager attention: other kinds export to steps that cannot be fused.
    """
    import torch

    class Hidden(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.network(input_ids=ids, attention_mask=mask).last_hidden_state

    inputs = ["input_ids", "attention_mask"]
    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in inputs)
    torch.onnx.export(
        Hidden().eval(), example, str(target), input_names=inputs, output_names=["last_hidden_state"],
        opset_version=OPSET, dynamo=False,
        dynamic_axes={name: {0: "texts", 1: "pieces"} for name in (*inputs, "last_hidden_state")},
    )  # fmt: skip


def fused(plain: Path, heads: int, width: int) -> Any:
    """Return the model with attention, normalisation and GELU as one step each, its word vectors as int8."""
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # the word vectors must stay a lookup of their own
    model = optimizer.optimize_model(
        str(plain), "bert", num_heads=heads, hidden_size=width, opt_level=0, optimization_options=options
    ).model
    if all(each.domain != FUSED_DOMAIN for each in model.opset_import):
        model.opset_import.append(helper.make_opsetid(FUSED_DOMAIN, 1))
    return with_int8_words(model)


def dynamic_int8(model: Any, target: Path, work: Path) -> None:
    """Write the fused model with seven-bit products whose inputs are measured, one scale a tensor, as it runs."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    rows = work / "rows.onnx"
    onnx.save(model, rows)
    quantize_dynamic(
        rows, target, op_types_to_quantize=["MatMul", "Attention"], weight_type=QuantType.QInt8, per_channel=True,
        reduce_range=True,  # seven bits: processors without VNNI saturate on eight
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def with_int8_words(model: Any) -> Any:
    """Return `model` with its word vectors as int8 and one scale a word: half of the file, and read one row a piece."""
    graph = model.graph
    words = next((each for each in graph.initializer if "word_embeddings" in each.name), None)
    if words is None:
        raise ValueError("no word vectors found")
    lookup = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == words.name)
    vectors = numpy_helper.to_array(words)
    scales = np.maximum(np.abs(vectors).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    rounded = np.clip(np.round(vectors / scales), -127, 127).astype(np.int8)
    ids, result = lookup.input[1], lookup.output[0]
    at = list(graph.node).index(lookup)
    steps = [
        helper.make_node("Gather", ["words_int8", ids], ["word_int8"], "words_row"),
        helper.make_node("Cast", ["word_int8"], ["word_float"], "words_float", to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", ["words_scale", ids], ["word_scale"], "words_scale_row"),
        helper.make_node("Mul", ["word_float", "word_scale"], [result], "words_scaled"),
    ]
    graph.initializer.remove(words)
    graph.initializer.extend(
        [numpy_helper.from_array(rounded, "words_int8"), numpy_helper.from_array(scales, "words_scale")]
    )
    graph.node.remove(lookup)
    for place, step in enumerate(steps):
        graph.node.insert(at + place, step)
    return model
