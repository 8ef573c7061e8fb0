"""The pins install by themselves, whatever the packages publish later."""

import ast
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.check_pins import readme_commands
from scripts.pins_index import normalised, pinned_extras

ROOT = Path(__file__).parent.parent
FILES = ["requirements.txt", "requirements-dev.txt"]
RUNS = ("bot.py", "app", "api", "cli", "cogs", "core", "demo")
TESTS = (*RUNS, "benchmarks", "fakes", "scripts", "tests")


def demanded(pins):
    """Return what the installed ones of the pinned packages require, extras of a pin included."""
    for name, extras in pins.items():
        try:
            lines = requires(name) or []
        except PackageNotFoundError:  # It is for other systems or Pythons.
            continue
        for line in lines:
            found = Requirement(line)
            marker = found.marker
            if not marker or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                yield found


@pytest.mark.parametrize("file", FILES)
def test_a_pin_carries_every_extra_that_another_package_requires(file):
    """pip 23.2 looks for `coverage[toml]` apart from a pin `coverage`, and takes the newest."""
    pins = pinned_extras((ROOT / file).read_text("utf-8"))
    found = list(demanded(pins))
    assert len(found) > 10
    for each in found:
        assert each.extras <= pins.get(normalised(each.name), set()), str(each)


@pytest.mark.parametrize("file", FILES)
def test_a_requirement_file_names_no_index_and_no_path(file):
    text = (ROOT / file).read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def sources(parts):
    for part in parts:
        yield from [ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py")


def imported_libraries(path):
    """Return the top names of what a file imports from other projects."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        for module in modules:
            top = module.split(".")[0]
            # Typeshed's own module is for the type checker alone.
            if top not in {*sys.stdlib_module_names, "_typeshed"} and not (
                (ROOT / top).is_dir() or (ROOT / f"{top}.py").is_file()
            ):
                yield top


@pytest.mark.parametrize(("file", "parts"), [(FILES[0], RUNS), (FILES[1], TESTS)])
def test_every_imported_library_is_pinned(file, parts):
    """A library that comes by chance, through another one, is gone with that one's next release."""
    pins = pinned_extras((ROOT / file).read_text("utf-8"))
    owners = packages_distributions()
    missing = {
        f"{top} in {path.relative_to(ROOT)}"
        for path in sources(parts)
        for top in imported_libraries(path)
        if not {normalised(each) for each in owners.get(top, [])} & set(pins)
    }
    assert not missing


def test_the_readme_installs_from_both_files():
    assert sorted(readme_commands()) == sorted(FILES)
