"""Importance matrix: how strongly each input of each weight matrix is used on clinic-like text.

    python -m quantize.importance HF_DIR ARCHITECTURE OUT.npz

The mean square of a matrix's inputs tells llama.cpp which columns to round most carefully. It is measured on the
original weights with PyTorch, on the `tune` part of the clinic text, which no gate figure rests on. Runs as a
child, so that the memory of the original model is free again when quantization begins.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import errors
from quantize import clinic_text
from quantize.steps import Progress

CHARACTERS, CHUNK_TOKENS, MOST_CHUNKS = 120_000, 256, 96
TIMEOUT_S = 6 * 3600


def measure(folder: Path, architecture: str, target: Path) -> None:
    """Write the matrix of the model in `folder` to `target`. Raises ProgramError when the child fails."""
    command = [sys.executable, "-m", "quantize.importance", str(folder), architecture, str(target)]
    finished = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False)
    if finished.returncode:
        raise errors.ProgramError("the importance matrix could not be measured; --importance none goes on without it")


class Sums:
    """Sums of squares by the name that the matrix has in GGUF."""

    def __init__(self) -> None:
        self._sums: dict[str, npt.NDArray[np.float64]] = {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, squares: npt.NDArray[np.float64], count: int) -> None:
        """Add the squares of `count` input vectors, summed over them."""
        self._sums[name] = self._sums.get(name, np.zeros_like(squares)) + squares
        self._counts[name] = self._counts.get(name, 0) + count

    def write(self, target: Path) -> None:
        """Write the mean squares as float32, one array a matrix."""
        means: dict[str, Any] = {
            name: (total / self._counts[name]).astype(np.float32) for name, total in self._sums.items()
        }
        with target.open("wb") as stream:
            np.savez(stream, **means)


def main() -> None:
    """Run in the child: load the model, watch its linear layers, read the text, write the sums."""
    import gguf
    import torch
    import transformers

    folder, architecture, target = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, use_safetensors=True, dtype=torch.float32, **options
    ).eval()
    kind = next(number for number, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture)
    names = gguf.get_tensor_name_map(kind, model.config.num_hidden_layers)
    sums = Sums()

    def watch(name: str) -> Any:
        def seen(_module: Any, inputs: Any, _output: Any) -> None:
            rows = inputs[0].detach().reshape(-1, inputs[0].shape[-1]).double()
            sums.add(name, (rows * rows).sum(dim=0).numpy(), rows.shape[0])

        return seen

    for place, module in model.named_modules():
        named = names.get_name(f"{place}.weight", try_suffixes=(".weight",))
        if isinstance(module, torch.nn.Linear) and named:
            module.register_forward_hook(watch(named))
    tokens = tokenizer(clinic_text.running_text("tune", CHARACTERS), return_tensors="pt").input_ids[0]
    chunks = tokens.split(CHUNK_TOKENS)[:MOST_CHUNKS]
    progress = Progress("importance", len(chunks))
    with torch.inference_mode():
        for done, chunk in enumerate(chunks, 1):
            model(input_ids=chunk[None])
            progress.show(done)
    sums.write(target)


if __name__ == "__main__":
    main()
