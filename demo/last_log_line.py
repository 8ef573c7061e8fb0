"""What a process said last before it ended, for the sentence that tells so."""

from pathlib import Path


def last_log_line(log: Path) -> str:
    """Return the last line of a log after a colon, nothing where there is none."""
    if not log.exists():
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((f": {line.strip()}" for line in reversed(lines) if line.strip()), "")
