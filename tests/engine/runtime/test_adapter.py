"""The treatment-drafting adapter on the real model: only where it is asked, and back again without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine import errors
from engine.locations import resources
from engine.runtime import packs, prompts
from engine.runtime.base import GenerateOptions, Prompt, joined
from engine.runtime.gguf import GgufRuntime
from engine.treatment.adapter_prompt import INSTRUCTION, question
from tests.engine.runtime.test_adapter_header import A, B, adapter

LORA = resources() / "models" / "treatment-drafting" / "treatment-lora.gguf"
OPTIONS = GenerateOptions(max_tokens=24)
FACT = "Most people with a common cold can be treated at home."


@pytest.fixture(scope="module")
def runtime(models: Path) -> Iterator[GgufRuntime]:
    with closing(GgufRuntime(packs.text_model(models).model_path, "default", context_tokens=512, threads=1)) as made:
        made.add_adapter(LORA, "treatment-drafting 1.0")
        yield made


def asked(adapted: bool) -> Prompt:
    return prompts.chat("chatml", INSTRUCTION, question([FACT], 1), adapted=adapted)


def test_it_changes_what_is_asked_of_it_and_nothing_else(runtime: GgufRuntime) -> None:
    before = joined(runtime.generate(asked(adapted=False), OPTIONS))
    drafted = joined(runtime.generate(asked(adapted=True), OPTIONS))
    scored = runtime.score(asked(adapted=False), [before])
    after = joined(runtime.generate(asked(adapted=False), OPTIONS))
    assert drafted.endswith("[1]")
    assert before == after != drafted
    assert runtime.score(asked(adapted=False), [before]) == scored


def test_a_prompt_for_an_adapter_that_is_not_there_is_a_mistake_of_the_program(models: Path) -> None:
    path = packs.text_model(models).model_path
    with closing(GgufRuntime(path, "bare", context_tokens=512, threads=1)) as bare:
        assert bare.adapter == ""
        with pytest.raises(errors.ProgramError):
            list(bare.generate(asked(adapted=True), OPTIONS))


def test_an_adapter_for_another_model_is_refused(models: Path, tmp_path: Path) -> None:
    (tmp_path / "other.gguf").write_bytes(adapter(A, B))
    path = packs.text_model(models).model_path
    with closing(GgufRuntime(path, "x", context_tokens=512, threads=1)) as made, pytest.raises(errors.ModelDamaged):
        made.add_adapter(tmp_path / "other.gguf", "other 1.0")


def test_an_adapter_is_opened_only_with_its_own_model_and_a_passed_gate(models: Path) -> None:
    gate = packs.manifest_of(models, "treatment-drafting").gate_passed
    for use, expected in (("gated", bool(gate)), ("any", True), ("none", False)):
        with closing(packs.open_text_runtime(models, adapter=use)) as opened:
            assert bool(opened.adapter) == expected, use
