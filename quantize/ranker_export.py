"""The trained ranker as one int8 ONNX file that gives the vectors of pieces, as the engine's encoder expects them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from quantize.tagger_network import with_int8_words

INPUTS = ("input_ids", "attention_mask")
_OPSET = 17


class _Hidden(torch.nn.Module):  # type: ignore[misc]
    """Gives the last hidden state alone."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Any, mask: Any) -> Any:
        return self.network(input_ids=ids, attention_mask=mask).last_hidden_state


def export(network: Any, target: Path, work: Path) -> None:
    """Write the network as an int8 ONNX file; `work` is a folder for the steps in between."""
    plain, fused, rows = work / "plain.onnx", work / "fused.onnx", work / "rows.onnx"
    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in INPUTS)
    torch.onnx.export(
        _Hidden(network).eval(), example, str(plain), input_names=list(INPUTS), output_names=["last_hidden_state"],
        opset_version=_OPSET, dynamo=False,
        dynamic_axes={name: {0: "texts", 1: "pieces"} for name in (*INPUTS, "last_hidden_state")},
    )  # fmt: skip
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # the word vectors must stay a lookup of their own
    fused_model = optimizer.optimize_model(
        str(plain), "bert", num_heads=12, hidden_size=384, opt_level=0, optimization_options=options
    )
    fused_model.save_model_to_file(str(fused))
    onnx.save(with_int8_words(onnx.load(fused)), rows)
    quantize_dynamic(
        rows, target, op_types_to_quantize=["MatMul", "Attention"], weight_type=QuantType.QInt8, per_channel=True,
        reduce_range=True,  # seven bits: processors without VNNI saturate on eight
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip
