"""The pins install by themselves, whatever the packages publish later."""

from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.check_pins import readme_commands
from scripts.pins_index import normalised, pinned_extras

ROOT = Path(__file__).parent.parent
FILES = ["requirements.txt", "requirements-dev.txt"]


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


def test_the_readme_installs_from_both_files():
    assert sorted(readme_commands()) == sorted(FILES)
