"""What must hold for the whole tree: arrows between packages, sizes, and nothing that ties it to one machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {
    "pyproject.toml", "README.md", "desktop", "engine", "quantize", "resources", "installer", "tests", "Makefile",
    "requirements.lock", "requirements-dev.lock", "LICENSE", "NOTICE",
}  # fmt: skip
MOST_RESOURCES_MB = 130


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_the_top_level_is_the_agreed_one() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_resources_stay_small() -> None:
    """Count what the repository carries; the compiled index beside it (54 MB) is built from that on each machine."""
    carried = (path for path in tracked() if path.is_relative_to(ROOT / "resources") and path.is_file())
    size_mb = sum(path.stat().st_size for path in carried) / 1e6
    assert size_mb < MOST_RESOURCES_MB


def test_no_file_names_a_machine_or_a_package_host() -> None:
    pattern = re.compile(
        r"(?<![\w.:/-])/(?:home|root|work|opt)/\w+/\w|(?:pypi|pythonhosted|npmjs)\.\w{2,3}\b|debian\.org/"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.is_file()
        and path.suffix in {".py", ".toml", ".md", ".lock", ".txt", ".json", ".spec", ".qss", ""}
        and path.stat().st_size < 2_000_000
        and path != Path(__file__)
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.parametrize("module", ["engine.api", "engine.assembly", "engine.worker", "engine.pipeline"])
def test_the_engine_runs_without_a_window_library_or_a_case_database(module: str) -> None:
    program = (
        "import sys\n"
        "for name in ('PySide6', 'sqlcipher3', 'sqlite_utils', 'desktop', 'torch', 'transformers'):\n"
        "    sys.modules[name] = None\n"
        f"import {module}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and path.is_file()
        and path.stat().st_size > 200
        and not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "#"))
    ]
    assert silent == []
