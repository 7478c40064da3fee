"""Plant one mistake at a time in a package and count how many of them its tests notice.

    .venv/bin/python tests/mutants.py engine/safety --sample 100 --seed 1

Every place where an operator, a comparison, a number, a truth value or a call of any, all, min or max could be wrong
is a candidate; a sample of them is drawn from the seed. Each mutant runs in a copy of the tree, first against the test
file that mirrors its module, then, if that passes, against the package's whole test folder. Time budgets do not count.
Nothing is counted where the tests fail without a mutant.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[1]
LINKED = ("desktop", "quantize", "installer", "pyproject.toml")
COPIED = ("engine", "tests", "resources")
"""What the tests read: copied, so that work may go on in the tree meanwhile."""
TIMEOUT_S = 900
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place: module, line, what was done, and the module's new text."""

    module: Path
    line: int
    what: str
    text: str


def mutants(module: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module. Annotations, decorators and texts are left alone."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    skipped = {id(inner) for node in ast.walk(tree) for part in _annotations(node) for inner in ast.walk(part)}
    places = [node for node in ast.walk(tree) if id(node) not in skipped]
    for number, node in enumerate(places):
        for variant in range(_variants(node)):
            changed = copy.deepcopy(tree)
            kept = {id(inner) for each in ast.walk(changed) for part in _annotations(each) for inner in ast.walk(part)}
            twin = [each for each in ast.walk(changed) if id(each) not in kept][number]
            what = _change(twin, variant)
            text = ast.unparse(ast.fix_missing_locations(changed)) + "\n"
            yield Mutant(module, getattr(node, "lineno", 0), what, text)


def _annotations(node: ast.AST) -> list[ast.AST]:
    """Return what changes no behaviour: annotations and decorators (`frozen`, `slots`)."""
    found = [getattr(node, "annotation", None), getattr(node, "returns", None), *getattr(node, "decorator_list", ())]
    return [each for each in found if isinstance(each, ast.AST)]


def _variants(node: ast.AST) -> int:
    if isinstance(node, ast.Compare):
        return sum(type(operator) in _SWAPPED for operator in node.ops)
    if isinstance(node, ast.BoolOp):
        return 1
    if isinstance(node, ast.BinOp):
        return int(type(node.op) in _SWAPPED and not _is_text(node.left) and not _is_text(node.right))
    if isinstance(node, ast.UnaryOp):
        return int(isinstance(node.op, ast.Not))
    if isinstance(node, ast.Call):
        return int(isinstance(node.func, ast.Name) and node.func.id in _CALLS)
    return int(isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _change(node: ast.AST, variant: int) -> str:
    """Change the node in place and return what was done."""
    if isinstance(node, ast.Compare):
        place = [index for index, operator in enumerate(node.ops) if type(operator) in _SWAPPED][variant]
        before = type(node.ops[place])
        node.ops[place] = _SWAPPED[before]()  # type: ignore[assignment]
        return f"{before.__name__} -> {_SWAPPED[before].__name__}"
    if isinstance(node, ast.BoolOp | ast.BinOp):
        before = type(node.op)
        node.op = _SWAPPED[before]()  # type: ignore[assignment]
        return f"{before.__name__} -> {_SWAPPED[before].__name__}"
    if isinstance(node, ast.UnaryOp):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        return "not dropped"
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        before_name, node.func.id = node.func.id, _CALLS[node.func.id]
        return f"{before_name} -> {node.func.id}"
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, bool | int | float)
    before_value = node.value
    node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    return f"{before_value} -> {node.value}"


def is_killed(mutant: Mutant, tree: Path, tests: Path, *, mirror_only: bool) -> bool:
    """Whether some test fails with the mutant in place; a hang counts as noticed."""
    place = tree / mutant.module.relative_to(ROOT)
    before = place.read_text(encoding="utf-8")
    place.write_text(mutant.text, encoding="utf-8")
    try:
        near = near_tests(mutant.module, tests)
        return any(_fails(tree, each) for each in (near if near and mirror_only else [*near, tests]))
    finally:
        place.write_text(before, encoding="utf-8")


def near_tests(module: Path, tests: Path) -> list[Path]:
    """Return the file that mirrors a module, or the files that import from it where none does."""
    mirror = tests / f"test_{module.stem}.py"
    if mirror.is_file():
        return [mirror]
    name = ".".join(module.relative_to(ROOT).with_suffix("").parts)
    return [each for each in sorted(tests.glob("test_*.py")) if f"from {name} import" in each.read_text("utf-8")]


def copied(tree: Path) -> Path:
    """Fill a folder with what the tests read and return it."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "models"))
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)
    return tree


def _fails(tree: Path, tests: Path) -> bool:
    options = ["-q", "-x", "-p", "no:cacheprovider", "-k", "not budget"]
    command = [sys.executable, "-m", "pytest", *options, tests.relative_to(ROOT).as_posix()]
    try:
        ended = subprocess.run(command, cwd=tree, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="folder below the root, such as engine/safety")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", nargs="*", help="only these modules, without .py")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time, each in its own copy")
    parser.add_argument("--mirror-only", action="store_true", help="quicker, and counts too few as killed")
    arguments = parser.parse_args()
    package = ROOT / arguments.package
    modules = [each for each in sorted(package.glob("*.py")) if not arguments.modules or each.stem in arguments.modules]
    found = [mutant for module in modules for mutant in mutants(module)]
    drawn = random.Random(arguments.seed).sample(found, min(arguments.sample, len(found)))
    folder_of_tests = ROOT / "tests" / arguments.package
    killed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        trees: Queue[Path] = Queue()
        for job in range(arguments.jobs):
            trees.put(copied(Path(folder) / str(job)))
        if _fails(Path(folder) / "0", folder_of_tests):
            say("the tests fail without any mutant: every figure would be false")
            return 1

        def judged(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                return is_killed(mutant, tree, folder_of_tests, mirror_only=arguments.mirror_only)
            finally:
                trees.put(tree)

        for number, (mutant, noticed) in enumerate(zip(drawn, pool.map(judged, drawn), strict=True), 1):
            killed += noticed
            where = f"{mutant.module.relative_to(ROOT)}:{mutant.line}"
            say(f"{'killed  ' if noticed else 'SURVIVED'} {where} {mutant.what} ({killed}/{number})")
    say(f"{killed} of {len(drawn)} sampled mutants killed ({killed / len(drawn):.3f}), {len(found)} candidates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
