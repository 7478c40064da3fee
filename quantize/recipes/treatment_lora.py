"""Train the treatment-drafting adapter: a LoRA for SmolLM2-135M-Instruct, exported as a GGUF of a few megabytes.

    python -m quantize.recipes.treatment_lora --base SmolLM2-135M-Instruct.Q4_1.gguf --out build/treatment-lora

The base weights are the shipped GGUF itself, dequantised, so that the adapter learns on what it will sit on. Only the
answers are learned. Seeded; two minutes on a large graphics card, which is used where torch finds one, some hours on
two cores. Needs the extra `quantize`, peft and gguf.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM

from engine.knowledge.index import seal
from engine.locations import resources
from engine.runtime.prompts import chat
from engine.treatment import medquad
from engine.treatment.adapter_prompt import INSTRUCTION
from engine.treatment.compile import read_conditions
from engine.treatment.terms import clinical_terms
from quantize.recipes.treatment_targets import Pair, pairs

SEED = 20261126
RANK, ALPHA = 8, 16
BATCH, STEPS, STEP_SIZE, WARM_STEPS = 16, 900, 6e-4, 30
WORDINGS = 4
"""How often every sentence is offered to the rules, each time with other ones of them."""
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
LONGEST_TOKENS = 256
_IGNORED = -100
_CONTROL = 3
"""Token type of control tokens in GGUF."""
_NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def training_pairs() -> list[Pair]:
    """Return the seeded pairs from the shipped rows and answers, no answer twice."""
    knowledge = resources() / "knowledge"
    conditions = read_conditions(knowledge / "treatment" / "conditions")
    answers = list(medquad.read_answers(knowledge / "medquad" / medquad.FILE))
    terms = clinical_terms(conditions)
    made = [pair for seed in range(SEED, SEED + WORDINGS) for pair in pairs(conditions, answers, terms, seed)]
    return list({pair.answer: pair for pair in made}.values())


def tokenizer_of(base: Path) -> Tokenizer:
    """Return the file's own byte-level BPE: digits one by one, as llama.cpp reads the "smollm" kind."""
    fields = gguf.GGUFReader(base).fields
    tokens, merges = fields["tokenizer.ggml.tokens"].contents(), fields["tokenizer.ggml.merges"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[tuple(merge.split(" ")) for merge in merges]))
    digits, level = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, level])
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, kinds, strict=True) if kind == _CONTROL])
    return tokenizer


def encoded(pair: Pair, tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Return tokens and labels; parts are tokenised one by one, as the engine does."""
    prompt = chat("chatml", INSTRUCTION, pair.user)
    asked = [token for part in (*prompt.head, *prompt.tail) for token in tokenizer.encode(part.text).ids]
    answer = tokenizer.encode(pair.assistant + "<|im_end|>").ids
    return asked + answer, [_IGNORED] * len(asked) + answer


def train(base: Path, made: list[Pair], steps: int) -> Any:
    """Return the model with its trained adapter."""
    torch.manual_seed(SEED)
    tokenizer = tokenizer_of(base)
    model = AutoModelForCausalLM.from_pretrained(base.parent, gguf_file=base.name, dtype=torch.float32)
    modules = [name.split(".")[1] for name in _NAMES]
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=modules, lora_dropout=0.0)
    model = get_peft_model(model, config).to(DEVICE)
    rows = [row for row in (encoded(pair, tokenizer) for pair in made) if len(row[0]) <= LONGEST_TOKENS]
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=STEP_SIZE, weight_decay=0.0)
    start = time.perf_counter()
    for step, batch in enumerate(_batches(rows, steps)):
        for group in optimiser.param_groups:
            group["lr"] = STEP_SIZE * _pace(step, steps)
        with torch.autocast(DEVICE, torch.bfloat16):
            loss = model(**{name: each.to(DEVICE) for name, each in batch.items()}).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % 20 == 0:
            sys.stderr.write(f"step {step} of {steps}: loss {loss.item():.3f}, {time.perf_counter() - start:.0f} s\n")
    return model.to("cpu")


def _pace(step: int, steps: int) -> float:
    """Return the share of the step size: a short rise, then half a cosine."""
    if step < WARM_STEPS:
        return (step + 1) / WARM_STEPS
    return 0.5 * (1 + math.cos(math.pi * (step - WARM_STEPS) / max(1, steps - WARM_STEPS)))


def _batches(rows: list[tuple[list[int], list[int]]], steps: int) -> Any:
    """Yield padded batches of texts of like length, in seeded order."""
    chance = random.Random(SEED)
    order: list[list[int]] = []
    while len(order) < steps:
        by_length = sorted(range(len(rows)), key=lambda at: (len(rows[at][0]), chance.random()))
        groups = [by_length[at : at + BATCH] for at in range(0, len(by_length) - BATCH + 1, BATCH)]
        chance.shuffle(groups)
        order += groups
    for group in order[:steps]:
        longest = max(len(rows[at][0]) for at in group)
        ids = torch.zeros(len(group), longest, dtype=torch.long)
        labels = torch.full((len(group), longest), _IGNORED)
        mask = torch.zeros(len(group), longest, dtype=torch.long)
        for place, at in enumerate(group):
            tokens, wanted = rows[at]
            ids[place, : len(tokens)], labels[place, : len(tokens)] = torch.tensor(tokens), torch.tensor(wanted)
            mask[place, : len(tokens)] = 1
        yield {"input_ids": ids, "labels": labels, "attention_mask": mask}


def export(model: Any, target: Path) -> None:
    """Write the adapter as GGUF. llama.cpp keeps rotary halves interleaved, so the rows of q and k are moved."""
    config = model.config
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    writer = gguf.GGUFWriter(str(target), "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    state = {name: value for name, value in model.state_dict().items() if "lora_" in name}
    for name, value in sorted(state.items()):
        _, _, rest = name.partition("layers.")
        layer, _, rest = rest.partition(".")
        module, _, which = rest.partition(".lora_")
        short = _NAMES[module]
        weights = value.float().numpy()
        if which.startswith("B") and short in heads:
            weights = _interleaved(weights, heads[short])
        writer.add_tensor(f"blk.{layer}.{short}.weight.lora_{which[0].lower()}", weights.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _interleaved(weights: np.ndarray, heads: int) -> np.ndarray:
    shape = (heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
    return np.ascontiguousarray(weights.reshape(shape).swapaxes(1, 2).reshape(weights.shape))


def main() -> int:
    """Train, export and note what was done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    made = training_pairs()
    sys.stderr.write(f"{len(made)} pairs, for instance: {made[0].user!r} -> {made[0].assistant!r}\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    model = train(arguments.base, made, arguments.steps)
    export(model, arguments.out / "treatment-lora.gguf")
    note = {"base_sha256": seal(arguments.base), "pairs": len(made), "steps": arguments.steps, "seed": SEED,
            "rank": RANK, "alpha": ALPHA}
    (arguments.out / "recipe.json").write_text(json.dumps(note, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
