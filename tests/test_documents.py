"""The documents beside the code: what modules cite is there, and there is one version."""

import re
import tomllib
from pathlib import Path

import pytest

from cogs.ui.audience import audience_of
from core import VERSION
from tests.bot_commands import leaf_commands

ROOT = Path(__file__).parents[1]
FOLDERS = ("api", "app", "benchmarks", "cli", "cogs", "core", "demo", "fakes", "tests")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

CITED = re.compile(r'`(docs/[\w.-]+\.md)`((?:,? (?:and )?"[^"]+")*)')
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)|\[[^\]]+\]: (?!https?:)(\S+)")


def name(path):
    return path.relative_to(ROOT).as_posix()


def citations(path):
    """Return the documents and headings that a module names, as pairs."""
    text = " ".join(path.read_text(encoding="utf-8").split())
    for document, headings in CITED.findall(text):
        found = re.findall(r'"([^"]+)"', headings)
        yield from ((document, heading) for heading in found or [""])


CITATIONS = [
    pytest.param(*pair, id=f"{name(path)}: {pair[0]} {pair[1]}")
    for path in MODULES
    for pair in citations(path)
]


def headings_of(document):
    return re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)


def anchor(heading):
    """Return what GitHub makes of a heading in an address."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize(("document", "heading"), CITATIONS)
def test_what_a_module_cites_is_there(document, heading):
    assert not heading or heading in headings_of(ROOT / document)


def test_the_facts_of_each_platform_are_cited():
    assert {pair.values[0] for pair in CITATIONS} == {
        "docs/25live.md",
        "docs/discord.md",
        "docs/ems.md",
        "docs/ical.md",
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_between_documents_lead_somewhere(document):
    for link in (first or second for first, second in LINK.findall(document.read_text("utf-8"))):
        file, _, part = link.partition("#")
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not part or part in map(anchor, headings_of(target)), link


def test_the_version_is_written_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    released = re.findall(
        r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert released[0] == VERSION


def signature(command):
    """Return a command as the README writes it: `/name required [optional]`."""
    options = [
        each.display_name if each.required else f"[{each.display_name}]"
        for each in command.parameters
    ]
    return " ".join([f"/{command.qualified_name}", *options])


def commands_in_readme():
    """Return who may run each command, by its signature, as the table in the README has it."""
    text = (ROOT / "README.md").read_text("utf-8")
    for cell, who in re.findall(r"^\| (`/[^|]+) \|[^|]+\| ([^|]+) \|$", text, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", cell)
        group = first.split()[0]
        yield from ((form, who) for form in (first, *(f"{group} {name}" for name in others)))


def test_readme_lists_every_command_with_its_options_and_who_may_run_it():
    assert dict(commands_in_readme()) == {
        signature(command): audience_of(command).value for command in leaf_commands().values()
    }
