"""Export with optimum and quantize with ONNX Runtime, in a child that has the extra `quantize`.

    python -m quantize.onnx_export export HF_DIR OUT_DIR TASK
    python -m quantize.onnx_export encoder HF_DIR OUT_DIR
    python -m quantize.onnx_export int8 SOURCE.onnx TARGET.onnx dynamic|static FAMILY [TOKENIZER.json]
    python -m quantize.onnx_export careful SOURCE.onnx TARGET.onnx FAMILY TOKENIZER.json HEADS WIDTH

Dynamic int8 keeps 8-bit weights and measures activations while it runs; static int8 fixes their ranges on the
`tune` part of the clinic text. Processors without VNNI add pairs of products in 16 bits, which can overflow: for
them one bit less is used. A BERT-like encoder is exported without optimum, whose attention cannot be fused, and then
made int8 by `careful_int8`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine import errors
from quantize import clinic_text

FAMILIES = {"any": True, "avx2": True, "avx512": True, "vnni": False, "arm64": False}
"""Processor family to whether a bit is saved against overflow. `any` runs soundly on all of them."""
TIMEOUT_S = 6 * 3600
CALIBRATION_TEXTS, CALIBRATION_TOKENS = 64, 128


def run(*arguments: str | Path) -> None:
    """Run this module as a child. Raises ModelDamaged with its last words, BadRequest without the extra."""
    command = [sys.executable, "-W", "ignore", "-m", "quantize.onnx_export", *map(str, arguments)]
    finished = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=subprocess.PIPE, timeout=TIMEOUT_S, check=False,
        text=True,
    )
    if finished.returncode:
        said = [line for line in finished.stderr.strip().splitlines() if line.strip()] or ["no reason"]
        if "No module named" in said[-1]:
            raise errors.BadRequest("conversion needs the extra `quantize`: run `make env-quantize`")
        raise errors.ModelDamaged(f"{arguments[0]}: {said[-1][:300]}")


def _export(folder: str, out: str, task: str) -> None:
    from optimum.exporters.onnx import main_export

    with tempfile.TemporaryDirectory(prefix="lantern-onnx-") as temporary:
        main_export(
            folder, output=temporary, task=task, local_files_only=True, trust_remote_code=False, do_validation=True,
            no_post_process=True,
        )
        Path(out).mkdir(parents=True, exist_ok=True)
        for file in sorted(Path(temporary).glob("*.onnx")):
            shutil.copyfile(file, Path(out) / file.name)


def _encoder(folder: str, out: str) -> None:
    import transformers

    from quantize import fused_encoder

    network = transformers.AutoModel.from_pretrained(
        folder, attn_implementation="eager", local_files_only=True, trust_remote_code=False, add_pooling_layer=False
    )
    Path(out).mkdir(parents=True, exist_ok=True)
    fused_encoder.export_hidden(network, Path(out) / "model.onnx")


def _careful(source: str, target: str, family: str, tokenizer: str, heads: str, width: str) -> None:
    import onnx

    from quantize import careful_int8, fused_encoder

    samples = list(_feeds(tokenizer, {"input_ids", "attention_mask"}))
    model = fused_encoder.fused(Path(source), int(heads), int(width))
    onnx.save(careful_int8.quantized(model, samples, 7 if FAMILIES[family] else 8), target)
    _keep_used_domains(target)


def _int8(source: str, target: str, method: str, family: str, tokenizer: str = "") -> None:
    import onnx
    from onnxruntime import quantization as q

    with tempfile.TemporaryDirectory(prefix="lantern-int8-") as temporary:
        prepared = Path(temporary) / "prepared.onnx"
        try:
            q.shape_inference.quant_pre_process(source, str(prepared), skip_symbolic_shape=True)
        except Exception as unprepared:  # noqa: BLE001 - preparing is a help, not a need
            sys.stderr.write(f"not prepared ({type(unprepared).__name__}); quantized as it is\n")
            onnx.save(onnx.load(source), str(prepared))
        options: dict[str, Any] = {
            "per_channel": True, "reduce_range": FAMILIES[family], "weight_type": q.QuantType.QInt8,
        }
        if method == "dynamic":
            q.quantize_dynamic(str(prepared), target, **options)
        else:
            reader = _Calibration(tokenizer, {each.name for each in onnx.load(str(prepared)).graph.input})
            q.quantize_static(
                str(prepared), target, reader, quant_format=q.QuantFormat.QDQ, activation_type=q.QuantType.QUInt8,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"], **options,
            )
    _keep_used_domains(target)


def _keep_used_domains(target: str) -> None:
    """Leave out operator sets that no node uses: ONNX Runtime imports all it knows, and the engine refuses them."""
    import onnx

    model = onnx.load(target)
    used = {"", "ai.onnx", *_domains(model.graph)}
    kept = [each for each in model.opset_import if each.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    onnx.save(model, target)


def _domains(graph: Any) -> Iterator[str]:
    for node in graph.node:
        yield node.domain
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from _domains(inner)


class _Calibration:
    """What ONNX Runtime asks for one input after the other; None when there are no more."""

    def __init__(self, tokenizer: str, inputs: set[str]) -> None:
        self._rows = _feeds(tokenizer, inputs)

    def get_next(self) -> dict[str, Any] | None:
        return next(self._rows, None)


def _feeds(tokenizer: str, inputs: set[str]) -> Iterator[dict[str, Any]]:
    """Yield typical inputs, one text each."""
    import numpy as np
    from tokenizers import Tokenizer

    reader = Tokenizer.from_file(tokenizer)
    reader.no_padding()
    reader.enable_truncation(CALIBRATION_TOKENS)
    texts = [case.whole for case in clinic_text.cases("tune")][: CALIBRATION_TEXTS // 2]
    texts += [text for text, _ in zip(clinic_text.passages("tune"), range(CALIBRATION_TEXTS // 2), strict=False)]
    for text in texts:
        encoding = reader.encode(text)
        row = np.array([encoding.ids], dtype=np.int64)
        feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        yield {name: feeds[name] for name in inputs if name in feeds}


def main() -> None:
    """Run in the child."""
    steps: dict[str, Callable[..., None]] = {"export": _export, "encoder": _encoder, "int8": _int8, "careful": _careful}
    steps[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
