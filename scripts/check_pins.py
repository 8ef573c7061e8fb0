"""Install the pins from an index that has a newer release of every package.

python3 -m scripts.check_pins [--pip VERSION]... [--only 3.11]...

The README's `pip install` commands run word for word: with each pip on the oldest Python, and on
the other Pythons with the pip that venv brings. A control runs first: pins without their extras
must fail with pip 23.2.1, or the index does not show what it is for.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.pins_index import add_newer, add_pinned, pinned_extras, serving
from scripts.pythons import Python, find_pythons, make_environment

ROOT = Path(__file__).resolve().parent.parent
PIPS = ("23.2.1", "24.0", "25.*", "26.*")

_INSTALL = re.compile(r"\.venv/bin/pip install -q -r (requirements\S*\.txt)")
# This pip looks up a package with an extra apart from its pin without one.
_PICKY_PIP = "23.2.1"
_PICKY_MESSAGE = "must have their versions pinned"


def main(arguments: Sequence[str]) -> int:
    """Return 0 where the control fails and every other installation passes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pip", action="append", help="such as 25.*")
    parser.add_argument("--only", action="append", default=[], help="a minor version, such as 3.14")
    options = parser.parse_args(arguments)
    pythons = [each for each in find_pythons() if not options.only or each.minor in options.only]
    oldest = pythons[0]
    pairs: list[tuple[Python, str | None]] = [(oldest, pip) for pip in options.pip or PIPS]
    pairs += [(python, None) for python in pythons[1:]]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build(index, pythons)
        with serving(index) as env:
            passed = [fails_without_extras(oldest, env)]
            passed += [installs(python, pip, env) for python, pip in pairs]
    return 0 if all(passed) else 1


def readme_commands() -> dict[str, str]:
    """Return the README's command for each requirement file, by the name of the file."""
    readme = (ROOT / "README.md").read_text("utf-8")
    return {found[1]: found[0] for found in _INSTALL.finditer(readme)}


def build(index: Path, pythons: Sequence[Python]) -> None:
    """Fill the index with the pinned releases for these Pythons, and with newer ones."""
    for python in pythons:
        with tempfile.TemporaryDirectory() as folder:
            inside = make_environment(python, Path(folder))
            for file in readme_commands():
                add_pinned(index, inside, ROOT / file)
    for file in readme_commands():
        add_newer(index, pinned_extras((ROOT / file).read_text("utf-8")))
    print(f"an index of {len(list(index.iterdir()))} packages, each with a newer release")


def installs(python: Python, pip: str | None, env: Mapping[str, str]) -> bool:
    """Run the README's commands, each in an environment of its own; tell whether they pass."""
    fault = ""
    version = ""
    for file, command in readme_commands().items():
        with tempfile.TemporaryDirectory() as folder:
            version = _prepare(Path(folder), python, pip)
            shutil.copy(ROOT / file, folder)
            fault += _fault_of(command, Path(folder), env)
    print(f"Python {python}, pip {version}: {'FAILED' if fault else 'passed'}\n{fault}", end="")
    return not fault


def fails_without_extras(python: Python, env: Mapping[str, str]) -> bool:
    """Tell whether pins without extras fail, for want of the newer release's hash."""
    fault = ""
    for file, command in readme_commands().items():
        with tempfile.TemporaryDirectory() as folder:
            _prepare(Path(folder), python, _PICKY_PIP)
            text = (ROOT / file).read_text("utf-8")
            (Path(folder) / file).write_text(re.sub(r"\[[^]]*\]==", "==", text), "utf-8")
            fault += _fault_of(command, Path(folder), env)
    fails = _PICKY_MESSAGE in fault
    print(
        f"control, without extras: {'fails as expected' if fails else f'NOT AS EXPECTED {fault}'}"
    )
    return fails


def _prepare(folder: Path, python: Python, pip: str | None) -> str:
    """Make the `.venv` of the README in `folder`; return the version of its pip."""
    inside = make_environment(python, folder / ".venv", pip)
    told = subprocess.run(
        [inside, "-m", "pip", "--version"], capture_output=True, text=True, check=True
    )
    return told.stdout.split()[1]


def _fault_of(command: str, folder: Path, env: Mapping[str, str]) -> str:
    """Run a command in `folder`; return its errors, nothing where it passes."""
    ran = subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    return ran.stderr or "failed\n" if ran.returncode else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
