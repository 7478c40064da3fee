"""Write installer/THIRD_PARTY.md from the lock: every library the application carries, its version and licence."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD_ONLY = {"pip", "setuptools"}
REFUSED = re.compile(r"\b(A?GPL|NonCommercial)", re.IGNORECASE)
ALLOWED_DESPITE = {"pyside6-essentials", "shiboken6"}
"""Offered under LGPL-3.0 beside the GPL; used under the LGPL, as separate libraries that can be replaced."""

READ_IN_THE_FILE = {"sqlcipher3": "Zlib; contains SQLCipher (BSD-3-Clause)"}
"""Packages that state no licence in their metadata; this is what their licence file says."""

HEAD = """# Third-party libraries

Made by `python installer/third_party.py` from `requirements.lock`; do not edit by hand. PySide6 and Shiboken are used
under the LGPL-3.0: in the one-folder application they are separate libraries beside the executable and can be replaced
by a build of your own. llama-cpp-python contains llama.cpp and ggml (MIT). Data and models: see each folder under
`resources/`.

| library | version | licence |
|---|---|---|
"""


def main() -> int:
    """Write the file. Returns 1 when a library's licence may not be shipped."""
    names = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    rows, refused = [], []
    for name in sorted(set(names) - BUILD_ONLY):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # a library of another platform
            continue
        licence = READ_IN_THE_FILE.get(name) or licence_of(about)
        rows.append(f"| {name} | {about['Version']} | {licence} |")
        if REFUSED.search(licence.replace("LGPL", "")) and name not in ALLOWED_DESPITE:
            refused.append(name)
    (ROOT / "installer" / "THIRD_PARTY.md").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    for name in refused:
        sys.stderr.write(f"{name}: its licence may not be shipped\n")
    return 1 if refused else 0


def licence_of(about: metadata.PackageMetadata) -> str:
    """Return the licence as the package states it: its expression, else its classifiers, else its first line."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License")]
    stated = (about.get("License") or "").strip().splitlines()
    return "; ".join(classified) or (stated[0] if stated else "not stated")


if __name__ == "__main__":
    sys.exit(main())
