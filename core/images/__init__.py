"""Pictures of what the text of a reply tells: values ▸ PNG bytes, with no word of Discord.

`look` holds colours, type and spacing, `sheet` draws in them, `axis` knows where a moment is;
`building_day`, `room_week`, `build_heatmap` and `trend` each draw one kind of picture, and `studio` sees
to it that drawing holds up nobody.
"""
