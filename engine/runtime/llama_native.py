"""The thin layer over llama.cpp's C functions: one loaded model with its context, tokens, batches and samplers.

It stays this thin because the library's own Python wrapper copies every token's logits and costs up to 15 % of the
speed. No rule of Lantern lives here. All native calls release the interpreter lock, so the child still answers pings.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import errors
from engine.runtime.calibration import PASS_TOKENS

# Read by the OpenMP library when it loads. Its threads wait for each other at every layer; with the default they spin,
# and on a computer that is busy with something else decoding falls to a tenth (2-19 tokens/s instead of 30-130 on two
# loaded cores). Spinning briefly costs 3 % on an idle one.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def _share_cpp_library() -> None:
    """On Linux, put the system's C++ library before any other that llama.cpp's own libraries may bring along.

    A CUDA build whose host compiler links the C++ library statically exports that copy from libggml-cuda, and the other
    libraries half bind to it: loading a model then ended in signal 11 (seen with CUDA 13.0 and a second GCC).
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):  # a system without it has nothing to mix up
            ctypes.CDLL("libstdc++.so.6", mode=ctypes.RTLD_GLOBAL)


_share_cpp_library()
try:
    import llama_cpp
    import llama_cpp.llama_cpp as native
except (OSError, RuntimeError) as unusable:  # a library that is missing, cut off or built for another driver
    raise errors.ModelDamaged(f"llama.cpp cannot be loaded: {str(unusable)[:200]}") from unusable

log = logging.getLogger(__name__)

ABORTED = 2
"""What llama_decode returns when the abort callback asked for it."""
_NATIVE_ERROR, _NATIVE_WARNING = 4, 3
MAX_TOKEN_BYTES = 1024
ATTENTION = 2
"""How attention is computed on the processor: 1 was llama.cpp's flash attention, 2 is plain (see _context_params)."""
NO_CARD = -1
"""As `main_gpu`: no card at all. Without it a card that is present takes large batches even with no layer on it."""
_CARD_TYPES = (1, 2)  # GPU with memory of its own, GPU in the processor (ggml-backend.h, ggml_backend_dev_type)


_CARD_BACKENDS = ("cuda", "vulkan", "hip", "sycl", "metal")


class _Expected:
    """Whether native errors are the expected echo of an abort that was asked for."""

    abort = False


def _log_line(level: int, text: bytes, _user_data: object) -> None:
    """Pass native errors and warnings on to the log; the rest is chatter about the file."""
    if level == _NATIVE_ERROR and not _Expected.abort:
        log.error("llama.cpp: %s", text.decode("utf-8", "replace").rstrip())
    elif level in (_NATIVE_ERROR, _NATIVE_WARNING):
        log.debug("llama.cpp: %s", text.decode("utf-8", "replace").rstrip())


_TO_LOGGING = native.llama_log_callback(_log_line)
_NO_ABORT = native.ggml_abort_callback()


def start_backend() -> None:
    """Silence native logging and start llama.cpp. Calling it again does nothing."""
    native.llama_log_set(_TO_LOGGING, ctypes.c_void_p(0))
    _load_variants()
    native.llama_backend_init()


def _load_variants() -> None:
    """In a portable build, load the variant that suits this processor; a build for one has nothing to load."""
    folder = _library_folder()
    if any(folder.glob("*ggml-cpu-*")):
        load = _exported("ggml_backend_load_all_from_path", folder)
        load.restype, load.argtypes = None, [ctypes.c_char_p]
        load(str(folder).encode())


def _library_folder() -> Path:
    return Path(os.environ.get("LLAMA_CPP_LIB_PATH") or Path(native.__file__).parent / "lib")


def card_backends() -> tuple[str, ...]:
    """Return the kinds of graphics card that this build has code for, by its files: cuda, vulkan, hip, sycl or metal.

    No driver is asked: a bad one can end the process that asks, so a child asks it (see gpu).
    """
    names = [path.name for path in _library_folder().glob("*ggml-*")]
    return tuple(kind for kind in _CARD_BACKENDS if any(f"ggml-{kind}" in name for name in names))


def _exported(name: str, folder: Path) -> Any:
    """Return a function of the ggml library that llama.cpp itself uses.

    Another copy of that library, opened by another of its file names, would have a register of its own that llama.cpp
    never looks at. Windows finds no names through libraries that a library needs; there the file has one name.
    """
    try:
        return getattr(native._lib, name)
    except AttributeError:
        return getattr(ctypes.CDLL(str(folder / "ggml.dll")), name)


def model_params(gpu_layers: int = 0) -> Any:
    """Return llama.cpp's default parameters, kept from its AMX code.

    GCC 12 drops the stores that set up the AMX tiles (its intrinsic declares 8 of the 64 bytes as read), and the first
    matrix product then ends the process with an illegal instruction. Lantern's own builds leave AMX out and lose
    nothing by this line; a build that has it must not pack weights for it.
    """
    params = native.llama_model_default_params()
    params.n_gpu_layers = gpu_layers
    params.split_mode = native.LLAMA_SPLIT_MODE_NONE
    params.main_gpu = 0 if gpu_layers else NO_CARD
    params.use_extra_bufts = b"AMX_INT8 = 1" not in native.llama_print_system_info()
    return params


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card that this build can use, and its memory when it was asked."""

    name: str
    free_bytes: int
    total_bytes: int


def cards() -> list[Card]:
    """Return the cards that llama.cpp sees; models go on the first of them. Starts the drivers."""
    start_backend()
    library = native._lib
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    library.ggml_backend_dev_get.restype = ctypes.c_void_p
    library.ggml_backend_dev_description.restype = ctypes.c_char_p
    found = (ctypes.c_void_p(library.ggml_backend_dev_get(ctypes.c_size_t(n)))
             for n in range(library.ggml_backend_dev_count()))
    return [_card(device) for device in found if library.ggml_backend_dev_type(device) in _CARD_TYPES]


def _card(device: ctypes.c_void_p) -> Card:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    native._lib.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    name = native._lib.ggml_backend_dev_description(device) or b""
    return Card(name.decode("utf-8", "replace"), free.value, total.value)


def build() -> str:
    """Return what the numbers of a model depend on besides the file: library and processor features."""
    features = native.llama_print_system_info().decode("utf-8", "replace")
    return f"{llama_cpp.__version__} {features} attention {ATTENTION}"


class LoadedModel:
    """A model and its context. `sequences` is how many token sequences share the KV memory."""

    def __init__(
        self, path: Path, context_tokens: int, threads: int, batch_tokens: int = 512, sequences: int = 1,
        gpu_layers: int = 0, pass_tokens: int = PASS_TOKENS,
    ) -> None:
        start_backend()
        self.model = native.llama_model_load_from_file(str(path).encode(), model_params(gpu_layers))
        if not self.model:
            raise errors.ModelDamaged(f"llama.cpp refused {path.name}")
        self.vocab = native.llama_model_get_vocab(self.model)
        self.context = native.llama_init_from_model(
            self.model,
            _context_params(
                context_tokens, threads, batch_tokens, sequences, None if gpu_layers else min(pass_tokens, batch_tokens)
            ),
        )
        if not self.context:
            native.llama_model_free(self.model)
            raise errors.OutOfMemory("no room for the context")
        self.memory = native.llama_get_memory(self.context)
        self.context_tokens = context_tokens
        self.batch_tokens = batch_tokens
        self.vocab_size: int = native.llama_vocab_n_tokens(self.vocab)
        self._batch = native.llama_batch_init(batch_tokens, 0, 1)
        self._piece = ctypes.create_string_buffer(MAX_TOKEN_BYTES)
        self._adapter: Any = None

    def add_adapter(self, path: Path) -> None:
        """Load a LoRA adapter, unused until `use_adapter`. Raises ModelDamaged where it does not fit the model."""
        self._adapter = native.llama_adapter_lora_init(self.model, str(path).encode())
        if not self._adapter:
            raise errors.ModelDamaged(f"llama.cpp refused the adapter {path.name}")

    def use_adapter(self, used: bool) -> None:
        """Let the adapter change what is evaluated from now on, or no longer. Kept states fit only their own way."""
        adapters = (native.llama_adapter_lora_p_ctypes * 1)(self._adapter) if used else None
        scales = (ctypes.c_float * 1)(1.0) if used else None
        if native.llama_set_adapters_lora(self.context, adapters, int(used), scales):
            raise errors.ProgramError("llama.cpp could not apply the adapter")

    def close(self) -> None:
        """Free everything native, an adapter with its model. The object may not be used afterwards."""
        native.llama_batch_free(self._batch)
        native.llama_free(self.context)
        native.llama_model_free(self.model)

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        """Return the tokens of `text`; marks become control tokens only where `control` allows it."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (native.llama_token * room)()
        count = native.llama_tokenize(self.vocab, data, len(data), buffer, room, False, control)
        if count < 0:
            raise errors.ProgramError(f"{-count} tokens from {len(data)} bytes")
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes of one token; a control token has none."""
        length = native.llama_token_to_piece(self.vocab, token, self._piece, MAX_TOKEN_BYTES, 0, False)
        return self._piece.raw[:length] if length > 0 else b""

    def ends_answer(self, token: int) -> bool:
        return bool(native.llama_vocab_is_eog(self.vocab, token))

    def has_end_token(self) -> bool:
        return any(
            0 <= token < self.vocab_size and self.ends_answer(token)
            for token in (native.llama_vocab_eos(self.vocab), native.llama_vocab_eot(self.vocab))
        )

    def is_control(self, token: int) -> bool:
        return bool(native.llama_vocab_is_control(self.vocab, token))

    def decode(self, tokens: Sequence[int], first: int, sequence: int = 0, *, every_logit: bool = False) -> int:
        """Evaluate `tokens` (at most batch_tokens) at positions from `first`; return llama.cpp's code, 0 for done."""
        return self.decode_mixed([(token, first + n, sequence, every_logit) for n, token in enumerate(tokens)])

    def decode_mixed(self, rows: Sequence[tuple[int, int, int, bool]]) -> int:
        """Evaluate rows of (token, position, sequence, wants logits); the last row always has logits."""
        batch = self._batch
        for n, (token, position, sequence, wants_logits) in enumerate(rows):
            batch.token[n] = token
            batch.pos[n] = position
            batch.n_seq_id[n] = 1
            batch.seq_id[n][0] = sequence
            batch.logits[n] = wants_logits
        batch.logits[len(rows) - 1] = True
        batch.n_tokens = len(rows)
        return int(native.llama_decode(self.context, batch))

    def decode_next(self, token: int, position: int) -> int:
        """Evaluate one token of sequence 0: the inner loop of generation."""
        batch = self._batch
        batch.token[0], batch.pos[0], batch.n_seq_id[0], batch.logits[0] = token, position, 1, True
        batch.seq_id[0][0] = 0
        batch.n_tokens = 1
        return int(native.llama_decode(self.context, batch))

    def logits(self, row: int = -1) -> npt.NDArray[np.float32]:  # (vocab_size,) float32
        """Return a view on the logits of a row of the last batch; it is overwritten by the next one."""
        pointer = native.llama_get_logits_ith(self.context, row)
        return np.ctypeslib.as_array(pointer, shape=(self.vocab_size,))

    def forget(self, sequence: int, first: int = 0) -> None:
        """Drop a sequence from position `first` on; -1 means all sequences."""
        native.llama_memory_seq_rm(self.memory, sequence, first, -1)

    def share(self, source: int, target: int) -> None:
        """Let `target` begin with all of `source`, without copying it."""
        native.llama_memory_seq_cp(self.memory, source, target, -1, -1)

    def state(self, sequence: int) -> bytes:
        """Return the state of a sequence as bytes that `restore` understands in the same build; empty on failure."""
        size = native.llama_state_seq_get_size(self.context, sequence)
        buffer = (ctypes.c_uint8 * size)()
        written = native.llama_state_seq_get_data(self.context, buffer, size, sequence)
        return bytes(memoryview(buffer)[:written])

    def restore(self, sequence: int, state: bytes, tokens: int) -> bool:
        """Put a state back, and say whether it now holds exactly `tokens` tokens from position 0."""
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if not native.llama_state_seq_set_data(self.context, buffer, len(state), sequence):
            return False
        first = native.llama_memory_seq_pos_min(self.memory, sequence)
        last = native.llama_memory_seq_pos_max(self.memory, sequence)
        return (int(first), int(last)) == (0, tokens - 1)

    def abort_when(self, asked: Callable[[], bool] | None) -> object:
        """Let a running decode stop when `asked` is true. Returns an object that must be kept alive meanwhile."""

        def stop(_data: object) -> bool:
            _Expected.abort = asked is not None and asked()
            return _Expected.abort

        _Expected.abort = False
        callback = native.ggml_abort_callback(stop) if asked else _NO_ABORT
        native.llama_set_abort_callback(self.context, callback, ctypes.c_void_p(0))
        return callback


def _context_params(
    context_tokens: int, threads: int, batch_tokens: int, sequences: int, pass_tokens: int | None
) -> Any:
    """Return the settings of a context. `pass_tokens` is for the processor, None on a card.

    On the processor attention is computed plainly: llama.cpp's flash attention there takes 1.2 to 2 times as long for
    each new token (128 to 900 tokens before it), and from 256 tokens on its sums depend on the number of threads, so
    that the same request would not always give the same text.
    """
    params = native.llama_context_default_params()
    params.n_ctx = context_tokens
    params.n_batch = params.n_ubatch = batch_tokens
    params.n_seq_max = sequences
    params.kv_unified = True
    params.n_threads = params.n_threads_batch = threads
    params.no_perf = True
    if pass_tokens is not None:
        params.n_ubatch = pass_tokens
        params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return params
