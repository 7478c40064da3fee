"""`selftest`: what must hold on this machine before anybody relies on it, one line each."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from engine import api, errors
from engine.assembly import Engine
from engine.knowledge.golden import GoldenCase, load_golden
from engine.knowledge.index import seal
from engine.locations import compiled_knowledge, engine_command
from engine.pipeline import Pipeline
from engine.runtime import packs
from engine.safety import sentinels

CONTRAINDICATED_PAIRS = (("warfarin", "miconazole"), ("simvastatin", "itraconazole"), ("colchicine", "clarithromycin"))
"""Pairs at the thesaurus' severest level; a checker that is silent on them must not be used."""
UNRELATED_PAIR = ("paracetamol", "amoxicillin")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-test. `problem` is empty where it passed."""

    name: str
    problem: str = ""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("selftest", help="golden cases, network block and knowledge sentinels")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:  # noqa: ARG001 - every command has this shape
    """Print one line for each check and return 1 if any failed."""
    failed = False
    for finding in check_installation(engine):
        failed = failed or bool(finding.problem)
        sys.stdout.write(f"{'FAIL' if finding.problem else 'ok  '} {finding.name}{_because(finding.problem)}\n")
        sys.stdout.flush()
    return 1 if failed else 0


def check_installation(engine: Engine) -> Iterator[Finding]:
    """Yield the outcome of every check; a check that breaks has failed."""
    yield _guarded("knowledge index matches its seal", _seal)
    for golden in load_golden(engine.index):
        yield _guarded(f"golden case: {golden.id}", partial(_golden, engine, golden))
    for pair in CONTRAINDICATED_PAIRS:
        yield _guarded(f"{pair[0]} + {pair[1]} is contraindicated", partial(_alarms, engine, pair))
    yield _guarded(f"{UNRELATED_PAIR[0]} + {UNRELATED_PAIR[1]} stays quiet", partial(_quiet, engine))
    yield _guarded("an unknown drug is named as not checked", partial(_unknown_drug, engine))
    yield _guarded("every safety sentinel holds", lambda: "; ".join(sentinels.failures(engine.safety)))
    yield _guarded("the engine's child has no network", _network_block)
    for pack in packs.installed(packs.models_dir()):
        yield _guarded(f"model pack {pack.name} {pack.version} matches its signature", partial(_pack, pack.name))


def _guarded(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, check())
    except errors.EngineError as failed:
        return Finding(name, f"{failed.code}: {failed}")


def _seal() -> str:
    path = compiled_knowledge()
    sealed = json.loads(path.with_suffix(".json").read_text())
    return "" if seal(path) == sealed["sha256"] else "the file has changed since it was compiled"


def _golden(engine: Engine, golden: GoldenCase) -> str:
    found = engine.diagnoser.diagnose(golden.case, Pipeline(engine).entities(golden.case), 10)
    places = [each.rank for each in found.hypotheses if each.code == golden.expect]
    return "" if places and places[0] <= golden.within else f"{golden.expect} is at place {places or 'none'}"


def _alarms(engine: Engine, pair: tuple[str, str]) -> str:
    result = engine.safety.check(_taking(*pair))
    worst = [alert.severity for alert in result.alerts if alert.kind == "interaction"]
    return (
        "" if api.Severity.CONTRAINDICATED in worst and any(a.interrupts for a in result.alerts) else f"found {worst}"
    )


def _quiet(engine: Engine) -> str:
    found = [alert.rule_id for alert in engine.safety.check(_taking(*UNRELATED_PAIR)).alerts if alert.interrupts]
    return f"interrupting alerts {found}" if found else ""


def _unknown_drug(engine: Engine) -> str:
    named = engine.safety.check(_taking("warfarin", "xyzzyvorin")).not_checked
    return "" if named == ["xyzzyvorin"] else f"not_checked is {named}"


def _taking(*drugs: str) -> api.Case:
    return api.Case(age_years=50, medications=[api.Medication(drug) for drug in drugs])


def _network_block() -> str:
    """Start the real child and read which block it reports; on Linux nothing less than seccomp will do."""
    done = subprocess.run(
        [*engine_command(), "worker"], input=b'{"kind":"shutdown"}\n', capture_output=True, timeout=60, check=False
    )
    hello = api.decode_event(done.stdout.splitlines()[0] if done.stdout else b"")
    block = hello.network_block if isinstance(hello, api.Hello) else "no hello"
    wanted = "seccomp" if sys.platform.startswith("linux") else "audit_hook"
    return "" if block == wanted else f"the child reports {block}"


def _pack(name: str) -> str:
    packs.verify(packs.models_dir(), name)
    return ""


def _because(problem: str) -> str:
    return f": {problem}" if problem else ""
