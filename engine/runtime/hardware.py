"""What this machine offers a model: processor features, cores, free memory, and whether a GPU is there to be asked.

Nothing here starts a driver or another program; a GPU is only reported as present, the build decides about its use.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from engine import errors
from engine.runtime import gguf_header

MAX_THREADS = 8
"""Small models do not get faster beyond this; the desktop needs cores too."""
UBATCH_TOKENS, SEQUENCES = 256, 16
"""How many tokens one pass of the engine evaluates, and how many sequences share the memory (see gguf.py)."""
BASE_BYTES = 20 << 20
"""What llama.cpp takes besides weights, KV memory and the buffers below, measured on two models."""
_FEATURES = ("avx", "avx2", "avx512f", "avx512_vnni", "avx_vnni", "fma", "f16c", "asimd", "sve", "i8mm")


@dataclass(frozen=True, slots=True)
class Hardware:
    """`features` are the processor features that matter to speed; `gpus` the driver libraries that answer."""

    machine: str
    cores: int
    features: tuple[str, ...]
    memory_bytes: int
    available_bytes: int
    gpus: tuple[str, ...]


def detect() -> Hardware:
    """Return what is known about this machine; what cannot be found out is empty or 0."""
    total, available = memory()
    return Hardware(platform.machine(), cores(), features(), total, available, gpus())


def describe() -> str:
    """Return one line that names the processor, for the status line; see gpu.device_line for the card."""
    fastest = next((name for name in reversed(_FEATURES[:4]) if name in features()), platform.machine())
    return f"CPU, {cores()} x {fastest}"


def processor() -> str:
    """Return the processor's name, as far as the system tells it, and its cores: what a measured speed holds for."""
    names = _cpuinfo_values("model name") or [platform.processor() or platform.machine()]
    return f"{names[0]}, {cores()} cores"


def cores() -> int:
    """Return the physical cores this process may use; logical ones where the system does not tell them apart."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, _physical_cores() or allowed)


def threads() -> int:
    """Return how many threads a model should use here and now: the cores that are not busy with something else.

    Threads that wait for a core hold up all others at every layer: on two loaded cores, two threads decoded 2-19
    tokens a second and one thread 80-126.
    """
    return max(1, min(cores() - busy_cores(), MAX_THREADS))


def busy_cores() -> int:
    """Return the system's average load of the last minute in whole cores; 0 where unknown."""
    return min(round(os.getloadavg()[0]), cores()) if hasattr(os, "getloadavg") else 0


def features() -> tuple[str, ...]:
    """Return the processor features in _FEATURES that are present, in that order."""
    flags = _cpuinfo_values("flags") or _cpuinfo_values("Features")
    words = set(" ".join(flags).split())
    return tuple(name for name in _FEATURES if name in words)


def memory() -> tuple[int, int]:
    """Return total and available memory in bytes; (0, 0) where unknown."""
    if sys.platform == "win32":
        return _windows_memory()
    meminfo = _read("/proc/meminfo")
    if meminfo:
        fields = dict(line.split(":", 1) for line in meminfo.splitlines() if ":" in line)
        return _kilobytes(fields, "MemTotal"), min(_kilobytes(fields, "MemAvailable"), _group_limit())
    names = ("SC_PAGE_SIZE", "SC_PHYS_PAGES")
    if all(name in os.sysconf_names for name in names):
        total = os.sysconf(names[0]) * os.sysconf(names[1])
        return total, total // 2
    return 0, 0


def gpus() -> tuple[str, ...]:
    """Return the GPU drivers that seem to be installed, by their files; nothing is loaded."""
    candidates = {
        "CUDA": ("/proc/driver/nvidia/version", "/dev/nvidiactl", r"C:\Windows\System32\nvcuda.dll"),
        "ROCm": ("/dev/kfd",),
    }
    return tuple(name for name, paths in candidates.items() if any(Path(path).exists() for path in paths))


def card_drivers() -> str:
    """Return a fingerprint of the graphics cards and drivers that the system shows; nothing is loaded."""
    told = [_read("/proc/driver/nvidia/version")]
    for pattern in ("proc/driver/nvidia/gpus/*/information", "sys/class/drm/card?/device/uevent"):
        told += [_read(str(path)) for path in sorted(Path("/").glob(pattern))]
    for library in (Path(r"C:\Windows\System32\nvcuda.dll"), Path(r"C:\Windows\System32\vulkan-1.dll")):
        with contextlib.suppress(OSError):
            found = library.stat()
            told.append(f"{library.name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def resident_bytes() -> int:
    """Return the memory that this process has resident; 0 where the system does not say."""
    for line in _read("/proc/self/status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def needed_bytes(model: Path, context_tokens: int) -> int:
    """Return an estimate of the memory that a GGUF model takes with its context."""
    header = gguf_header.read(model)
    mask = 4 * UBATCH_TOKENS * context_tokens
    activations = 8 * 4 * UBATCH_TOKENS * header.embedding_length
    outputs = 4 * SEQUENCES * header.vocab_size
    buffers = BASE_BYTES + mask + activations + outputs
    return model.stat().st_size + header.kv_bytes(context_tokens) + buffers


def check_room_for(model: Path, context_tokens: int) -> None:
    """Raise ModelTooLarge when the model would not fit in the memory that is free now."""
    _, available = memory()
    needed = needed_bytes(model, context_tokens)
    if available and needed > available:
        raise errors.ModelTooLarge(f"{needed >> 20} MB are needed, {available >> 20} MB are free")


def return_freed_memory() -> None:
    """Give memory that was freed back to the system, where the C library keeps it otherwise (glibc)."""
    if sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def _physical_cores() -> int:
    """Return the number of distinct (package, core) pairs; 0 where unknown."""
    return len(set(zip(_cpuinfo_values("physical id"), _cpuinfo_values("core id"), strict=False)))


def _cpuinfo_values(field: str) -> list[str]:
    lines = (line.split(":", 1) for line in _read("/proc/cpuinfo").splitlines() if ":" in line)
    return [value.strip() for name, value in lines if name.strip() == field]


def _group_limit() -> int:
    """Return the memory limit of this process's control group; a huge number where there is none."""
    text = _read("/sys/fs/cgroup/memory.max").strip()
    used = _read("/sys/fs/cgroup/memory.current").strip()
    return int(text) - int(used) if text.isdigit() and used.isdigit() else sys.maxsize


def _kilobytes(fields: dict[str, str], name: str) -> int:
    number = fields.get(name, "0").split()[0]
    return int(number) * 1024 if number.isdigit() else 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


class _MemoryStatus(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint32), ("load", ctypes.c_uint32), ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64), ("rest", ctypes.c_uint64 * 5),
    )


def _windows_memory() -> tuple[int, int]:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel: object = getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows only
    if not getattr(kernel, "GlobalMemoryStatusEx")(ctypes.byref(status)):  # noqa: B009
        return 0, 0
    return int(status.total), int(status.available)
