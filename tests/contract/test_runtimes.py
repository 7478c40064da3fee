"""One contract, three runtimes: what holds for the scripted stand-ins holds for the real models, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import packs, prompts
from engine.runtime.base import Encoder, Finish, GenerateOptions, Piece, TextRuntime, joined
from engine.runtime.scripted import ScriptedEncoder, ScriptedRuntime


@pytest.fixture(scope="module", params=["gguf", "scripted"])
def runtime(request: pytest.FixtureRequest, models: Path) -> Iterator[TextRuntime]:
    made = packs.open_text_runtime(models, threads=1) if request.param == "gguf" else ScriptedRuntime()
    yield made
    made.close()
    made.close()


@pytest.fixture(scope="module", params=["onnx", "scripted"])
def encoder(request: pytest.FixtureRequest, models: Path) -> Iterator[Encoder]:
    made = packs.open_encoder(models) if request.param == "onnx" else ScriptedEncoder()
    assert made is not None
    yield made
    made.close()
    made.close()


def ask(runtime: TextRuntime, question: str) -> prompts.Prompt:
    return prompts.chat(runtime.template, "Answer in one sentence.", question)


def generate(runtime: TextRuntime, question: str, **options: object) -> list[Piece]:
    return list(runtime.generate(ask(runtime, question), GenerateOptions(**options)))  # type: ignore[arg-type]


def test_runtimes_fulfil_the_protocols(runtime: TextRuntime, encoder: Encoder) -> None:
    assert isinstance(runtime, TextRuntime)
    assert isinstance(encoder, Encoder)
    assert runtime.name
    assert encoder.name


def test_only_the_last_piece_has_a_finish_reason(runtime: TextRuntime) -> None:
    pieces = generate(runtime, "What is a fever?", max_tokens=8)
    assert [piece.finish for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    assert pieces[-1].finish in (Finish.LENGTH, Finish.STOP)


def test_max_tokens_ends_with_length(runtime: TextRuntime) -> None:
    assert generate(runtime, "Count to one hundred.", max_tokens=3)[-1].finish is Finish.LENGTH


def test_the_same_request_gives_the_same_text_warm_and_cold(runtime: TextRuntime) -> None:
    first = generate(runtime, "What is asthma?", max_tokens=24)
    generate(runtime, "Something else entirely", max_tokens=5)
    assert generate(runtime, "What is asthma?", max_tokens=24) == first


def test_a_seed_decides_what_sampling_gives(runtime: TextRuntime) -> None:
    texts = {
        seed: joined(iter(generate(runtime, "Tell a story", max_tokens=24, temperature=1.0, seed=seed)))
        for seed in range(4)
    }
    again = generate(runtime, "Tell a story", max_tokens=24, temperature=1.0, seed=2)
    assert joined(iter(again)) == texts[2]
    assert len(set(texts.values())) > 1


def test_a_stop_string_is_never_part_of_the_text(runtime: TextRuntime) -> None:
    whole = joined(iter(generate(runtime, "What is a fever?", max_tokens=40)))
    stop = whole[len(whole) // 2 :][:4]
    pieces = generate(runtime, "What is a fever?", max_tokens=40, stop=(stop,))
    assert joined(iter(pieces)) == whole[: whole.index(stop)]
    assert pieces[-1].finish is Finish.STOP


def test_cancelling_ends_with_cancelled_and_the_runtime_goes_on(runtime: TextRuntime) -> None:
    calls = count()
    pieces = list(runtime.generate(ask(runtime, "Why?"), GenerateOptions(max_tokens=200), lambda: next(calls) > 4))
    assert pieces[-1].finish is Finish.CANCELLED
    assert generate(runtime, "Why?", max_tokens=2)[-1].finish is Finish.LENGTH


def test_a_prompt_beyond_the_context_is_too_large(runtime: TextRuntime) -> None:
    with pytest.raises(errors.TooLarge):
        generate(runtime, "pain " * (runtime.context_tokens + 1))
    assert generate(runtime, "Why?", max_tokens=2)


def test_an_empty_prompt_still_has_an_ending(runtime: TextRuntime) -> None:
    assert list(runtime.generate("", GenerateOptions(max_tokens=2)))[-1].finish is not None


def test_zero_tokens_give_an_empty_answer(runtime: TextRuntime) -> None:
    assert generate(runtime, "What is a fever?", max_tokens=0) == [Piece("", Finish.LENGTH)]


def test_more_text_is_more_tokens(runtime: TextRuntime) -> None:
    assert 0 < runtime.count_tokens("fever") < runtime.count_tokens("fever and cough and 发热 since Monday")


def test_scores_keep_their_order_and_are_likelihoods(runtime: TextRuntime) -> None:
    words = [f"answer {n}" for n in range(20)]
    scores = runtime.score(ask(runtime, "Which number?"), words)
    assert len(scores) == 20
    assert all(score.log_likelihood < 0 and score.tokens > 0 for score in scores)
    alone = [runtime.score(ask(runtime, "Which number?"), [word])[0] for word in words[:3]]
    assert [score.log_likelihood for score in alone] == pytest.approx(
        [score.log_likelihood for score in scores[:3]], rel=0.02
    )


def test_scoring_can_be_cancelled(runtime: TextRuntime) -> None:
    assert runtime.score("a", ["b"], lambda: True) == []


def test_vectors_are_normalised_and_in_order(encoder: Encoder) -> None:
    vectors = encoder.encode(["chest pain", "a much longer sentence about a runny nose and sneezing", "chest pain"])
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[2] == pytest.approx(1, abs=1e-4)
    assert vectors[0] @ vectors[1] < 0.9


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    alone = encoder.encode(["fever"])[0]
    among = encoder.encode(["fever", *(f"a sentence that is longer, number {n}" for n in range(40))])[0]
    assert float(alone @ among) == pytest.approx(1, abs=1e-3)


def test_no_texts_give_no_vectors_and_empty_texts_give_one(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert np.isfinite(encoder.encode(["", "\x00", "发热", "x" * 5000])).all()


def test_a_closed_runtime_says_so(models: Path) -> None:
    for closed in (packs.open_text_runtime(models), ScriptedRuntime()):
        closed.close()
        with pytest.raises(errors.ProgramError):
            list(closed.generate("a", GenerateOptions()))
    for shut in (packs.open_encoder(models), ScriptedEncoder()):
        assert shut is not None
        shut.close()
        with pytest.raises(errors.ProgramError):
            shut.encode(["a"])
