"""The entity tagger as a network, and its way into one int8 ONNX file.

A MiniLM encoder whose word vectors are joined by two small tables: how a word is written (its vocabulary is lower case)
and where it stands in a known name. One linear layer gives three scores (none, begins, continues) for each head.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import transformers
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer

from engine.text.entity_names import NAME_CLASSES
from engine.text.tagger import Head
from engine.text.tagger_words import SHAPES
from quantize.tagger_corpora import CLASSES

WIDTH, INNER, LAYERS, ATTENTION_HEADS, VOCABULARY, PLACES = 384, 1536, 6, 12, 30522, 512
INPUTS = ("input_ids", "shapes", "names")
_OPSET = 17


class TaggerNetwork(torch.nn.Module):  # type: ignore[misc]
    """Reads (windows, pieces) of ids, shapes and names; gives (windows, pieces, heads * 3) scores."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape_vectors = torch.nn.Embedding(SHAPES, WIDTH)
        self.name_vectors = torch.nn.Embedding(NAME_CLASSES, WIDTH)
        torch.nn.init.zeros_(self.shape_vectors.weight)
        torch.nn.init.zeros_(self.name_vectors.weight)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(WIDTH, len(Head) * CLASSES)

    def forward(self, ids: Any, shapes: Any, names: Any, mask: Any = None) -> Any:
        """Return the scores; without `mask` every piece is read."""
        words = self.encoder.embeddings.word_embeddings(ids)
        vectors = words + self.shape_vectors(shapes) + self.name_vectors(names)
        seen = torch.ones_like(ids) if mask is None else mask
        return self.head(self.dropout(self.encoder(inputs_embeds=vectors, attention_mask=seen).last_hidden_state))


def minilm_config() -> Any:
    """Return the shape of MiniLM-L6, without dropout."""
    return transformers.BertConfig(
        hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS, num_attention_heads=ATTENTION_HEADS,
        vocab_size=VOCABULARY, max_position_embeddings=PLACES, attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0, attn_implementation="eager",  # the fused kernels' way back is slow on a CPU
    )


def from_encoder(folder: Path) -> TaggerNetwork:
    """Return the network with the weights of a MiniLM-L6 folder (its model.safetensors) and a new head."""
    encoder = transformers.BertModel.from_pretrained(folder, config=minilm_config(), add_pooling_layer=False)
    return TaggerNetwork(encoder)


def export(network: TaggerNetwork, target: Path, work: Path) -> None:
    """Write the network as an int8 ONNX file; `work` is a folder for the steps in between."""
    plain, fused, rows = work / "plain.onnx", work / "fused.onnx", work / "rows.onnx"
    example = tuple(torch.ones((1, 8), dtype=torch.int64) for _ in INPUTS)
    torch.onnx.export(
        network.eval(), example, str(plain), input_names=list(INPUTS), output_names=["logits"], opset_version=_OPSET,
        dynamic_axes={name: {1: "pieces"} for name in (*INPUTS, "logits")}, dynamo=False,
    )
    optimizer.optimize_model(
        str(plain), "bert", num_heads=ATTENTION_HEADS, hidden_size=WIDTH, opt_level=0
    ).save_model_to_file(str(fused))
    onnx.save(with_int8_words(onnx.load(fused)), rows)
    quantize_dynamic(
        rows, target, op_types_to_quantize=["MatMul", "Attention"], weight_type=QuantType.QInt8, per_channel=True,
        reduce_range=True,  # seven bits: processors without VNNI saturate on eight
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def with_int8_words(model: Any) -> Any:
    """Return `model` with its word vectors as int8 and one scale a word: half of the file, and read one row a piece."""
    graph = model.graph
    words = next(each for each in graph.initializer if "word_embeddings" in each.name)
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
