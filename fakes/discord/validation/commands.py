"""What Discord demands of a command beyond what its schema can say."""

import unicodedata

from fakes.discord.model.command_registry import CHAT_INPUT, SUBCOMMAND, SUBCOMMAND_GROUP
from fakes.discord.model.form_errors import FormErrors, JsonPath
from fakes.discord.model.json_types import Json

MAX_COMMAND_SIZE = 8000
MAX_NAME = 32
MAX_OPTIONS = 25
MAX_CHOICES = 25
MAX_COMMANDS = {CHAT_INPUT: 100, 2: 15, 3: 15, 4: 1}
_NESTED = (SUBCOMMAND, SUBCOMMAND_GROUP)
_DEVANAGARI_AND_THAI = ("DEVANAGARI", "THAI")


def check_commands(commands: list[Json]) -> None:
    """Refuse a list of commands that Discord would refuse.

    Raises:
        ApiError: With everything that is wrong.
    """
    errors = FormErrors()
    for kind, most in MAX_COMMANDS.items():
        if sum((command.get("type") or CHAT_INPUT) == kind for command in commands) > most:
            words = f"Maximum number of application commands reached ({most})."
            errors.add((), "APPLICATION_COMMANDS_MAX", words)
    _check_unique(commands, (), errors, "APPLICATION_COMMANDS_DUPLICATE_NAME")
    for index, command in enumerate(commands):
        _check_command(command, (index,), errors)
    errors.raise_if_any()


def _check_command(command: Json, at: JsonPath, errors: FormErrors) -> None:
    if (command.get("type") or CHAT_INPUT) != CHAT_INPUT:
        errors.check_length((*at, "name"), command.get("name"), 1, MAX_NAME)
        return
    _check_name_and_description(command, at, errors)
    _check_options(command.get("options") or [], at, errors, depth=0)
    if _size(command) > MAX_COMMAND_SIZE:
        words = f"Command exceeds maximum size ({MAX_COMMAND_SIZE})"
        errors.add(at, "APPLICATION_COMMAND_TOO_LARGE", words)


def _check_name_and_description(item: Json, at: JsonPath, errors: FormErrors) -> None:
    name = item.get("name") or ""
    errors.check_length((*at, "description"), item.get("description"), 1, 100)
    if not is_command_name(name):
        words = "Command name is invalid"
        errors.add((*at, "name"), "APPLICATION_COMMAND_INVALID_NAME", words)


def is_command_name(name: str) -> bool:
    """Tell whether this is a name for a slash command or an option: small letters, no spaces."""
    return (
        1 <= len(name) <= MAX_NAME and name == name.lower() and all(map(_is_name_character, name))
    )


def _is_name_character(character: str) -> bool:
    if character in "-_'" or unicodedata.category(character)[0] in "LN":
        return True
    return unicodedata.name(character, "").startswith(_DEVANAGARI_AND_THAI)


def _check_options(options: list[Json], at: JsonPath, errors: FormErrors, *, depth: int) -> None:
    errors.check_max_length((*at, "options"), options, MAX_OPTIONS)
    _check_unique(options, (*at, "options"), errors, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE")
    nested = [option.get("type") in _NESTED for option in options]
    if any(nested) and not all(nested):
        words = "Sub-command and sub-command group option types are mutually exclusive"
        errors.add((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    optional_seen = False
    for index, option in enumerate(options):
        path: JsonPath = (*at, "options", index)
        if option.get("required") and optional_seen:
            words = "Required options must be placed before non-required options"
            errors.add(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional_seen |= not option.get("required")
        _check_option(option, path, errors, depth)


def _check_option(option: Json, at: JsonPath, errors: FormErrors, depth: int) -> None:
    _check_name_and_description(option, at, errors)
    kind = option.get("type")
    if (kind == SUBCOMMAND_GROUP and depth > 0) or (kind == SUBCOMMAND and depth > 1):
        words = "Sub-commands may be nested once only"
        errors.add((*at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    if kind in _NESTED:
        _check_options(option.get("options") or [], at, errors, depth=depth + 1)
        return
    choices = option.get("choices") or []
    errors.check_max_length((*at, "choices"), choices, MAX_CHOICES)
    if choices and option.get("autocomplete"):
        words = "Options with autocomplete cannot have choices"
        errors.add(at, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", words)
    check_choices(choices, (*at, "choices"), errors)


def check_choices(choices: list[Json], at: JsonPath, errors: FormErrors) -> None:
    """Note what is wrong with choices, fixed ones or completions."""
    for index, choice in enumerate(choices):
        errors.check_length((*at, index, "name"), choice.get("name"), 1, 100)
        if isinstance(value := choice.get("value"), str):
            errors.check_max_length((*at, index, "value"), value, 100)


def _check_unique(items: list[Json], at: JsonPath, errors: FormErrors, code: str) -> None:
    seen: set[tuple[str, int]] = set()
    for index, thing in enumerate(items):
        # Commands of different types may share a name; options may not.
        key = (str(thing.get("name")), 0 if at else int(thing.get("type") or CHAT_INPUT))
        if key in seen:
            errors.add((*at, index, "name"), code, f'The name "{key[0]}" is already used')
        seen.add(key)


def _size(thing: Json) -> int:
    """Count names, descriptions and values; of translations the longest counts."""
    own = sum(_longest(thing, field) for field in ("name", "description"))
    choices = sum(
        _longest(choice, "name") + len(str(choice.get("value", "")))
        for choice in thing.get("choices") or []
    )
    return own + choices + sum(_size(option) for option in thing.get("options") or [])


def _longest(thing: Json, field: str) -> int:
    translated = (thing.get(f"{field}_localizations") or {}).values()
    return max(len(text) for text in (thing.get(field) or "", *translated))
