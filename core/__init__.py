"""What is free, and how sure that is: everything that knows no Discord."""

VERSION = "1.0.0"
"""The version of the program, written here only; CHANGELOG.md says what is new in it."""

PROJECT = "https://github.com/emptyclassroom/discord-bot"
"""Where the project can be found: told to members, and to the servers that we ask."""
