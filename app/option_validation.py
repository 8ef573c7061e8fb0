"""Whether what came with a command is what the command asks for now."""

from discord import AppCommandOptionType, app_commands
from discord.app_commands import Parameter

from cogs.ui.interaction import Interaction


def validate_options(interaction: Interaction) -> None:
    """Refuse options of another type or beyond their range, which discord.py hands on unseen.

    Discord holds them against the form of the command that it was told last; while it could not
    be told of a new one, or when another version of the bot told it, that form is another.

    Raises:
        app_commands.CommandSignatureMismatch: Discord knows another form of the command.
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
