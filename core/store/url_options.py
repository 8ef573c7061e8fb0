"""Options of `REDIS_URL`: which there are, and whether the files that they name are there.

redis-py passes what it does not know to the connection, which then fails with a traceback, and
takes options that change what its answers are.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from core.errors import StartError

_COMMON = {
    "client_name",
    "db",
    "health_check_interval",
    "password",
    "protocol",
    "socket_connect_timeout",
    "socket_keepalive",
    "socket_timeout",
    "username",
}
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_ENCRYPTED = {
    *_FILES,
    "ssl_ca_data",
    "ssl_ca_path",
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "ssl_ciphers",
    "ssl_min_version",
    "ssl_password",
}
_CERT_REQS = {"none", "optional", "required"}
_NAME = re.compile(r"[a-z_]{1,40}", re.ASCII)


def check_url_options(url: str) -> None:
    """See that every option can be used; no message repeats a value, which may be a password.

    Raises:
        StartError: one cannot.
    """
    parts = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    usable = _COMMON | _ENCRYPTED if parts.scheme == "rediss" else _COMMON
    for name in options:
        if name in _ENCRYPTED and name not in usable:
            raise StartError(f"REDIS_URL: the option {name} needs rediss://")
        if name not in usable:
            raise StartError(
                f"REDIS_URL: {_shown(name)} is no option; there are {', '.join(sorted(usable))}"
            )
    if options.get("ssl_cert_reqs", "none").lower() not in _CERT_REQS:
        raise StartError(f"REDIS_URL: ssl_cert_reqs is none of {', '.join(sorted(_CERT_REQS))}")
    for name in _FILES:
        if name in options:
            _check_file(name, Path(options[name]))


def _check_file(name: str, path: Path) -> None:
    try:
        with path.open("rb"):
            return
    except OSError as err:
        raise StartError(
            f"REDIS_URL: the file of {name}, {path}, cannot be read: {err.strerror}"
        ) from err


def _shown(name: str) -> str:
    return f"{name!r}" if _NAME.fullmatch(name) else "a name in it"
