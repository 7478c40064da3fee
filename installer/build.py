"""Build the one-folder application in dist/lantern/ and prove that it works: the frozen engine, then the frozen window.

The smoke test runs the frozen executables with an environment that cannot reach the checkout's Python.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist" / "lantern"
SUFFIX = ".exe" if os.name == "nt" else ""


def main() -> int:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level",
            "WARN",
            "--distpath",
            ROOT / "dist",
            "--workpath",
            ROOT / "build" / "pyinstaller",
            ROOT / "installer" / "lantern.spec",
        ],
        cwd=ROOT,
        check=True,
    )
    if not (ROOT / "build" / "portable-llama").is_dir():
        sys.stderr.write(
            "WARNING: llama.cpp in this application is compiled for this processor and may end with an illegal\n"
            "instruction on an older one. Run `make portable` first for what leaves this machine.\n"
        )
    size_mb = sum(path.stat().st_size for path in DIST.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6
    sys.stderr.write(f"dist/lantern: {size_mb:.0f} MB\n")
    return smoke_test()


def smoke_test() -> int:
    """Run one consultation in each frozen executable. Returns 0 when both gave what they should."""
    case = {"id": "smoke", "age_years": 30, "sex": "female", "text": "Fever and cough with sputum for three days."}
    ranked = json.loads(frozen("lantern-engine", ["diagnose"], json.dumps(case)).stdout)
    self_test = frozen("lantern-engine", ["selftest"], "")
    sys.stderr.write(self_test.stdout)
    checks = {
        "the engine ranks a case": ranked["status"] in ("ranked", "abstained") and len(ranked["hypotheses"]) >= 10,
        "the engine passes its self-test": self_test.returncode == 0,
    }
    with tempfile.TemporaryDirectory() as folder:
        sys.stderr.write(frozen("lantern", ["--tour", folder], "").stderr)
        made = {path.name for path in Path(folder).rglob("*")}
        checks["the window runs a consultation to a signed report"] = {"report.pdf", "result.json"} <= made
    for name, passed in checks.items():
        sys.stderr.write(f"{'ok  ' if passed else 'FAIL'} {name}\n")
    return 0 if all(checks.values()) else 1


def frozen(name: str, arguments: list[str], untrusted_input: str) -> subprocess.CompletedProcess[str]:
    """Run a frozen executable far from the checkout and return what it said."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [DIST / f"{name}{SUFFIX}", *arguments],
        input=untrusted_input,
        text=True,
        capture_output=True,
        timeout=600,
        cwd=tempfile.gettempdir(),
        env={**kept, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
