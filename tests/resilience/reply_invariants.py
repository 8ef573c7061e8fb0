"""What must hold of everything that the bot says and logs, whatever was typed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from fakes.discord import FakeDiscord, Message
from tests.bot_commands import leaf_commands
from tests.e2e.environment import RunningBot
from tests.resilience.input_fuzzer import MARK

_MARKS = frozenset("*_~|`<>[]#")
_ESCAPABLE = _MARKS | frozenset("\\:-+")
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Zl", "Zp"))
_LONGEST_QUOTE = 60
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
_EXAMPLES = re.compile(
    r' Try (?:"3pm", "tomorrow 10am" or "in 45 min"|"tomorrow", "Fri" or "Mar 4"'
    r'|"2h", "90 min" or "until 5pm"|"CAS(?: 101)?", or pick one from the list as you type)\.\Z'
)
"""What an error proposes at its end, in quotes of the bot's own."""
_SEVERAL_QUOTED = ("don't go together. Leave one of them out.", "minutes or hours?")
"""How errors end that quote several options."""
_NAMED = re.compile(r"@(?:everyone|here|[!&]?\d{17,20})")
_MENTION = re.compile(rf"{_NAMED.pattern}|<@|<id:|</")
_COMMANDS = "|".join(map(re.escape, leaf_commands()))
_OUR_MARKUP = re.compile(rf"<t:\d{{1,12}}:[tTdDfFR]>|<#\d+>|</(?:{_COMMANDS}):\d+>")
"""Times, channels, and the commands that the bot has."""
_STRANGE = (MARK, "evil.example", "||", "](", "```")
_UNWANTED_IN_LOG = (" WARNING ", " ERROR ", " CRITICAL ", "Traceback", "ref ")
_TYPED = (MARK, "evil.example", "FLUSHALL", "everyone", "DROP TABLE", "jndi")


def faults_of_text(text: str, asker: int | None = None) -> Iterator[str]:
    """Tell what in a reply has an effect that only a member can have wanted.

    The small print may name the `asker`, who shared the reply.
    """
    typed = _EXAMPLES.sub("", text)
    for quote in _QUOTED.findall(typed):
        quotes = quote.split('" and "') if typed.endswith(_SEVERAL_QUOTED) else [quote]
        for each in quotes:
            yield from _faults_of_quote(each)
    own = _OUR_MARKUP.sub("", _QUOTED.sub("", typed))
    own = re.sub(rf"^-# Asked by <@{asker}> · ", "-# ", own, flags=re.MULTILINE)
    yield from (f"{each!r} outside of a quote" for each in _STRANGE if each in own)
    if found := _MENTION.search(own):
        yield f"mentions {found[0]!r}"


def _faults_of_quote(quote: str) -> Iterator[str]:
    seen = 0
    rest = iter(enumerate(quote))
    for place, each in rest:
        seen += 1
        before, after = quote[place - 1 : place], quote[place + 1 : place + 2]
        if each == "\\":
            if after not in _ESCAPABLE:
                yield f"a backslash that escapes {after!r}"
            next(rest, None)
        elif each in _MARKS:
            yield f"{each!r} not escaped"
        elif unicodedata.category(each) in _INVISIBLE and (each, before) != ("\u200b", "@"):
            yield f"{each!r} shown"
        elif quote.startswith("://", place):
            yield "a link"
        elif each == "\u200b":
            seen -= 1
    if found := _NAMED.search(quote):
        yield f"mentions {found[0]!r}"
    if seen > _LONGEST_QUOTE:
        yield f"{seen} characters quoted"
    if quote.startswith(("-", "+")):
        yield "begins like a list"


def faults_of_messages(messages: Iterable[Message]) -> list[str]:
    """Return the faults of all that is said in some messages, and whom they ping."""
    found = []
    for message in messages:
        if message.notified_ids:
            found.append(f"{message.notified_ids} pinged: {message.text}")
        asker = message.interaction.user.id if message.interaction and message.is_public else None
        for version in message.versions:
            faults = faults_of_text(version.text, asker)
            found += [f"{fault}: {version.text}" for fault in faults]
            if "went wrong" in version.text:
                asked = message.interaction.payload["data"] if message.interaction else None
                found.append(f"{version.text} {asked!a}"[:600])
    return found


def faults_of_requests(discord: FakeDiscord) -> list[str]:
    """Return what Discord would not have taken, and what could have pinged somebody."""
    found = [f"refused: {each}" for each in discord.violations]
    for request in discord.requests:
        body = request.body if isinstance(request.body, dict) else {}
        data = body.get("data", body)
        if isinstance(data, dict) and "components" in data:
            allowed = data.get("allowed_mentions") or {}
            if allowed.get("parse") != [] or allowed.keys() & {"users", "roles"}:
                found.append(f"may ping: {request}")
    return found


def faults_of_log(bot: RunningBot, *, since: int = 0) -> list[str]:
    """Return the lines of the log that tell of trouble, or hold what a member typed.

    On a machine with too much to do Redis may seem away for a moment; no member does that.
    """
    unwanted = (*_UNWANTED_IN_LOG, *_TYPED)
    lines = [line for line in bot.log[since:] if "Redis does not answer" not in line]
    return [line for line in lines if any(each in line for each in unwanted)]
