"""A small language model of the Llama family, trained from nothing on clinic text: the true F16 reference of the gate.

    lantern-quantize train clinic-lm OUT_DIR

Writes a Hugging Face folder (safetensors, SentencePiece tokenizer, card, licence). It is there to measure
quantization with: its 16-bit weights were never anything less, so what `gate` says about its quantized versions is
true. It is no model to ask. 3.4 million parameters; seeded; a minute or two on a large graphics card, which it uses
where torch finds one, and about two hours on two cores (--steps 220 takes 3 minutes and knows little).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sentencepiece
import torch
import transformers

from quantize import clinic_text
from quantize.recipes._publish import publish

SEED = 20261126
VOCABULARY, WIDTH, INNER, LAYERS, HEADS, KV_HEADS, CONTEXT = 4096, 256, 512, 4, 4, 2, 1024
BLOCK, BATCH, STEPS, STEP_SIZE, WARM_UP = 256, 32, 6000, 2e-3, 100
TELLINGS = 24
"""How often each patient is told, every time with other findings in another order."""
PASSAGE_CHARACTERS = 1200
"""Of every third passage the beginning: enough prose to be a language, and the patients still outweigh it."""
CONTROL = ("<|im_start|>", "<|im_end|>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    documents = corpus()
    tokenizer = train_tokenizer(documents, arguments.out)
    model = train(tokens_of(documents, tokenizer), arguments.steps)
    model.to(torch.float16).save_pretrained(arguments.out, safe_serialization=True)
    write_tokenizer_config(arguments.out)
    publish(arguments.out, "clinic-lm", __doc__ or "", "DDXPlus and MedQuAD, both CC BY 4.0", SEED)
    sys.stderr.write(f"wrote {arguments.out}\n")


def corpus() -> list[str]:
    """Return the training part, shuffled: every patient in several tellings, and passages."""
    told = [case.whole for seed in range(TELLINGS) for case in clinic_text.cases("train", seed)]
    read = [passage[:PASSAGE_CHARACTERS] for passage in clinic_text.passages("train")][::3]
    documents = [*told, *read]
    random.Random(SEED).shuffle(documents)
    return documents


def train_tokenizer(documents: list[str], out: Path, vocabulary: int = VOCABULARY) -> Any:
    """Fit a byte-pair vocabulary to the first documents and return it as a SentencePiece processor."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line for text in documents[:1200] for line in text.splitlines() if line),
        model_prefix=str(out / "tokenizer"), model_type="bpe", vocab_size=vocabulary, byte_fallback=True,
        control_symbols=",".join(CONTROL), normalization_rule_name="identity",
        remove_extra_whitespaces=False, add_dummy_prefix=False, num_threads=1, max_sentence_length=4192,
        minloglevel=1,
    )
    (out / "tokenizer.vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(out / "tokenizer.model"))


def tokens_of(documents: list[str], tokenizer: Any) -> npt.NDArray[np.int64]:
    """Return all documents as one row of tokens, each ended by the end token."""
    rows = tokenizer.encode(documents, add_eos=True)
    return np.array([token for row in rows for token in row], dtype=np.int64)


def train(tokens: npt.NDArray[np.int64], steps: int) -> Any:
    """Return the fitted model; prints the loss every hundred steps."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, max_position_embeddings=CONTEXT,
        tie_word_embeddings=True, bos_token_id=1, eos_token_id=2,
    )
    model = transformers.LlamaForCausalLM(config).to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=STEP_SIZE, betas=(0.9, 0.95), weight_decay=0.1)
    schedule = transformers.get_cosine_schedule_with_warmup(optimiser, WARM_UP, steps)
    chance, begun = np.random.default_rng(SEED), time.monotonic()
    for step in range(steps):
        starts = chance.integers(0, len(tokens) - BLOCK, BATCH)
        batch = torch.from_numpy(np.stack([tokens[at : at + BLOCK] for at in starts])).to(device)
        with torch.autocast(device, torch.bfloat16):
            loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 100 == 0 or step == steps - 1:
            sys.stderr.write(f"step {step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - begun:.0f} s\n")
    return model.to("cpu").eval()


def write_tokenizer_config(out: Path) -> None:
    """Say what the tokenizer file does not: which class reads it, and that nothing is put in front of a text."""
    config = {
        "tokenizer_class": "LlamaTokenizer", "add_bos_token": False, "add_eos_token": False, "legacy": False,
        "add_prefix_space": False, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "additional_special_tokens": list(CONTROL), "clean_up_tokenization_spaces": False,
        "model_max_length": CONTEXT,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
