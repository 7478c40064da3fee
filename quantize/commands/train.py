"""`train`: list the seeded recipes, or run one as it would be run to rebuild a shipped file."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import pkgutil
import runpy
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from engine import errors
from quantize import recipes

HEAVY = ("torch", "transformers", "sentencepiece", "sklearn", "peft", "datasets")
"""Packages of the extra `quantize`; a recipe that imports one of them runs only where it is installed."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`needs` are the packages outside the ordinary environment that the recipe imports."""

    name: str
    summary: str
    needs: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.needs if importlib.util.find_spec(name) is None)


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "train", help="list the training recipes, or run one",
        description="Without NAME: list the recipes. What follows NAME goes to the recipe (try: train NAME --help).",
    )
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="options of the recipe")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """List, or run one recipe and say how long it took. Raises BadRequest."""
    known = {recipe.name: recipe for recipe in every_recipe()}
    if arguments.name is None:
        sys.stdout.writelines(_line(recipe) for recipe in known.values())
        return
    recipe = known.get(arguments.name.replace("-", "_"))
    if recipe is None:
        raise errors.BadRequest(f"no recipe is called {arguments.name}; there are: {', '.join(known)}")
    if recipe.missing:
        raise errors.BadRequest(f"{recipe.name} needs {', '.join(recipe.missing)}: run `make env-quantize` first")
    begun = time.monotonic()
    _run(recipe, arguments.rest)
    sys.stderr.write(f"{recipe.name}: {time.monotonic() - begun:.0f} s\n")


def every_recipe() -> list[Recipe]:
    """Return the recipes by name, read without importing them: most need packages that are not here."""
    folder = Path(recipes.__path__[0])
    names = sorted(each.name for each in pkgutil.iter_modules([str(folder)]) if not each.name.startswith("_"))
    found = [_read(folder / f"{name}.py") for name in names if (folder / f"{name}.py").is_file()]
    return [recipe for recipe in found if recipe is not None]


def _read(file: Path) -> Recipe | None:
    """Return the recipe in a module; None for a part that recipes share (it has no `main`)."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
        return None
    imported = {name.split(".")[0] for node in ast.walk(tree) for name in _imported(node)}
    summary = (ast.get_docstring(tree) or "").splitlines()
    return Recipe(file.stem, summary[0] if summary else "", tuple(name for name in HEAVY if name in imported))


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def _line(recipe: Recipe) -> str:
    missing = f"  [needs the extra quantize: {', '.join(recipe.missing)}]" if recipe.missing else ""
    return f"{recipe.name.replace('_', '-')}\t{recipe.summary}{missing}\n"


def _run(recipe: Recipe, options: list[str]) -> None:
    before, sys.argv = sys.argv, [f"lantern-quantize train {recipe.name}", *options]
    try:
        runpy.run_module(f"quantize.recipes.{recipe.name}", run_name="__main__", alter_sys=False)
    finally:
        sys.argv = before
