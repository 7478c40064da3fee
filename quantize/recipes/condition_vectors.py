"""The sentence vectors of the condition rows, made by the installed encoder; run it whenever a row changed.

    lantern-quantize train condition-vectors resources/knowledge

Writes `conditions/vectors.npz`: int8 vectors of every phrase and of every condition as one text, a fingerprint of the
texts, and the name of the encoder. Nothing is trained or random. About one minute on two idle cores; texts that were
there before keep their vectors, unless `--all` is given.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import errors
from engine.diagnosis.condition_index import SCALE, VECTORS, read_texts
from engine.runtime import packs
from engine.runtime.base import Encoder

BATCH = 512
Packed = npt.NDArray[np.int8]


def main() -> None:
    """Write the vectors beside the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("--models-dir", type=Path, default=packs.models_dir())
    parser.add_argument("--all", action="store_true", help="encode every text again")
    arguments = parser.parse_args()
    target = arguments.knowledge / "conditions" / VECTORS
    texts = read_texts(arguments.knowledge)
    encoder = packs.open_encoder(arguments.models_dir)
    if encoder is None:
        raise errors.ModelMissing("no sentence encoder is installed: run lantern-quantize fetch")
    kept = {} if arguments.all else stored(target, encoder.name)
    told = [*(phrase.text for phrase in texts.phrases), *texts.documents]
    vectors = encoded(encoder, told, kept)
    np.savez_compressed(
        target, phrases=vectors[: len(texts.phrases)], documents=vectors[len(texts.phrases) :],
        texts=np.array(texts.fingerprint()), encoder=np.array(encoder.name),
        keys=np.array([key(text) for text in told], dtype=np.uint64),
    )  # fmt: skip
    sys.stderr.write(f"{len(texts.conditions)} conditions, {len(texts.phrases)} phrases, by {encoder.name}\n")


def key(text: str) -> int:
    """Return eight bytes of the SHA-256 of a text, by which its vector is found again."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def stored(target: Path, encoder: str) -> dict[int, Packed]:
    """Return the vectors of an earlier run by the same encoder."""
    if not target.is_file():
        return {}
    with np.load(target, allow_pickle=False) as old:
        if str(old["encoder"]) != encoder:
            return {}
        vectors = np.concatenate([old["phrases"], old["documents"]])
        return dict(zip(old["keys"].tolist(), vectors, strict=True))


def encoded(encoder: Encoder, texts: Sequence[str], kept: dict[int, Packed]) -> Packed:
    """Return int8 vectors, (texts, dimensions)."""
    new = list(dict.fromkeys(text for text in texts if key(text) not in kept))
    for first in range(0, len(new), BATCH):
        part = new[first : first + BATCH]
        kept |= dict(zip(map(key, part), np.round(encoder.encode(part) * SCALE).astype(np.int8), strict=True))
    return np.stack([kept[key(text)] for text in texts])


if __name__ == "__main__":
    main()
