"""The layout of a reply of `/free`: the answer first, then controls, picture and small print."""

from discord import ui

from cogs.ui.layout import GREEN, GREY, building_select, container_view, image_gallery
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.free.controls import controls
from cogs.ui.replies.free.data import FreeReplyData
from cogs.ui.replies.free.heading import heading, understood_line
from cogs.ui.replies.free.nothing import (
    left_out_sentences,
    opening_sentence,
    plan_sentence,
    shorter_sentence,
)
from cogs.ui.replies.free.rooms import (
    RoomPages,
    building_counts,
    is_overview,
    next_free,
    opening_soon,
    room_lines,
    room_pages,
)


def free_reply(reply: FreeReplyData) -> ui.LayoutView:
    """Lay out one page of the answer; a page that there is not becomes the last one."""
    pages = room_pages(reply)
    page = min(reply.asked.page, pages.count - 1)
    asked = reply.asked.with_page_offset(page - reply.asked.page)
    result = reply.result
    return container_view(
        staleness_warning(reply.age),
        "\n".join([heading(reply), *filter(None, _lines(reply, pages, page))]),
        reply.understood.row,
        building_counts(reply) if is_overview(reply) and page == 0 else None,
        building_select(
            asked.encode("pick"),
            reply.counts,
            selected=reply.query.buildings,
            include_all=True,
            free_word="fit" if reply.has_filters else "free",
        ),
        *controls(reply, asked, pages.count),
        image_gallery(reply.image),
        data_footer(
            reply.age,
            unknown=result.unknown_count,
            rooms=result.room_count,
            asked_by=reply.asked_by,
        ),
        colour=GREEN if result.free else GREY,
    )


def _lines(reply: FreeReplyData, pages: RoomPages, page: int) -> list[str | None]:
    """Return what stands under the heading of a page."""
    is_last = page == pages.count - 1
    found = (
        [room_lines(reply.rooms[pages.of(page)], reply.query.moment)]
        if reply.rooms
        else [plan_sentence(reply.plan), shorter_sentence(reply), opening_sentence(reply)]
    )
    return [
        reply.understood.text,
        understood_line(reply, pages.range_text(page)),
        *found,
        opening_soon(reply) if is_last else None,
        next_free(reply) if not reply.rooms else None,
        *(left_out_sentences(reply) if is_last else []),
    ]
