"""Images that show what a reply says: values in, PNG bytes out, without Discord.

`theme` holds colours, type and spacing, `canvas` draws in them, `axis` converts moments to pixels.
`building_day`, `room_week`, `heatmap` and `trend` each draw one kind of image, and `renderer` runs
them in a thread, off the event loop.
"""
