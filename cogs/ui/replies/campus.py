"""What `/campus` says, and what everybody says where no campus is chosen."""

from cogs.ui.formatting import escape_name, quote_input
from core.errors import CampusNotConfiguredError, NoCampusSelectedError, UnknownCampusError
from core.model.campus import Campus

PREFERENCE_FORGOTTEN = "Done. I have forgotten your campus."
MODERATORS_ONLY = "You need the Manage Server permission to do that."


def guild_campus_set(campus: Campus, *, digest_moved: bool) -> str:
    """Say that a server's campus is chosen, and that its digest went along."""
    sentence = f"This server is now set to **{escape_name(campus.name)}**."
    if not digest_moved:
        return sentence
    return f"{sentence} The daily summary now covers all of it; change that with `/digest set`."


def member_campus_set(campus: Campus) -> str:
    """Say that a member's campus is chosen, and where that counts."""
    return (
        f"Your campus is now **{escape_name(campus.name)}**, in direct messages and in servers "
        "without a campus of their own."
    )


def campus_error_message(
    error: NoCampusSelectedError | CampusNotConfiguredError | UnknownCampusError,
) -> str:
    """Say why there is no campus to ask about, and how to choose one."""
    match error:
        case NoCampusSelectedError(in_guild=True):
            return (
                "This server has no campus yet. Set your own with `/campus mine`, or ask a "
                "moderator to run `/campus set`."
            )
        case NoCampusSelectedError():
            return "Which campus are you on? Run `/campus mine`."
        case CampusNotConfiguredError():
            return _not_configured(error)
        case UnknownCampusError():
            return _unknown_campus(error)


def _not_configured(error: CampusNotConfiguredError) -> str:
    not_served = f"({escape_name(error.campus)}) is no longer supported."
    if error.selected_by == "message":
        return f"The campus of this message {not_served} Run /free again."
    if error.selected_by == "member":
        return f"The campus that you chose {not_served} Choose another with `/campus mine`."
    return (
        f"The campus of this server {not_served} Your settings are kept. "
        "A moderator can choose another with `/campus set`."
    )


def _unknown_campus(error: UnknownCampusError) -> str:
    not_found = f'No campus called "{quote_input(error.typed)}".'
    if not error.suggestions:
        return f"{not_found} Start typing and pick one from the list."
    return f"{not_found} Did you mean {' or '.join(map(escape_name, error.suggestions))}?"
