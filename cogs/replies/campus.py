"""What `/campus` says, and what everybody says where no campus is chosen."""

from cogs.replies.words import echo, plain
from core.errors import CampusNotServedError, NoCampusPickedError, UnknownCampusError
from core.model import Campus

FORGOTTEN = "Your choice is forgotten."
MODERATORS_ONLY = "Only members who may manage this server can choose its campus."


def chosen_for_server(campus: Campus, *, digest_moved: bool) -> str:
    """Say that a server's campus is chosen, and that its digest went along."""
    told = f"This server now asks about **{plain(campus.name)}**."
    if not digest_moved:
        return told
    return f"{told} So does its digest, for the whole campus; `/digest set` changes that."


def chosen_for_member(campus: Campus) -> str:
    """Say that a member's campus is chosen, and where that counts."""
    return (
        f"Your campus is now **{plain(campus.name)}**: in direct messages, "
        "and in servers that have not chosen one."
    )


def no_campus(error: NoCampusPickedError | CampusNotServedError | UnknownCampusError) -> str:
    """Say why there is no campus to ask about, and how to choose one."""
    match error:
        case NoCampusPickedError(in_server=True):
            return (
                "This server has not chosen its campus yet. A moderator can, with `/campus set`; "
                "you choose your own with `/campus mine`."
            )
        case NoCampusPickedError():
            return "Choose your campus first, with `/campus mine`."
        case CampusNotServedError():
            return _not_served(error)
        case UnknownCampusError():
            return _unknown(error)


def _not_served(error: CampusNotServedError) -> str:
    gone = f"({plain(error.campus)}) is not served any more."
    if error.by == "message":
        return f"The campus of this message {gone} Use /free to ask anew."
    if error.by == "member":
        return f"The campus that you chose {gone} Choose another with `/campus mine`."
    return (
        f"The campus of this server {gone} What was set for it is kept. "
        "A moderator can choose another with `/campus set`."
    )


def _unknown(error: UnknownCampusError) -> str:
    asked = f'No campus called "{echo(error.asked)}".'
    if not error.nearest:
        return f"{asked} The list that appears as you type has them all."
    return f"{asked} Did you mean {' or '.join(map(plain, error.nearest))}?"
