"""Build llama.cpp for every processor: one base library and a variant for each generation, chosen when it is loaded.

`make env` compiles for the processor at hand, which is fastest there and an illegal instruction elsewhere. What
leaves this machine must be this build: the oldest variant needs no AVX at all. Writes build/portable-llama/, which
`make installer` takes where it is there. About 40 minutes on 2 idle cores; needs a C++ compiler.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "build" / "portable-llama"
OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DGGML_NATIVE=OFF", "-DGGML_BACKEND_DL=ON",
    "-DGGML_CPU_ALL_VARIANTS=ON", "-DLLAMA_CURL=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_TOOLS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_SERVER=OFF", "-DLLAMA_BUILD_COMMON=OFF",
    "-DCMAKE_INSTALL_RPATH=$ORIGIN", "-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON",
)  # fmt: skip
LEFT_OUT = ("sapphirerapids",)
"""Variants with AMX: GCC 12 compiles its tile set-up wrongly (see engine.runtime.llama_native.model_params)."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lantern-llama-") as folder:
        work = Path(folder)
        source, tools = _source(work), _tools(work)
        cmake = [sys.executable, "-m", "cmake"]
        environment = {"PYTHONPATH": str(tools), "PATH": f"{tools / 'bin'}:/usr/local/bin:/usr/bin:/bin"}
        llama = source / "vendor" / "llama.cpp"
        _run([*cmake, "-G", "Ninja", "-S", llama, "-B", work / "build", *OPTIONS], environment)
        _run([*cmake, "--build", work / "build"], environment)
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir(parents=True)
        for library in sorted((work / "build" / "bin").glob("*")):
            wanted = library.suffix in (".so", ".dll", ".dylib") or ".so." in library.name
            if wanted and not any(name in library.name for name in LEFT_OUT):
                shutil.copy(library, TARGET / library.name)
    sys.stderr.write(f"{TARGET}: {len(list(TARGET.iterdir()))} libraries\n")
    return 0


def _source(work: Path) -> Path:
    """Return the unpacked source of the locked release, checked against its hash by pip."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    begin = lock.index("llama-cpp-python==")
    entry = lock[begin : lock.index("\n", lock.index("--hash", begin))].replace("\\\n", " ")
    (work / "one.lock").write_text(entry + "\n", encoding="utf-8")
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:", "--no-build-isolation",
          "--require-hashes", "--dest", work, "-r", work / "one.lock"], None)
    with tarfile.open(next(work.glob("llama_cpp_python-*.tar.gz"))) as archive:
        archive.extractall(work, filter="data")
    return next(path for path in work.glob("llama_cpp_python-*") if path.is_dir())


def _tools(work: Path) -> Path:
    """Return a folder with cmake and ninja, from their packages."""
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--target", work / "tools", "cmake", "ninja"], None)
    return work / "tools"


def _run(command: list[str | Path], environment: dict[str, str] | None) -> None:
    subprocess.run([str(part) for part in command], env=environment, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
