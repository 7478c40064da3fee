"""The vectors of the condition rows, made by the installed encoder and ranker; run it whenever a row changed.

    lantern-quantize train condition-vectors resources/knowledge

Writes `conditions/vectors.npz`: int8 vectors of every phrase and of every condition as one text, by the trained ranker
those of every condition as one text and of every first name, a fingerprint of the texts, and the names of both. Nothing
is trained or random. About one minute on two idle cores; texts that were
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
    ranker = packs.open_ranker(arguments.models_dir)
    if ranker is None:
        raise errors.ModelMissing("no ranker of conditions is installed: run lantern-quantize fetch")
    kept = {} if arguments.all else stored(target, encoder.name)
    told = [*(phrase.text for phrase in texts.phrases), *texts.documents]
    vectors = encoded(encoder, told, kept)
    documents = encoded(ranker, texts.documents, {})
    names = encoded(ranker, [row.name for row in texts.conditions], {})
    np.savez_compressed(
        target, phrases=vectors[: len(texts.phrases)], documents=vectors[len(texts.phrases) :],
        texts=np.array(texts.fingerprint()), encoder=np.array(encoder.name),
        keys=np.array([key(text) for text in told], dtype=np.uint64),
        ranker=np.array(ranker.name), ranker_documents=documents, ranker_names=names,
    )  # fmt: skip
    made_by = f"{encoder.name} and {ranker.name}"
    sys.stderr.write(f"{len(texts.conditions)} conditions, {len(texts.phrases)} phrases, by {made_by}\n")


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
