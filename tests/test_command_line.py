"""The command line of bot.py: its subcommands, their help, and how it ends when one is missing."""

import re
import subprocess
import sys

import pytest

from cli import command_line
from tests.e2e.environment import BOT, ROOT

REAL = "a.b.c"
COMMANDS = ("run", "demo", "discover", "check", "export", "import")


def run_bot(folder, *arguments, **env):
    """Run bot.py in an environment without a token, until it ends."""
    return subprocess.run(
        [sys.executable, BOT, *arguments],
        cwd=folder,
        env={"PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [[], ["run"]])
# A service manager, a container and a host each set something; none of it starts a demo.
@pytest.mark.parametrize("env", [{}, {"INVOCATION_ID": "1"}, {"DYNO": "worker.1"}])
def test_a_missing_token_ends_the_start_with_two_lines(tmp_path, arguments, env):
    ended = run_bot(tmp_path, *arguments, **env)
    assert (ended.returncode, ended.stdout) == (1, "")
    first, second = ended.stderr.splitlines()
    assert first.startswith("DISCORD_TOKEN: is missing")
    assert "https://discord.com/developers/applications" in first
    assert second.endswith("python bot.py demo")
    assert list(tmp_path.iterdir()) == []


def test_other_faults_stand_between_the_two_lines(tmp_path):
    ended = run_bot(tmp_path, MIN_GAP_MINUTES="soon")
    assert ended.returncode == 1
    token, gap, demo = ended.stderr.splitlines()
    assert token.startswith("DISCORD_TOKEN")
    assert gap.startswith("MIN_GAP_MINUTES")
    assert demo.endswith("python bot.py demo")


def test_other_faults_alone_say_nothing_of_the_demo(tmp_path):
    ended = run_bot(tmp_path, DISCORD_TOKEN=REAL, MIN_GAP_MINUTES="soon")
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1


def test_the_parser_takes_run_for_no_arguments():
    assert command_line.parse([]).command == command_line.parse(["run"]).command == "run"


def test_help_lists_the_subcommands(tmp_path):
    long, short = run_bot(tmp_path, "--help"), run_bot(tmp_path, "-h")
    assert (long.returncode, long.stderr) == (0, "")
    assert short.stdout == long.stdout
    assert tuple(re.findall(r"^ {4}(\w+) {2,}", long.stdout, re.MULTILINE)) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_subcommand_has_its_own_help(tmp_path, command):
    ended = run_bot(tmp_path, command, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"usage: python bot.py {command} ")


@pytest.mark.parametrize(
    "arguments", [["serve"], ["--demo"], ["--dem"], ["demo", "--fast"], ["run", "bu"]]
)
def test_unknown_arguments_end_with_a_usage_error(tmp_path, arguments):
    ended = run_bot(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("usage: python bot.py")
    assert arguments[-1] in ended.stderr


def test_a_start_on_discord_does_not_import_the_parser():
    program = "import sys, bot; bot.main(); print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"DISCORD_TOKEN": "", "RAILWAY_ENV": "production"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "DISCORD_TOKEN" in ended.stderr
    assert not {"argparse", "console", "dotenv", "demo"} & set(ended.stdout.split())
