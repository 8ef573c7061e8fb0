"""What is said beside the facts: how the rooms were chosen, what failed, why nothing came."""

from collections.abc import Iterable
from datetime import UTC, datetime

from core.discovery.choosing import Choice
from core.discovery.naming import Naming
from core.errors import SourceChangedError, SourceError, SourceRefusedError
from core.sources.live25.lists import RoomList
from core.sources.live25.probing import Probed


def of_the_list(instance: str, at: datetime, listed: RoomList, choice: Choice) -> Iterable[str]:
    """Tell where the rooms come from and which of them are there."""
    yield (
        f"Found in the public lists of the 25Live instance {instance} "
        f"on {at.astimezone(UTC):%Y-%m-%d}."
    )
    here = f"{len(choice.rooms):,} of the {len(listed.rooms):,} rooms listed are here"
    yield f"{here}{left_out(choice)}."
    if listed.promised > len(listed.rooms):
        yield f"The list said that there are {listed.promised:,}; the others did not come."
    if choice.categories:
        yield f"Categories that are here: {', '.join(choice.categories)}."
    elif not choice.everything:
        yield "No category of the list speaks of classrooms, so rooms of all were taken."


def of_the_look(naming: Naming, probed: Probed) -> Iterable[str]:
    """Tell what the names and the bookings of the rooms leave to look after."""
    if naming.renamed:
        yield f"{naming.renamed} rooms share a name with another; they carry their id."
    if probed.failed:
        kinds = ", ".join(f"{kind} {count}" for kind, count in probed.failed.items())
        yield f"Of {probed.looked_at} rooms looked at some could not be read: {kinds}."


def left_out(choice: Choice) -> str:
    """Return how many rooms were left out, by reason, as the end of a sentence."""
    counts = ", ".join(f"{count:,} {reason}" for reason, count in choice.left_out.items())
    return f"; left out: {counts}" if counts else ""


def why_no_list(url: str, err: SourceError) -> str:
    """Return the sentence for an instance whose list of rooms cannot be read."""
    if err.kind == "not found":
        return f"there is no 25Live instance at {url} (not found)"
    if isinstance(err, SourceRefusedError):
        return f"{url} does not show its rooms to strangers ({err.kind})"
    if isinstance(err, SourceChangedError):
        return f"{url} answers something that is no list of rooms ({err.kind})"
    return f"{url} does not answer ({err})"
