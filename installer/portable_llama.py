"""Build llama.cpp for every processor: one base library and a variant for each generation, chosen when it is loaded.

`make env` compiles for the processor at hand, which is fastest there and an illegal instruction elsewhere. What
leaves this machine must be this build: the oldest variant needs no more than any 64-bit processor has. Writes
build/portable-llama/, which `make installer` takes where it is there. A build that was cut off goes on where it ended
(build/portable-work/). Needs a C++ compiler; `--cuda 86` adds the library for NVIDIA cards of that generation (nvcc).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "build" / "portable-llama"
WORK = ROOT / "build" / "portable-work"
OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DGGML_NATIVE=OFF", "-DGGML_BACKEND_DL=ON",
    "-DGGML_CPU_ALL_VARIANTS=ON", "-DLLAMA_CURL=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_TOOLS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_SERVER=OFF", "-DLLAMA_BUILD_COMMON=OFF",
    "-DCMAKE_INSTALL_RPATH=$ORIGIN", "-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON",
)  # fmt: skip
VARIANTS = ("x64", "sse42", "sandybridge", "haswell", "alderlake", "skylakex", "icelake", "zen4")
"""One for each step that changes speed: none, SSE 4.2, AVX, AVX2, AVX-VNNI, AVX-512, its VNNI, its BF16.

A processor between two of them takes the lower one. Among those left out is `sapphirerapids`: GCC 12 compiles its AMX
tile set-up wrongly (see engine.runtime.llama_native.model_params), and `zen4` serves those processors.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Build llama.cpp for every processor into build/portable-llama/.")
    parser.add_argument("--cuda", metavar="GENERATIONS", help='also for NVIDIA cards, e.g. "75;86;89;120"')
    cuda = parser.parse_args().cuda
    WORK.mkdir(parents=True, exist_ok=True)
    source, tools = _source(WORK), _tools(WORK)
    cmake = [sys.executable, "-m", "cmake"]
    environment = {**os.environ, "PYTHONPATH": str(tools), "PATH": f"{tools / 'bin'}:{os.environ['PATH']}"}
    card = [f"-DGGML_CUDA={'ON' if cuda else 'OFF'}", *([f"-DCMAKE_CUDA_ARCHITECTURES={cuda}"] if cuda else [])]
    targets = ["llama", *(f"ggml-cpu-{name}" for name in VARIANTS), *(["ggml-cuda"] if cuda else [])]
    llama = source / "vendor" / "llama.cpp"
    _keep_variants(llama / "ggml" / "src" / "CMakeLists.txt")
    _run([*cmake, "-G", "Ninja", "-S", llama, "-B", WORK / "build", *OPTIONS, *card], environment)
    _run([*cmake, "--build", WORK / "build", "-j", str(os.cpu_count() or 2), "--target", *targets], environment)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for library in sorted((WORK / "build" / "bin").glob("*")):
        # libggml.so.0 is what libraries ask for; libggml.so.0.25.3 would be a third copy that nobody opens.
        if library.suffix in (".so", ".dll", ".dylib") or re.fullmatch(r".+\.so\.\d+", library.name):
            shutil.copy(library, TARGET / library.name)
    sys.stderr.write(f"{TARGET}: {len(list(TARGET.iterdir()))} libraries\n")
    return 0


def _keep_variants(cmake_file: Path) -> None:
    """Strike out the unwanted x86 variants; CMake has no option for it. Raises ValueError on a new layout."""
    lines = cmake_file.read_text(encoding="utf-8").splitlines()
    first, last = (n for n, line in enumerate(lines) if re.search(r"_variant\((x64|sapphirerapids)\b", line))
    for number in range(first, last + 1):
        found = re.search(r"ggml_add_cpu_backend_variant\((\w+)", lines[number])
        if found and found[1] not in VARIANTS:
            lines[number] = "# " + lines[number]
    cmake_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _source(work: Path) -> Path:
    """Return the unpacked source of the locked release, checked against its hash by pip."""
    if unpacked := [path for path in work.glob("llama_cpp_python-*") if path.is_dir()]:
        return unpacked[0]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    begin = lock.index("llama-cpp-python==")
    entry = lock[begin : lock.index("\n", lock.index("--hash", begin))].replace("\\\n", " ")
    (work / "one.lock").write_text(entry + "\n", encoding="utf-8")
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:",
          "--require-hashes", "--dest", work, "-r", work / "one.lock"], None)
    with tarfile.open(next(work.glob("llama_cpp_python-*.tar.gz"))) as archive:
        archive.extractall(work / "unpacking", filter="data")
    unpacked = next((work / "unpacking").iterdir())
    return unpacked.rename(work / unpacked.name)  # only a whole one has this name


def _tools(work: Path) -> Path:
    """Return a folder with cmake and ninja, from their packages."""
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--target", work / "tools", "cmake", "ninja"], None)
    return work / "tools"


def _run(command: list[str | Path], environment: dict[str, str] | None) -> None:
    subprocess.run([str(part) for part in command], env=environment, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
