"""Everything that can go wrong in the engine, each with a stable code that the desktop translates.

EngineError
├── InputError                 the caller's data; nothing is wrong with the installation
│   ├── BadRequest             bad_request        not one JSON object of the expected shape
│   ├── OutOfRange             out_of_range       a value no human can have (age 400, weight -3)
│   ├── TooLarge               too_large          over a limit of engine.api
│   ├── UnknownDiagnosis       unknown_diagnosis  a diagnosis that no table knows
│   ├── VcfRefused             vcf_refused        a variant file that cannot be trusted; the detail says why
│   └── EmptyCase              empty_case         nothing to reason about
├── InstallationError          the machine or the files; somebody can mend it
│   ├── KnowledgeMissing       knowledge_missing  the compiled index is not there
│   ├── KnowledgeDamaged       knowledge_damaged  the compiled index does not match its seal
│   ├── ModelMissing           model_missing      no such pack is installed
│   ├── ModelDamaged           model_damaged      size, hash or header differ from the manifest
│   ├── ModelUntrusted         model_untrusted    no signature, or one by an unknown key
│   ├── ModelTooLarge          model_too_large    it would not fit in this machine's memory
│   └── OutOfMemory            out_of_memory
├── RunEnded                   how a run of the child ended when it was not by its own word
│   ├── EngineCrashed          engine_crashed
│   ├── EngineHung             engine_hung
│   ├── EngineProtocolError    engine_protocol    the child wrote something that is no message
│   └── EngineStartFailed      engine_start_failed
└── ProgramError               internal           a bug of ours: logged, the action stopped
"""

from __future__ import annotations


class EngineError(Exception):
    """Root of the tree. `code` is stable across releases; `detail` is for the log and never holds patient data."""

    code = "internal"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class InputError(EngineError):
    """The caller's data cannot be used."""

    code = "bad_request"


class BadRequest(InputError):
    code = "bad_request"


class OutOfRange(InputError):
    code = "out_of_range"


class TooLarge(InputError):
    code = "too_large"


class UnknownDiagnosis(InputError):
    code = "unknown_diagnosis"


class VcfRefused(InputError):
    """The variant file cannot be used; the detail says why in plain words."""

    code = "vcf_refused"


class EmptyCase(InputError):
    code = "empty_case"


class InstallationError(EngineError):
    """A file or a resource of this machine is missing or unfit."""


class KnowledgeMissing(InstallationError):
    code = "knowledge_missing"


class KnowledgeDamaged(InstallationError):
    code = "knowledge_damaged"


class ModelMissing(InstallationError):
    code = "model_missing"


class ModelDamaged(InstallationError):
    code = "model_damaged"


class ModelUntrusted(InstallationError):
    code = "model_untrusted"


class ModelTooLarge(InstallationError):
    code = "model_too_large"


class OutOfMemory(InstallationError):
    code = "out_of_memory"


class RunEnded(EngineError):
    """The child did not end its run itself."""


class EngineCrashed(RunEnded):
    code = "engine_crashed"


class EngineHung(RunEnded):
    code = "engine_hung"


class EngineProtocolError(RunEnded):
    code = "engine_protocol"


class EngineStartFailed(RunEnded):
    code = "engine_start_failed"


class ProgramError(EngineError):
    code = "internal"


def every_code() -> frozenset[str]:
    """Return every code of the tree, for the desktop's translation table and its test."""
    pending: list[type[EngineError]] = [EngineError]
    codes: set[str] = set()
    while pending:
        error = pending.pop()
        codes.add(error.code)
        pending.extend(error.__subclasses__())
    return frozenset(codes)
