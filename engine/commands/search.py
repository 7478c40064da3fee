"""`search`: find passages of the library and of the clinic's reference packs for a question a line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta

from engine import api, errors
from engine.assembly import Engine
from engine.commands import jsonl


@dataclass(frozen=True, slots=True)
class SearchInput:
    """`kind` keeps to documents of one type, such as ``treatment``."""

    question: Annotated[str, Meta(max_length=2000)]
    id: api.Short = ""
    kind: api.Short | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 10


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("search", help="find cited reference passages for each question")
    jsonl.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    """Search and return 0."""

    def work(line: bytes) -> dict[str, Any]:
        request = api.strict(jsonl.normalised(line), SearchInput)
        if not request.question.strip():
            raise errors.BadRequest("a search needs a question")
        found = engine.planner.retrieval.search(request.question, request.limit, request.kind)
        status = "ok" if found.passages else "not_found"
        ignored = jsonl.ignored_fields(line, SearchInput)
        return {"status": status, "passages": found.passages, "unread": found.unread,
                "by_meaning": found.by_meaning, **({"ignored_fields": ignored} if ignored else {})}

    return jsonl.process(arguments, work, engine.versions())
