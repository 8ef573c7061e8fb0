"""Validates the options of an interaction against the command as it is defined now."""

from discord import AppCommandOptionType, app_commands
from discord.app_commands import Parameter

from cogs.ui.interaction import Interaction


def validate_options(interaction: Interaction) -> None:
    """Reject options of another type or out of range, which discord.py does not check.

    Discord validates them against the command that was registered last. That may be an older
    one, while registration fails or when another version of the bot has registered its own.

    Raises:
        app_commands.CommandSignatureMismatch: Discord has another form of the command.
    """
    command = interaction.command
    if not isinstance(command, app_commands.Command):
        return
    options = dict(iter(interaction.namespace))
    for parameter in command.parameters:
        name = parameter.display_name
        if name in options and not _is_valid(parameter, options[name]):
            raise app_commands.CommandSignatureMismatch(command)


def _is_valid(parameter: Parameter, value: object) -> bool:
    match parameter.type:
        case AppCommandOptionType.string:
            return isinstance(value, str)
        case AppCommandOptionType.boolean:
            return isinstance(value, bool)
        case AppCommandOptionType.integer:
            return _is_in_range(value, parameter.min_value, parameter.max_value)
        case _:
            return True


def _is_in_range(value: object, minimum: float | None, maximum: float | None) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return (minimum is None or minimum <= value) and (maximum is None or value <= maximum)
