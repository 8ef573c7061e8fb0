"""The command line: `discover` writes a campus file, `check` reads one day with it."""
