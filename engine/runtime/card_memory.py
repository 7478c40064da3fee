"""How much of a graphics card's memory a model takes, and how many of its layers fit: worked out before it is loaded.

llama.cpp puts whole layers on a card, the last ones first, and counts the output weights as one layer more. Each block
brings its share of the KV memory; the buffers of one pass come on top whatever the number of layers. What the driver
takes for itself is gone from the free memory before this is asked.
"""

from __future__ import annotations

from engine.runtime.calibration import BATCH_TOKENS
from engine.runtime.gguf_header import GgufHeader

BASE_BYTES = 80 << 20
"""Work space of the card's matrix library, and what its allocator rounds up.

With it the estimate lies within 2 % of what eight loadings took on an NVIDIA H100 (CUDA 13.0, 2026-11-27): two models,
two contexts, part and all of the layers.
"""
KEPT_FREE = 0.05
"""Share of the free memory that is left to the screen and to what else draws on it."""


def all_layers(header: GgufHeader) -> int:
    """Return how many layers llama.cpp can put on a card: every block, and the output."""
    return header.block_count + 1


def needed_bytes(header: GgufHeader, context_tokens: int, layers: int, *, flash_attention: bool = True) -> int:
    """Return an estimate of what `layers` layers of the model take on the card; 0 for no layer.

    Without flash attention (an old card, a build without it) the attention scores of a whole pass stand in memory too.
    """
    if layers <= 0:
        return 0
    blocks = min(layers, all_layers(header)) - 1
    weights = sum(header.layer_bytes[header.block_count - blocks :]) + header.output_bytes
    kv = header.kv_bytes(context_tokens) * blocks // header.block_count
    return weights + kv + _pass_bytes(header, context_tokens, flash_attention=flash_attention) + BASE_BYTES


def fitting_layers(header: GgufHeader, context_tokens: int, free_bytes: int) -> int:
    """Return the most layers whose estimate, with attention in its larger form, fits in the free memory; 0 for none."""
    room = int(free_bytes * (1 - KEPT_FREE))
    for layers in range(all_layers(header), 0, -1):
        if needed_bytes(header, context_tokens, layers, flash_attention=False) <= room:
            return layers
    return 0


def _pass_bytes(header: GgufHeader, context_tokens: int, *, flash_attention: bool) -> int:
    """Return the buffers of one pass: the logits of all its tokens, or the attention scores where those are more."""
    logits = 4 * BATCH_TOKENS * (header.vocab_size + 2 * header.embedding_length)
    scores = 0 if flash_attention else 4 * BATCH_TOKENS * context_tokens * header.head_count
    return max(logits, scores)
