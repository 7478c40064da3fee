"""The entity tagger as a network, and its way into one int8 ONNX file.

A MiniLM encoder whose word vectors are joined by two small tables: how a word is written (its vocabulary is lower case)
and where it stands in a known name. One linear layer gives three scores (none, begins, continues) for each head.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers

from engine.text.entity_names import NAME_CLASSES
from engine.text.tagger import Head
from engine.text.tagger_words import SHAPES
from quantize.fused_encoder import OPSET, dynamic_int8, fused
from quantize.tagger_corpora import CLASSES

WIDTH, INNER, LAYERS, ATTENTION_HEADS, VOCABULARY, PLACES = 384, 1536, 6, 12, 30522, 512
INPUTS = ("input_ids", "shapes", "names")


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
    plain = work / "plain.onnx"
    example = tuple(torch.ones((1, 8), dtype=torch.int64) for _ in INPUTS)
    torch.onnx.export(
        network.eval(), example, str(plain), input_names=list(INPUTS), output_names=["logits"], opset_version=OPSET,
        dynamic_axes={name: {1: "pieces"} for name in (*INPUTS, "logits")}, dynamo=False,
    )
    dynamic_int8(fused(plain, ATTENTION_HEADS, WIDTH), target, work)
