"""`lantern-quantize`: fetch, convert, train, gate, report, pack and verify models."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from engine import errors
from quantize.commands import convert, judge, signing, train, trust

EXAMPLES = """examples:
  lantern-quantize fetch                        install the default models for this user
  lantern-quantize fetch minilm-l6-v2 --models-dir /srv/lantern/models
  lantern-quantize gguf DOWNLOADED --type F16 --out reference
  lantern-quantize gguf DOWNLOADED --type Q4_K_M --out my-model
  lantern-quantize onnx DOWNLOADED --task token-classification --int8 --out my-tagger
  lantern-quantize gate my-model --against reference
  lantern-quantize report my-model
  lantern-quantize train                        list the training recipes
  lantern-quantize train diagnosis-rerank resources/knowledge
  lantern-quantize key clinic.key               make a signing key and its public half, clinic.key.pub
  lantern-quantize pack my-model --key clinic.key --name my-model --version 1.0 --licence Apache-2.0
  lantern-quantize pack guidelines --name our-guidelines --version 1.0 --licence "clinic's own"
                                                make a reference pack from PDF, HTML, Markdown, MedlinePlus XML or ZIM
  lantern-quantize verify my-model              check a pack's signature, hashes and model header
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 (done), 1 (it failed) or 2 (wrong usage)."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except errors.EngineError as failed:
        sys.stderr.write(f"lantern-quantize: {failed.code}: {failed}\n")
        return 1
    except OSError as failed:
        sys.stderr.write(f"lantern-quantize: {failed.strerror}: {failed.filename}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lantern-quantize", description="Models for Lantern.", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (signing, convert, judge, train, trust):
        module.add_parsers(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
