"""What operators type: `discover` writes a campus file, `check` reads one day with it."""

from console.commands import main

__all__ = ["main"]
