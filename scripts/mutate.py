"""Mutation testing: changes the code in small ways, and reports the changes that no test sees.

    python -m scripts.mutate --seed 7 --count 60
    python -m scripts.mutate --seed 7 --count 30 core/data cogs/ui

A mutant is one changed operator, constant, condition or statement of a module, drawn with the
seed. It is tried in a copy of the tracked files, first by the test module that mirrors it, then
by those that import it or lie in the same folder. A survivor is a gap in the tests, or a change
that makes no difference.
"""

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.mutations import Change, changes_of

ROOT = Path(__file__).parents[1]
_PACKAGES = ("core", "cogs", "api")
_SLOW_TESTS = ("tests/e2e/", "tests/resilience/", "tests/demo/", "tests/benchmarks/")
_TIMEOUT_SECONDS = 180
_PASSED, _NO_TESTS = 0, 5
_GIT = shutil.which("git") or "git"
_PYTEST = ("-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "--no-header")


@dataclass(frozen=True)
class Mutant:
    """One change of a module."""

    module: Path
    number: int
    source: str
    difference: str


def main() -> int:
    """Try the mutants that the command line asks for; return 1 if any survives."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="*", default=_PACKAGES, help="folders or modules to mutate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    options = parser.parse_args()
    mutants = draw(options.paths, seed=options.seed, count=options.count)
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Workspace(Path(folder) / "copy")
        for at, mutant in enumerate(mutants, start=1):
            lives = copy.survives(mutant)
            survivors += lives
            print(
                f"{at}/{len(mutants)} {'LIVES' if lives else 'dies '} {mutant.module}", flush=True
            )
            if lives:
                print(mutant.difference, flush=True)
    print(f"{survivors} of {len(mutants)} live")
    return 1 if survivors else 0


def draw(paths: Sequence[str], *, seed: int, count: int) -> list[Mutant]:
    """Return mutants of the modules below some paths, the same ones for the same seed."""
    modules = sorted(
        module.relative_to(ROOT)
        for path in paths
        for module in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))
    )
    everything = [
        (module, number)
        for module in modules
        for number in range(sum(1 for _ in changes_of(_parse(module))))
    ]
    values = random.Random(seed)  # noqa: S311 - a seed gives the same mutants again
    return [mutate(*drawn) for drawn in values.sample(everything, min(count, len(everything)))]


def mutate(module: Path, number: int) -> Mutant:
    """Return one mutant of a module."""
    tree = _parse(module)
    before = ast.unparse(tree)
    change: Change = next(each for at, each in enumerate(changes_of(tree)) if at == number)
    change()
    after = ast.unparse(tree)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    return Mutant(module, number, after, "\n".join(list(lines)[2:]))


def _parse(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


class Workspace:
    """A copy of the tracked files in which mutants are tried."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writes = 0
        listed = subprocess.run(
            [_GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in listed.stdout.split("\0"):
            if name and (ROOT / name).is_file():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)

    def survives(self, mutant: Mutant) -> bool:
        """Tell whether all tests near a mutant pass."""
        original = (ROOT / mutant.module).read_text(encoding="utf-8")
        self._write(mutant.module, mutant.source)
        try:
            return all(self._passes(tests) for tests in self._tests_near(mutant.module) if tests)
        finally:
            self._write(mutant.module, original)

    def _write(self, module: Path, source: str) -> None:
        path = self._folder / module
        path.write_text(source, encoding="utf-8")
        # Python takes a compiled module for current by its second and its size.
        self._writes += 1
        os.utime(path, (self._writes * 10, self._writes * 10))

    def _tests_near(self, module: Path) -> Iterator[list[str]]:
        """Yield the mirrored test module, then the others that may see the module."""
        mirrored = Path("tests") / module.parent / f"test_{module.stem}.py"
        yield [str(mirrored)] if (self._folder / mirrored).exists() else []
        dotted = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
        package, _, stem = dotted.rpartition(".")
        imports = re.compile(
            rf"^(from {re.escape(dotted)} import|import {re.escape(dotted)}\b"
            rf"|from {re.escape(package)} import .*\b{stem}\b)",
            re.MULTILINE,
        )
        yield [
            name
            for path in sorted((self._folder / "tests").rglob("test_*.py"))
            if not (name := path.relative_to(self._folder).as_posix()).startswith(_SLOW_TESTS)
            and name != mirrored.as_posix()
            and (
                path.parent == self._folder / mirrored.parent
                or imports.search(path.read_text("utf-8"))
            )
        ]

    def _passes(self, tests: Sequence[str]) -> bool:
        try:
            ended = subprocess.run(
                [sys.executable, *_PYTEST, *tests],
                cwd=self._folder,
                capture_output=True,
                timeout=_TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode in {_PASSED, _NO_TESTS}


if __name__ == "__main__":
    sys.exit(main())
