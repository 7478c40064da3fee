"""Golden texts: how the original tokenizer reads them, kept in the pack so that every installation can prove itself.

    python -m quantize.golden HF_DIR OUT.json

A tokenizer that was converted wrongly gives no error, only worse answers; comparing numbers is the one way to see it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from engine import errors
from engine.runtime.golden import TEXTS, Golden, GoldenText

TIMEOUT_S = 600


def write(folder: Path, target: Path) -> None:
    """Write the golden texts of the tokenizer in `folder`. Raises ModelDamaged when it cannot be read."""
    command = [sys.executable, "-m", "quantize.golden", str(folder), str(target)]
    if subprocess.run(command, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False).returncode:
        raise errors.ModelDamaged(f"the tokenizer in {folder.name} cannot be read")


def main() -> None:
    """Run in the child, where the tokenizer's library is."""
    import transformers

    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(
        sys.argv[1], local_files_only=True, trust_remote_code=False
    )
    texts = [GoldenText(text, list(tokenizer(text, add_special_tokens=False).input_ids)) for text in TEXTS]
    special = {
        name: token for name, token in tokenizer.special_tokens_map.items() if isinstance(token, str)
    }
    Path(sys.argv[2]).write_bytes(msgspec.json.format(msgspec.json.encode(Golden(texts, special)), indent=1))


if __name__ == "__main__":
    main()
