"""Let MiniLM guess hidden words of medical text for a while: where the entity tagger starts from.

    lantern-quantize train medical-encoder CORPORA KNOWLEDGE MINILM OUT_DIR

The text is MedQuAD, the definitions of HPO, and the train parts of NCBI disease and BC5CDR without their labels. Writes
a folder like MINILM's (model.safetensors, tokenizer.json). Seeded; a minute on a large graphics card, which it uses
where torch finds one, some hours on two cores.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import transformers
from tokenizers import Tokenizer

from engine.evaluation.entities import read_tsv
from engine.treatment import medquad
from quantize.tagger_network import minilm_config

SEED = 20261126
BLOCK, BATCH, STEPS, STEP_SIZE, WARM_UP, DECAY = 192, 128, 1500, 4e-4, 0.06, 0.01
HIDDEN_SHARE, MASK_SHARE, OTHER_SHARE = 0.15, 0.8, 0.1
"""Of all pieces so many must be guessed; of those most are masked, some replaced by another, the rest left."""
CORPUS_TIMES = 6
"""How often the abstracts stand in the text: they are few, and what the tagger will be measured on is like them."""
_START, _END, _MASK, _FIRST_WORD = 101, 102, 103, 999
"""BERT's marks, and where its vocabulary of signs and words begins."""
_DEFINITION = re.compile(r'^def: "((?:[^"\\]|\\.)*)"', re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "knowledge", "minilm", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(arguments.minilm / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    blocks = blocks_of(tokenizer, [*texts(arguments.corpora, arguments.knowledge)])
    sys.stderr.write(f"{len(blocks)} blocks of {BLOCK} pieces\n")
    encoder = train(arguments.minilm, blocks, arguments.steps)
    encoder.save_pretrained(arguments.out, safe_serialization=True)
    shutil.copyfile(arguments.minilm / "tokenizer.json", arguments.out / "tokenizer.json")


def texts(corpora: Path, knowledge: Path) -> Iterator[str]:
    """Yield everything that is read, development parts never."""
    for answer in medquad.read_answers(knowledge / "medquad" / medquad.FILE):
        yield " ".join(answer.text.split())
    with gzip.open(knowledge / "hpo" / "hp.obo.gz", "rt", encoding="utf-8") as ontology:
        yield from (definition.replace('\\"', '"') for definition in _DEFINITION.findall(ontology.read()))
    for place in ("ncbi_disease/train.tsv", "bc5cdr/chem_train.tsv"):
        abstracts = " ".join(word for sentence in read_tsv(corpora / place) for word in sentence.words)
        yield from [abstracts] * CORPUS_TIMES


def blocks_of(tokenizer: Tokenizer, read: list[str]) -> npt.NDArray[np.int64]:
    """Return all texts one after another, cut into (blocks, BLOCK) pieces, each block between the marks."""
    random.Random(SEED).shuffle(read)
    ids: list[int] = []
    for encoding in tokenizer.encode_batch(read, add_special_tokens=False):
        ids.extend(encoding.ids)
    room = BLOCK - 2
    inside = np.array(ids[: len(ids) // room * room], dtype=np.int64).reshape(-1, room)
    return np.pad(np.pad(inside, ((0, 0), (1, 0)), constant_values=_START), ((0, 0), (0, 1)), constant_values=_END)


def train(minilm: Path, blocks: npt.NDArray[np.int64], steps: int) -> Any:
    """Return the encoder after `steps`; the head that guesses is thrown away."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = transformers.BertForMaskedLM(minilm_config())
    model.bert = transformers.BertModel.from_pretrained(minilm, config=minilm_config(), add_pooling_layer=False)
    model.tie_weights()
    model.to(device).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=STEP_SIZE, betas=(0.9, 0.98), weight_decay=DECAY)
    schedule = transformers.get_linear_schedule_with_warmup(optimiser, int(WARM_UP * steps), steps)
    chance, begun, total = np.random.default_rng(SEED), time.monotonic(), 0.0
    for step in range(1, steps + 1):
        whole = torch.from_numpy(blocks[chance.integers(0, len(blocks), BATCH)]).to(device)
        seen, asked = _hide(whole)
        with torch.autocast(device, torch.bfloat16):
            states = model.bert(seen).last_hidden_state[asked]
            loss = torch.nn.functional.cross_entropy(model.cls(states).float(), whole[asked])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        total += loss.item()
        if step % 100 == 0:
            sys.stderr.write(f"step {step} of {steps}: loss {total / 100:.3f}, {time.monotonic() - begun:.0f} s\n")
            total = 0.0
    return model.bert.to("cpu").eval()


def _hide(whole: Any) -> tuple[Any, Any]:
    """Return the pieces as they are shown and which of them are asked."""
    draw = torch.rand(whole.shape, device=whole.device)
    asked = (draw < HIDDEN_SHARE) & (whole >= _FIRST_WORD)
    how = torch.rand(whole.shape, device=whole.device)
    others = torch.randint(_FIRST_WORD, 30522, whole.shape, device=whole.device)
    seen = torch.where(asked & (how < MASK_SHARE), _MASK, whole)
    return torch.where(asked & (how >= MASK_SHARE) & (how < MASK_SHARE + OTHER_SHARE), others, seen), asked


if __name__ == "__main__":
    main()
