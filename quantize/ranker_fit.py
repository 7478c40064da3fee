"""Trains the ranker's encoder on stories beside texts of the same topic; runs with torch, transformers and tokenizers.

    python -m quantize.ranker_fit MATERIAL MINILM OUT [--device cuda --steps 3000 --pairs 512]

A copy of all-MiniLM-L6-v2 whose word vectors stay as they were. In each batch a story must find its own text among
those of all others, and the text its story; batches are made of topics that look alike. OUT gets `ranker.npz`: the
trained weights in 16 bits, by name. Seeded.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer

from quantize.ranker_stories import Storyteller

SEED = 0
STEP_SIZE, WARM_UP, DECAY, TEMPERATURE = 4e-4, 0.06, 0.01, 0.05
AVERAGE, AVERAGE_EVERY = 0.995, 4
MOST_PIECES = 160
LOOK_ALIKES, TOGETHER = 24, 4
WORDS = "embeddings.word_embeddings.weight"
_ENCODE_AT_ONCE = 256


Pieces = tuple[Any, Any]
"""Ids and mask, each (texts, pieces)."""


class Texts:
    """Word pieces of texts as padded tensors."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._tokenizer.enable_padding()

    def pieces(self, texts: Sequence[str]) -> Pieces:
        encoded = self._tokenizer.encode_batch(list(texts))
        return torch.tensor([each.ids for each in encoded]), torch.tensor([each.attention_mask for each in encoded])


class Batches(torch.utils.data.IterableDataset):  # type: ignore[misc]
    """Endless batches of (stories, texts, topics); each worker process tells stories of its own."""

    def __init__(self, material: Path, texts: Texts, pairs: int, alike: dict[int, list[int]]) -> None:
        self._material, self._texts, self._pairs, self._alike = material, texts, pairs, alike

    def __iter__(self) -> Iterator[tuple[Pieces, Pieces, Any]]:
        worker = torch.utils.data.get_worker_info()
        teller = Storyteller(self._material, SEED + 1 + (worker.id if worker else 0))
        teller.alike = self._alike
        while True:
            batch = teller.batch(self._pairs, TOGETHER)
            yield (
                self._texts.pieces([pair.story for pair in batch]),
                self._texts.pieces([pair.text for pair in batch]),
                torch.tensor([pair.topic for pair in batch]),
            )


def from_folder(folder: Path, attention: str = "sdpa") -> Any:
    """Return the encoder with the weights of a MiniLM folder, or of its small copy (`small_copy`)."""
    config = transformers.BertConfig(
        hidden_size=384, intermediate_size=1536, num_hidden_layers=6, num_attention_heads=12, vocab_size=30522,
        max_position_embeddings=512, attention_probs_dropout_prob=0.05, hidden_dropout_prob=0.05,
        attn_implementation=attention,
    )  # fmt: skip
    if (folder / "minilm.npz").is_file():
        network = transformers.BertModel(config, add_pooling_layer=False)
        load(network, folder / "minilm.npz")
        return network
    return transformers.BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)


def load(network: Any, path: Path) -> None:
    """Put stored weights into the network; word vectors that are stored as int8 are scaled back."""
    with np.load(path) as stored:
        state = {
            name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files if "words_" not in name
        }
        if "words_int8" in stored.files:
            state[WORDS] = torch.from_numpy(stored["words_int8"].astype(np.float32) * stored["words_scale"])
    missing, strange = network.load_state_dict(state, strict=False)
    if strange or [name for name in missing if name not in ("embeddings.position_ids", WORDS)]:
        raise ValueError(f"these weights do not fit: {missing[:3]} {strange[:3]}")


def small_copy(folder: Path, target: Path) -> None:
    """Write the starting weights in a third of their size, to be carried to a machine with an accelerator."""
    state = from_folder(folder).state_dict()
    words = state[WORDS].numpy()
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    rest = {name: value.numpy().astype(np.float16) for name, value in state.items()
            if value.dtype.is_floating_point and name != WORDS}  # fmt: skip
    np.savez(target, words_int8=np.round(words / scale).astype(np.int8), words_scale=scale, **rest)


def vectors(network: Any, texts: Pieces, device: str) -> Any:
    """Return the normalised mean over the real pieces of each text."""
    ids, mask = (each.to(device, non_blocking=True) for each in texts)
    hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask[..., None].to(hidden.dtype)
    return torch.nn.functional.normalize(((hidden * weights).sum(1) / weights.sum(1)).float(), dim=1)


def loss_of(stories: Any, told: Any, topics: Any) -> Any:
    """Return the cross-entropy in both directions; other pairs of the same topic are left out of the comparison."""
    likeness = stories @ told.T / TEMPERATURE
    count = len(topics)
    same = (topics[:, None] == topics[None, :]) & (topics >= 0)[:, None]
    same &= ~torch.eye(count, dtype=torch.bool, device=topics.device)
    likeness = likeness.masked_fill(same, -1e4)
    own = torch.arange(count, device=topics.device)
    return (torch.nn.functional.cross_entropy(likeness, own) + torch.nn.functional.cross_entropy(likeness.T, own)) / 2


def look_alikes(network: Any, teller: Storyteller, texts: Texts, device: str) -> dict[int, list[int]]:
    """Return for each trained topic the nearest others of its source, by name and facts."""
    network.to(device).eval()
    found: dict[int, list[int]] = {}
    for numbers in teller.numbers.values():
        told = [_brief(teller.topics[number]) for number in numbers]
        parts = []
        with torch.no_grad(), _precision(device):
            for first in range(0, len(told), _ENCODE_AT_ONCE):
                parts.append(vectors(network, texts.pieces(told[first : first + _ENCODE_AT_ONCE]), device))
        made = torch.cat(parts)
        for first in range(0, len(told), _ENCODE_AT_ONCE):
            nearest = (made[first : first + _ENCODE_AT_ONCE] @ made.T).topk(min(LOOK_ALIKES + 1, len(told))).indices
            for place, row in enumerate(nearest.tolist(), start=first):
                found[numbers[place]] = [numbers[other] for other in row if other != place]
    return found


def _brief(topic: dict[str, Any]) -> str:
    told = [*topic["facts"][:6], *(name for name, _ in topic["terms"][:8])]
    return ". ".join(
        [topic["names"][0], *told, *(sentence for answer in topic["answers"][:1] for sentence in answer[:2])]
    )


def fit(network: Any, batches: Iterable[Any], device: str, steps: int, seconds: float, kept: Path) -> None:
    """Train in place; the network is left with the running average of its weights, which `kept` gets too.

    The rate falls to nothing by `steps` or by the end of `seconds`, whichever comes first.
    """
    network.embeddings.word_embeddings.requires_grad_(False)
    network.to(device).train()
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": [one for one in weights if one.dim() > 1], "weight_decay": DECAY},
         {"params": [one for one in weights if one.dim() <= 1], "weight_decay": 0.0}], lr=STEP_SIZE, betas=(0.9, 0.98),
    )  # fmt: skip
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    begun, summed = time.monotonic(), 0.0
    for step, batch in enumerate(batches, start=1):
        done = max(step / steps, (time.monotonic() - begun) / seconds)
        if done >= 1:
            break
        loss = _step(network, batch, device)
        for group in optimiser.param_groups:
            group["lr"] = STEP_SIZE * (done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        summed += float(loss.detach())
        if step % AVERAGE_EVERY == 0:
            _move(average, network, step)
        if step % 50 == 0:
            sys.stderr.write(f"step {step}, {done:.0%}: loss {summed / 50:.4f}, {time.monotonic() - begun:.0f} s\n")
            summed = 0.0
        if step % 200 == 0:
            store(average, kept)
    network.load_state_dict(average)
    network.eval()
    store(average, kept)


def _precision(device: str) -> AbstractContextManager[Any]:
    result: AbstractContextManager[Any] = torch.autocast(device, torch.bfloat16)
    return result


def _step(network: Any, batch: tuple[Pieces, Pieces, Any], device: str) -> Any:
    with _precision(device):
        stories, told = (vectors(network, each, device) for each in batch[:2])
    return loss_of(stories, told, batch[2].to(device))


def _move(average: dict[str, Any], network: Any, step: int) -> None:
    """Bring the running average up to the weights of `step`."""
    share = min(AVERAGE, (1 + step) / (10 + step)) ** AVERAGE_EVERY
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].lerp_(value, 1 - share)


def store(state: dict[str, Any], path: Path) -> None:
    """Write all weights but the word vectors, in 16 bits."""
    kept = {name: value.float().cpu().numpy().astype(np.float16) for name, value in state.items()
            if value.dtype.is_floating_point and name != WORDS}  # fmt: skip
    np.savez(path, **kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("material", "minilm", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--pairs", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop by then, at a rate of nothing")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="processes that tell stories")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    texts = Texts(arguments.minilm / "tokenizer.json")
    network = from_folder(arguments.minilm)
    alike = look_alikes(network, Storyteller(arguments.material, SEED), texts, arguments.device)
    batches = torch.utils.data.DataLoader(
        Batches(arguments.material, texts, arguments.pairs, alike), batch_size=None, num_workers=arguments.workers
    )
    fit(network, batches, arguments.device, arguments.steps, arguments.seconds, arguments.out / "ranker.npz")


if __name__ == "__main__":
    main()
