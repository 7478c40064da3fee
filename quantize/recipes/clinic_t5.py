"""A small text-from-text model of the T5 family, trained from nothing: reads a patient, says diagnosis and urgency.

    lantern-quantize train clinic-t5 OUT_DIR

It shows that encoder and decoder with their cache run in the engine behind the same contract as a language model, from
training to the installed pack. 1.1 million parameters; seeded; three minutes on a large graphics card, which it uses
where torch finds one, an hour or two on two cores. It is no model to ask.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from quantize import clinic_text
from quantize.clinic_text import WrittenCase
from quantize.recipes._publish import publish

SEED = 20261126
VOCABULARY, WIDTH, INNER, HEADS, LAYERS = 2000, 128, 256, 4, 2
BATCH, STEPS, STEP_SIZE, TELLINGS, MOST_TOKENS = 32, 5000, 2e-3, 24, 320
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    pairs = [(case.prompt, said(case)) for seed in range(TELLINGS) for case in clinic_text.cases("train", seed)]
    random.Random(SEED).shuffle(pairs)
    tokenizer = train_tokenizer(pairs)
    tokenizer.save(str(arguments.out / "tokenizer.json"))
    model = train(pairs, tokenizer, arguments.steps)
    model.save_pretrained(arguments.out, safe_serialization=True)
    publish(arguments.out, "clinic-t5", __doc__ or "", "DDXPlus, CC BY 4.0", SEED)


def said(case: WrittenCase) -> str:
    """Return what the model shall say: the diagnosis and how urgent it is, 1 being the most urgent."""
    return f"{case.diagnosis}. Urgency {case.severity} of 5."


def train_tokenizer(pairs: list[tuple[str, str]]) -> Any:
    """Fit a byte-pair vocabulary to the texts; every input ends with the end token, as T5 expects."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=[PAD, END, UNKNOWN], show_progress=False)
    tokenizer.train_from_iterator([text for pair in pairs[:3000] for text in pair], trainer)
    end = tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, end)])
    return tokenizer


def train(pairs: list[tuple[str, str]], tokenizer: Any, steps: int) -> Any:
    """Return the fitted model; prints the loss every fifty steps."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = transformers.T5Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=WIDTH, d_ff=INNER, d_kv=WIDTH // HEADS, num_heads=HEADS,
        num_layers=LAYERS, num_decoder_layers=LAYERS, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        n_positions=512, dropout_rate=0.0,
    )
    model = transformers.T5ForConditionalGeneration(config).to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=STEP_SIZE, weight_decay=0.01)
    schedule = transformers.get_cosine_schedule_with_warmup(optimiser, min(200, steps // 10), steps)
    chance, begun = random.Random(SEED), time.monotonic()
    for step in range(steps):
        batch = chance.sample(pairs, BATCH)
        source = _padded([tokenizer.encode(text).ids[:MOST_TOKENS] for text, _ in batch], 0).to(device)
        target = _padded([tokenizer.encode(text).ids for _, text in batch], -100).to(device)
        loss = model(input_ids=source, attention_mask=(source != 0).long(), labels=target).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 50 == 0 or step == steps - 1:
            sys.stderr.write(f"step {step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - begun:.0f} s\n")
    return model.to("cpu").eval()


def _padded(rows: list[list[int]], filler: int) -> Any:
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


if __name__ == "__main__":
    main()
