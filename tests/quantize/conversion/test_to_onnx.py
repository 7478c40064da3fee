"""Every task goes from safetensors to the engine's own runtime and gives there what the original gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import errors
from engine.runtime import onnx_header, packs
from engine.runtime.base import Finish, GenerateOptions, TextRuntime, joined
from engine.runtime.onnx import OnnxEncoder
from engine.runtime.onnx_head import OnnxHead
from quantize.__main__ import main
from quantize.pack import read_unsigned
from quantize.to_onnx import OnnxRequest, convert

TEXT = "Do you have a cough? yes"


def made(folder: Path, task: str, out: Path, method: Any = "none") -> Path:
    convert(OnnxRequest(folder, task, out, method))
    return out


def installed(folder: Path, models: Path) -> Path:
    assert main(["pack", str(folder), "--models-dir", str(models)]) == 0
    packs.install(folder, models)
    return models


def outputs_of(folder: Path, kind: str, *texts: str) -> Any:
    import torch
    import transformers
    from tokenizers import Tokenizer

    encoding = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(*texts)
    model = getattr(transformers, kind).from_pretrained(folder).eval()
    with torch.inference_mode():
        return model(
            input_ids=torch.tensor([encoding.ids]), attention_mask=torch.tensor([encoding.attention_mask]),
            token_type_ids=torch.tensor([encoding.type_ids]),
        )


def test_a_classifier_gives_the_originals_probabilities(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    folder = bert_folders["text-classification"]
    models = installed(made(folder, "sequence-classification", tmp_path / "c"), tmp_path / "models")
    head = packs.open_head(models, "classifier")
    theirs = outputs_of(folder, "BertForSequenceClassification", TEXT).logits[0].softmax(-1).numpy()
    ours = {label.name: label.probability for label in head.classify(TEXT)}
    assert [ours[name] for name in ("O", "B-Disease", "I-Disease")] == pytest.approx(theirs.tolist(), abs=1e-4)


def test_a_tagger_gives_the_originals_label_for_every_word(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    folder = bert_folders["token-classification"]
    models = installed(made(folder, "token-classification", tmp_path / "t"), tmp_path / "models")
    labels = packs.open_head(models, "tagger").tag(TEXT)
    theirs = outputs_of(folder, "BertForTokenClassification", TEXT).logits[0].argmax(-1).tolist()[1:-1]
    assert [label.name for label in labels] == [("O", "B-Disease", "I-Disease")[n] for n in theirs]
    assert TEXT[labels[0].start : labels[0].end] == "Do"


def test_an_answer_is_an_exact_span_of_the_passage(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    folder = made(bert_folders["question-answering"], "question-answering", tmp_path / "q")
    head = OnnxHead(folder / "model.onnx", folder / "tokenizer.json", "qa")
    found = head.answer("Do you smoke?", TEXT)
    raw = outputs_of(bert_folders["question-answering"], "BertForQuestionAnswering", "Do you smoke?", TEXT)
    best = float(raw.start_logits[0][0] + raw.end_logits[0][0])
    assert (found is None) or (0 <= found.start < found.end <= len(TEXT) and best < 1e9)


def test_an_encoder_gives_the_originals_mean(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    folder = bert_folders["feature-extraction"]
    models = installed(made(folder, "feature-extraction", tmp_path / "e"), tmp_path / "models")
    encoder = packs.open_encoder(models)
    assert encoder is not None
    theirs = outputs_of(folder, "BertModel", TEXT).last_hidden_state[0].mean(0).numpy()
    assert encoder.encode([TEXT])[0] == pytest.approx(theirs / np.linalg.norm(theirs), abs=1e-4)


def test_int8_is_smaller_passes_the_header_check_and_stays_near(
    bert_folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = bert_folders["text-classification"]
    full = made(folder, "text-classification", tmp_path / "full")
    first = OnnxHead(full / "model.onnx", full / "tokenizer.json", "full").classify(TEXT)[0]
    for method in ("dynamic", "static"):
        small = made(folder, "text-classification", tmp_path / method, method)
        onnx_header.read(small / "model.onnx")
        assert (small / "model.onnx").stat().st_size < (full / "model.onnx").stat().st_size
        ours = OnnxHead(small / "model.onnx", small / "tokenizer.json", method).classify(TEXT)
        assert {label.name: label.probability for label in ours}[first.name.replace("LABEL_", "LABEL_")] == (
            pytest.approx(first.probability, abs=0.1)
        )


def test_an_int8_encoder_keeps_the_vectors_whatever_is_read_beside(
    bert_folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = bert_folders["feature-extraction"]
    full, small = (made(folder, "feature-extraction", tmp_path / way, way) for way in ("none", "dynamic"))
    reference, ours = (OnnxEncoder(each / "model.onnx", each / "tokenizer.json", each.name) for each in (full, small))
    texts = [TEXT, "Do you smoke?", "pain " * 40]
    cosines = (reference.encode(texts) * ours.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.99
    assert ours.encode(texts) == pytest.approx(np.concatenate([ours.encode([text]) for text in texts]), abs=1e-3)


def test_every_product_of_an_int8_encoder_is_in_whole_numbers(bert_folders: dict[str, Path], tmp_path: Path) -> None:
    import onnx

    small = made(bert_folders["feature-extraction"], "feature-extraction", tmp_path / "e", "dynamic")
    graph = onnx.load(small / "model.onnx").graph
    stored = {each.name: each for each in graph.initializer}
    steps = [node.op_type for node in graph.node]
    assert {"QAttention", "MatMulIntegerToFloat"} <= set(steps)
    assert not [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in stored]
    for name, each in stored.items():
        if name.endswith("_weights"):
            assert np.abs(onnx.numpy_helper.to_array(each).astype(int)).max() <= 63, "eight bits saturate without VNNI"


@pytest.mark.parametrize("method", ["none", "dynamic"])
def test_text_from_text_keeps_the_contract_of_a_language_model(t5_folder: Path, tmp_path: Path, method: str) -> None:
    models = installed(made(t5_folder, "seq2seq", tmp_path / "s", method), tmp_path / "models")
    runtime = packs.open_seq2seq(models)
    assert isinstance(runtime, TextRuntime)
    pieces = list(runtime.generate(TEXT, GenerateOptions(max_tokens=12)))
    assert pieces[-1].finish in (Finish.LENGTH, Finish.STOP)
    assert joined(iter(pieces)) == joined(runtime.generate(TEXT, GenerateOptions(max_tokens=12)))
    assert list(runtime.generate(TEXT, GenerateOptions(max_tokens=12), lambda: True))[-1].finish is Finish.CANCELLED
    with pytest.raises(errors.BadRequest):
        list(runtime.generate(TEXT, GenerateOptions(grammar="root ::= [a-z]")))
    with pytest.raises(errors.TooLarge):
        list(runtime.generate("cough " * 2000, GenerateOptions()))
    runtime.close()
    with pytest.raises(errors.ProgramError):
        list(runtime.generate(TEXT, GenerateOptions()))


def test_the_cache_says_what_the_original_says_without_one(t5_folder: Path, tmp_path: Path) -> None:
    import torch
    import transformers

    models = installed(made(t5_folder, "seq2seq", tmp_path / "s"), tmp_path / "models")
    runtime = packs.open_seq2seq(models)
    model = transformers.T5ForConditionalGeneration.from_pretrained(t5_folder).eval()
    ids = runtime._tokenizer.encode(TEXT).ids  # type: ignore[attr-defined]
    with torch.inference_mode():
        theirs = model.generate(torch.tensor([ids]), max_new_tokens=10, do_sample=False, use_cache=False)[0][1:]
    kept = [token for token in theirs.tolist() if token not in (0, 1)]
    expected = runtime._tokenizer.decode(kept, skip_special_tokens=True)  # type: ignore[attr-defined]
    options = GenerateOptions(max_tokens=len(kept), ignore_end=True)
    assert joined(runtime.generate(TEXT, options)) == expected


def test_scores_are_the_originals_log_likelihoods(t5_folder: Path, tmp_path: Path) -> None:
    import torch
    import transformers

    models = installed(made(t5_folder, "seq2seq", tmp_path / "s"), tmp_path / "models")
    runtime = packs.open_seq2seq(models)
    model = transformers.T5ForConditionalGeneration.from_pretrained(t5_folder).eval()
    tokenizer = runtime._tokenizer  # type: ignore[attr-defined]
    labels = tokenizer.encode("Anemia", add_special_tokens=False).ids
    with torch.inference_mode():
        given = model(input_ids=torch.tensor([tokenizer.encode(TEXT).ids]), labels=torch.tensor([labels]))
    (score,) = runtime.score(TEXT, ["Anemia"])
    assert score.tokens == len(labels)
    assert score.log_likelihood == pytest.approx(-given.loss.item() * len(labels), rel=1e-3)


def test_an_unknown_task_and_static_text_from_text_are_refused(t5_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.BadRequest, match="no task"):
        convert(OnnxRequest(t5_folder, "juggling", tmp_path / "x"))
    with pytest.raises(errors.BadRequest, match="static"):
        convert(OnnxRequest(t5_folder, "seq2seq", tmp_path / "x", "static"))


def test_the_manifest_names_licence_card_and_parts(t5_folder: Path, tmp_path: Path) -> None:
    manifest = read_unsigned(made(t5_folder, "seq2seq", tmp_path / "s"))
    assert (manifest.licence, manifest.card, manifest.licence_file) == ("apache-2.0", "CARD.md", "LICENSE.txt")
    assert set(manifest.parts) == {"decoder", "decoder_cached", "settings"}
