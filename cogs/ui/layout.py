"""How a reply is laid out, and Discord's limits on it.

Source: `docs/discord.md`, "Messages and components".
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from cogs.ui.custom_ids import BuildingQueryId
from cogs.ui.image_attachment import ImageAttachment
from core.availability.counts import RoomCounts

GREEN = discord.Colour(0x2F9E64)
GREY = discord.Colour(0x80848E)
AMBER = discord.Colour(0xB8860B)

MAX_TEXT = 4000
"""Characters in all texts of one message together."""

_MAX_TEXT_BYTES = 10_170
"""Bytes in all texts of one message together; beyond it Discord answers 500.

Source: https://github.com/discord/discord-api-docs/issues/8554
"""

MAX_CHOICES = 25
"""Options of a select, and choices of a completion."""

MAX_LABEL = 100
"""Characters of a choice's or an option's label."""

Block = ui.Item[Any]


def container_view(*blocks: Block | str | None, colour: discord.Colour | None) -> ui.LayoutView:
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


def text_view(text: str) -> ui.LayoutView:
    """Lay out a single sentence."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    view.stop()
    return view


def image_gallery(image: ImageAttachment | None) -> ui.MediaGallery[Any] | None:
    """Return the picture that goes with a reply, None where there is none."""
    if image is None:
        return None
    item = discord.MediaGalleryItem(f"attachment://{image.name}", description=image.alt)
    return ui.MediaGallery(item)


def separator() -> ui.Separator[Any]:
    """Return a thin line between two blocks."""
    return ui.Separator(visible=True, spacing=discord.SeparatorSpacing.small)


def button(
    label: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    is_disabled: bool = False,
) -> ui.Button[Any]:
    """Return a button that does what its custom id says."""
    return ui.Button(label=label, custom_id=custom_id, style=style, disabled=is_disabled)


def button_row(buttons: Sequence[ui.Button[Any]]) -> ui.ActionRow[Any] | None:
    """Return a row of buttons, None where there are none."""
    return ui.ActionRow(*buttons) if buttons else None


def page_buttons(query: BuildingQueryId, pages: int, *, can_share: bool) -> ui.ActionRow[Any]:
    """Return what turns, renews and shares the page that a question shows."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    if query.page:
        row.add_item(button("← Back", query.with_page_offset(-1).encode("previous")))
    if query.page + 1 < pages:
        row.add_item(button("More rooms", query.with_page_offset(1).encode("next")))
    row.add_item(button("Refresh", query.encode("update")))
    if can_share:
        row.add_item(button("Post here", query.encode("share")))
    return row


def building_select(
    custom_id: str,
    counts: Sequence[tuple[str, str, RoomCounts]],
    *,
    selected: Sequence[str],
    include_all: bool,
    free_word: str = "free",
) -> ui.ActionRow[Any]:
    """Return a select of buildings from (code, name, count) with how many rooms are free.

    `free_word` says what those rooms are where more was asked of them.

    A select holds 25: where there are more buildings, those with the most free rooms are
    offered, and the chosen one; completion of the command finds the rest.
    """
    max_buildings = MAX_CHOICES - include_all
    offered = list(counts)
    if len(offered) > max_buildings:
        best = sorted(offered, key=lambda each: (each[0] not in selected, -each[2].free))[
            :max_buildings
        ]
        codes = {code for code, _, _ in best}
        offered = [each for each in offered if each[0] in codes]
    options = [_option("Anywhere", "*", selected=not selected)] if include_all else []
    options += [
        _option(
            building_label(*each, free_word=free_word),
            each[0],
            selected=[each[0]] == list(selected),
        )
        for each in offered
    ]
    placeholder = "Pick a building"
    return ui.ActionRow(ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))


def building_label(code: str, name: str, count: RoomCounts, *, free_word: str = "free") -> str:
    """Return `CAS · College of Arts & Sciences · 31 free`, cut to what a choice may hold."""
    return cut_label(code, name, room_counts_text(count, free_word))


def cut_label(code: str, name: str, count: str = "") -> str:
    """Return the parts joined with dots, the name cut to what a choice may hold."""
    end = f" · {count}" if count else ""
    space = MAX_LABEL - len(f"{code} · {end}")
    return f"{code} · {name if len(name) <= space else name[: space - 1] + '…'}{end}"


def room_counts_text(count: RoomCounts, free_word: str = "free") -> str:
    """Return `31 free`, or that the building is closed or nothing is known of it."""
    if count.is_closed:
        return "closed"
    return "no information" if count.is_unknown else f"{count.free:,} {free_word}"


def _option(label: str, value: str, *, selected: bool) -> discord.SelectOption:
    return discord.SelectOption(label=label, value=value, default=selected)


def paginate(lines: Sequence[str], *, max_lines: int, max_cost: int) -> list[list[str]]:
    """Cut lines into pages by number and by weight; a page holds at least one line."""
    pages: list[list[str]] = []
    budget = 0
    for each in lines:
        if not pages or len(pages[-1]) >= max_lines or budget < text_cost(each):
            pages.append([])
            budget = max_cost
        pages[-1].append(each)
        budget -= text_cost(each)
    return pages or [[]]


def join_within(parts: Sequence[str], separator: str, *, max_cost: int) -> str:
    """Join as many parts as a budget allows, and end with how many more there are."""
    shown, budget = 0, max_cost
    for part in parts:
        budget -= text_cost(part + separator)
        if budget < 0:
            break
        shown += 1
    text, more = separator.join(parts[:shown]), len(parts) - shown
    if not more:
        return text
    return f"{text} and {more:,} more" if text else f"{more:,}"


def text_cost(line: str) -> int:
    """Return how many of the `MAX_TEXT` characters a line takes up, its end included.

    Where its letters are long in bytes that is more than it has.
    """
    return max(len(line), -(-len(line.encode()) * MAX_TEXT // _MAX_TEXT_BYTES)) + 1
