"""Every string of the result screens has a finished Chinese translation, and none is missing from the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop.resources import resources

DESKTOP = Path(__file__).resolve().parents[3] / "desktop"
FILES = sorted(
    path for folder in ("views", "models") for path in (DESKTOP / folder).glob("*.py")
    if path.stem.startswith(("differential", "plan", "check")) or path.stem in {
        "basis", "evidence", "sign", "result_state", "page_header", "rich_delegate",
        "ranking", "options", "sentences", "questions", "alerts", "sources", "changes", "records", "table_age"}
)


def _messages(name: str) -> Iterator[tuple[str, ElementTree.Element]]:
    tree = ElementTree.parse(resources() / "i18n" / name)
    for context in tree.iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name", ""), message


def _strings(path: Path) -> Iterator[tuple[str, str]]:
    """Return (context, text) of every translated literal, also of those inside f-strings."""
    for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(outer, ast.ClassDef):
            for node in ast.walk(outer):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "self.tr":
                    yield outer.name, ast.literal_eval(node.args[0])
        elif isinstance(outer, ast.Call) and ast.unparse(outer.func) in {"translate", "QCoreApplication.translate"}:
            yield ast.literal_eval(outer.args[0]), ast.literal_eval(outer.args[1])


def test_there_are_screens_to_look_at() -> None:
    assert len(FILES) > 25


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_string_is_in_the_file(path: Path) -> None:
    known = {(context, message.findtext("source", "")) for context, message in _messages("results_zh_CN.ts")}
    assert set(_strings(path)) - known == set()


def test_no_translation_is_unfinished_empty_or_obsolete() -> None:
    for context, message in _messages("results_zh_CN.ts"):
        translation = message.find("translation")
        assert translation is not None
        where = f"{context}: {message.findtext('source')}"
        assert translation.get("type") is None, where
        forms = [form.text for form in translation.iter("numerusform")] or [translation.text]
        assert all(form and form.strip() for form in forms), where


def test_placeholders_survive_translation() -> None:
    for context, message in _messages("results_zh_CN.ts"):
        source = message.findtext("source", "")
        translation = "".join(message.find("translation").itertext())  # type: ignore[union-attr]
        for mark in ("%n", "%1", "%2", "%3", *(f"{{{name}}}" for name in (
                "names", "n", "m", "drugs", "drug", "kind", "needs", "own", "agreement", "name", "role", "time",
                "diagnosis", "finding", "before", "after", "disease", "shown", "total"))):
            assert (mark in source) == (mark in translation), f"{context}: {source} lost {mark}"


def test_english_plurals_are_finished() -> None:
    plural = [message for _, message in _messages("results_zh_CN.ts") if message.get("numerus")]
    english = {message.findtext("source"): [form.text for form in message.iter("numerusform")]
               for _, message in _messages("results_en.ts")}
    for message in plural:
        one, many = english[message.findtext("source")]
        assert one
        assert many
        assert "(s)" not in one + many
