"""Lantern's runtime beside other ways to run the same models on this machine, in one run, alternated.

    python tests/peers.py MODEL.gguf ENCODER_FOLDER --rounds 3 [--encoder-original DIR]

Language model: tokens a second of reading and writing, one thread, greedy, by Lantern, by xllamacpp (another binding,
with its own build of llama.cpp) and by transformers on dequantised 32-bit weights. llama-cpp-python's own class is left
out: built by GCC 12 it ends with an illegal instruction on processors with AMX (see llama_native.model_params).
Encoder: milliseconds a text by Lantern, by ONNX Runtime with its default options, and by transformers on the original's
folder. Peers that are not installed are left out and named. Not a test: nothing here fails.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROMPT = "The patient has had a cough with yellow sputum and a fever for three days. " * 16
WRITTEN = 64
TEXT = "Cough with yellow sputum for six days, fever and chills, pain in the chest when breathing in, no wheezing."
Speeds = tuple[float, float]
"""Tokens a second of reading, and of writing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("encoder", type=Path, help="an installed encoder: model.onnx and tokenizer.json")
    parser.add_argument("--encoder-original", type=Path, help="its Hugging Face folder, for transformers")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = {"Lantern": lantern, "xllamacpp": other_binding, "transformers, 32 bits": transformers_model}
    speakers = {name: made for name, make in texts.items() if (made := _made(name, make, arguments.model))}
    _speeds(speakers, arguments.rounds)
    encoders: dict[str, Callable[[Path], Callable[[], Any]]] = {"Lantern": lantern_encoder, "ONNX Runtime": plain_onnx}
    readers = {name: made for name, make in encoders.items() if (made := _made(name, make, arguments.encoder))}
    if arguments.encoder_original and (made := _made("transformers", transformers_encoder, arguments.encoder_original)):
        readers["transformers, 32 bits"] = made
    _times(readers, arguments.rounds)
    return 0


def _made(name: str, make: Callable[[Path], Any], path: Path) -> Any:
    try:
        return make(path)
    except ImportError as absent:
        sys.stdout.write(f"{name}: not measured ({absent})\n")
        return None


def _speeds(speakers: dict[str, Callable[[], Speeds]], rounds: int) -> None:
    found: dict[str, list[Speeds]] = {name: [] for name in speakers}
    for _ in range(rounds):
        for name, speak in speakers.items():
            found[name].append(speak())
    for name, each in found.items():
        reading, writing = (statistics.median(one[at] for one in each) for at in (0, 1))
        spread = " ".join(f"{one[0]:.0f}/{one[1]:.0f}" for one in each)
        sys.stdout.write(f"{name}: reads {reading:.0f}, writes {writing:.0f} tokens/s ({spread})\n")


def _times(readers: dict[str, Callable[[], Any]], rounds: int) -> None:
    found: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            read()
            begun = time.perf_counter()
            for _ in range(20):
                read()
            found[name].append((time.perf_counter() - begun) / 20 * 1000)
    for name, each in found.items():
        sys.stdout.write(f"encoder, {name}: {statistics.median(each):.1f} ms a text\n")


def lantern(model: Path) -> Callable[[], Speeds]:
    from engine.runtime.base import GenerateOptions
    from engine.runtime.gguf import GgufRuntime

    runtime = GgufRuntime(model, "lantern", 1024, threads=1)
    options = GenerateOptions(max_tokens=WRITTEN, ignore_end=True)

    def speak() -> Speeds:
        begun = time.perf_counter()
        position = runtime.prefill(PROMPT)
        read = time.perf_counter()
        with runtime.sampler(options) as sampler:
            list(runtime.answer(position or 0, sampler, options))
        return (position or 0) / (read - begun), WRITTEN / (time.perf_counter() - read)

    return speak


def other_binding(model: Path) -> Callable[[], Speeds]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx, params.n_parallel, params.n_gpu_layers, params.warmup = 1024, 1, 0, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_prompt, params.verbosity = False, -1
    server = xllamacpp.Server(params)
    asked = {"prompt": PROMPT, "n_predict": WRITTEN, "temperature": 0.0, "cache_prompt": False, "ignore_eos": True}

    def speak() -> Speeds:
        timings = server.handle_completions(asked)["timings"]
        return timings["prompt_per_second"], timings["predicted_per_second"]

    return speak


def transformers_model(model: Path) -> Callable[[], Speeds]:
    import torch
    import transformers

    torch.set_num_threads(1)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model.parent, gguf_file=model.name)
    network = transformers.AutoModelForCausalLM.from_pretrained(model.parent, gguf_file=model.name).eval()
    ids = tokenizer(PROMPT, return_tensors="pt").input_ids

    def speak() -> Speeds:
        with torch.inference_mode():
            begun = time.perf_counter()
            given = network(ids, use_cache=True)
            read = time.perf_counter()
            for _ in range(WRITTEN):
                token = given.logits[:, -1:].argmax(-1)
                given = network(token, past_key_values=given.past_key_values, use_cache=True)
        return ids.shape[1] / (read - begun), WRITTEN / (time.perf_counter() - read)

    return speak


def lantern_encoder(folder: Path) -> Callable[[], Any]:
    from engine.runtime.onnx import OnnxEncoder

    encoder = OnnxEncoder(folder / "model.onnx", folder / "tokenizer.json", "lantern", threads=1)
    return lambda: encoder.encode([TEXT])


def plain_onnx(folder: Path) -> Callable[[], Any]:
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()

    def read() -> Any:
        ids = np.array([tokenizer.encode(TEXT).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return session.run(None, {each.name: feeds[each.name] for each in session.get_inputs()})

    return read


def transformers_encoder(folder: Path) -> Callable[[], Any]:
    import torch
    import transformers

    torch.set_num_threads(1)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    network = transformers.AutoModel.from_pretrained(folder).eval()

    def read() -> Any:
        with torch.inference_mode():
            return network(**tokenizer(TEXT, return_tensors="pt")).last_hidden_state.mean(1)

    return read


if __name__ == "__main__":
    sys.exit(main())
