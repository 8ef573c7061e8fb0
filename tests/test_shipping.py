"""The image, the compose file and the unit: they name what there is."""

import configparser
import re
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # it brings no types

from core.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_holds_all_that_a_bot_imports_and_no_more():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied == {"api", "app", "cli", "cogs", "core"}
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    assert sent == {*copied, "LICENSE", "bot.py", "requirements.txt"}
    assert all((ROOT / each).exists() for each in sent)


def test_the_image_runs_without_root_and_asks_livez():
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*'/livez'", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE


def test_compose_starts_one_bot_with_settings_that_there_are():
    content = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = content["services"]
    started = {name for name, service in services.items() if "profiles" not in service}
    assert started == {"bot", "valkey"}
    environment = {**services["bot"]["environment"], "DISCORD_TOKEN": "a.b.c"}
    environment |= {"CAMPUS": "bu", "LOG_FORMAT": "text"}
    assert Settings.from_env(environment).redis_url == "redis://valkey:6379/0"
    assert services["bot"]["read_only"] is services["spare"]["read_only"] is True
    assert {each.split(":")[0] for each in services["bot"]["volumes"]} <= content["volumes"].keys()


def test_the_unit_sets_what_there_is():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as its documentation says
    unit.read(ROOT / "docs" / "emptyclassroom.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("python bot.py")
    assert (service["Restart"], service["RestartSec"]) == ("on-failure", "15")
    names = re.findall(r"([A-Z_]+)=", service["Environment"])
    assert names == ["DATA_DIR", "PYTHONDONTWRITEBYTECODE"]
