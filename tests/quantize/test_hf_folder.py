"""A downloaded folder is opened only when it holds data: no pickle, no code, no link, no tensor that lies."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import errors
from quantize import hf_folder
from tests.quantize import hf_sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return hf_sample.make(tmp_path / "tiny")


def test_a_sound_folder_is_described(folder: Path) -> None:
    found = hf_folder.read(folder)
    assert (found.architecture, found.parameters, found.weight_bytes) == ("LlamaForCausalLM", 34, 72)
    assert found.largest_tensor_bytes == 64
    assert (found.licence, found.licence_text) == ("apache-2.0", "Apache License")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "x.ckpt", "deep/weights.PKL", "training_args.bin"])
def test_a_pickle_anywhere_is_refused_even_beside_safetensors(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"\x80\x04")
    with pytest.raises(errors.ModelUntrusted, match="never opened"):
        hf_folder.read(folder)


def test_a_model_with_code_of_its_own_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "modeling.Evil"}}))
    with pytest.raises(errors.ModelUntrusted):
        hf_folder.read(folder)


def test_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("{}")
    (folder / "tokenizer.json").symlink_to(tmp_path / "other")
    with pytest.raises(errors.ModelUntrusted):
        hf_folder.read(folder)


def cut_weights(folder: Path) -> None:
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:-1])


def long_header(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + b"{}")


def wrong_shape(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(hf_sample.safetensors({"a": ("F16", [4, 9], 64)}))


def strange_type(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(hf_sample.safetensors({"a": ("Q9", [4], 4)}))


def no_tensor(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(hf_sample.safetensors({}))


def not_json(folder: Path) -> None:
    (folder / "config.json").write_text("{")


@pytest.mark.parametrize("damage", [cut_weights, long_header, wrong_shape, strange_type, no_tensor, not_json])
def test_damage_is_found_in_python(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder)
    with pytest.raises(errors.ModelDamaged):
        hf_folder.read(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_what_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(errors.ModelMissing):
        hf_folder.read(folder)
    with pytest.raises(errors.ModelMissing):
        hf_folder.read(folder / "absent")


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ("---\nlicense: other\nlicense_name: gemma\n---\n", "gemma"),
        ("---\ntags: [x]\n---\n", ""),
        ("no front matter", ""),
    ],
)
def test_the_licence_comes_from_the_card(folder: Path, card: str, licence: str) -> None:
    (folder / "README.md").write_text(card)
    assert hf_folder.read(folder).licence == licence


def test_the_fingerprint_follows_every_file(folder: Path) -> None:
    before = hf_folder.read(folder).fingerprint()
    assert hf_folder.read(folder).fingerprint() == before
    (folder / "tokenizer.json").write_text("{}")
    assert hf_folder.read(folder).fingerprint() != before
