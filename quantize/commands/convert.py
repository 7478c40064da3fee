"""`gguf` and `onnx`: from a downloaded Hugging Face folder to a quantized model folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.runtime import hardware
from engine.runtime.pack_manifest import Manifest
from quantize.gguf_types import TYPES
from quantize.onnx_export import FAMILIES
from quantize.to_onnx import ALIASES, TASKS, Method, OnnxRequest
from quantize.to_onnx import convert as convert_onnx


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    gguf = commands.add_parser(
        "gguf", help="convert and quantize a language model", formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="types:\n" + "".join(f"  {name:<8} {kind.advice}\n" for name, kind in TYPES.items()),
    )
    gguf.add_argument("folder", type=Path, metavar="HF_DIR")
    gguf.add_argument("--type", dest="kind", choices=sorted(TYPES), default="Q4_K_M", metavar="TYPE")
    gguf.add_argument(
        "--importance", choices=("auto", "always", "none"), default="auto",
        help="importance matrix from clinic-like text: auto takes it where it brings the result nearer (default)",
    )
    gguf.set_defaults(run=_gguf)
    onnx = commands.add_parser("onnx", help="export a small transformer to ONNX, in 32 bits or int8")
    onnx.add_argument("folder", type=Path, metavar="HF_DIR")
    onnx.add_argument("--task", required=True, metavar="T", help=", ".join(sorted(onnx_tasks())))
    onnx.add_argument("--int8", action="store_true", help="quantize; without it the 32-bit reference is made")
    onnx.add_argument("--static", action="store_true", help="int8 with activation ranges fixed on clinic-like text")
    onnx.add_argument("--cpu", default="any", choices=sorted(FAMILIES), help="processor family (default any)")
    onnx.set_defaults(run=_onnx)
    for parser in (gguf, onnx):
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--name", help="name of the pack; the folder's if not given")
        parser.add_argument("--version", default="1.0", help="version of the pack (default 1.0)")
        parser.add_argument("--licence", help="needed only where the model card states none")
        parser.add_argument("--threads", type=int, default=hardware.cores(), metavar="N")
        parser.add_argument("--force", action="store_true", help="write over a folder that is not empty")


def onnx_tasks() -> list[str]:
    """Return the tasks that `onnx` knows."""
    return [*TASKS, *ALIASES]


def _onnx(arguments: argparse.Namespace) -> None:
    method: Method = "static" if arguments.static else "dynamic" if arguments.int8 else "none"
    manifest = convert_onnx(
        OnnxRequest(
            arguments.folder, arguments.task, arguments.out, method, arguments.cpu, arguments.name, arguments.version,
            arguments.licence, arguments.force,
        )
    )
    _tell(arguments.out, manifest)


def _gguf(arguments: argparse.Namespace) -> None:
    from quantize.to_gguf import GgufRequest, convert  # loads llama.cpp

    manifest = convert(
        GgufRequest(
            arguments.folder, arguments.kind, arguments.out, arguments.importance, arguments.name, arguments.version,
            arguments.licence, arguments.threads, arguments.force,
        )
    )
    _tell(arguments.out, manifest)


def _tell(out: Path, manifest: Manifest) -> None:
    size_mb = sum(file.size_bytes for file in manifest.files) / 1e6
    sys.stdout.write(f"{out}: {manifest.title}, {size_mb:,.1f} MB, {manifest.licence}; not signed yet\n")
