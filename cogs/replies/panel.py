"""How a reply is laid out, and Discord's limits on it.

Source: `docs/discord.md`, "Messages and components".
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from cogs.pictures import Picture
from cogs.questions import BuildingQuestion, FreeQuestion
from core.availability import Count

FREE = discord.Colour(0x2F9E64)
NONE = discord.Colour(0x80848E)
CARE = discord.Colour(0xB8860B)

MOST_TEXT = 4000
"""Characters in all texts of one message together."""

_MOST_BYTES = 10_170
"""Bytes in all texts of one message together; beyond it Discord answers 500.

Source: https://github.com/discord/discord-api-docs/issues/8554
"""

MOST_CHOICES = 25
"""Options of a select, and choices of a completion."""

MOST_NAME = 100
"""Characters of a choice's or an option's label."""

Block = ui.Item[Any]


def panel(*blocks: Block | str | None, colour: discord.Colour | None) -> ui.LayoutView:
    """Lay blocks out in one container with an accent colour; a text is a text display.

    The view is finished before it is sent, so that discord.py keeps nothing of it: presses
    find their way by custom id alone, after a restart, too.
    """
    children = [
        ui.TextDisplay(block) if isinstance(block, str) else block for block in blocks if block
    ]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    view.stop()
    return view


def sentence(text: str) -> ui.LayoutView:
    """Lay out a single sentence."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    view.stop()
    return view


def gallery(picture: Picture | None) -> ui.MediaGallery[Any] | None:
    """Return the picture that goes with a reply, None where there is none."""
    if picture is None:
        return None
    shown = discord.MediaGalleryItem(f"attachment://{picture.name}", description=picture.alt)
    return ui.MediaGallery(shown)


def line() -> ui.Separator[Any]:
    """Return a thin line between two blocks."""
    return ui.Separator(visible=True, spacing=discord.SeparatorSpacing.small)


def button(label: str, custom_id: str) -> ui.Button[Any]:
    """Return a button that says and does what its custom id says."""
    return ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.secondary)


def page_buttons(
    asked: FreeQuestion | BuildingQuestion, pages: int, *, can_share: bool
) -> ui.ActionRow[Any]:
    """Return what turns, renews and shares the page that a question shows."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    if asked.page:
        row.add_item(button("Previous", asked.turned(-1).custom_id("previous")))
    if asked.page + 1 < pages:
        row.add_item(button("Next", asked.turned(1).custom_id("next")))
    row.add_item(button("Update", asked.anew().custom_id("update")))
    if can_share:
        row.add_item(button("Share", asked.custom_id("share")))
    return row


def building_select(
    custom_id: str,
    counts: Sequence[tuple[str, str, Count]],
    *,
    chosen: Sequence[str],
    all_buildings: bool,
) -> ui.ActionRow[Any]:
    """Return a select of buildings from (code, name, count) with how many rooms are free.

    A select holds 25: where there are more buildings, those with the most free rooms are
    offered, and the chosen one; completion of the command finds the rest.
    """
    places = MOST_CHOICES - all_buildings
    offered = list(counts)
    if len(offered) > places:
        best = sorted(offered, key=lambda each: (each[0] not in chosen, -each[2].free))[:places]
        codes = {code for code, _, _ in best}
        offered = [each for each in offered if each[0] in codes]
    options = [_option("All buildings", "*", selected=not chosen)] if all_buildings else []
    options += [
        _option(building_label(*each), each[0], selected=[each[0]] == list(chosen))
        for each in offered
    ]
    placeholder = "Choose a building"
    return ui.ActionRow(ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))


def building_label(code: str, name: str, count: Count) -> str:
    """Return `CAS · College of Arts & Sciences · 31 free`, cut to what a choice may hold."""
    known = f"{count.free} free" if count.unknown < count.rooms else "unknown"
    space = MOST_NAME - len(f"{code} ·  · {known}")
    return f"{code} · {name if len(name) <= space else name[: space - 1] + '…'} · {known}"


def _option(label: str, value: str, *, selected: bool) -> discord.SelectOption:
    return discord.SelectOption(label=label, value=value, default=selected)


def paged(lines: Sequence[str], *, most_lines: int, most_text: int) -> list[list[str]]:
    """Cut lines into pages by number and by weight; a page holds at least one line."""
    pages: list[list[str]] = []
    room = 0
    for each in lines:
        if not pages or len(pages[-1]) >= most_lines or room < weight(each):
            pages.append([])
            room = most_text
        pages[-1].append(each)
        room -= weight(each)
    return pages or [[]]


def weight(line: str) -> int:
    """Return how many of the `MOST_TEXT` characters a line takes up, its end included.

    Where its letters are long in bytes that is more than it has.
    """
    return max(len(line), -(-len(line.encode()) * MOST_TEXT // _MOST_BYTES)) + 1
