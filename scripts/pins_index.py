"""A package index on this machine: the pinned releases, and a newer one of every package."""

import os
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

NEWER = "999"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^]]*)\])?==", re.MULTILINE)
_WHEEL = "Wheel-Version: 1.0\nGenerator: emptyclassroom\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def pinned_extras(requirements: str) -> dict[str, set[str]]:
    """Return each pinned package by its normalised name, with the extras that the pin carries."""
    return {
        normalised(name): set(filter(None, extras.split(",")))
        for name, extras in _PIN.findall(requirements)
    }


def normalised(name: str) -> str:
    """Return the name of a package as an index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def add_pinned(index: Path, inside: Path, requirements: Path) -> None:
    """Download what `requirements` pins for the interpreter `inside`, and add it to the index.

    Raises:
        subprocess.CalledProcessError: a release is not there or is not the pinned one.
    """
    files = index.parent / "downloaded"
    options = ("-q", "--no-deps", "--require-hashes", "-r", requirements, "-d", files)
    subprocess.run([inside, "-m", "pip", "download", *options], check=True)
    for file in files.iterdir():
        # A source release may have hyphens in its name, but none in its version.
        name = file.name.split("-")[0] if file.suffix == ".whl" else file.name.rpartition("-")[0]
        project = index / normalised(name)
        project.mkdir(parents=True, exist_ok=True)
        file.rename(project / file.name)


def add_newer(index: Path, pins: Mapping[str, set[str]]) -> None:
    """Add a release of each pinned package whose hash no requirement file has."""
    for name, extras in pins.items():
        file_name = f"{name.replace('-', '_')}-{NEWER}"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\n"
        metadata += "".join(f"Provides-Extra: {extra}\n" for extra in sorted(extras))
        project = index / name
        project.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(project / f"{file_name}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{file_name}.dist-info/METADATA", metadata)
            wheel.writestr(f"{file_name}.dist-info/WHEEL", _WHEEL)
            wheel.writestr(f"{file_name}.dist-info/RECORD", "")


@contextmanager
def serving(index: Path) -> Iterator[dict[str, str]]:
    """Serve the index; give the environment in which pip knows no other."""
    handler = partial(_Quiet, directory=str(index))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        yield {
            **env,
            "NO_PROXY": "127.0.0.1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"http://127.0.0.1:{server.server_port}/",
            "PIP_NO_CACHE_DIR": "1",
        }
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder; pip reads the listing of a folder's files as the page of a project."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""
