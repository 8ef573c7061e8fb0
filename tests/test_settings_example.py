"""`.env.example` and the README name every setting, with its default."""

import re
from dataclasses import fields
from io import StringIO
from pathlib import Path

import dotenv

from core.settings import Settings

ROOT = Path(__file__).parents[1]
TOKEN = {"DISCORD_TOKEN": "a.b.c"}


def example(*, uncommented: bool):
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    if uncommented:
        text = re.sub(r"^#([A-Z_]+=)", r"\1", text, flags=re.MULTILINE)
    return {
        name: value or "" for name, value in dotenv.dotenv_values(stream=StringIO(text)).items()
    }


def test_the_example_as_it_is_gives_the_defaults():
    assert Settings.from_env({**example(uncommented=False), **TOKEN}) == Settings.from_env(TOKEN)


def test_what_is_commented_out_are_the_defaults():
    told = Settings.from_env({**example(uncommented=True), **TOKEN})
    default = Settings.from_env(TOKEN)
    different = {
        each.name
        for each in fields(Settings)
        if getattr(told, each.name) != getattr(default, each.name)
    }
    # These three have no default: the example shows what one looks like.
    assert different == {"redis_url", "discord_api_url", "discord_gateway_url"}


def test_every_setting_is_in_the_example_and_in_the_readme():
    source = (ROOT / "core" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'read(?:er)?\.get\(\s*"([A-Z_]+)"', source))
    # CAMPUS and CAMPUSES are one.
    assert len(names) == len(fields(Settings)) + 1
    assert names == example(uncommented=True).keys()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
