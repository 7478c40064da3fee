"""The commands that take a case a line: diagnose, interview, extract, plan and check."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import msgspec

from engine import api, errors
from engine.assembly import Engine
from engine.commands import jsonl, practice_options
from engine.pipeline import Pipeline
from engine.text.named import Guideline


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput(api.Case):
    """A case, and what to plan for."""

    diagnosis: api.Short = ""
    previous: api.Plan | None = None


@dataclass(frozen=True, slots=True)
class ExtractInput:
    text: str
    id: api.Short = ""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    diagnose = commands.add_parser("diagnose", help="rank the diagnoses of each case")
    diagnose.set_defaults(run=_run_diagnose)
    interview = commands.add_parser("interview", help="rank each case and say which question to ask next")
    interview.set_defaults(run=_run_interview)
    for parser in (diagnose, interview):
        parser.add_argument("--top", type=_count, default=10, metavar="N", help="hypotheses to return (default 10)")
        parser.add_argument(
            "--questions", type=_count, default=3, metavar="N", help="next questions for one form (default 3)"
        )
        practice_options.add_arguments(parser)
    diagnose.add_argument(
        "--reader", action="store_true", help="let the language model vote on the candidates in front (loads it)"
    )
    extract = commands.add_parser("extract", help="find findings, drugs and diseases in each text")
    extract.add_argument(
        "--guideline",
        choices=[*Guideline],
        type=Guideline,
        default=Guideline.CLINIC,
        help="what counts as a disease follows a clinic (default) or one corpus",
    )
    extract.set_defaults(run=_run_extract)
    plan = commands.add_parser("plan", help="lay out checked treatment options for each case and diagnosis")
    plan.add_argument("--prose", action="store_true", help="let the language model word sentences (loads it)")
    plan.set_defaults(run=_run_plan)
    check = commands.add_parser("check", help="check each case's medications")
    check.set_defaults(run=_run_check)
    for parser in (diagnose, interview, extract, plan, check):
        jsonl.add_arguments(parser)


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1000:
        raise argparse.ArgumentTypeError("between 1 and 1000")
    return count


def _run_diagnose(arguments: argparse.Namespace, engine: Engine) -> int:
    pipeline, practice = Pipeline(engine), practice_options.read(arguments, engine.diagnoser.bayes.table)

    reader = engine.case_reader(asked=True) if arguments.reader else None

    def work(line: bytes) -> dict[str, Any]:
        case = api.strict(jsonl.normalised(line), api.Case)
        differential = engine.diagnoser.diagnose(
            case, pipeline.entities(case), arguments.top, practice, arguments.questions, reader
        )
        return {**_fields(differential), **_of_text(pipeline, engine, differential, case), **_unread(line, api.Case)}

    return jsonl.process(arguments, work, engine.versions())


def _of_text(pipeline: Pipeline, engine: Engine, differential: api.Differential, case: api.Case) -> dict[str, Any]:
    """Return what of the text was not read, the same as the window says."""
    return {
        "display_reasons": [*differential.display_reasons, *pipeline.notes(case.text)],
        "not_read": engine.reader.not_read(case.text),
        "misread": engine.reader.misread(case.text),
    }


def _run_interview(arguments: argparse.Namespace, engine: Engine) -> int:
    pipeline, practice = Pipeline(engine), practice_options.read(arguments, engine.diagnoser.bayes.table)

    def work(line: bytes) -> dict[str, Any]:
        case = api.strict(jsonl.normalised(line), api.Case)
        differential, question = engine.diagnoser.next_step(
            case, pipeline.entities(case), arguments.top, practice, arguments.questions
        )
        told = _of_text(pipeline, engine, differential, case)
        return {**_fields(differential), "next_question": question, **told, **_unread(line, api.Case)}

    return jsonl.process(arguments, work, engine.versions())


def _run_extract(arguments: argparse.Namespace, engine: Engine) -> int:
    def work(line: bytes) -> dict[str, Any]:
        request = api.strict(jsonl.normalised(line), ExtractInput)
        if len(request.text) > api.MAX_TEXT_CHARS:
            raise errors.TooLarge(f"text longer than {api.MAX_TEXT_CHARS} characters")
        if engine.tagger is None and arguments.guideline is not Guideline.CLINIC:
            raise errors.ModelMissing("no tagger pack is installed, and a corpus' guideline needs one")
        entities = engine.reader.read(request.text, guideline=arguments.guideline)
        not_read = engine.reader.not_read(request.text)
        named_by = engine.tagger.name if engine.tagger else None
        misread = engine.reader.misread(request.text)
        return {"status": "ok", "entities": entities, "tagger": named_by, "not_read": not_read, "misread": misread}

    return jsonl.process(arguments, work, engine.versions())


def _run_plan(arguments: argparse.Namespace, engine: Engine) -> int:
    def work(line: bytes) -> dict[str, Any]:
        case = api.strict(jsonl.normalised(line), PlanInput)
        if not case.diagnosis.strip():
            raise errors.BadRequest("a plan needs a diagnosis")
        plan = engine.planner.plan(case, case.diagnosis, case.previous)
        result = {"status": "ok", **_fields(plan), **_unread(line, PlanInput)}
        return {**result, **_worded(engine, case, plan)} if arguments.prose else result

    return jsonl.process(arguments, work, engine.versions())


def _worded(engine: Engine, case: api.Case, plan: api.Plan) -> dict[str, Any]:
    """Return the plan's sentences with the worded ones; without a sound model the table's own, and why."""
    try:
        worded = engine.write_prose(plan, case, engine.text_runtime(), lambda: False)
        return {"sentences": [*plan.sentences, *worded]}
    except errors.InstallationError as unfit:
        return {"prose": {"status": "failed", "error": jsonl.fault(unfit.code, str(unfit))}}


def _run_check(arguments: argparse.Namespace, engine: Engine) -> int:
    def work(line: bytes) -> dict[str, Any]:
        case = api.strict(jsonl.normalised(line), api.Case)
        return {"status": "ok", **_fields(engine.safety.check(case)), **_unread(line, api.Case)}

    return jsonl.process(arguments, work, engine.versions())


def _fields(record: object) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record)
    return fields


def _unread(line: bytes, kind: type[Any]) -> dict[str, list[str]]:
    """Return the fields that were given but are not part of the contract, so that a misspelling is not lost."""
    names = jsonl.ignored_fields(line, kind)
    return {"ignored_fields": names} if names else {}
