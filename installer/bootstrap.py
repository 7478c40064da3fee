"""Set up `.venv/` from nothing: system libraries, pinned packages, knowledge index, translations, default models.

Runs on the bare system Python, so it uses the standard library alone. Every step keeps a stamp of what it was made
from and is skipped when nothing changed; a second run takes under a second. Messages go to stderr.
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
APT_PACKAGES = {
    "libegl1": "EGL",
    "libgl1": "GL",
    "libxkbcommon0": "xkbcommon",
    "libdbus-1-3": "dbus-1",
    "libfontconfig1": "fontconfig",
    "libxcb-cursor0": "xcb-cursor",
    "libxkbcommon-x11-0": "xkbcommon-x11",
    "libxcb-icccm4": "xcb-icccm",
    "libxcb-keysyms1": "xcb-keysyms",
    "libxcb-shape0": "xcb-shape",
}
"""Debian package to the library that Qt needs from it."""
CHINESE_FONT_PACKAGE = "fonts-noto-cjk"


def say(text: str) -> None:
    sys.stderr.write(f"lantern: {text}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Set up Lantern's environment in .venv/.")
    parser.add_argument("--dev", action="store_true", help="also what the tests and the installer need")
    parser.add_argument("--no-models", action="store_true", help="do not fetch the default models")
    arguments = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells an older Python
        say(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 run")
        return 1
    try:
        set_up(dev=arguments.dev, models=not arguments.no_models)
    except subprocess.CalledProcessError as failed:
        say(f"this step failed: {' '.join(map(str, failed.cmd))}")
        say("Nothing was half-installed that a second run would not repair: mend the cause above and run it again.")
        return 1
    return 0


def set_up(*, dev: bool, models: bool) -> None:
    """Bring every part up to date, in order. Raises CalledProcessError at the first step that fails."""
    system_libraries()
    create_environment()
    install_packages(ROOT / ("requirements-dev.lock" if dev else "requirements.lock"))
    install_checkout()
    python = python_of(VENV)
    release_translations()
    run([python, "-m", "engine.knowledge.compile", "resources/knowledge", "resources/knowledge/compiled"])
    if models:
        run([python, "-m", "quantize", "fetch"])


def system_libraries() -> None:
    """Install Qt's libraries and a Chinese font with apt when root; otherwise print the line that does it."""
    if not sys.platform.startswith("linux"):
        return
    wanted = [package for package, library in APT_PACKAGES.items() if not ctypes.util.find_library(library)]
    if not chinese_font():
        wanted.append(CHINESE_FONT_PACKAGE)
    if not wanted:
        return
    line = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("these system packages are missing; ask for them with: sudo " + " ".join(line))
        return
    say("installing system libraries: " + " ".join(wanted))
    quiet_environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet_environment)
    run([*line[:2], "-qq", *line[2:]], env=quiet_environment)


def chinese_font() -> bool:
    """Whether some font of this machine has Chinese characters, as far as its name tells."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    names = ("NotoSansCJK", "NotoSansSC", "SourceHan", "wqy", "DroidSansFallback")
    return any(
        name in path.name
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*.[to]t*")
        for name in names
    )


def create_environment() -> None:
    if python_of(VENV).exists():
        return
    say("creating .venv/")
    venv.create(VENV, with_pip=True, symlinks=os.name != "nt")


def install_packages(lock: Path) -> None:
    """Install exactly the locked files, checked against their hashes. The first time compiles llama.cpp."""
    stamp = STAMPS / "packages"
    wanted = digest([lock])
    if stamp.is_file() and wanted in stamp.read_text().split():
        return
    say(f"installing the packages of {lock.name}; the first time this compiles llama.cpp (about 5 minutes on 2 cores)")
    start = time.monotonic()
    run([python_of(VENV), "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", lock])
    STAMPS.mkdir(exist_ok=True)
    # The development lock holds everything of the other one, so both count as installed then.
    met = [wanted] if lock.name == "requirements.lock" else [wanted, digest([ROOT / "requirements.lock"])]
    stamp.write_text("\n".join(met))
    say(f"packages installed in {time.monotonic() - start:.0f} s")


def install_checkout() -> None:
    """Put this checkout on the environment's path, with its three commands."""
    once(
        "checkout",
        [ROOT / "pyproject.toml"],
        lambda: run(
            [python_of(VENV), "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", "."]
        ),
    )


def release_translations() -> None:
    """Build the .qm of every translation whose source changed or whose result is missing."""
    for source in sorted((ROOT / "resources/i18n").glob("*.ts")):
        target = source.with_suffix(".qm")
        command = [python_of(VENV).parent / "pyside6-lrelease", "-silent", source, "-qm", target]
        if not target.exists():
            (STAMPS / source.name).unlink(missing_ok=True)
        once(source.name, [source], partial(run, command))


def once(name: str, inputs: Sequence[Path], step: Callable[[], None]) -> None:
    """Call `step` unless it already ran for exactly these input files."""
    stamp = STAMPS / name
    wanted = digest(inputs)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    step()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def digest(paths: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    """Run a step in the checkout with its output on this terminal. Raises CalledProcessError."""
    subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
