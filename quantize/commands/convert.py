"""`gguf` and `onnx`: from a downloaded Hugging Face folder to a quantized model folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.runtime import hardware
from quantize.gguf_types import TYPES


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
    for parser in (gguf,):
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--name", help="name of the pack; the folder's if not given")
        parser.add_argument("--version", default="1.0", help="version of the pack (default 1.0)")
        parser.add_argument("--licence", help="needed only where the model card states none")
        parser.add_argument("--threads", type=int, default=hardware.cores(), metavar="N")
        parser.add_argument("--force", action="store_true", help="write over a folder that is not empty")


def _gguf(arguments: argparse.Namespace) -> None:
    from quantize.to_gguf import GgufRequest, convert  # loads llama.cpp

    manifest = convert(
        GgufRequest(
            arguments.folder, arguments.kind, arguments.out, arguments.importance, arguments.name, arguments.version,
            arguments.licence, arguments.threads, arguments.force,
        )
    )
    size_mb = sum(file.size_bytes for file in manifest.files) / 1e6
    sys.stdout.write(f"{arguments.out}: {manifest.title}, {size_mb:,.1f} MB, {manifest.licence}; not signed yet\n")
