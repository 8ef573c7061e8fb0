"""The Python interpreters of this machine, one a minor version, and their virtual environments."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 11)
# Where scripts/bring_pythons.sh puts the interpreters of a Debian release.
DEBIAN_ROOTS = "/opt/debian-*/usr/outside"

_NAME = re.compile(r"python3\.\d+")
# Debian packs venv by itself; a Python without it cannot run anything of ours.
_VERSION = "import ensurepip, sys, venv; print(*sys.version_info[:3])"


@dataclass(frozen=True)
class Python:
    """An interpreter that runs."""

    path: Path
    version: tuple[int, ...]

    def __str__(self) -> str:
        """Return the version as people write it, such as 3.11.7."""
        return ".".join(map(str, self.version))

    @property
    def minor(self) -> str:
        """The version without its last part, such as 3.11."""
        return ".".join(map(str, self.version[:2]))


def find_pythons() -> list[Python]:
    """Return one interpreter with venv of each minor version from the oldest on, in order.

    The one that runs this comes first, then those on the PATH, in pyenv, in Debian roots.
    """
    found: dict[tuple[int, ...], Python] = {}
    for path in _candidates():
        python = _probe(path)
        if python and python.version >= OLDEST:
            found.setdefault(python.version[:2], python)
    return [found[minor] for minor in sorted(found)]


def make_environment(python: Python, folder: Path, pip: str | None = None) -> Path:
    """Make a virtual environment in `folder` and return its interpreter.

    `pip` is the version of pip to install, None for the one that venv brings.

    Raises:
        subprocess.CalledProcessError: the interpreter has no venv, or there is no such pip.
    """
    subprocess.run([python.path, "-m", "venv", folder], check=True)
    inside = folder / "bin" / "python"
    if pip:
        subprocess.run([inside, "-m", "pip", "install", "-q", f"pip=={pip}"], check=True)
    return inside


def _candidates() -> Iterator[Path]:
    yield Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    folders = [Path(each) for each in os.get_exec_path()]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob("versions/*/bin"), reverse=True)
    folders += sorted(Path("/").glob(DEBIAN_ROOTS.lstrip("/")))
    for folder in folders:
        # A virtual environment's folder is on the PATH too where it is active.
        if folder.is_dir() and not (folder.parent / "pyvenv.cfg").exists():
            yield from sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name))


def _probe(path: Path) -> Python | None:
    """Return the interpreter at `path`, None where none with venv runs, as behind a pyenv shim."""
    try:
        ran = subprocess.run(
            [path, "-c", _VERSION], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Python(path, tuple(map(int, ran.stdout.split())))
