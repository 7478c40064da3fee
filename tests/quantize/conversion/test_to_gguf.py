"""From safetensors to a signed, installed GGUF: each step once, the right tokens, no pack from a wrong one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import gguf_header, packs
from engine.runtime.gguf import GgufRuntime
from quantize import importance, likeness, native_quantize
from quantize.__main__ import main
from quantize.gguf_types import TYPES
from quantize.to_gguf import GgufRequest, convert

SENTENCE = "Patient: female, 34 years.\n- Do you have a cough? yes\nDiagnosis:"


@pytest.fixture(scope="module")
def reference(llama_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "ref"
    convert(GgufRequest(llama_folder, "F16", out))
    return out


def test_the_16_bit_file_says_what_the_original_says(reference: Path, llama_folder: Path) -> None:
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(llama_folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(llama_folder, dtype=torch.float32)
    runtime = GgufRuntime(next(reference.glob("*.gguf")), "ref", 512, 1)
    try:
        tokens = runtime.plain_tokens(SENTENCE)
        assert tokens == tokenizer(SENTENCE, add_special_tokens=False).input_ids
        with torch.inference_mode():
            theirs = torch.log_softmax(model(torch.tensor([tokens])).logits[0], -1).numpy()
        assert np.abs(runtime.log_probabilities(tokens) - theirs).max() < 0.02
        assert runtime.template == "chatml"
    finally:
        runtime.close()


def test_the_result_is_a_pack_that_only_lacks_a_signature(reference: Path, tmp_path: Path) -> None:
    shutil.copytree(reference, tmp_path / "pack")
    assert main(["pack", str(tmp_path / "pack"), "--models-dir", str(tmp_path / "models")]) == 0
    pack = packs.install(tmp_path / "pack", tmp_path / "models")
    assert (pack.name, pack.task, pack.trust) == ("tiny-llama", "text", "local")
    assert "apache-2.0" in packs.describe(tmp_path / "models", "tiny-llama")


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_K_M", "Q4_0"])
def test_fewer_bits_are_smaller_and_stay_near(reference: Path, tmp_path: Path, kind: str) -> None:
    half = next(reference.glob("*.gguf"))
    native_quantize.quantize(half, tmp_path / "q.gguf", kind, 1)
    gguf_header.read(tmp_path / "q.gguf")
    assert (tmp_path / "q.gguf").stat().st_size < half.stat().st_size
    found = likeness.compare(half, tmp_path / "q.gguf", SENTENCE * 30, 500)
    assert 0 <= found.kl_mean < 0.1
    assert found.perplexity_ratio == pytest.approx(1, abs=0.1)


def test_an_importance_matrix_changes_the_result_and_names_every_matrix(
    reference: Path, llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importance.measure(llama_folder, "llama", tmp_path / "importance.npz")
    with np.load(tmp_path / "importance.npz", allow_pickle=False) as rows:
        assert "blk.0.ffn_down.weight" in rows.files
        assert all((rows[name] >= 0).all() and rows[name].any() for name in rows.files)
        assert {"blk.0.attn_q.weight", "blk.0.ffn_up.weight"} < set(rows.files)
    half = next(reference.glob("*.gguf"))
    native_quantize.quantize(half, tmp_path / "plain.gguf", "Q4_0", 1)
    native_quantize.quantize(half, tmp_path / "weighted.gguf", "Q4_0", 1, tmp_path / "importance.npz")
    assert (tmp_path / "plain.gguf").read_bytes() != (tmp_path / "weighted.gguf").read_bytes()


def test_a_second_run_repeats_nothing_and_a_full_folder_is_not_overwritten(
    llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    request = GgufRequest(llama_folder, "Q8_0", tmp_path / "out")
    convert(request, said.append)
    with pytest.raises(errors.BadRequest, match="force"):
        convert(request, said.append)
    again = GgufRequest(llama_folder, "Q8_0", tmp_path / "out", force=True)
    convert(again, said.append)
    assert sum("already there" in line for line in said) == 3


def test_a_tokenizer_that_reads_otherwise_becomes_no_pack(
    llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "hf"
    shutil.copytree(llama_folder, folder)
    config = (folder / "tokenizer_config.json").read_text()
    wrong = config.replace('"add_prefix_space": false', '"add_prefix_space": true')
    (folder / "tokenizer_config.json").write_text(wrong)
    with pytest.raises(errors.ModelDamaged, match="tokenizer"):
        convert(GgufRequest(folder, "Q8_0", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_file_that_llama_cpp_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(errors.ModelDamaged, match="could not quantize"):
        native_quantize.quantize(tmp_path / "bad.gguf", tmp_path / "out.gguf", "Q8_0", 1)


def test_every_offered_type_is_known_to_the_library() -> None:
    from llama_cpp import llama_cpp as native

    for name, kind in TYPES.items():
        spelled = "LLAMA_FTYPE_MOSTLY_" + name
        assert getattr(native, spelled) == kind.number, name
