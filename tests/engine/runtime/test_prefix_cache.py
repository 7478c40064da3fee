"""A kept state serves exactly what it was made for; anything damaged, foreign or of another build is made again."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.runtime import packs, prompts
from engine.runtime.base import GenerateOptions, Prompt, joined
from engine.runtime.gguf import GgufRuntime
from engine.runtime.prefix_cache import KEY_FILE, MAX_FILES, PrefixCache

TOKENS = [1, 2, 3]


@pytest.fixture
def cache(tmp_path: Path) -> PrefixCache:
    made = PrefixCache(tmp_path, "model build 1")
    made.put(TOKENS, b"state")
    return made


def kept(folder: Path) -> Path:
    (path,) = folder.glob("*.head")
    return path


def test_a_state_comes_back_for_the_same_tokens_only(cache: PrefixCache, tmp_path: Path) -> None:
    assert cache.get(TOKENS) == b"state"
    assert cache.get([1, 2]) is None
    assert PrefixCache(tmp_path, "model build 1").get(TOKENS) == b"state"
    assert PrefixCache(tmp_path, "model build 2").get(TOKENS) is None
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    (path.parent / KEY_FILE).write_bytes(b"k" * 32)


def of_another_build(path: Path) -> None:
    other = PrefixCache(path.parent, "model build 2")
    other.put(TOKENS, b"other")
    written = next(each for each in path.parent.glob("*.head") if each != path)
    written.replace(path)


@pytest.mark.parametrize("damage", [flip, cut, empty, foreign, of_another_build])
def test_an_unsound_file_is_refused_and_removed(
    cache: PrefixCache, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = kept(tmp_path)
    damage(path)
    assert cache.get(TOKENS) is None
    assert not path.exists()
    cache.put(TOKENS, b"again")
    assert cache.get(TOKENS) == b"again"


def test_only_the_newest_are_kept_and_a_disk_that_refuses_is_no_error(cache: PrefixCache, tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        cache.put([number], b"x")
    assert len(list(tmp_path.glob("*.head"))) == MAX_FILES
    (tmp_path / "file").write_text("")
    PrefixCache(tmp_path / "file" / "below", "m").put(TOKENS, b"x")


def test_a_restarted_model_begins_with_the_kept_head_and_says_the_same(models: Path, tmp_path: Path) -> None:
    def start() -> GgufRuntime:
        path = packs.text_model(models).model_path
        return GgufRuntime(path, "x", 512, 1, prefixes=PrefixCache(tmp_path, "model"))

    def say(runtime: GgufRuntime, *, fixed: bool) -> str:
        prompt = prompts.chat("chatml", "Answer in one short sentence. " * 6, "What is asthma?", fixed=fixed)
        return joined(runtime.generate(prompt, GenerateOptions(max_tokens=12)))

    first = start()
    cold = say(first, fixed=False)
    assert not list(tmp_path.glob("*.head"))
    joined(first.generate(Prompt((), ()), GenerateOptions(max_tokens=1)))
    assert say(first, fixed=True) == cold
    first.close()
    path = kept(tmp_path)
    made_at = path.stat().st_mtime_ns
    second = start()
    assert say(second, fixed=True) == cold
    assert path.stat().st_mtime_ns == made_at
    second.close()
    flip(path)
    third = start()
    assert say(third, fixed=True) == cold
    third.close()
